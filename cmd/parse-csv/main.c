/*
 * parse-csv: CSV (RFC 4180, or as Cognito's import has it) becomes records, the way back from
 * emit-csv, so that a file from elsewhere can be what a pool should be.
 *
 * Headings name where a cell goes; nothing that is not understood is taken or left out without
 * being told so.  A CSV file cannot say that it is whole: an end inside a row is seen, one between
 * two rows is not, and so a seal wants the caller's word.
 *
 * Manual page: parse-csv(1).
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/layout_columns.h"
#include "json/utf8.h"

#include "input.h"

static const char usage[] =
    "parse-csv [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--birthdate order] [--delimiter char] [--dialect name] [--empty which] [--empty-lists] "
    "[--false words] [--guard name] [--join text] [--key heading] [--kind kind] [--no-header] "
    "[--open-end] [--preamble n] [--rename list] [--rows n] [--scope text] [--source text] "
    "[--trim] [--true words] [--unknown what] [--whole] [--columns list | --layout name] "
    "[file ...]";

enum {
	PREAMBLE_MAX = 1000,
	WORDS_MAX = 64
};

/* Options that set what a layout's word of the same name sets. */
enum { DELIMITER, DIALECT, GUARD, JOIN, SETTINGS };

static const char *const settings[SETTINGS] = { "delimiter", "dialect", "guard", "join" };

struct options {
	struct sink_options sink;
	const char *columns, *layout, *rename, *set[SETTINGS];
	const char *birthdate, *empty, *kind, *unknown, *preamble, *rows, *words[2];
	const char *source, *scope;
	bool no_header, whole;
	uint64_t row_count;		/* of --rows */
};

/* A word and what it stands for. */
struct choice {
	const char *word;
	int value;
};

/* The value of the option's word, or fallback without one. */
static int
choose(const char *option, const char *word, int fallback, const struct choice *choices,
    const char *known)
{
	if (word == NULL)
		return fallback;
	for (; choices->word != NULL; choices++) {
		if (strcmp(choices->word, word) == 0)
			return choices->value;
	}
	opt_value_error("--%s: must be %s", option, known);
}

static enum make_order
choose_order(const struct options *o, const struct layout *l)
{
	static const struct choice orders[] = {
		{ "as-is", ORDER_AS_IS }, { "ymd", ORDER_YMD }, { "mdy", ORDER_MDY },
		{ "dmy", ORDER_DMY }, { NULL, 0 }
	};

	return (enum make_order)choose("birthdate", o->birthdate,
	    l->cognito ? ORDER_MDY : ORDER_AS_IS, orders, "as-is, ymd, mdy or dmy");
}

static enum make_empty
choose_empty(const struct options *o, const struct layout *l)
{
	static const struct choice empties[] = {
		{ "absent", EMPTY_ABSENT }, { "quoted", EMPTY_QUOTED }, { "text", EMPTY_TEXT },
		{ NULL, 0 }
	};

	return (enum make_empty)choose("empty", o->empty,
	    l->quote_empty ? EMPTY_QUOTED : EMPTY_ABSENT, empties, "absent, quoted or text");
}

static void
choose_columns(const struct options *o, struct columns_rules *r)
{
	static const struct choice kinds[] = {
		{ "user", KIND_USER }, { "group", KIND_GROUP }, { "membership", KIND_MEMBERSHIP },
		{ "flat", KIND_FLAT }, { NULL, 0 }
	};
	static const struct choice unknowns[] = {
		{ "error", UNKNOWN_ERROR }, { "ignore", UNKNOWN_IGNORE },
		{ "attribute", UNKNOWN_ATTRIBUTE }, { NULL, 0 }
	};

	r->listed = o->columns != NULL;
	r->kind = (unsigned)choose("kind", o->kind, 0, kinds, "user, group, membership or flat");
	r->unknown = (enum columns_unknown)choose("unknown", o->unknown, UNKNOWN_ERROR, unknowns,
	    "error, ignore or attribute");
}

