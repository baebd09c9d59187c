/* Values of libjq read from tokens and printed: held against libjq's own parser and printer. */
#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"
#include "json/jqvalue.h"
#include "tap.h"

static struct jqvalue *q;
static struct buf text, printed;

/* Ours of the record, and libjq's; whether both read it. */
static bool
read_both(const char *s, size_t len, jv *ours, jv *theirs)
{
	struct tok_list l;

	tok_init(&l, 1000000);
	if (tok_parse(&l, s, len) != TOK_OK)
		abort();
	*ours = jqvalue_read(q, &l, s, len);
	*theirs = jv_parse_sized(s, (int)len);
	tok_free(&l);
	return jv_is_valid(*ours) && jv_is_valid(*theirs);
}

/* One test: v, which is consumed, prints as libjq prints it. */
static void
prints_alike(jv v, const char *title)
{
	jv theirs = jv_dump_string(jv_copy(v), 0);
	const char *wrong;

	buf_clear(&printed);
	wrong = jqvalue_print(q, v, &printed);
	is(wrong != NULL ? wrong : buf_string(&printed), jv_string_value(theirs), title);
	jv_free(theirs);
	jv_free(v);
}

static void
reads_alike(const char *s, size_t len)
{
	/* Twice: the second time keys and values are those that were kept. */
	for (int i = 0; i < 2; i++) {
		jv ours, theirs;

		if (!read_both(s, len, &ours, &theirs)) {
			/* 1.6 reads no half of a surrogate pair. */
			ok(!jv_is_valid(ours) && !jv_is_valid(theirs), s);
			jv_free(ours);
			jv_free(theirs);
			continue;
		}
		ok(jv_equal(jv_copy(ours), jv_copy(theirs)), "equal");
		prints_alike(theirs, "libjq's own value prints alike");
		prints_alike(ours, "and so does ours");
	}
}

