/* Native programs: what they are, what they give, and what they leave to libjq. */
#include <stdlib.h>

#include "base/buf.h"
#include "json/native.h"
#include "json/record.h"
#include "tap.h"

static const char helpers[] =
    "# A comment.\ndef twice(f): f | f;\ndef error: error(null);\n\ndef odd: foreach .[] as $x (0; .);\n"
    "def pair($a; b): [$a, a, b];\n";

static struct buf outputs;

static const char *
collect(void *arg, const char *text, size_t len)
{
	(void)arg;
	if (strlen(text) != len)
		return "len is wrong";
	if (buf_append_byte(&outputs, '\n') != 0 || buf_append(&outputs, text, len) != 0)
		return "enough";
	return NULL;
}

static struct native *
new_program(const char *program, struct native_reason *why)
{
	static const struct native_variable x = { "x=", 1, "v\"" };

	return native_new(program, helpers, &x, 1, why);
}

/* The outputs, each behind a newline; the reason of an output; or "libjq". */
static const char *
run_on(struct native *n, const char *record)
{
	struct tok_list list;
	const char *wrong;
	bool done;

	buf_clear(&outputs);
	tok_init(&list, RECORD_TOKENS_MAX);
	if (tok_parse(&list, record, strlen(record)) != TOK_OK)
		abort();
	done = native_run(n, &list, record, collect, NULL, &wrong);
	tok_free(&list);
	return !done ? "libjq" : wrong != NULL ? wrong : buf_string(&outputs);
}

static void
test_outputs(void)
{
	static const struct { const char *program, *record, *want; } rows[] = {
		{ "", "{ \"a\" : 1 }", "\n{\"a\":1}" },
		{ ". # end", "{\"a\":\"\\u00e9\\/\x7f\"}", "\n{\"a\":\"\xc3\xa9/\\u007f\"}" },
		{ "{b:.a},.", "{\"a\":\"x\"}", "\n{\"b\":\"x\"}\n{\"a\":\"x\"}" },
		{ "empty", "{}", "" },
		{ "{a: $x, b: $ARGS.named.x, c: $ARGS}", "{}",
		    "\n{\"a\":\"v\\\"\",\"b\":\"v\\\"\",\"c\":{\"positional\":[],\"named\":{\"x\":\"v\\\"\"}}}" },
		{ "{a: (1 + 2 - 4), b: (-1 // 2)}", "{}", "\n{\"a\":-1,\"b\":-1}" },
		{ "{a: twice([.])}", "{\"k\":[]}", "\n{\"a\":[[{\"k\":[]}]]}" },
		{ "{a: pair(.k; .l, 2)}", "{\"k\":1,\"l\":-5}", "\n{\"a\":[1,1,-5,2]}" },
		{ "def f(g): 1 as $v | g; {a: (2 as $v | f($v))}", "{}", "\n{\"a\":2}" },
		{ "{a: .k.l?, b: [.k?, .k.l.m?]}", "{\"k\":{\"l\":1}}", "\n{\"a\":1,\"b\":[{\"l\":1}]}" },
		{ "{a: [.k[] | select(. != 2)]}", "{\"k\":[1,2,3]}", "\n{\"a\":[1,3]}" },
		{ ".a.b", "{\"a\":{\"b\":{}}}", "\n{}" },
		{ "{a: .k, a: .l}", "{\"k\":1,\"l\":2}", "\n{\"a\":2}" },
		{ "{a: [(.k, .l) // 3, (.m // 3)]}", "{\"k\":null,\"l\":2}", "\n{\"a\":[2,3]}" },
		{ "{a: (.k | sub(\"a|ab\"; \"x\")), b: (.k | gsub(\"[ac]+\"; \"\"))}", "{\"k\":\"abac\"}",
		    "\n{\"a\":\"xbac\",\"b\":\"b\"}" },
		{ "{a: [7 % 4, 8 / 2, (0 - 7 | . / 2 | floor), 3 * -2], b: ({c: {d: .k}} * {c: {e: 1}})}",
		    "{\"k\":2}", "\n{\"a\":[3,4,-4,-6],\"b\":{\"c\":{\"d\":2,\"e\":1}}}" },
		{ "{a: (.k | explode), b: ([233, 128512] | implode)}", "{\"k\":\"\u00e9a\"}",
		    "\n{\"a\":[233,97],\"b\":\"\xc3\xa9\xf0\x9f\x98\x80\"}" },
		{ "{a: (951782400 | todate), b: (\"2000-02-29T00:00:01Z\" | fromdate)}", "{}",
		    "\n{\"a\":\"2000-02-29T00:00:00Z\",\"b\":951782401}" },
		{ ".a.b |= [.] | .k += 2 | .n //= 3 | del(.a.c) | del(.x)", "{\"k\":1,\"x\":0}",
		    "\n{\"k\":3,\"a\":{\"b\":[null]},\"n\":3}" },
		{ "{a: [range(empty), 1], b: [range(.k | select(. > 2)) // 3]}", "{\"k\":1}",
		    "\n{\"a\":[1],\"b\":[3]}" },
		{ "if .a then {} elif .b then . else empty end", "{\"b\":1}", "\n{\"b\":1}" },
	};
	struct native_reason why;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct native *n = new_program(rows[i].program, &why);

		is(n != NULL ? run_on(n, rows[i].record) : why.what, rows[i].want, rows[i].program);
		native_free(n);
	}
}

