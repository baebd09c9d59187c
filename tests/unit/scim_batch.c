/* BulkRequests: packed up to the limits and never beyond, and answers read. */
#include "tap.h"

#include <string.h>

#include "base/mem.h"
#include "json/scim_batch.h"

static void
test_limits(void)
{
	struct scim_batch b;
	size_t len, wrong = 0;

	scim_batch_init(&b, 2, 1000);
	ok(scim_batch_add(&b, "POST", "/Users", "n1", "{}", 2) == 0, "one");
	ok(scim_batch_add(&b, "PATCH", "/Users/\"x", NULL, "{\"a\":1}", 7) == 0, "two");
	ok(scim_batch_add(&b, "POST", "/Users", "n3", "{}", 2) == -1, "three is more than two");
	scim_batch_end(&b);
	is(b.text.data, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],"
	    "\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"n1\",\"data\":{}},"
	    "{\"method\":\"PATCH\",\"path\":\"/Users/\\\"x\",\"data\":{\"a\":1}}]}", "the whole");
	len = b.text.len;
	scim_batch_free(&b);
	for (size_t max = 0; max <= len; max++) {
		scim_batch_init(&b, 2, max);
		(void)scim_batch_add(&b, "POST", "/Users", "n1", "{}", 2);
		(void)scim_batch_add(&b, "PATCH", "/Users/\"x", NULL, "{\"a\":1}", 7);
		scim_batch_end(&b);
		/* An empty one is never sent. */
		wrong += b.count > 0 && b.text.len > max;
		wrong += (b.count == 2) != (max == len);
		scim_batch_free(&b);
	}
	ok(wrong == 0, "no batch passes its bytes");
}

static void
test_versions(void)
{
	struct scim_batch b;
	size_t len, wrong = 0;

	scim_batch_init(&b, 9, 1000);
	ok(scim_batch_add_if(&b, "DELETE", "/Users/1", NULL, "W/\"2\"", NULL, 0) == 0, "a deletion");
	ok(scim_batch_add_if(&b, "PUT", "/Users/3", NULL, NULL, "{}", 2) == 0, "no version");
	scim_batch_end(&b);
	is(strstr(b.text.data, "[{"), "[{\"method\":\"DELETE\",\"path\":\"/Users/1\","
	    "\"version\":\"W/\\\"2\\\"\"},{\"method\":\"PUT\",\"path\":\"/Users/3\",\"data\":{}}]}",
	    "a version, and no data");
	len = b.text.len;
	scim_batch_free(&b);
	for (size_t max = 0; max <= len; max++) {
		scim_batch_init(&b, 9, max);
		(void)scim_batch_add_if(&b, "DELETE", "/Users/1", NULL, "W/\"2\"", NULL, 0);
		(void)scim_batch_add_if(&b, "PUT", "/Users/3", NULL, NULL, "{}", 2);
		scim_batch_end(&b);
		wrong += b.count > 0 && b.text.len > max;
		wrong += (b.count == 2) != (max == len);
		scim_batch_free(&b);
	}
	ok(wrong == 0, "nor does one with a version");
}

static void
test_answers(void)
{
	static const char text[] = "{\"Operations\":["
	    "{\"method\":\"POST\",\"bulkId\":\"n1\",\"location\":\"https://x/v2/Users/7\",\"status\":\"201\"},"
	    "{\"method\":\"POST\",\"bulkId\":\"n2\",\"status\":409,\"response\":{\"scimType\":\"uniqueness\","
	    "\"detail\":\"\\u00e4\"}},"
	    "{\"method\":\"patch\",\"location\":\"https://x/v2/Users/8\",\"status\":{\"code\":\"204\"}},"
	    "{\"bulkId\":\"n3\",\"status\":\"201\",\"response\":{\"id\":\"9\"},\"location\":\"/Users/10\"},"
	    "{\"status\":\"abc\",\"bulkId\":\"a\\u0000\"},7,"
	    "{\"bulkId\":\"n4\",\"status\":\"201\",\"location\":\"/Users/a%20b\"}]}";
	size_t count;
	struct scim_batch_answer *a = scim_batch_read(text, strlen(text), &count);

	if (!ok(a != NULL && count == 6, "six answers"))
		return;
	ok(a[0].status == 201 && a[1].status == 409 && a[2].status == 204, "their status");
	is(a[0].id, "7", "an id at the end of the location");
	is(a[3].id, "9", "or in the response");
	is(a[1].scim_type, "uniqueness", "an error's type");
	is(a[1].detail, "\xc3\xa4", "and detail");
	ok(a[4].status == 0, "no status");
	is(a[4].bulk_id, "", "no bulkId");
	is(a[5].id, "", "no id that is encoded");
	ok(scim_batch_is_about(&a[0], "POST", "/Users", "n1"), "about n1");
	ok(!scim_batch_is_about(&a[0], "POST", "/Users", "n2"), "not about n2");
	ok(!scim_batch_is_about(&a[0], "PATCH", "/Users/7", NULL), "nor about a change");
	ok(scim_batch_is_about(&a[2], "PATCH", "/Users/8", NULL), "about a change");
	ok(!scim_batch_is_about(&a[2], "PATCH", "/Users/18", NULL), "not about another");
	ok(!scim_batch_is_about(&a[2], "PATCH", "/Groups/8", NULL), "not about a group");
	scim_batch_answers_free(a, count);
	ok(scim_batch_read("[]", 2, &count) == NULL, "no object");
	ok(scim_batch_read("{}", 2, &count) == NULL, "no operations");
	ok(scim_batch_read("{", 1, &count) == NULL, "no JSON");
	a = scim_batch_read("{\"Operations\":[]}", 17, &count);
	ok(a != NULL && count == 0, "none");
	scim_batch_answers_free(a, count);
}

int
main(void)
{
	test_limits();
	test_versions();
	test_answers();
	return tap_done();
}
