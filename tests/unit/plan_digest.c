/* Digests of attributes: what is the same to them, and what is not. */
#include "json/plan_digest.h"
#include "tap.h"

static struct tok_list list;

static uint32_t
attributes(const char *text)
{
	if (tok_parse(&list, text, strlen(text)) != TOK_OK)
		abort();
	return tok_member(&list, text, 0, "A");
}

static const char plain[] = "{\"A\":{\"email\":\"a@example.com\",\"name\":\"Ana\"}}";
static struct buf digest;

static void
compare(const char *text, bool same, const char *title)
{
	uint32_t in = attributes(text);

	ok(plan_digest_is(digest.data, digest.len, &list, text, in) == same, title);
}

static void
wrong(const char *text, const char *title)
{
	uint32_t in = attributes(plain);

	ok(!plan_digest_is(text, strlen(text), &list, plain, in), title);
}

static void
test_same(void)
{
	compare(plain, true, "the same");
	compare("{\"A\":{\"name\":\"Ana\",\"email\":\"a@example.com\"}}", true, "in another order");
	compare("{\"A\":{\"name\":\"\\u0041na\",\"email\":\"a@example.com\"}}", true, "escaped");
	compare("{\"A\":{\"name\":\"Ana\",\"email\":\"a@example.com\",\"x\":null,\"y\":\"\"}}", true,
	    "with some that have no value");
	compare("{\"A\":{\"name\":\"Ana\",\"email\":\"b@example.com\"}}", false, "another value");
	compare("{\"A\":{\"name\":\"Ana\",\"emai\":\"la@example.com\"}}", false,
	    "the same letters, cut elsewhere");
	compare("{\"A\":{\"email\":\"Ana\",\"name\":\"a@example.com\"}}", false, "changed about");
	compare("{\"A\":{\"name\":\"Ana\"}}", false, "one less");
	compare("{\"A\":{\"name\":\"Ana\",\"email\":\"a@example.com\",\"x\":\"1\"}}", false, "one more");
	compare("{\"B\":{}}", false, "none");
}

int
main(void)
{
	struct buf other, names;
	uint32_t in;
	char text[PLAN_DIGEST_LEN + 2];

	tok_init(&list, 100);
	buf_init(&digest, 200);
	buf_init(&other, 200);
	buf_init(&names, 200);
	in = attributes(plain);
	plan_digest_make(&digest, &list, plain, in);
	plan_digest_make(&other, &list, plain, in);
	ok(digest.len == PLAN_DIGEST_LEN && other.len == PLAN_DIGEST_LEN &&
	    strcmp(digest.data, other.data) != 0, "two of the same have nothing in common");
	test_same();
	snprintf(text, sizeof text, "%s", digest.data);
	wrong("", "an empty one");
	text[0] = 'X';
	wrong(text, "another salt, and none");
	snprintf(text, sizeof text, "%.*s", PLAN_DIGEST_LEN - 1, digest.data);
	wrong(text, "a shorter one");
	snprintf(text, sizeof text, "%s0", digest.data);
	wrong(text, "a longer one");
	in = attributes("{\"A\":{\"a\":\"1\",\"b\":null,\"c\":\"\",\"d\":\"2\"}}");
	plan_digest_names(&names, &list, "{\"A\":{\"a\":\"1\",\"b\":null,\"c\":\"\",\"d\":\"2\"}}", in, true);
	is(buf_string(&names), "\"a\",\"d\"", "names of those with a value");
	buf_clear(&names);
	plan_digest_names(&names, &list, "{\"A\":{\"a\":\"1\",\"b\":null,\"c\":\"\",\"d\":\"2\"}}", in, false);
	is(buf_string(&names), "\"b\",\"c\"", "and of the others");
	tok_free(&list);
	buf_free(&digest);
	buf_free(&other);
	buf_free(&names);
	return tap_done();
}
