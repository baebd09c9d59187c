/* jq programs: outputs, reasons without content, what programs cannot reach. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "json/jqprog.h"
#include "json/record.h"
#include "child.h"
#include "tap.h"

#define CANARY "canary7f3a"

static struct buf outputs;
static char directory[] = "/tmp/jqprog.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

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

static struct jqprog *
new_program(const char *expression)
{
	return jqprog_new(&(struct jqprog_options){ .expression = expression });
}

/* The reason, or the outputs, each behind a newline. */
static const char *
run_on(struct jqprog *p, const char *record)
{
	struct tok_list list;
	const char *reason;

	buf_clear(&outputs);
	tok_init(&list, RECORD_TOKENS_MAX);
	if (tok_parse(&list, record, strlen(record)) != TOK_OK)
		abort();
	reason = jqprog_run(p, &list, record, strlen(record), collect, NULL);
	tok_free(&list);
	return reason != NULL ? reason : buf_string(&outputs);
}

static void
test_outputs(void)
{
	static const struct { const char *program, *record, *want; } rows[] = {
		{ ".", "{\"a\":1}", "\n{\"a\":1}" },
		{ "", "{\"a\":1}", "\n{\"a\":1}" },
		{ "{b:.a},.", "{\"a\":\"x\"}", "\n{\"b\":\"x\"}\n{\"a\":\"x\"}" },
		{ "empty", "{}", "" },
		{ "select(.a)", "{\"a\":null}", "" },
		{ ".", "{ \"z\" : \"\\u00e9\\/\\u007f\\u0000\" , \"a\" : 1.50e1 }",
		    "\n{\"z\":\"\xc3\xa9/\\u007f\\u0000\",\"a\":15}" },
		{ "{a: helper}", "{}", "\n{\"a\":\"helped\"}" },
		{ "debug | {a: [.a | stderr]}", "{}", "\n{\"a\":[null]}" },
		{ "{a: [inputs]}", "{}", "\n{\"a\":[]}" },
		{ "include \"cognito\"; {a: helper}", "{}", "\n{\"a\":\"helped\"}" },
		{ "{e: env, E: $ENV}", "{}", "\n{\"e\":{},\"E\":{}}" },
		{ "{v: $ARGS.named, p: $ARGS.positional}", "{}", "\n{\"v\":{},\"p\":[]}" },
		{ "{a: 9007199254740992}", "{}", "\n{\"a\":9007199254740992}" },
		{ ".", "{\"a\":9007199254740992}", "\n{\"a\":9007199254740992}" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct jqprog *p = new_program(rows[i].program);

		if (ok(p != NULL, rows[i].program))
			is(run_on(p, rows[i].record), rows[i].want, rows[i].record);
		jqprog_free(p);
	}
}

static void
test_reasons(void)
{
	static const struct { const char *program, *want; } rows[] = {
		{ "error({reject: \"no family name\"})", "no family name" },
		{ "{}, error({reject: \"late\"})", "late" },
		{ "error({reject: \"\"})", "the mapping failed on this record" },
		{ "error({reject: 1})", "the mapping failed on this record" },
		{ "error(.s)", "the mapping failed on this record" },
		{ "error(.)", "the mapping failed on this record" },
		{ "error([.s])", "the mapping failed on this record" },
		{ ".s | tonumber", "the mapping failed on this record" },
		{ ".s | fromjson", "the mapping failed on this record" },
		{ ".s | .x", "the mapping failed: cannot take a member of the type string" },
		{ ".s[]", "the mapping failed: cannot iterate over the type string" },
		{ ".s + 1", "the mapping failed: an operation does not take the type string" },
		{ ". - {}", "the mapping failed: an operation does not take the type object" },
		{ "halt", "the mapping failed: it called halt" },
		{ ".s | halt_error", "the mapping failed: it called halt" },
		{ "input", "the mapping failed on this record" },
		{ ".s", "the mapping gave no object but: string" },
		{ "[.]", "the mapping gave no object but: array" },
		{ "null", "the mapping gave no object but: null" },
		{ "{a: [infinite]}", "the mapping gave a number that is not finite" },
		{ "{a: {b: nan}}", "the mapping gave a number that is not finite" },
		{ "{a: (reduce range(300) as $i (1; [.]))}",
		    "the mapping gave a value that is nested too deep" },
		{ "range(9999) | {a: ., b: \"" CANARY "\"}", "enough" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct jqprog *p = new_program(rows[i].program);

		if (ok(p != NULL, rows[i].program)) {
			is(run_on(p, "{\"s\":\"" CANARY "\"}"), rows[i].want, rows[i].want);
			/* A failed run leaves nothing behind. */
			is(run_on(p, "{\"s\":\"" CANARY "\"}"), rows[i].want, "again");
		}
		jqprog_free(p);
	}
}

static void
test_long_reason(void)
{
	struct jqprog *p = new_program("error({reject: (\"\xc3\xa9\" * 500)})");
	const char *reason = run_on(p, "{}");

	ok(strlen(reason) < 256 && strlen(reason) % 2 == 0, "a long reason is cut between characters");
	jqprog_free(p);
}

static void
test_numbers(void)
{
	static const char why[] = "a number that a mapping would round: beyond 2^53 or too precise";
	struct jqprog *p = new_program("{}");

	is(run_on(p, "{\"a\":9007199254740993}"), why, "beyond 2^53");
	is(run_on(p, "{\"a\":[{\"b\":-9007199254740993}]}"), why, "deep, negative");
	is(run_on(p, "{\"a\":1e999}"), why, "too large");
	is(run_on(p, "{\"a\":\"9007199254740993\"}"), "\n{}", "a string may hold it");
	jqprog_free(p);
}

static void
test_sources(void)
{
	const char *args[] = { "x=1=2", "y=" };
	char path[200];
	struct jqprog_options o = { .args = { args, 2 } };
	struct jqprog *p;

	snprintf(path, sizeof path, "%s/own.jq", directory);
	o.file = path;
	p = jqprog_new(&o);
	if (ok(p != NULL, "a file with an include from its own directory"))
		is(run_on(p, "{}"), "\n{\"x\":\"1=2\",\"y\":\"\",\"d\":\"deep\"}", "its output");
	jqprog_free(p);
	o.file = NULL;
	o.mapping = "own";
	p = jqprog_new(&o);
	if (ok(p != NULL, "a mapping by name"))
		is(run_on(p, "{}"), "\n{\"x\":\"1=2\",\"y\":\"\",\"d\":\"deep\"}", "its output");
	jqprog_free(p);
}

static int
compile(void *arg)
{
	struct jqprog *p = jqprog_new(arg);

	jqprog_free(p);
	return p != NULL ? 0 : 2;
}

/* The status is 2, and the first line of the message ends with want. */
static void
refuses(struct jqprog_options *o, const char *want)
{
	int status = child_run(compile, o);
	char *lf = strchr(child_err, '\n');
	size_t n = strlen(want);

	if (lf != NULL)
		*lf = '\0';
	ok(status == 2, want);
	if (!ok(lf != NULL && strlen(child_err) >= n &&
	    strcmp(child_err + strlen(child_err) - n, want) == 0, "its message"))
		printf("#  got: %s\n# want: %s\n", child_err, want);
}

static void
test_refusals(void)
{
	static const struct { const char *program, *want; } rows[] = {
		{ "foo", ": -e:1: foo/0 is not defined" },
		{ ".a |\n\n foo", ": -e:3: foo/0 is not defined" },
		{ "# c\n$x", ": -e:2: $x is not defined" },
		{ "{a:", ": -e:1: syntax error, unexpected $end" },
		{ "\xff", ": -e: not UTF-8 text" },
		{ "include \"nope\"; .", ": -e: module not found: nope" },
	};
	static const char *const args[] = { "x", "=x", "1x=y", "a-b=c", "ENV=1", "ARGS=1", "__loc__=1",
		"x=\xff" };
	const char *twice[] = { "x=1", "x=2" };
	char path[200];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		refuses(&(struct jqprog_options){ .expression = rows[i].program }, rows[i].want);
	for (size_t i = 0; i < sizeof args / sizeof args[0]; i++) {
		const char *one[] = { args[i] };

		ok(child_run(compile, &(struct jqprog_options){ .expression = ".",
		    .args = { one, 1 } }) == 2, args[i]);
		ok(strstr(child_err, "--arg: ") != NULL, "its message");
	}
	refuses(&(struct jqprog_options){ .expression = ".", .args = { twice, 2 } },
	    ": --arg: x: given twice");
	refuses(&(struct jqprog_options){ .expression = NULL },
	    "exactly one of --expression, --file and --mapping is needed");
	refuses(&(struct jqprog_options){ .expression = ".", .mapping = "own" },
	    "exactly one of --expression, --file and --mapping is needed");
	snprintf(path, sizeof path, "%s/broken.jq", directory);
	refuses(&(struct jqprog_options){ .file = path }, "/broken.jq:2: bar/1 is not defined");
}

int
main(void)
{
	static const char *const names[] = { "cognito.jq", "own.jq", "deeper.jq", "broken.jq",
		".jq" };
	char path[200];

	if (mkdtemp(directory) == NULL)
		return 1;
	write_file("cognito.jq", "def helper: \"helped\";\ndef stderr: .;\n");
	write_file("own.jq", "include \"deeper\";\n{x: $x, y: $ARGS.named.y, d: deep}\n");
	write_file("deeper.jq", "def deep: \"deep\";\n");
	write_file("broken.jq", "#\nbar(1)\n");
	/* A user's own definitions for jq, which must not come in. */
	write_file(".jq", "def helper: \"astray\";\n");
	setenv("HOME", directory, 1);
	setenv("COGNITO_FILTERS_PATH", directory, 1);
	setenv("SECRET", CANARY, 1);
	buf_init(&outputs, 1000);

	test_outputs();
	test_reasons();
	test_long_reason();
	test_numbers();
	test_sources();
	test_refusals();
	ok(getenv("SECRET") != NULL, "the environment is there again");

	buf_free(&outputs);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", directory, names[i]);
		unlink(path);
	}
	rmdir(directory);
	return tap_done();
}
