/* Command lines, over getopt_long(3). */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/prog.h"
#include "base/sandbox.h"

/* What getopt_long returns: letters are below FIRST_LONG, table rows from ROW_BASE on. */
enum { FIRST_LONG = 256, HELP = FIRST_LONG, VERSION, ROW_BASE };

enum { USAGE_MAX = 64 * 1024, QUOTED_MAX = 200 };

struct parser {
	const struct opt_spec **rows;	/* of all tables */
	bool *seen;			/* by row */
	size_t count;
	struct option *longs;
	struct buf letters;
	const char **values;		/* of all lists, free slots from here on */
	int argc;
};

static const char *usage_text = "";
static const char **list_values;

static void
free_list_values(void)
{
	free(list_values);
	list_values = NULL;
}

/*
 * The usage text with the name under which the program runs instead of the card name, which is
 * the first word and may begin further lines.
 */
static void
format_usage(struct buf *b)
{
	size_t card = strcspn(usage_text, " \n");
	const char *line = usage_text;
	char name[QUOTED_MAX];

	diag_quote(name, sizeof name, prog_name(), strlen(prog_name()));
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		bool named = len >= card && memcmp(line, usage_text, card) == 0 &&
		    (len == card || line[card] == ' ');
		size_t skip = named ? card : 0;

		buf_appendf(b, "%s%s", line == usage_text ? "usage: " : "       ",
		    named ? name : "");
		buf_append(b, line + skip, len - skip);
		buf_append_byte(b, '\n');
		line += len;
		if (*line == '\n')
			line++;
	}
}

static _Noreturn void
end_with_usage(void)
{
	struct buf b;

	buf_init(&b, USAGE_MAX);
	format_usage(&b);
	diag_put(buf_string(&b), b.len);
	buf_free(&b);
	exit(PROG_USAGE);
}

static void report(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

static void
report(const char *fmt, va_list ap)
{
	char text[DIAG_LINE_MAX + 1];

	vsnprintf(text, sizeof text, fmt, ap);
	diag_error("%s", text);
}

void
opt_usage_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(fmt, ap);
	va_end(ap);
	end_with_usage();
}

void
opt_value_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(fmt, ap);
	va_end(ap);
	exit(PROG_USAGE);
}

/* Help and version are the output of the run, so a failed write is a failed run. */
static _Noreturn void
end_with_text(struct buf *b)
{
	struct out o;
	int status = PROG_FAIL;

	if (out_open(&o, NULL, false) == 0) {
		out_write(&o, buf_string(b), b->len);
		status = out_commit(&o) == 0 ? PROG_OK : PROG_FAIL;
	}
	buf_free(b);
	exit(status);
}

static void
free_parser(struct parser *p)
{
	free(p->rows);
	free(p->seen);
	free(p->longs);
	buf_free(&p->letters);
}

static void
add_letter(struct parser *p, const struct opt_spec *row)
{
	if (row->letter == 0)
		return;
	buf_append_byte(&p->letters, (char)row->letter);
	if (row->kind == OPT_VALUE || row->kind == OPT_LIST)
		buf_append_byte(&p->letters, ':');
}

static void
add_row(struct parser *p, const struct opt_spec *row)
{
	p->rows = mem_resize(p->rows, p->count + 1, sizeof *p->rows);
	p->longs = mem_resize(p->longs, p->count + 1, sizeof *p->longs);
	p->rows[p->count] = row;
	p->longs[p->count] = (struct option){
		.name = row->name,
		.has_arg = row->kind == OPT_VALUE || row->kind == OPT_LIST ? required_argument :
		    no_argument,
		.val = ROW_BASE + (int)p->count
	};
	p->count++;
	add_letter(p, row);
}

static void
start_parser(struct parser *p, int argc, const struct opt_spec *const tables[],
    bool stop_at_operand)
{
	static const struct option fixed[] = {
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ NULL, 0, NULL, 0 }
	};
	size_t lists = 0;

	memset(p, 0, sizeof *p);
	p->argc = argc;
	buf_init(&p->letters, USAGE_MAX);
	/* The colon makes getopt_long tell a missing value from an unknown option. */
	buf_append_string(&p->letters, stop_at_operand ? "+:h" : ":h");
	for (; *tables != NULL; tables++)
		for (const struct opt_spec *row = *tables; row->name != NULL; row++) {
			add_row(p, row);
			lists += row->kind == OPT_LIST;
		}
	p->longs = mem_resize(p->longs, p->count + 3, sizeof *p->longs);
	memcpy(p->longs + p->count, fixed, sizeof fixed);
	p->seen = mem_alloc(p->count * sizeof *p->seen);
	if (lists > 0) {
		if (list_values == NULL)
			atexit(free_list_values);
		list_values = mem_resize(list_values, lists * (size_t)argc, sizeof *list_values);
	}
	p->values = list_values;
}

