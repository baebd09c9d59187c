/*
 * map-attributes: records in, the records that a target wants out, by a jq program per record.
 *
 * The outputs of a record are held back until its program has ended well, so that a record is
 * mapped whole or rejected.  Each must be a record by the rules of cognito-records(5).  A program
 * may give nothing for a record; the seal then says that records may be missing ("via").
 *
 * Manual page: map-attributes(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/hold.h"
#include "json/jqprog.h"
#include "json/record.h"
#include "json/seal.h"
#include "json/sink.h"

static const char usage[] =
    "map-attributes [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    HOLD_USAGE " " JQPROG_USAGE " [file ...]";

enum {
	/* Bounds the memory; a user repeated for each of its 100 groups is 7 MB at a usual 70 KB. */
	OUTPUTS_MAX = 16 * RECORD_LINE_MAX
};

struct mapping {
	struct jqprog *program;
	struct filter filter;
	struct hold hold;
	struct buf rows;		/* of the record at hand, each with its LF */
	struct tok_list list;
	struct record_keys keys;
	char reason[RECORD_REASON_SIZE];
	uint64_t read, dropped;
};

/* One output of the program. */
static const char *
take_output(void *arg, const char *text, size_t len)
{
	struct mapping *m = arg;
	char reason[RECORD_REASON_SIZE];
	const char *wrong = record_check(text, len, &m->list, &m->keys, reason);

	if (wrong == NULL && (buf_append(&m->rows, text, len) != 0 ||
	    buf_append_byte(&m->rows, '\n') != 0)) {
		snprintf(reason, sizeof reason, "more than %d bytes for one record", OUTPUTS_MAX);
		wrong = reason;
	}
	if (wrong == NULL)
		return NULL;
	snprintf(m->reason, sizeof m->reason, "the mapping gave a wrong record: %.100s", wrong);
	return m->reason;
}

static const char *
map_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct mapping *m = arg;
	const char *wrong = hold_judge(&m->hold, r), *lf;

	m->read++;
	if (wrong != NULL)
		return wrong;
	buf_clear(&m->rows);
	wrong = jqprog_run(m->program, &r->list, r->text, r->len, take_output, m);
	if (wrong != NULL && jqprog_args_are_wrong(m->program)) {
		diag_error("%s", wrong);
		filter_halt(&m->filter, PROG_USAGE, "a variable of the mapping");
	}
	if (wrong != NULL)
		return wrong;
	m->dropped += m->rows.len == 0;
	/* A canonical record holds no raw LF. */
	for (size_t at = 0; at < m->rows.len; at = (size_t)(lf + 1 - m->rows.data)) {
		const char *row = m->rows.data + at;

		lf = memchr(row, '\n', m->rows.len - at);
		sink_row(sink, row, (size_t)(lf - row));
	}
	return NULL;
}

static enum prog_status
finish(void *arg, struct sink *sink)
{
	const struct mapping *m = arg;

	if (m->dropped > 0)
		seal_add_via(&sink->seal, "map-attributes");
	return PROG_OK;
}

static enum prog_status
run(struct mapping *m, const struct sink_options *options, char **files)
{
	struct sink sink;
	enum prog_status status;
	const char *why = NULL;
	char stats[80];

	if (sink_open(&sink, options, true) != 0)
		return PROG_FAIL;
	buf_init(&m->rows, OUTPUTS_MAX);
	tok_init(&m->list, RECORD_TOKENS_MAX);
	m->filter = (struct filter){
		.opts = options, .files = files, .sink = &sink,
		.row = map_record, .end = finish, .arg = m
	};
	status = filter_run(&m->filter, &why);
	snprintf(stats, sizeof stats, ",\"Read\":%" PRIu64 ",\"Dropped\":%" PRIu64, m->read,
	    m->dropped);
	status = sink_close(&sink, status, why, stats);
	tok_free(&m->list);
	buf_free(&m->rows);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options sink_options = { 0 };
	struct jqprog_options program = { 0 };
	const char *hold_back = NULL;
	const struct opt_spec own[] = {
		{ "hold-back", 0, OPT_VALUE, &hold_back }, { NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, jqprog_option_table(&program), sink_option_table(&sink_options), NULL
	};
	struct mapping m = { .program = NULL };
	enum prog_status status;
	int operands;

	prog_start(argv[0]);
	operands = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&sink_options);
	hold_options(&m.hold, hold_back, &sink_options);
	m.program = jqprog_new(&program);
	if (m.program == NULL)
		return PROG_USAGE;
	status = run(&m, &sink_options, argv + operands);
	jqprog_free(m.program);
	return status;
}
