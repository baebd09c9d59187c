/* JSON strings and numbers: canonical form, decoding, which numbers a double keeps. */
#include "base/buf.h"
#include "json/jtext.h"
#include "json/utf8.h"
#include "tap.h"

static void
canonical(const char *text, const char *want)
{
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1000);
	buf_init(&b, 10000);
	ok(tok_parse(&l, text, strlen(text)) == TOK_OK && jtext_value(&b, &l, text, 0) == 0, text);
	is(buf_string(&b), want, "canonical");
	buf_free(&b);
	tok_free(&l);
}

static void
test_values(void)
{
	canonical(" { \"b\" : [ 1 , 2.50 , { } , [ ] ] , \"a\" : null } ",
	    "{\"b\":[1,2.50,{},[]],\"a\":null}");
	canonical("\"\\u0041\\/\\u00e9\\ud83d\\ude00\\u007f\"", "\"A/\xc3\xa9\xf0\x9f\x98\x80\\u007f\"");
	canonical("\"\\b\\f\\n\\r\\t\\u0001\\u001F\\\"\\\\\"",
	    "\"\\b\\f\\n\\r\\t\\u0001\\u001f\\\"\\\\\"");
	canonical("\"a\\ud800b\"", "\"a\xef\xbf\xbd" "b\"");
	canonical("{\"k\\u0000\":12345678901234567890}", "{\"k\\u0000\":12345678901234567890}");
	canonical("[[[]],{\"a\":{\"b\":[]}},true]", "[[[]],{\"a\":{\"b\":[]}},true]");
}

static void
test_maximum(void)
{
	struct buf b;

	buf_init(&b, 6);
	ok(jtext_string(&b, "abcd", 4) == 0, "a string that just fits");
	buf_clear(&b);
	ok(jtext_string(&b, "abc\n", 4) == -1 && b.len == 0, "one that does not leaves nothing");
	buf_free(&b);
}

static void
test_numbers(void)
{
	static const struct { const char *text; bool safe; } rows[] = {
		{ "0", true }, { "-1", true }, { "9007199254740992", true },
		{ "-9007199254740992", true }, { "9007199254740993", false },
		{ "12345678901234567890", false }, { "1.5", true }, { "0.1", true }, { "1e999", false },
		{ "1e-999", false }, { "0e-999", true }, { "123456789012345.6", false },
		{ "1532531538.091", true }, { "0.000000000000001234", true },
		{ "1.23456e-320", false }, { "2.3e-308", true },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ok(jtext_number_is_safe(rows[i].text, strlen(rows[i].text)) == rows[i].safe,
		    rows[i].text);
}

static void
test_utf8(void)
{
	char out[4];

	ok(utf8_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10) == 10, "all lengths");
	ok(utf8_valid("ab\xc3", 3) == 2, "stops before a character cut off");
	ok(utf8_valid("\xe0\x80\x80", 3) == 0, "an overlong form");
	ok(utf8_count("a\xc3\xa9\xe2\x82\xac", 6) == 3, "characters are counted");
	ok(utf8_put(out, 0x20ac) == 3 && memcmp(out, "\xe2\x82\xac", 3) == 0, "the euro sign");
	ok(utf8_put(out, 0x10ffff) == 4 && memcmp(out, "\xf4\x8f\xbf\xbf", 4) == 0, "the last one");
}

int
main(void)
{
	test_values();
	test_maximum();
	test_numbers();
	test_utf8();
	return tap_done();
}
