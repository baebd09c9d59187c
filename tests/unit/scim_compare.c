/* What push-scim sends for a resource that the server has in another form, and for a new one. */
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"
#include "json/scim_compare.h"

enum { TOKENS = 1000, LONG = 100000 };

static const struct scim_rules scim = { .kept = false }, oci = { .verified = true };
static const struct scim_rules aws = { .single = true }, lower = { .kept = true };

struct two {
	struct tok_list ours, theirs;
	struct json a, b;
};

static void
open_two(struct two *t, const char *ours, const char *theirs)
{
	tok_init(&t->ours, TOKENS);
	tok_init(&t->theirs, TOKENS);
	if (tok_parse(&t->ours, ours, strlen(ours)) != TOK_OK ||
	    tok_parse(&t->theirs, theirs, strlen(theirs)) != TOK_OK) {
		fprintf(stderr, "%s\n%s\n", ours, theirs);
		abort();
	}
	t->a = (struct json){ &t->ours, ours, 0 };
	t->b = (struct json){ &t->theirs, theirs, 0 };
}

static void
close_two(struct two *t)
{
	tok_free(&t->ours);
	tok_free(&t->theirs);
}

/* One test: these operations, without the braces round them all. */
static void
patch(const struct scim_rules *rules, const char *ours, const char *theirs, const char *want)
{
	struct two t;
	struct buf ops;
	long count;

	open_two(&t, ours, theirs);
	buf_init(&ops, LONG);
	count = scim_compare_patch(&t.a, &t.b, rules, &ops);
	if (!is(buf_string(&ops), want, ours) || (count == 0) != (want[0] == '\0'))
		ok(false, "the count of operations");
	buf_free(&ops);
	close_two(&t);
}

static void
test_plain(void)
{
	static const char *const same[][2] = {
		{ "{\"title\":\"x\"}", "{\"title\":\"x\",\"nickName\":\"y\"}" },
		{ "{\"title\":\"\\u0078\"}", "{\"title\":\"x\"}" },
		{ "{\"title\":null}", "{}" }, { "{\"title\":null}", "{\"title\":null}" },
		{ "{\"emails\":[]}", "{}" }, { "{\"emails\":null}", "{\"emails\":[]}" },
		{ "{\"name\":{\"givenName\":null}}", "{}" },
		{ "{\"name\":{}}", "{\"name\":{\"givenName\":\"x\"}}" },
		{ "{\"active\":true,\"n\":1.50}", "{\"n\":1.50,\"active\":true}" },
		{ "{\"id\":\"1\",\"meta\":{\"a\":1},\"schemas\":[\"x\"],\"password\":\"p\"}",
		    "{\"id\":\"2\",\"meta\":{},\"schemas\":[\"y\"]}" },
		{ "{\"members\":[{\"value\":\"1\"}],\"groups\":[1]}", "{}" },
		{ "{\"DisplayName\":\"x\"}", "{\"displayName\":\"x\"}" },
		{ "{\"\\u006dembers\":[1],\"\\u0074itle\":\"x\"}", "{\"titl\\u0065\":\"x\"}" },
		{ "{\"urn:x:User\":{\"bypassNotification\":true}}", "{}" },
		{ "{\"name\":{\"familyName\":\"y\"}}",
		    "{\"name\":{\"formatted\":\"x y\",\"familyName\":\"y\"}}" },
	};
	static const char *const differ[][3] = {
		{ "{\"title\":\"x\"}", "{\"title\":\"X\"}",
		    "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}" },
		{ "{\"title\":\"x\"}", "{}", "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"x\"}" },
		{ "{\"active\":false}", "{}", "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}" },
		{ "{\"active\":true}", "{\"active\":\"true\"}",
		    "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}" },
		{ "{\"n\":1.5}", "{\"n\":1.50}", "{\"op\":\"replace\",\"path\":\"n\",\"value\":1.5}" },
		{ "{\"title\":null}", "{\"title\":\"x\"}", "{\"op\":\"remove\",\"path\":\"title\"}" },
		{ "{\"emails\":[]}", "{\"emails\":[{\"value\":\"a\"}]}",
		    "{\"op\":\"remove\",\"path\":\"emails\"}" },
		{ "{\"name\":null}", "{\"name\":{\"givenName\":\"x\"}}",
		    "{\"op\":\"remove\",\"path\":\"name\"}" },
		{ "{\"name\":{\"givenName\":null,\"familyName\":\"y\"}}",
		    "{\"name\":{\"givenName\":\"x\",\"familyName\":\"z\",\"middleName\":\"m\"}}",
		    "{\"op\":\"remove\",\"path\":\"name.givenName\"},"
		    "{\"op\":\"replace\",\"path\":\"name.familyName\",\"value\":\"y\"}" },
		{ "{\"name\":{\"givenName\":\"x\"}}", "{}",
		    "{\"op\":\"replace\",\"path\":\"name.givenName\",\"value\":\"x\"}" },
		{ "{\"urn:x:User\":{\"a\":\"1\",\"b\":null,\"manager\":{\"value\":\"7\"}}}",
		    "{\"urn:x:User\":{\"b\":\"2\"}}",
		    "{\"op\":\"replace\",\"path\":\"urn:x:User:a\",\"value\":\"1\"},"
		    "{\"op\":\"remove\",\"path\":\"urn:x:User:b\"},"
		    "{\"op\":\"replace\",\"path\":\"urn:x:User:manager.value\",\"value\":\"7\"}" },
		{ "{\"urn:x:User\":null}", "{\"urn:x:User\":{\"a\":1,\"b\":\"2\"}}",
		    "{\"op\":\"remove\",\"path\":\"urn:x:User:a\"},"
		    "{\"op\":\"remove\",\"path\":\"urn:x:User:b\"}" },
		{ "{\"externalId\":\"s\"}", "{\"externalId\":\"t\"}",
		    "{\"op\":\"replace\",\"path\":\"externalId\",\"value\":\"s\"}" },
	};

	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
		patch(&scim, same[i][0], same[i][1], "");
	for (size_t i = 0; i < sizeof differ / sizeof differ[0]; i++)
		patch(&scim, differ[i][0], differ[i][1], differ[i][2]);
	patch(&lower, "{\"userName\":\"An\\u0061\"}", "{\"UserName\":\"aNA\"}", "");
	patch(&lower, "{\"userName\":\"\xC3\x84\"}", "{\"userName\":\"\xC3\xA4\"}",
	    "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"\xC3\x84\"}");
	patch(&lower, "{\"userName\":\"a\"}", "{}",
	    "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"a\"}");
	patch(&lower, "{\"nickName\":\"a\"}", "{\"nickName\":\"A\"}",
	    "{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"a\"}");
	patch(&scim, "{\"userName\":\"a\"}", "{\"userName\":\"A\"}",
	    "{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"a\"}");
}