/* What jq has an error for, or might see otherwise. */
static void
test_records_for_libjq(void)
{
	static const struct { const char *program, *record; } rows[] = {
		{ ".", "{\"a\":1.0}" }, { ".", "{\"a\":-0}" }, { ".", "{\"a\":1e2}" },
		{ ".", "{\"a\":1234567890123456}" }, { ".", "{\"a\":1,\"a\":1}" },
		{ ".", "{\"a\":{\"b\":[],\"b\":1}}" }, { ".", "{\"\\u0061\":1,\"a\":1}" },
		{ "{a}", "{\"\\u0061\":1}" }, { ".", "{\"a\":\"\\u0000\"}" }, { ".a", "{}" },
		{ "., .a", "{}" }, { "{a: .a.b}", "{\"a\":\"x\"}" }, { "{a: (.a + 1)}", "{\"a\":\"x\"}" },
		{ "error", "{}" }, { "{a: (.a // error)}", "{}" }, { "{a: (.a.b // 1)}", "{\"a\":1}" },
		{ "{a: (.a + 1)}", "{\"a\":999999999999999}" }, { "{(.a): 1}", "{\"a\":1}" },
		{ "{a: (empty + .a.b)}", "{\"a\":1}" }, { "{a: any(true, .a.b; .)}", "{\"a\":1}" },
		{ "{a: [.a.b.c?]}", "{\"a\":1}" }, { "{a: (.a * 2)}", "{\"a\":\"x\"}" },
		{ "{a: (.a * -1)}", "{\"a\":0}" }, { "{a: (.a % 2)}", "{\"a\":-3}" },
		{ "{a: (1 / .a)}", "{\"a\":0}" }, { "{a: (.a / 2)}", "{\"a\":1}" },
		{ "{a: (.a | sub(\"x*\"; \"\"))}", "{\"a\":\"y\"}" }, { "{a: ([.a] | implode)}", "{\"a\":0}" },
		{ "{a: ([.a] | implode)}", "{\"a\":55296}" },
		{ "{a: (.a | fromdate)}", "{\"a\":\"2023-02-29T00:00:00Z\"}" },
		{ "{a: [try (.a + 1) catch 2]}", "{\"a\":\"x\"}" }, { ".a.b = 1", "{\"a\":\"x\"}" },
		{ "{a: (reduce (1, 2) as $i (0; empty))}", "{}" },
		{ "{a: (reduce range(100000) as $i (.a; ascii_upcase))}",
		    "{\"a\":\"a text that is as long as it need be, and many times that\"}" },
		{ "(reduce range(300) as $i (0; {a: .})) as $x | {a: ($x == (reduce "
		    "range(300) as $i (0; {a: .})))}", "{}" },
	};
	struct native_reason why;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct native *n = new_program(rows[i].program, &why);

		if (ok(n != NULL, rows[i].program)) {
			is(run_on(n, rows[i].record), "libjq", rows[i].record);
		}
		native_free(n);
	}
}

