/*
 * emit-csv: flat records become CSV (RFC 4180), one row a record.
 *
 * The columns come from --columns or from a layout file.  A column's name is looked for at the
 * record's top level, then inside Attributes; what is not there is an empty cell.
 *
 * Manual page: emit-csv(1).
 */
#include <stdlib.h>

#include "base/datafile.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"

#include "row.h"

static const char usage[] =
    "emit-csv [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--bom] [--crlf] [--delimiter char] [--join text] [--no-header] [--quote-empty] "
    "--columns list [file ...]\n"
    "emit-csv [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--bom] [--crlf] [--delimiter char] [--join text] [--no-header] [--quote-empty] "
    "--layout name [file ...]";

struct options {
	struct sink_options sink;
	const char *columns, *layout, *delimiter, *join;
	bool bom, crlf, no_header, quote_empty;
};

/* Columns and form of the file.  Returns PROG_OK, or PROG_USAGE with the reason printed. */
static enum prog_status
configure(struct layout *l, const struct options *o)
{
	const char *wrong;
	char *path;

	layout_init(l);
	if (o->layout != NULL) {
		path = datafile_find("layouts", o->layout, "layout");
		if (path == NULL || layout_read(l, path) != 0) {
			free(path);
			return PROG_USAGE;
		}
		free(path);
	} else if ((wrong = layout_add_list(l, o->columns)) != NULL) {
		opt_usage_error("--columns: %s", wrong);
	}
	if (o->delimiter != NULL && (wrong = layout_set_delimiter(l, o->delimiter)) != NULL)
		opt_usage_error("--delimiter: %s", wrong);
	if (o->join != NULL && (wrong = layout_set_join(l, o->join)) != NULL)
		opt_usage_error("--join: %s", wrong);
	l->bom |= o->bom;
	l->crlf |= o->crlf;
	l->no_header |= o->no_header;
	l->quote_empty |= o->quote_empty;
	return PROG_OK;
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "bom", 0, OPT_FLAG, &o->bom },
		{ "columns", 0, OPT_VALUE, &o->columns },
		{ "crlf", 0, OPT_FLAG, &o->crlf },
		{ "delimiter", 0, OPT_VALUE, &o->delimiter },
		{ "join", 0, OPT_VALUE, &o->join },
		{ "layout", 0, OPT_VALUE, &o->layout },
		{ "no-header", 0, OPT_FLAG, &o->no_header },
		{ "quote-empty", 0, OPT_FLAG, &o->quote_empty },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	if ((o->columns == NULL) == (o->layout == NULL))
		opt_usage_error("exactly one of --columns and --layout is needed");
	return argv + operand;
}

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	return row_emit(arg, r, sink);
}

int
main(int argc, char **argv)
{
	static struct emitter e;
	struct options o = { .columns = NULL };
	struct sink sink;
	struct filter filter = { .opts = &o.sink, .sink = &sink, .row = emit_record, .arg = &e };
	enum prog_status status;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	status = configure(&e.layout, &o);
	if (status != PROG_OK)
		goto done;
	row_prepare(&e);
	if (sink_open(&sink, &o.sink, false) != 0) {
		status = PROG_FAIL;
		goto done;
	}
	row_head(&e, &sink);
	status = filter_run(&filter, &why);
	if (status == PROG_OK)
		row_tell_unseen(&e);
	status = sink_close(&sink, status, why, NULL);
done:
	row_release(&e);
	layout_free(&e.layout);
	return status;
}
