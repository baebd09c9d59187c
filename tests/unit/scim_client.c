/*
 * The SCIM client against a server that answers, byte for byte, what a script says: what is sent
 * again and what is not, and Retry-After.  POSTs: listings and tokens are in list-scim.t.
 */
#include <stdlib.h>

#include "net/http.h"
#include "net/scim.h"
#include "server.h"
#include "tap.h"

#define HEAD(status) "HTTP/1.1 " status " X\r\nContent-Length: @\r\n"
#define CREATED HEAD("201") "\r\n{\"id\":\"1\"}"
#define ERROR(type, detail) "{\"scimType\":\"" type "\",\"detail\":\"" detail "\"}"

static struct scim_client *
new_client(const char *retry_seconds)
{
	struct scim_options o = { .retry_seconds = retry_seconds };
	struct scim_client *c;
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d/v2/", port);
	o.url = url;
	if (scim_connect(&o, &c) != PROG_OK)
		abort();
	return c;
}

/* How far a POST may have been carried out all the same. */
enum { SURE, UNCERTAIN, LOST };

/* One POST; summary NULL: not looked at. */
static void
call(const char *const *script, enum scim_outcome outcome, int doubt, const char *summary,
    const char *title)
{
	struct scim_client *c;
	const struct scim_result *r;

	start_server(script);
	c = new_client("20");
	r = scim_call(c, "POST", "/Users", "{}", 2);
	if (!ok(r->outcome == outcome && r->lost == (doubt == LOST) &&
	    r->uncertain == (doubt != SURE), title))
		printf("# outcome %d lost %d uncertain %d: %s\n", r->outcome, r->lost,
		    r->uncertain, r->message);
	if (summary != NULL)
		is(r->summary, summary, title);
	scim_free(c);
	ok(stop_server(), "no more and no fewer requests than expected");
}

#define CALL(outcome, doubt, summary, title, ...) \
	call((const char *const[]){ __VA_ARGS__, NULL }, outcome, doubt, summary, title)

static void
posts(void)
{
	CALL(SCIM_OK, SURE, "", "created", CREATED CLOSE);
	CALL(SCIM_OK, SURE, "", "204 without a body", "HTTP/1.1 204 X\r\n\r\n" CLOSE);
	CALL(SCIM_OK, SURE, "", "201 without a body or a length", "HTTP/1.1 201 X\r\n\r\n" CLOSE);
	CALL(SCIM_TEMPORARY, LOST, NULL, "no answer: perhaps it was carried out", CLOSE);
	CALL(SCIM_TEMPORARY, LOST, NULL, "a cut answer too",
	    "HTTP/1.1 201 X\r\nContent-Length: 50\r\n\r\n{\"id" CLOSE);
	CALL(SCIM_TEMPORARY, LOST, "HTTP 500", "and an internal error", HEAD("500") "\r\n" CLOSE);
	CALL(SCIM_TEMPORARY, LOST, "HTTP 504 with a page instead of an answer; a proxy or load "
	    "balancer in between, or --url leads elsewhere", "and a gateway's", HEAD("504")
	    "\r\n<html>" CLOSE);
	CALL(SCIM_OK, UNCERTAIN, "", "503 says that it was not: again", HEAD("503") "\r\n",
	    CREATED CLOSE);
	CALL(SCIM_OK, UNCERTAIN, "", "429 too, with Retry-After", HEAD("429") "Retry-After: 1\r\n\r\n",
	    CREATED CLOSE);
	CALL(SCIM_DENIED, SURE, "409 uniqueness", "a conflict", HEAD("409") "\r\n"
	    ERROR("uniqueness", "ana") CLOSE);
	CALL(SCIM_TEMPORARY, UNCERTAIN, "HTTP 429; the server asks to wait 3600 s, more than "
	    "--retry-seconds leaves", "too long a wait is none", HEAD("429")
	    "Retry-After: 3600\r\n\r\n" CLOSE);
	CALL(SCIM_DENIED, SURE, "HTTP 401 (invalid_token); the server does not accept the bearer "
	    "token: it ended, or is for another server", "a token that is refused", HEAD("401")
	    "\r\n{\"error\":\"invalid_token\"}" CLOSE);
	CALL(SCIM_PROTOCOL, SURE, "HTTP 302 from the server: a redirect, and none is followed",
	    "a redirect", HEAD("302") "Location: http://127.0.0.1:1/\r\n\r\n" CLOSE);
	CALL(SCIM_PROTOCOL, UNCERTAIN, NULL, "to see another page", HEAD("303") "\r\n" CLOSE);
	CALL(SCIM_PROTOCOL, UNCERTAIN, NULL, "a page", HEAD("200") "\r\n<html>" CLOSE);
	CALL(SCIM_PROTOCOL, UNCERTAIN, NULL, "no HTTP", "rubbish\r\n\r\n" CLOSE);
	CALL(SCIM_DENIED, UNCERTAIN, "409 uniqueness", "a conflict behind a gateway that was away",
	    HEAD("503") "\r\n", HEAD("409") "\r\n" ERROR("uniqueness", "ana") CLOSE);
}