static void
test_texts(void)
{
	static const char *const texts[] = {
		"{}", "[]", "null", "true", "false", "\"\"", " { \"a\" : [ 1 , 2 ] } ",
		"{\"a\":{\"b\":[{},[],\"\",null,true,false]}}",
		"{\"Username\":\"ana\",\"Attributes\":{\"sub\":\"s\",\"email\":\"a@example.com\"}}",
		"{\"Username\":\"bob\",\"Attributes\":{\"sub\":\"s\",\"email\":\"\"}}",
		/* A repeated key: the last value, in the first one's place. */
		"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":1,\"\\u0061\":2}",
		"{\"\":1,\"\\u0000\":2,\"a\\u0000b\":3}",
		"[\"\\u0000\\b\\t\\n\\f\\r\\u001f \\u007f\\u0080\\\"\\\\\\/\"]", "[\"\x7f\"]",
		"[\"\\ud83d\\ude00\xf0\x9f\x98\x80\xc3\xa9\\u00e9\\uffff\xef\xbf\xbf\"]",
		"[\"\\ud800\",\"\\udc00x\",\"\\ud800\\u0041\"]", "{\"\\ud800\":1}",
		"[0,-0,1,-1,10,999999999999999,-999999999999999]",
		"[1000000000000000,9007199254740993,-9007199254740993,100000000000000000000]",
		"[0.0,-0.0,1.0,1.5,-1.5,0.1,1e2,1E+2,1e-2,1.532531538091E9,123456.789012345]",
		"[0.1234567890123456789,1e17,1e18,1e19,1e-5,1e-7,5e-324,1e308,2.2250738585072014e-308]",
		"{\"k\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
		"{\"k\":\"01234567890123456789012345678901234567890123456789012345678901234\"}",
		"{\"01234567890123456789012345678901234567890123456789012345678901234\":\"v\"}",
		"{\"a\":\"1\",\"a\":\"2\",\"b\":{\"a\":\"1\"},\"c\":[\"1\",\"2\"]}"
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		reads_alike(texts[i], strlen(texts[i]));
}

/* Each byte at each place of a word of eight, and two of them. */
static void
test_bytes(void)
{
	int wrong = 0;

	for (int c = 0; c < 0x80; c++) {
		for (size_t at = 0; at < 20; at++) {
			char s[20];
			jv v, theirs;

			memset(s, at % 2 == 0 ? 'x' : '\x21', sizeof s);
			s[at] = (char)c;
			v = jv_string_sized(s, sizeof s);
			theirs = jv_dump_string(jv_copy(v), 0);
			buf_clear(&printed);
			wrong += jqvalue_print(q, v, &printed) != NULL ||
			    strcmp(buf_string(&printed), jv_string_value(theirs)) != 0;
			jv_free(theirs);
			jv_free(v);
		}
	}
	ok(wrong == 0, "every byte of ASCII at every place");
}

/* More keys than are kept, several times. */
static void
test_keys(void)
{
	for (int n = 1; n <= 3000; n *= 10) {
		buf_clear(&text);
		for (int i = 0; i < n; i++)
			buf_appendf(&text, "%s\"key %d\":\"value %d\"", i == 0 ? "{" : ",", i, i % 7);
		buf_append_byte(&text, '}');
		reads_alike(text.data, text.len);
	}
}

/* Strings of every length around what is kept: as long, as equal and as good a key as libjq's. */
static void
test_lengths(void)
{
	int wrong = 0;

	for (int n = 0; n <= 200; n++) {
		jv ours, theirs, object;

		buf_clear(&text);
		buf_append_string(&text, "[\"");
		for (int i = 0; i < n % 100; i++)
			buf_append_byte(&text, (char)('a' + (i + n) % 26));
		buf_append_string(&text, "\"]");
		read_both(text.data, text.len, &ours, &theirs);
		ours = jv_array_get(ours, 0);
		theirs = jv_array_get(theirs, 0);
		wrong += !jv_equal(jv_copy(ours), jv_copy(theirs));
		object = jv_object_set(jv_object(), jv_copy(theirs), jv_true());
		wrong += !jv_object_has(object, jv_copy(ours));
		ours = jv_string_append_str(ours, "more");
		theirs = jv_string_append_str(theirs, "more");
		wrong += !jv_equal(ours, theirs);
	}
	ok(wrong == 0, "strings of all lengths");
}

/* Nesting that libjq 1.6 reads just so, and that which it does not. */
static void
test_depth(void)
{
	for (int n = 60; n <= 256; n++) {
		for (int object = 0; object < 2; object++) {
			jv ours, theirs;

			buf_clear(&text);
			for (int i = 0; i < n; i++)
				buf_append_string(&text, object != 0 ? "{\"a\":" : "[");
			buf_append_byte(&text, '1');
			for (int i = 0; i < n; i++)
				buf_append_byte(&text, object != 0 ? '}' : ']');
			if (read_both(text.data, text.len, &ours, &theirs)) {
				if (n % 64 < 2)
					prints_alike(jv_copy(ours), "deep");
			} else if (jv_is_valid(ours) || jv_is_valid(theirs)) {
				ok(false, "as deep as libjq, no deeper");
			}
			jv_free(ours);
			jv_free(theirs);
		}
	}
	ok(true, "as deep as libjq, no deeper");
}

static void
test_numbers(void)
{
	static const double values[] = { 0.0, -0.0, 1, -1, 1e15, -1e15, 1e15 - 1, 1e15 + 1, 1e16,
		1e17, 123456789012345680.0, 1e18, 0.1 + 0.2, 1.0 / 3, 1e-5, 1e-300, 4.9e-324,
		1.7976931348623157e308, 9007199254740992.0, 3.5, -2.25, 1e22 };

	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		prints_alike(jv_number(values[i]), "a number that a program gave");
}

static void
refuses(jv v, const char *want)
{
	buf_clear(&printed);
	is(jqvalue_print(q, v, &printed), want, want);
	jv_free(v);
}

static void
test_refusals(void)
{
	static const char not_finite[] = "the mapping gave a number that is not finite";
	struct buf small;
	jv deep = jv_number(1);

	refuses(jv_number(1e308 * 10), not_finite);
	refuses(jv_number(-1e308 * 10), not_finite);
	refuses(JV_ARRAY(jv_true(), JV_OBJECT(jv_string("a"), jv_number(0.0 / 0.0))), not_finite);
	for (int i = 0; i < TOK_DEPTH_MAX; i++)
		deep = JV_ARRAY(deep);
	prints_alike(jv_copy(deep), "as deep as may be");
	refuses(JV_ARRAY(deep), "the mapping gave a value that is nested too deep");
	/* The text has 26 bytes. */
	for (size_t max = 0; max <= 30; max++) {
		jv v = jv_parse("{\"a\":[1,true,\"b\"],\"\\n\":{}}");

		buf_init(&small, max);
		ok((jqvalue_print(q, v, &small) == NULL) == (max >= 26), "fits or does not");
		buf_free(&small);
		jv_free(v);
	}
}

int
main(void)
{
	q = jqvalue_new();
	buf_init(&text, INT_MAX);
	buf_init(&printed, INT_MAX);
	test_texts();
	test_bytes();
	test_keys();
	test_lengths();
	test_depth();
	test_numbers();
	test_refusals();
	jqvalue_free(q);
	jqvalue_free(NULL);
	buf_free(&text);
	buf_free(&printed);
	return tap_done();
}