/* The words of a list with commas; text NULL gives NULL. */
static char **
split_words(const char *option, const char *text)
{
	char **words;
	size_t n = 0;

	if (text == NULL)
		return NULL;
	words = mem_alloc((WORDS_MAX + 1) * sizeof *words);
	for (;;) {
		size_t len = strcspn(text, ",");

		if (len == 0 || n == WORDS_MAX)
			opt_value_error("--%s: 1 to %d words, none of them empty", option,
			    WORDS_MAX);
		words[n++] = mem_dup(text, len);
		if (text[len] == '\0')
			return words;
		text += len + 1;
	}
}

static void
free_words(char **words)
{
	for (size_t i = 0; words != NULL && words[i] != NULL; i++)
		free(words[i]);
	free(words);
}

static enum prog_status
read_layout(struct layout *l, const struct options *o)
{
	char *path = datafile_find("layouts", o->layout, "layout");
	bool good = path != NULL;

	if (good)
		sink_keep_input(&o->sink, path);
	good = good && layout_read(l, path) == 0;
	free(path);
	return good ? PROG_OK : PROG_USAGE;
}

/* Returns PROG_OK, or PROG_USAGE with the reason printed. */
static enum prog_status
configure(struct input_rules *r, const struct options *o)
{
	struct layout *l = &r->layout;
	const char *wrong;

	if (o->layout != NULL && read_layout(l, o) != PROG_OK)
		return PROG_USAGE;
	if (o->columns != NULL && (wrong = layout_add_list(l, o->columns)) != NULL)
		opt_usage_error("--columns: %s", wrong);
	if (o->rename != NULL && (wrong = layout_add_list(&r->renames, o->rename)) != NULL)
		opt_usage_error("--rename: %s", wrong);
	for (size_t i = 0; i < SETTINGS; i++) {
		if (o->set[i] != NULL && (wrong = layout_set(l, settings[i], o->set[i])) != NULL)
			opt_usage_error("--%s: %s", settings[i], wrong);
	}
	if (l->cognito && l->delimiter != ',')
		opt_usage_error("dialect cognito: the delimiter is a comma");
	l->no_header |= o->no_header;
	if (l->no_header && l->count == 0)
		opt_usage_error("--no-header: needs --columns or --layout");
	r->preamble = (size_t)opt_number("preamble", o->preamble, 0, PREAMBLE_MAX,
	    (long)l->preamble_count);
	choose_columns(o, &r->columns);
	r->columns.layout = l;
	r->columns.renames = &r->renames;
	r->make.join = l->join;
	r->make.guard = l->guard == GUARD_REPORT ? GUARD_NONE : l->guard;
	r->make.trim = r->trim;
	r->make.empty = choose_empty(o, l);
	r->make.birthdate = choose_order(o, l);
	r->make.words[true].word = split_words("true", o->words[true]);
	r->make.words[false].word = split_words("false", o->words[false]);
	return PROG_OK;
}

static void
refuse_text(const char *option, const char *text)
{
	if (text != NULL && (text[0] == '\0' || strlen(text) > SEAL_MAX / 2 ||
	    utf8_valid(text, strlen(text)) != strlen(text)))
		opt_value_error("--%s: empty, too long or not UTF-8", option);
}