/* emails for ours and theirs; want: the array that replaces, or NULL. */
static void
multi(const struct scim_rules *rules, const char *ours, const char *theirs, const char *want)
{
	struct buf a, b, ops;

	buf_init(&a, LONG);
	buf_init(&b, LONG);
	buf_init(&ops, LONG);
	buf_appendf(&a, "{\"emails\":%s}", ours);
	buf_appendf(&b, "{\"emails\":%s}", theirs);
	if (want != NULL)
		buf_appendf(&ops, "{\"op\":\"replace\",\"path\":\"emails\",\"value\":%s}", want);
	patch(rules, a.data, b.data, buf_string(&ops));
	buf_free(&a);
	buf_free(&b);
	buf_free(&ops);
}

#define WORK(address) "{\"value\":\"" address "\",\"type\":\"work\",\"primary\":true}"

static void
test_multi(void)
{
	static const char recovery[] =
	    "[" WORK("a") ",{\"value\":\"a\",\"type\":\"recovery\",\"verified\":false}]";

	multi(&scim, "[" WORK("a") "]", "[" WORK("a") "]", NULL);
	/* The order does not count, nor what the server alone knows. */
	multi(&scim, "[" WORK("a") ",{\"value\":\"b\",\"type\":\"home\"}]",
	    "[{\"type\":\"home\",\"value\":\"b\",\"display\":\"B\"}," WORK("a") "]", NULL);
	multi(&scim, "[{\"value\":\"a\",\"primary\":false,\"display\":\"mine\"}]",
	    "[{\"value\":\"a\"}]", NULL);
	multi(&scim, "[{\"value\":\"a\",\"primary\":false}]",
	    "[{\"value\":\"a\",\"primary\":true}]", "[{\"value\":\"a\",\"primary\":false}]");
	multi(&scim, "[{\"value\":\"a\",\"type\":null}]", "[{\"value\":\"a\"}]", NULL);
	multi(&scim, "[{\"value\":\"a\",\"type\":null}]", "[{\"value\":\"a\",\"type\":\"x\"}]",
	    "[{\"value\":\"a\"},{\"value\":\"a\",\"type\":\"x\"}]");
	/* What the server added under another type stays. */
	multi(&scim, "[" WORK("a") "]", recovery, NULL);
	multi(&scim, "[" WORK("b") "]", recovery,
	    "[" WORK("b") ",{\"value\":\"a\",\"type\":\"recovery\",\"verified\":false}]");
	multi(&scim, "[" WORK("b") "]", "[{\"type\":\"home\",\"primary\":true,\"value\":\"c\"}]",
	    "[" WORK("b") ",{\"type\":\"home\",\"value\":\"c\"}]");
	multi(&scim, "[" WORK("a") "]", "[" WORK("a") "," WORK("b") "]", "[" WORK("a") "]");
	multi(&scim, "[{\"value\":\"a\"}]", "[{\"value\":\"a\"},{\"value\":\"b\"}]",
	    "[{\"value\":\"a\"}]");
	/* An element that agrees goes back as the server holds it. */
	multi(&scim, "[" WORK("a") ",{\"value\":\"b\",\"type\":\"home\"}]",
	    "[{\"value\":\"a\",\"type\":\"work\",\"primary\":true,\"x\":1}]",
	    "[{\"value\":\"a\",\"type\":\"work\",\"primary\":true,\"x\":1},"
	    "{\"value\":\"b\",\"type\":\"home\"}]");
	multi(&aws, "[" WORK("a") "]", recovery, "[" WORK("a") "]");
	/* verified is an attribute in OCI only. */
	multi(&scim, "[{\"value\":\"a\",\"verified\":true}]",
	    "[{\"value\":\"a\",\"verified\":false}]", NULL);
	multi(&scim, "[{\"value\":\"b\",\"verified\":true}]", "[{\"value\":\"a\"}]",
	    "[{\"value\":\"b\"}]");
	multi(&oci, "[{\"value\":\"a\",\"verified\":true}]",
	    "[{\"value\":\"a\",\"verified\":false}]", "[{\"value\":\"a\",\"verified\":true}]");
	multi(&scim, "[\"x\",\"y\"]", "[\"y\",\"x\"]", NULL);
	multi(&scim, "[\"x\"]", "[\"y\",\"x\"]", "[\"x\"]");
	multi(&scim, "[\"x\"]", "\"x\"", "[\"x\"]");
}

