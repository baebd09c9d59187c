/*
 * emit-csv: flat records become CSV (RFC 4180, or as Cognito's import has it), one row a record.
 *
 * The columns come from --columns, a layout file, the target's own header, or the data itself.  A
 * column's name is looked for at the record's top level, then inside Attributes; what is not there
 * is an empty cell.  What the target would refuse is rejected here, and its limits make parts.
 *
 * Manual page: emit-csv(1).
 */
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/layout_columns.h"

#include "emit.h"
#include "survey.h"

static const char usage[] =
    "emit-csv [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--bom] [--crlf] [--delimiter char] [--dialect name] [--guard name] [--header-from file] "
    "[--join text] [--max-bytes n] [--max-rows n] [--no-header] [--quote-empty] "
    "[--split] [--split-by name] [--columns list | --layout name] [file ...]";

enum { EXTRA_MAX = 256 };

/* Options that set what a layout's word of the same name sets. */
enum { DELIMITER, DIALECT, GUARD, JOIN, MAX_BYTES, MAX_ROWS, SETTINGS };

static const char *const settings[SETTINGS] = {
	"delimiter", "dialect", "guard", "join", "max-bytes", "max-rows"
};

struct options {
	struct sink_options sink;
	const char *columns, *layout, *header_from, *split_by, *set[SETTINGS];
	bool bom, crlf, no_header, quote_empty, split;
};

static bool
is_auto(const struct options *o)
{
	return o->columns != NULL && strcmp(o->columns, "auto") == 0;
}

/* Returns PROG_OK, or PROG_USAGE with the reason printed. */
static enum prog_status
check(const struct layout *l)
{
	char reason[LAYOUT_REASON_SIZE];
	const char *wrong = layout_check(l, reason);

	if (wrong != NULL)
		diag_error("%s", wrong);
	return wrong != NULL ? PROG_USAGE : PROG_OK;
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

/* Columns and form of the file.  Returns PROG_OK, or PROG_USAGE with the reason printed. */
static enum prog_status
configure(struct layout *l, const struct options *o)
{
	const char *wrong;

	layout_init(l);
	if (o->layout != NULL && read_layout(l, o) != PROG_OK)
		return PROG_USAGE;
	if (o->columns != NULL && !is_auto(o) && (wrong = layout_add_list(l, o->columns)) != NULL)
		opt_usage_error("--columns: %s", wrong);
	if (o->header_from != NULL && layout_take_header(l, o->header_from) != 0)
		return PROG_USAGE;
	for (size_t i = 0; i < SETTINGS; i++) {
		if (o->set[i] != NULL && (wrong = layout_set(l, settings[i], o->set[i])) != NULL)
			opt_usage_error("--%s: %s", settings[i], wrong);
	}
	l->bom |= o->bom;
	l->crlf |= o->crlf;
	l->no_header |= o->no_header;
	l->quote_empty |= o->quote_empty;
	return check(l);
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "bom", 0, OPT_FLAG, &o->bom },
		{ "columns", 0, OPT_VALUE, &o->columns },
		{ "crlf", 0, OPT_FLAG, &o->crlf },
		{ "delimiter", 0, OPT_VALUE, &o->set[DELIMITER] },
		{ "dialect", 0, OPT_VALUE, &o->set[DIALECT] },
		{ "guard", 0, OPT_VALUE, &o->set[GUARD] },
		{ "header-from", 0, OPT_VALUE, &o->header_from },
		{ "join", 0, OPT_VALUE, &o->set[JOIN] },
		{ "layout", 0, OPT_VALUE, &o->layout },
		{ "max-bytes", 0, OPT_VALUE, &o->set[MAX_BYTES] },
		{ "max-rows", 0, OPT_VALUE, &o->set[MAX_ROWS] },
		{ "no-header", 0, OPT_FLAG, &o->no_header },
		{ "quote-empty", 0, OPT_FLAG, &o->quote_empty },
		{ "split", 0, OPT_FLAG, &o->split },
		{ "split-by", 0, OPT_VALUE, &o->split_by },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	if (o->columns != NULL && o->layout != NULL)
		opt_usage_error("--columns and --layout: one of them");
	if (o->columns == NULL && o->layout == NULL && o->header_from == NULL)
		opt_usage_error("one of --columns, --layout and --header-from is needed");
	if (o->header_from != NULL)
		sink_keep_input(&o->sink, o->header_from);
	if (is_auto(o) && o->header_from != NULL)
		opt_usage_error("--columns auto and --header-from: one of them");
	if (o->split_by != NULL && o->split_by[0] == '\0')
		opt_usage_error("--split-by: the name of a member is needed");
	return argv + operand;
}

/* The work between the sink's opening and its end. */
static enum prog_status
run(struct emit *em, const struct options *o, const char **why)
{
	struct layout *l = &em->rows.layout;
	struct survey *survey = NULL;
	enum prog_status status = PROG_OK;

	if (is_auto(o))
		status = survey_run(&survey, em->filter, l, why);
	/* Headings from the data: what is wrong with them is no usage error. */
	if (status == PROG_OK && is_auto(o) && check(l) != PROG_OK)
		status = PROG_FAIL;
	em->judge_names = status == PROG_OK && is_auto(o) && survey_left_out(survey);
	if (status == PROG_OK) {
		status = emit_begin(em, o->split_by);
		if (status == PROG_OK)
			status = filter_run(em->filter, why);
		if (status == PROG_OK)
			row_tell_unseen(&em->rows);
		emit_release(em);
	}
	survey_free(survey);
	return status;
}

int
main(int argc, char **argv)
{
	static struct emit em;
	struct options o = { .columns = NULL };
	struct sink sink;
	struct filter filter = { .opts = &o.sink, .sink = &sink, .shut = true };
	enum prog_status status;
	const char *why = NULL;
	struct buf extra;
	int opened;

	prog_start(argv[0]);
	buf_init(&extra, EXTRA_MAX);
	filter.files = parse_options(argc, argv, &o);
	em.filter = &filter;
	em.files.split = o.split;
	em.files.grouped = o.split_by != NULL;
	status = configure(&em.rows.layout, &o);
	if (status != PROG_OK)
		goto done;
	if (o.split || o.split_by != NULL)
		opened = sink_open_parts(&sink, &o.sink, false);
	else
		opened = sink_open(&sink, &o.sink, false);
	if (opened != 0) {
		status = PROG_FAIL;
		goto done;
	}
	status = run(&em, &o, &why);
	emit_tell(&em, &extra);
	status = sink_close(&sink, status, why, buf_string(&extra));
done:
	buf_free(&extra);
	layout_free(&em.rows.layout);
	return status;
}
