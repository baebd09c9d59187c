/* Error bodies of several makes, and what is said of them. */
#include <stdlib.h>

#include "net/scim_error.h"
#include "tap.h"

static const struct {
	long status;
	const char *body, *type, *message, *summary, *title;
} table[] = {
	{ 409, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\","
	    "\"scimType\":\"uniqueness\",\"detail\":\"ana is there\"}", "uniqueness",
	    "409 uniqueness: ana is there", "409 uniqueness", "RFC 7644" },
	{ 404, "{\"schemas\":[\"x\",\"URN:ietf:params:scim:api:messages:2.0:Error\"],\"status\":404,"
	    "\"detail\":\"no \\u00e4\"}", "", "HTTP 404: no \xc3\xa4", "HTTP 404",
	    "without a type; the detail decoded" },
	{ 404, "{\"schema\":\"urn:ietf:params:scim:api:messages:2.0:Error\"}", "", "HTTP 404",
	    "HTTP 404", "AWS's" },
	{ 404, "{\"status\":404,\"schemas\":[[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
	    "\"urn:ietf:params:scim:api:messages:2.0:Errors\"]}", "",
	    "HTTP 404 that is no Error message of SCIM", "HTTP 404 that is no Error message of SCIM",
	    "a 404 of somebody else" },
	{ 400, "{\"detail\":\"d\",\"scimType\":\"invalidValue\",\"urn:ietf:params:scim:api:oracle:"
	    "idcs:extension:messages:Error\":{\"messageId\":\"error.common.validation.x\"}}",
	    "invalidValue", "400 invalidValue (error.common.validation.x): d",
	    "400 invalidValue (error.common.validation.x)", "Oracle's" },
	{ 403, "{\"message\":\"User is not authorized\"}", "", "HTTP 403: User is not authorized",
	    "HTTP 403", "a gateway's" },
	{ 401, "{\"error\":\"invalid_token\",\"error_description\":\"it ended\"}", "",
	    "HTTP 401 (invalid_token): it ended", "HTTP 401 (invalid_token)", "OAuth's" },
	{ 400, "{\"scimType\":\"ana@example.com is wrong\",\"detail\":7}", "", "HTTP 400",
	    "HTTP 400", "a type that is none, a detail that is none" },
	{ 502, "<html><body>ana</body></html>", "", "HTTP 502 with a page instead of an answer",
	    "HTTP 502 with a page instead of an answer", "a page" },
	{ 500, "", "", "HTTP 500", "HTTP 500", "nothing" },
	{ 500, "[]", "", "HTTP 500 with a page instead of an answer",
	    "HTTP 500 with a page instead of an answer", "no object" },
};

static void
long_detail(void)
{
	static char body[4096];
	struct scim_error e;
	size_t n = 0;

	n += (size_t)snprintf(body, sizeof body, "{\"detail\":\"x");
	for (int i = 0; i < 1000; i++)
		n += (size_t)snprintf(body + n, sizeof body - n, "\xc3\xa4");
	n += (size_t)snprintf(body + n, sizeof body - n, "\"}");
	scim_error_parse(&e, body, n);
	ok(strlen(e.detail) == SCIM_DETAIL_SIZE - 1, "a long detail is cut");
	ok(strcmp(e.detail + SCIM_DETAIL_SIZE - 3, "\xc3\xa4") == 0, "between characters");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct scim_error e;
		struct buf b;

		buf_init(&b, 1000);
		scim_error_parse(&e, table[i].body, strlen(table[i].body));
		is(e.type, table[i].type, table[i].title);
		scim_error_text(&e, table[i].status, true, &b);
		is(buf_string(&b), table[i].message, table[i].title);
		buf_clear(&b);
		scim_error_text(&e, table[i].status, false, &b);
		is(buf_string(&b), table[i].summary, table[i].title);
		buf_free(&b);
	}
	long_detail();
	return tap_done();
}