static void
create(const struct scim_rules *rules, const char *ours, const char *want)
{
	struct two t;
	struct buf b;

	open_two(&t, ours, "{}");
	buf_init(&b, LONG);
	ok(scim_body_create(&b, &t.a, rules) == 0, "create");
	is(buf_string(&b), want, ours);
	buf_free(&b);
	close_two(&t);
}

static void
put(const char *ours, const char *theirs, const char *want)
{
	struct two t;
	struct buf b;

	open_two(&t, ours, theirs);
	buf_init(&b, LONG);
	ok(scim_body_put(&b, &t.a, &t.b, &scim) == 0, "put");
	is(buf_string(&b), want, ours);
	buf_free(&b);
	close_two(&t);
}

static void
test_bodies(void)
{
	create(&scim, "{\"schemas\":[\"s\"],\"id\":\"1\",\"title\":null,\"name\":{\"givenName\":null},"
	    "\"emails\":[{\"value\":\"a\",\"verified\":true,\"type\":null},null],\"photos\":[],"
	    "\"urn:x:User\":{\"bypassNotification\":true,\"y\":null},\"members\":[1]}",
	    "{\"schemas\":[\"s\"],\"emails\":[{\"value\":\"a\"}],"
	    "\"urn:x:User\":{\"bypassNotification\":true}}");
	create(&oci, "{\"emails\":[{\"value\":\"a\",\"verified\":true}]}",
	    "{\"emails\":[{\"value\":\"a\",\"verified\":true}]}");
	put("{\"schemas\":[\"s\",\"t\"],\"title\":\"x\",\"nickName\":null,\"name\":{\"givenName\":\"n\"},"
	    "\"password\":\"p\",\"urn:x:User\":{\"a\":\"1\"}}",
	    "{\"schemas\":[\"s\"],\"id\":\"1\",\"meta\":{\"v\":1},\"nickName\":\"k\","
	    "\"name\":{\"givenName\":\"o\",\"familyName\":\"f\"},\"members\":[{\"value\":\"7\"}],"
	    "\"emails\":[{\"value\":\"a\"}]}",
	    "{\"schemas\":[\"s\",\"t\"],\"id\":\"1\",\"name\":{\"givenName\":\"n\",\"familyName\":\"f\"},"
	    "\"members\":[{\"value\":\"7\"}],\"emails\":[{\"value\":\"a\"}],\"title\":\"x\","
	    "\"urn:x:User\":{\"a\":\"1\"}}");
	/* An extension and its schema go together. */
	put("{\"schemas\":[\"s\"],\"urn:x:User\":null}",
	    "{\"schemas\":[\"s\",\"URN:x:User\",\"urn:y\"],\"urn:x:User\":{\"a\":1},\"urn:y\":{\"b\":2}}",
	    "{\"schemas\":[\"s\",\"urn:y\"],\"urn:y\":{\"b\":2}}");
	put("{\"schemas\":[\"s\"],\"nickName\":\"n\"}",
	    "{\"Schemas\":[\"s\"],\"META\":{},\"Groups\":[1],\"nickname\":\"k\"}",
	    "{\"Schemas\":[\"s\"],\"nickname\":\"n\"}");
}

