/*
 * merge-stats: what --stats said of the stages of a run, as one report.
 *
 * Objects of statistics in, one object out: the stages in the order of their start, and what they
 * come to together; or the same as a table for people.  The report has the shape of a stage's
 * statistics, with Stages, so that reports of runs can be put together in their turn.
 *
 * Manual page: merge-stats(1).
 */
#include <stdbool.h>
#include <string.h>

#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/sink.h"
#include "json/utf8.h"

#include "report.h"
#include "stages.h"

static const char usage[] =
    "merge-stats [-o file] [--if-changed] [--command name] [--format json|table] [--no-stages] "
    "[--status n] [file ...]";

enum {
	COMMAND_MAX = 256,
	/* A line of it has a name and eight numbers, or a reason. */
	TABLE_MAX = 400 * (STAGES_MAX + 2 * NAMES_MAX)
};

struct options {
	struct sink_options sink;
	const char *command, *format, *status;
	bool no_stages;
};

static const char *
take(void *arg, const struct record_reader *r, struct sink *sink)
{
	(void)sink;
	return stages_take(arg, &r->list, r->text);
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "command", 0, OPT_VALUE, &o->command },
		{ "format", 0, OPT_VALUE, &o->format },
		{ "if-changed", 0, OPT_FLAG, &o->sink.if_changed },
		{ "no-stages", 0, OPT_FLAG, &o->no_stages },
		{ "output", 'o', OPT_VALUE, &o->sink.output },
		{ "status", 0, OPT_VALUE, &o->status },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, NULL };
	/* Not sink_options_finish: no statistics of these, and no seal. */
	int operand = opt_parse(argc, argv, tables, usage, false);

	if (o->sink.if_changed && o->sink.output == NULL)
		opt_usage_error("--if-changed: needs --output");
	if (o->format == NULL)
		o->format = "json";
	if (strcmp(o->format, "json") != 0 && strcmp(o->format, "table") != 0)
		opt_value_error("--format: must be json or table");
	if (o->command == NULL)
		o->command = "run";
	if (o->command[0] == '\0' || strlen(o->command) > COMMAND_MAX ||
	    utf8_valid(o->command, strlen(o->command)) != strlen(o->command))
		opt_value_error("--command: empty, too long or not UTF-8");
	return argv + operand;
}

/* Returns 0, or -1 with the reason printed. */
static int
write_report(struct sink *sink, const struct stages *s, const struct options *o)
{
	bool json = strcmp(o->format, "json") == 0;
	struct buf b;
	int rc;

	buf_init(&b, json ? RECORD_LINE_MAX : TABLE_MAX);
	rc = json ? report_json(&b, s, o->command, !o->no_stages) :
	    report_table(&b, s, o->command, !o->no_stages);
	if (rc != 0)
		diag_error("the report of %zu stages is longer than %zu bytes, which is all that a "
		    "record may have; --no-stages leaves them out", s->count, b.max);
	else if (json)
		rc = sink_row(sink, b.data, b.len);
	else
		rc = out_write(&sink->out, b.data, b.len);
	buf_free(&b);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { .command = NULL };
	struct stages stages;
	struct sink sink;
	struct filter filter = {
		.opts = &o.sink, .sink = &sink, .shut = true, .row = take, .arg = &stages
	};
	enum prog_status status;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	stages_init(&stages);
	stages.status = opt_number("status", o.status, 0, UINT8_MAX, -1);
	if (sink_open(&sink, &o.sink, false) != 0)
		return PROG_FAIL;
	status = filter_run(&filter, &why);
	if (status == PROG_OK) {
		stages_finish(&stages);
		if (write_report(&sink, &stages, &o) != 0)
			status = PROG_FAIL;
	}
	status = sink_close(&sink, status, NULL, NULL);
	stages_free(&stages);
	return status;
}