static void
store(struct parser *p, size_t row)
{
	const struct opt_spec *spec = p->rows[row];
	struct opt_list *list;
	bool again = p->seen[row];

	p->seen[row] = true;
	switch (spec->kind) {
	case OPT_FLAG:
		*(bool *)spec->dest = true;
		break;
	case OPT_COUNT:
		++*(int *)spec->dest;
		break;
	case OPT_VALUE:
		if (again)
			opt_usage_error("--%s: given twice", spec->name);
		*(const char **)spec->dest = optarg;
		break;
	case OPT_LIST:
		list = spec->dest;
		if (!again) {
			list->items = p->values;
			list->count = 0;
			p->values += p->argc;
		}
		list->items[list->count++] = optarg;
		break;
	}
}

/* The row of a letter that getopt_long knows. */
static size_t
row_of_letter(const struct parser *p, int letter)
{
	size_t row = 0;

	while (p->rows[row]->letter != letter)
		row++;
	return row;
}

/* argument: the word of argv that getopt_long stopped at. */
static _Noreturn void
refuse(const struct parser *p, const char *argument)
{
	int len = (int)strcspn(argument, "="), matches = 0;

	if (optopt >= ROW_BASE)
		opt_usage_error("--%s: takes no value", p->rows[optopt - ROW_BASE]->name);
	if (optopt == HELP || optopt == VERSION)
		opt_usage_error("--%s: takes no value", optopt == HELP ? "help" : "version");
	if (optopt != 0)
		opt_usage_error("unknown option: -%c", optopt);
	for (const struct option *o = p->longs; o->name != NULL; o++)
		matches += strncmp(o->name, argument + 2, (size_t)len - 2) == 0;
	/* What follows the '=' may be personal data, so only the name is shown. */
	if (matches > 1)
		opt_usage_error("ambiguous option: %.*s", len, argument);
	opt_usage_error("unknown option: %.*s", len, argument);
}

/* --version beside --verbose, which a command need not have otherwise. */
static bool
says_verbose(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--verbose") == 0 || strcmp(argv[i], "-v") == 0)
			return true;
	return false;
}

/* What there is of the sandbox shows when it is shut. */
static void
append_sandbox(struct buf *b)
{
	static const struct sandbox filter = { .keep = SANDBOX_FILTER };

	if (sandbox_shut(&filter) != 0)
		exit(PROG_FAIL);
	buf_appendf(b, "sandbox: %s\n", sandbox_state());
}

static void
take_option(struct parser *p, int c, char **argv)
{
	struct buf b;

	if (c == ':' && optopt >= ROW_BASE)
		opt_usage_error("--%s: needs a value", p->rows[optopt - ROW_BASE]->name);
	if (c == ':')
		opt_usage_error("-%c: needs a value", optopt);
	if (c == '?')
		refuse(p, argv[optind - 1]);
	if (c == 'h' || c == HELP || c == VERSION) {
		buf_init(&b, USAGE_MAX);
		if (c == VERSION)
			buf_appendf(&b, "%s (cognito-filters) %s\n", prog_name(), prog_version());
		else
			format_usage(&b);
		if (c == VERSION && says_verbose(p->argc, argv))
			append_sandbox(&b);
		free_parser(p);
		end_with_text(&b);
	}
	store(p, c >= ROW_BASE ? (size_t)(c - ROW_BASE) : row_of_letter(p, c));
}

int
opt_parse(int argc, char **argv, const struct opt_spec *const tables[], const char *usage,
    bool stop_at_operand)
{
	struct parser p;
	int c;

	usage_text = usage;
	start_parser(&p, argc, tables, stop_at_operand);
	opterr = 0;
	optind = 0;	/* glibc: start afresh */
	while ((c = getopt_long(argc, argv, buf_string(&p.letters), p.longs, NULL)) != -1)
		take_option(&p, c, argv);
	free_parser(&p);
	return optind;
}

long
opt_number(const char *name, const char *text, long min, long max, long fallback)
{
	const char *why;
	int64_t value;

	if (text == NULL)
		return fallback;
	if (num_parse(text, min, max, &value, &why) == -1)
		opt_value_error("--%s: %s: %s (%ld to %ld)", name, text, why, min, max);
	return (long)value;
}