static char **
parse_options(int argc, char **argv, struct options *o, struct input_rules *r)
{
	const struct opt_spec own[] = {
		{ "birthdate", 0, OPT_VALUE, &o->birthdate },
		{ "columns", 0, OPT_VALUE, &o->columns },
		{ "delimiter", 0, OPT_VALUE, &o->set[DELIMITER] },
		{ "dialect", 0, OPT_VALUE, &o->set[DIALECT] },
		{ "empty", 0, OPT_VALUE, &o->empty },
		{ "empty-lists", 0, OPT_FLAG, &r->make.empty_lists },
		{ "false", 0, OPT_VALUE, &o->words[false] },
		{ "guard", 0, OPT_VALUE, &o->set[GUARD] },
		{ "join", 0, OPT_VALUE, &o->set[JOIN] },
		{ "key", 0, OPT_VALUE, &r->columns.key },
		{ "kind", 0, OPT_VALUE, &o->kind },
		{ "layout", 0, OPT_VALUE, &o->layout },
		{ "no-header", 0, OPT_FLAG, &o->no_header },
		{ "open-end", 0, OPT_FLAG, &r->open_end },
		{ "preamble", 0, OPT_VALUE, &o->preamble },
		{ "rename", 0, OPT_VALUE, &o->rename },
		{ "rows", 0, OPT_VALUE, &o->rows },
		{ "scope", 0, OPT_VALUE, &o->scope },
		{ "source", 0, OPT_VALUE, &o->source },
		{ "trim", 0, OPT_FLAG, &r->trim },
		{ "true", 0, OPT_VALUE, &o->words[true] },
		{ "unknown", 0, OPT_VALUE, &o->unknown },
		{ "whole", 0, OPT_FLAG, &o->whole },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	sink_keep_operands(&o->sink, argv + operand);
	o->row_count = (uint64_t)opt_number("rows", o->rows, 0, LONG_MAX, 0);
	if (o->columns != NULL && o->layout != NULL)
		opt_usage_error("--columns and --layout: one of them");
	if (o->sink.seal && o->rows == NULL && !o->whole)
		opt_value_error("--seal: a CSV file cannot say that it is whole; give the number of "
		    "its rows (--rows n) or your word (--whole)");
	refuse_text("source", o->source);
	refuse_text("scope", o->scope);
	return argv + operand;
}

/* What the seal says that the records are. */
static void
describe(struct seal *seal, const struct options *o, char *const *files)
{
	char now[CLOCK_RFC3339_SIZE];
	struct seal file;

	seal_init(&file);
	seal_set(&seal->source, o->source);
	seal_set(&seal->scope, o->scope != NULL ? o->scope : "all");
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&seal->started, now);
	for (size_t i = 0; o->source == NULL && (i == 0 || files[i] != NULL); i++) {
		bool is_stdin = files[i] == NULL || strcmp(files[i], "-") == 0;
		const char *path = is_stdin ? "stdin" : files[i];
		size_t len = utf8_valid(path, strlen(path));
		struct buf b;

		buf_init(&b, len + sizeof "file:");
		(void)buf_appendf(&b, "file:%.*s", (int)len, path);
		seal_set(&file.source, buf_string(&b));
		seal_merge(seal, &file);
		buf_free(&b);
		if (files[i] == NULL)
			break;
	}
	seal_free(&file);
}

/* Returns PROG_OK, or PROG_INCOMPLETE with the reason printed. */
static enum prog_status
count_rows(struct input *in, const struct options *o)
{
	if (o->rows == NULL && o->sink.seal && in->unsure != 0) {
		diag_error("incomplete: how many rows there are from line %" PRIu64 " on is not sure; "
		    "a seal wants their number (--rows)", in->unsure);
		in->why = "a wrong row that may be several";
		return PROG_INCOMPLETE;
	}
	if (o->rows == NULL || in->rows == o->row_count)
		return PROG_OK;
	diag_error("incomplete: %" PRIu64 " rows, where there should be %" PRIu64 " (--rows)",
	    in->rows, o->row_count);
	in->why = "another number of rows than was told";
	return PROG_INCOMPLETE;
}

static enum prog_status
run(const struct input_rules *rules, const struct options *o, char **files)
{
	enum prog_status status;
	struct input in;
	struct sink sink;
	char stats[80];

	if (sink_open(&sink, &o->sink, true) != 0)
		return PROG_FAIL;
	describe(&sink.seal, o, files);
	input_init(&in, rules, &sink);
	status = input_run(&in, files);
	if (status == PROG_OK)
		status = count_rows(&in, o);
	if (in.blank > 0)
		diag_verbose(1, "%" PRIu64 " rows without anything were passed over", in.blank);
	snprintf(stats, sizeof stats, ",\"Rows\":%" PRIu64 ",\"Blank\":%" PRIu64, in.rows,
	    in.blank);
	status = sink_close(&sink, status, in.why, stats);
	input_free(&in);
	return status;
}

int
main(int argc, char **argv)
{
	static struct input_rules rules;
	struct options o = { .columns = NULL };
	enum prog_status status;
	char **files;

	prog_start(argv[0]);
	layout_init(&rules.layout);
	layout_init(&rules.renames);
	files = parse_options(argc, argv, &o, &rules);
	status = configure(&rules, &o);
	if (status == PROG_OK)
		status = run(&rules, &o, files);
	layout_free(&rules.layout);
	layout_free(&rules.renames);
	free_words(rules.make.words[true].word);
	free_words(rules.make.words[false].word);
	return status;
}
