/* base/opt.h. */
#include "base/opt.h"
#include "base/prog.h"
#include "child.h"
#include "tap.h"

#define USAGE "card [-v] [-o file]\ncard --list item\n[--more]"
#define SHOWN "usage: renamed [-v] [-o file]\n       renamed --list item\n       [--more]\n"

enum { MAX_WORDS = 16 };

struct call {
	const char *words[MAX_WORDS];
	bool stop;
};

/* What the options set; a word that is not given keeps what it held. */
struct values {
	bool flag;
	int verbose;
	const char *output, *region;
	struct opt_list list, names;
};

static int
parse(const struct call *call, struct values *v, const char **operands)
{
	const struct opt_spec own[] = {
		{ "list", 'l', OPT_LIST, &v->list },
		{ "names", 0, OPT_LIST, &v->names },
		{ "region", 0, OPT_VALUE, &v->region },
		{ "rename", 0, OPT_VALUE, &v->region },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec common[] = {
		{ "flag", 'f', OPT_FLAG, &v->flag },
		{ "verbose", 'v', OPT_COUNT, &v->verbose },
		{ "output", 'o', OPT_VALUE, &v->output },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, common, NULL };
	char *argv[MAX_WORDS + 2];
	int argc = 1, first;

	argv[0] = (char *)"renamed";
	for (; call->words[argc - 1] != NULL; argc++)
		argv[argc] = (char *)call->words[argc - 1];
	argv[argc] = NULL;
	first = opt_parse(argc, argv, tables, USAGE, call->stop);
	for (int i = first; i <= argc; i++)
		operands[i - first] = argv[i];
	return argc - first;
}

static int
parse_in_child(void *arg)
{
	struct values v = { .output = "kept" };
	const char *operands[MAX_WORDS + 1];

	prog_start("/opt/renamed");
	return 50 + parse(arg, &v, operands);
}

static int
to_full(void *arg)
{
	FILE *full = freopen("/dev/full", "w", stdout);

	return full == NULL ? 99 : parse_in_child(arg);
}

static void
refused(struct call call, const char *message)
{
	char want[400];
	int status = child_run(parse_in_child, &call);

	snprintf(want, sizeof want, "renamed: %s\n%s", message, SHOWN);
	if (!ok(status == 2, message))
		printf("# status %d\n", status);
	is(child_err, want, "the message and the usage follow");
}

static void
test_values(void)
{
	struct values v = { .output = "kept", .verbose = 1 };
	struct call call = { { "one", "-vfv", "--list", "a", "--region=eu", "-lb", "two", "--list=",
	    "--names", "n", "--", "-o" }, false };
	const char *operands[MAX_WORDS + 1];

	ok(parse(&call, &v, operands) == 3 && strcmp(operands[0], "one") == 0 &&
	    strcmp(operands[1], "two") == 0 && strcmp(operands[2], "-o") == 0,
	    "operands and options mix, -- ends the options");
	ok(v.flag && v.verbose == 3, "flags and counts");
	is(v.region, "eu", "a value");
	is(v.output, "kept", "what is not mentioned stays");
	ok(v.list.count == 3, "a list takes every value");
	if (v.list.count == 3) {
		is(v.list.items[0], "a", "the first one");
		is(v.list.items[1], "b", "the second one");
		is(v.list.items[2], "", "an empty one");
	}
	ok(v.names.count == 1 && strcmp(v.names.items[0], "n") == 0, "lists do not mix");
}

static void
test_stop(void)
{
	struct values v = { .output = NULL };
	struct call call = { { "-f", "cmd", "-o", "--list" }, true };
	const char *operands[MAX_WORDS + 1];

	ok(parse(&call, &v, operands) == 3 && strcmp(operands[0], "cmd") == 0 && v.flag &&
	    v.output == NULL, "options end at the first operand where they should");
	call = (struct call){ { "--outp", "-" }, false };
	ok(parse(&call, &v, operands) == 0 && v.output != NULL && strcmp(v.output, "-") == 0,
	    "a name may be abbreviated, - is a value");
}

static void
test_help(void)
{
	struct call help = { { "--help", "--nonsense" }, false };
	struct call letter = { { "-h" }, false };
	struct call version = { { "--version" }, false };

	ok(child_run(parse_in_child, &help) == 0, "--help ends well");
	is(child_out, SHOWN, "and prints the usage under the name it was called by");
	is(child_err, "", "with nothing on stderr");
	ok(child_run(parse_in_child, &letter) == 0, "-h ends well");
	is(child_out, SHOWN, "-h is --help");
	ok(child_run(parse_in_child, &version) == 0, "--version ends well");
	ok(strncmp(child_out, "renamed (cognito-filters) ", 26) == 0, "and names the program");
	ok(child_run(to_full, &help) == 1, "help that cannot be written fails");
	is(child_err, "renamed: stdout: cannot write: No space left on device\n", "and says why");
}

static void
test_refusals(void)
{
	refused((struct call){ { "--nonsense=secret" }, false }, "unknown option: --nonsense");
	refused((struct call){ { "a", "--nonsense", "b" }, false }, "unknown option: --nonsense");
	refused((struct call){ { "-fx" }, false }, "unknown option: -x");
	refused((struct call){ { "-\xc3" }, false }, "unknown option: -\\xc3");
	refused((struct call){ { "--re", "eu" }, false }, "ambiguous option: --re");
	refused((struct call){ { "--region" }, false }, "--region: needs a value");
	refused((struct call){ { "-f", "-o" }, false }, "-o: needs a value");
	refused((struct call){ { "--flag=yes" }, false }, "--flag: takes no value");
	refused((struct call){ { "--help=me" }, false }, "--help: takes no value");
	refused((struct call){ { "--region", "a", "--region", "a" }, false },
	    "--region: given twice");
	refused((struct call){ { "-oa", "--output=b" }, false }, "--output: given twice");
}

static int
number_in_child(void *arg)
{
	prog_start("renamed");
	return opt_number("limit", arg, 1, 60, 7) == 7 ? 3 : 4;
}

static void
test_number(void)
{
	char wrong[] = "6x", large[] = "61";

	ok(opt_number("limit", NULL, 1, 60, 7) == 7, "no text gives the fallback");
	ok(opt_number("limit", "60", 1, 60, 7) == 60, "a number within its bounds");
	ok(child_run(number_in_child, wrong) == 2, "wrong text ends with status 2");
	ok(strstr(child_err, "renamed: --limit: 6x: not a number (1 to 60)\n") == child_err,
	    "that names option, text and bounds");
	ok(child_run(number_in_child, large) == 2, "too large does too");
}

int
main(void)
{
	test_values();
	test_stop();
	test_help();
	test_refusals();
	test_number();
	return tap_done();
}
