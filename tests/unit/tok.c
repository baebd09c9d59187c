/* The tokenizer: grammar, spans, flags, limits. */
#include <stdlib.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "tap.h"

static enum tok_error
parse(struct tok_list *l, const char *text)
{
	/* A copy of the exact length, so that a sanitizer sees a read behind the end. */
	size_t len = strlen(text);
	char *copy = malloc(len + 1);
	enum tok_error e;

	memcpy(copy, text, len);
	copy = realloc(copy, len > 0 ? len : 1);
	e = tok_parse(l, copy, len);
	free(copy);
	return e;
}

static void
test_grammar(struct tok_list *l)
{
	static const struct { const char *text; enum tok_error want; size_t at; } rows[] = {
		{ "{}", TOK_OK, 0 }, { " [ ] ", TOK_OK, 0 }, { "null", TOK_OK, 0 },
		{ "{\"a\":[1,-2.5e+3,true,false,null,\"x\"],\"b\":{}}", TOK_OK, 0 },
		{ "0", TOK_OK, 0 }, { "-0.0E-0", TOK_OK, 0 }, { "\"\\u00e9\\ud83d\\ude00\"", TOK_OK, 0 },
		{ "", TOK_CUT, 0 }, { "{", TOK_CUT, 1 }, { "{\"a\"", TOK_CUT, 4 },
		{ "{\"a\":", TOK_CUT, 5 }, { "{\"a\":1", TOK_CUT, 6 }, { "[1,", TOK_CUT, 3 },
		{ "\"abc", TOK_CUT, 4 }, { "tru", TOK_CUT, 3 }, { "1.", TOK_CUT, 2 }, { "1e", TOK_CUT, 2 },
		{ "\"\\", TOK_CUT, 2 }, { "{}{}", TOK_SYNTAX, 2 }, { "[1 2]", TOK_SYNTAX, 3 },
		{ "[1,]", TOK_SYNTAX, 3 }, { "{\"a\":1,}", TOK_SYNTAX, 7 }, { "{a:1}", TOK_SYNTAX, 1 },
		{ "{\"a\" 1}", TOK_SYNTAX, 5 }, { "01", TOK_SYNTAX, 1 }, { "+1", TOK_SYNTAX, 0 },
		{ ".5", TOK_SYNTAX, 0 }, { "nan", TOK_SYNTAX, 1 }, { "Infinity", TOK_SYNTAX, 0 },
		{ "'a'", TOK_SYNTAX, 0 }, { "\"a\tb\"", TOK_SYNTAX, 2 }, { "\"\\x\"", TOK_SYNTAX, 2 },
		{ "\"\\u12g4\"", TOK_SYNTAX, 2 }, { "]", TOK_SYNTAX, 0 }, { "[}", TOK_SYNTAX, 1 },
		{ "\"\xff\"", TOK_UTF8, 1 }, { "\"\xc0\xaf\"", TOK_UTF8, 1 },
		{ "\"\xed\xa0\x80\"", TOK_UTF8, 1 }, { "\"\xf4\x90\x80\x80\"", TOK_UTF8, 1 },
		{ "\"0123456789abcdef\xe2\x82\"", TOK_UTF8, 17 }, { "\xef\xbb\xbf{}", TOK_SYNTAX, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum tok_error e = parse(l, rows[i].text);

		if (!ok(e == rows[i].want && (e == TOK_OK || l->error_at == rows[i].at),
		    "grammar row"))
			printf("# row %zu: %s: %s at %zu\n", i, rows[i].text, tok_error_text(e),
			    l->error_at);
	}
}

static void
test_spans(struct tok_list *l)
{
	static const char text[] = "{\"a\":{\"x\":[1,2]},\"k\\u0065y\":\"v\",\"a\":7}";

	ok(tok_parse(l, text, strlen(text)) == TOK_OK && l->count == 11, "tokens are counted");
	ok(l->tok[0].next == 11 && l->tok[2].next == 7, "next steps over a subtree");
	ok(tok_member(l, text, 0, "a") == 10, "the last of two equal keys wins");
	ok(tok_member(l, text, 0, "key") == 8, "a key with an escape is found by its meaning");
	ok(tok_member(l, text, 0, "ke") == 0 && tok_member(l, text, 8, "a") == 0,
	    "what is not there is 0");
	ok(l->tok[9 - 1].type == TOK_STRING && text[l->tok[8].start] == 'v' &&
	    l->tok[8].end == l->tok[8].start + 1, "a string's span is without its quotes");
}

static void
test_flags(struct tok_list *l)
{
	ok(parse(l, "[\"plain\"]") == TOK_OK && l->flags == 0, "no flags on plain text");
	ok(parse(l, "[\"a\\nb\"]") == TOK_OK && l->flags == TOK_ESCAPED, "an escape is flagged");
	ok(parse(l, "[\"\\u0000\"]") == TOK_OK && l->flags == (TOK_ESCAPED | TOK_NUL), "NUL");
	ok(parse(l, "[\"\\ud800\"]") == TOK_OK && l->flags == (TOK_ESCAPED | TOK_LONE), "lone high");
	ok(parse(l, "[\"\\udc00\"]") == TOK_OK && l->flags == (TOK_ESCAPED | TOK_LONE), "lone low");
	ok(parse(l, "[\"\\ud800\\ud800\\udc00\"]") == TOK_OK && (l->flags & TOK_LONE) != 0,
	    "a high half before a pair");
	ok(parse(l, "[\"\\ud83d\\ude00\"]") == TOK_OK && l->flags == TOK_ESCAPED, "a whole pair");
	ok(parse(l, "[\"a\x7f\"]") == TOK_OK && l->flags == TOK_ESCAPED, "DEL counts as an escape");
}

static void
test_limits(void)
{
	struct tok_list few;
	char deep[2 * (size_t)TOK_DEPTH_MAX + 3];

	memset(deep, '[', TOK_DEPTH_MAX);
	memset(deep + TOK_DEPTH_MAX, ']', TOK_DEPTH_MAX);
	deep[2 * (size_t)TOK_DEPTH_MAX] = '\0';
	tok_init(&few, 1000);
	ok(parse(&few, deep) == TOK_OK, "the deepest nesting allowed");
	memset(deep, '[', TOK_DEPTH_MAX + 1);
	ok(parse(&few, deep) == TOK_DEPTH, "one level more");
	tok_free(&few);
	tok_init(&few, 3);
	ok(parse(&few, "[1,2]") == TOK_OK && parse(&few, "[1,2,3]") == TOK_MANY, "tokens' maximum");
	tok_free(&few);
}

/* Every text of a few bytes from an alphabet of JSON's own: none may pass that is not whole. */
static void
test_short_texts(struct tok_list *l)
{
	static const char alphabet[] = "{}[]\",:0-.eEtrue\\u \x80\xc3";
	char text[5];
	unsigned good = 0;

	for (const char *a = alphabet; *a != '\0'; a++) {
		for (const char *b = alphabet; *b != '\0'; b++) {
			for (const char *c = alphabet; *c != '\0'; c++) {
				text[0] = *a;
				text[1] = *b;
				text[2] = *c;
				text[3] = '\0';
				good += parse(l, text) == TOK_OK;
			}
		}
	}
	/* 35 by another parser, Python's json behind a strict UTF-8 decoder. */
	if (!ok(good == 35, "as many short texts are JSON as another parser finds"))
		printf("# %u\n", good);
}

int
main(void)
{
	struct tok_list l;

	tok_init(&l, 100000);
	test_grammar(&l);
	test_spans(&l);
	test_flags(&l);
	test_limits();
	test_short_texts(&l);
	tok_free(&l);
	return tap_done();
}