static void
test_members(void)
{
	static const char *const groups[] = {
		"{\"id\":\"1\",\"members\":[{\"value\":\"a\"}],\"meta\":{}}", "{\"id\":\"1\"}"
	};
	static const char *const want[] = {
		"{\"id\":\"1\",\"members\":[{\"value\":\"a\"},{\"value\":\"b\"}]}",
		"{\"id\":\"1\",\"members\":[{\"value\":\"b\"}]}"
	};
	struct buf members, b;

	buf_init(&members, LONG);
	buf_append_string(&members, "{\"value\":\"b\"}");
	for (size_t i = 0; i < 2; i++) {
		struct two t;

		open_two(&t, "{}", groups[i]);
		buf_init(&b, LONG);
		ok(scim_body_put_members(&b, &t.b, &members, NULL, NULL) == 0, "members");
		is(buf_string(&b), want[i], "no member is lost");
		buf_free(&b);
		close_two(&t);
	}
	buf_free(&members);
}

/* Whatever the maximum is, a body that does not fit is never taken for one that does. */
static void
test_full(void)
{
	static const char ours[] = "{\"title\":\"x\",\"name\":{\"givenName\":\"y\"},"
	    "\"emails\":[{\"value\":\"a\"}],\"nickName\":null}";
	struct two t;
	size_t wrong = 0, len;
	struct buf b;

	open_two(&t, ours, "{\"nickName\":\"n\"}");
	buf_init(&b, LONG);
	scim_compare_patch(&t.a, &t.b, &scim, &b);
	len = b.len;
	buf_free(&b);
	for (size_t max = 0; max < len; max++) {
		buf_init(&b, max);
		wrong += scim_compare_patch(&t.a, &t.b, &scim, &b) != -1;
		buf_free(&b);
	}
	buf_init(&b, LONG);
	scim_body_create(&b, &t.a, &scim);
	len = b.len;
	buf_free(&b);
	for (size_t max = 0; max < len; max++) {
		buf_init(&b, max);
		wrong += scim_body_create(&b, &t.a, &scim) == 0;
		buf_free(&b);
	}
	ok(wrong == 0, "every maximum is noticed");
	close_two(&t);
}

static void
test_read(void)
{
	static const struct { const char *text, *want; bool need; } rows[] = {
		{ "{}", "no schemas: not a SCIM resource", true },
		{ "{\"schemas\":[\"urn:x\"]}", "schemas names neither User nor Group", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"a\"}",
		    "no externalId", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"externalId\":\"a\"}",
		    "no userName", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"externalId\":7,"
		    "\"userName\":\"a\"}", "no externalId", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"externalId\":\"a\"}",
		    "no displayName", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"externalId\":\"a\","
		    "\"displayName\":\"x\\u0000\"}", "no displayName", true },
		{ "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}", "no id", false },
		{ "{\"schemas\":[\"URN:ietf:params:scim:schemas:core:2.0:user\"],\"id\":\"1\"}", NULL,
		    false },
		{ "{\"SCHEMAS\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"Id\":\"1\","
		    "\"externalid\":\"a\",\"username\":\"b\"}", NULL, true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct two t;
		struct scim_resource r;
		const char *got;

		open_two(&t, rows[i].text, "{}");
		got = scim_resource_read(&t.a, rows[i].need, &r);
		if (rows[i].want == NULL)
			ok(got == NULL, "a good resource");
		else
			is(got, rows[i].want, rows[i].text);
		close_two(&t);
	}
}

int
main(void)
{
	test_plain();
	test_multi();
	test_bodies();
	test_members();
	test_full();
	test_read();
	return tap_done();
}