static void
test_reasons(void)
{
	static const struct { const char *program, *what; long line; bool in_helpers; } rows[] = {
		{ ".a |\n\n ltrimstr(\"x\") | getpath([])", "getpath/1", 3, false },
		{ "odd", "foreach", 5, true },
		{ "{(\"a\")}", "a key of an object", 1, false },
		{ "def null: 3; {a: null}", "a definition of null, true or false", 1, false },
		{ "def f(true): true; {a: f(3)}", "a definition of null, true or false", 1, false },
		{ "# a comment \\\n{}", "an end of a line that is not the same to all versions", 1,
		    false },
		{ "def f: f; f", "its depth or its size", 1, false },
		{ "{a: (1, 2)}", "several values in one place", 1, false },
		{ "1 as [$a] | .", "a pattern behind as", 1, false },
		{ ".a[0] += 1", "an assignment to more than names", 1, false },
		{ "$ENV", "a variable of jq's own", 1, false },
		{ "@base64", "a format (@text)", 1, false },
		{ "..", "..", 1, false },
		{ "\"\\u0000\"", "an escape in a string", 1, false },
	};
	struct native_reason why;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct native *n = new_program(rows[i].program, &why);

		if (ok(n == NULL, rows[i].program)) {
			is(why.what, rows[i].what, "what is not understood");
			ok(why.line == rows[i].line && why.in_helpers == rows[i].in_helpers, "its line");
		}
		native_free(n);
	}
}

/* The program is start, middle many times, and end. */
static void
test_long(const char *start, const char *middle, const char *end)
{
	struct native_reason why;
	struct buf b;

	buf_init(&b, 1000000);
	buf_append_string(&b, start);
	for (int i = 0; i < 400000; i++)
		buf_append_string(&b, middle);
	buf_append_string(&b, end);
	is(new_program(buf_string(&b), &why) == NULL ? why.what : "native", "its depth",
	    "a program that is nested deep");
	buf_free(&b);
}

static void
test_calls(void)
{
	struct native_reason why;
	struct buf b;

	buf_init(&b, 10000);
	buf_append_string(&b, "def f0: .; ");
	for (int i = 1; i < 60; i++)
		buf_appendf(&b, "def f%d: f%d | f%d; ", i, i - 1, i - 1);
	buf_append_string(&b, "if .a then {a: (1 | f59)} else . end");
	is(new_program(buf_string(&b), &why) == NULL ? why.what : "native",
	    "its depth or its size", "calls of calls, which make nothing");
	buf_free(&b);
}

static void
test_bounds(void)
{
	struct native_reason why;
	struct native *n = new_program("range(100000) | {a: ., b: \"0123456789012345678901234567890\"}",
	    &why);

	buf_free(&outputs);
	buf_init(&outputs, 100);
	is(run_on(n, "{}"), "libjq", "more than a record may take is libjq's");
	native_free(n);
	n = new_program("., ., ., .", &why);
	is(run_on(n, "{\"a\":\"0123456789012345678901234567890\"}"), "enough",
	    "what the output says of a record ends it");
	native_free(n);
}

int
main(void)
{
	buf_init(&outputs, 1000);
	test_outputs();
	test_records_for_libjq();
	test_reasons();
	test_bounds();
	test_long("{a: .", "|.", "}");
	test_calls();
	buf_free(&outputs);
	return tap_done();
}