static void
messages(void)
{
	const struct scim_result *r;
	struct scim_client *c;
	struct buf b;

	start_server((const char *const[]){ HEAD("400") "\r\n" ERROR("invalidValue", "bad ana")
	    CLOSE, NULL });
	c = new_client("0");
	r = scim_call(c, "POST", "/Bulk", "{}", 2);
	is(r->message, "400 invalidValue: bad ana", "the message has the server's words");
	is(r->summary, "400 invalidValue", "the summary has not");
	is(r->scim_type, "invalidValue", "the type");
	ok(r->status == 400 && strstr(r->body, "bad ana") != NULL, "status and body");
	buf_init(&b, 1000);
	scim_stats_json(c, &b);
	is(buf_string(&b), ",\"Calls\":{\"POST /Bulk\":1},\"Retries\":0,\"Throttles\":0,"
	    "\"BytesIn\":46,\"BytesOut\":2", "statistics");
	buf_free(&b);
	scim_free(c);
	stop_server();
	start_server((const char *const[]){ NULL });
	c = new_client("0");
	stop_server();
	r = scim_call(c, "POST", "/Users", "{}", 2);
	ok(r->outcome == SCIM_TEMPORARY && !r->lost && !r->uncertain && r->status == 0 &&
	    r->body_len == 0,
	    "no server: nothing was carried out");
	scim_free(c);
}

/* Kept connections: libcurl itself would send a request again when one ends without an answer. */
static void
kept_connection(void)
{
	struct scim_client *c;

	start_server((const char *const[]){ CREATED, CLOSE, CREATED CLOSE, NULL });
	c = new_client("20");
	ok(scim_call(c, "POST", "/Users", "{}", 2)->outcome == SCIM_OK, "the first of two");
	ok(scim_call(c, "POST", "/Users", "{}", 2)->lost, "the second is lost,");
	scim_free(c);
	ok(!stop_server_within(500), "and not sent again");
	start_server((const char *const[]){ CREATED, CLOSE, CREATED CLOSE, NULL });
	c = new_client("20");
	ok(scim_call(c, "POST", "/Users", "{}", 2)->outcome == SCIM_OK, "the first of two");
	ok(scim_call(c, "PATCH", "/Users/1", "{}", 2)->outcome == SCIM_OK, "a PATCH");
	scim_free(c);
	ok(stop_server(), "is sent again");
}

static int64_t later_ms;

static void
on_answer(void *arg, const struct http_answer *a)
{
	*(bool *)arg = true;
	later_ms = a->later_ms;
}

static void
later(const char *headers, int64_t low, int64_t high, const char *title)
{
	char script[500], url[64];
	struct http_config config = { .endpoint = url, .user_agent = "test", .direct = true,
		.connect_ms = 5000, .read_ms = 5000, .body_max = 1000 };
	struct http *h;
	bool done = false;

	snprintf(script, sizeof script, "HTTP/1.1 429 X\r\nContent-Length: 0\r\n%s\r\n" CLOSE,
	    headers);
	start_server((const char *const[]){ script, NULL });
	snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
	h = http_new(&config);
	http_start(h, &(struct http_request){ .head = "Expect:",
	    .head_len = sizeof "Expect:", .body = "{}", .len = 2 }, on_answer,
	    &done);
	while (!done)
		http_turn(h, 1000);
	if (!ok(later_ms >= low && later_ms <= high, title))
		printf("# got %lld\n", (long long)later_ms);
	http_free(h);
	stop_server();
}

static void
retry_after(void)
{
	later("", -1, -1, "no Retry-After");
	later("Retry-After: 120\r\n", 120000, 120000, "seconds");
	later("retry-after:   0\r\n", 0, 0, "none");
	later("Retry-After: soon\r\n", -1, -1, "neither number nor date");
	later("Retry-After: -5\r\n", -1, -1, "a negative number");
	later("Retry-After: 99999999999\r\n", 1000000000, INT64_MAX, "a number without end");
	later("Date: Sat, 29 Aug 2015 12:36:00 GMT\r\n"
	    "Retry-After: Sat, 29 Aug 2015 12:36:30 GMT\r\n",
	    30000, 30000, "a date, by the server's clock");
	later("Date: Sat, 29 Aug 2015 12:36:00 GMT\r\n"
	    "Retry-After: Sat, 29 Aug 2015 12:00:00 GMT\r\n",
	    0, 0, "a date that is over");
	later("Retry-After: Tue, 29 Aug 2090 12:36:30 GMT\r\n", 86400000, INT64_MAX,
	    "a date, by ours");
}

int
main(void)
{
	struct buf b;

	setenv("SCIM_TOKEN", "canary", 1);
	posts();
	messages();
	kept_connection();
	retry_after();
	buf_init(&b, 100);
	ok(scim_append_filter_value(&b, "a\"\xc3\xa4 &", 6) == 0, "a filter's value");
	is(buf_string(&b), "%22a%5C%22%C3%A4%20%26%22", "in quotes, escaped, encoded");
	ok(scim_append_filter_value(&b, "\xff", 1) == -1, "one that is not UTF-8");
	buf_free(&b);
	return tap_done();
}
