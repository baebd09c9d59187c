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
#include "map-attributes_jobs.h"

static const char usage[] =
    "map-attributes [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    HOLD_USAGE " [--jobs n] [--no-native] " JQPROG_USAGE " [file ...]\n"
    "map-attributes --explain " JQPROG_USAGE;

enum {
	/* Bounds the memory; a user repeated for each of its 100 groups is 7 MB at a usual 70 KB. */
	OUTPUTS_MAX = 16 * RECORD_LINE_MAX
};

struct mapping {
	struct jqprog *program;
	struct jobs *jobs;		/* NULL: this process maps */
	struct filter filter;
	struct hold hold;
	struct buf rows;		/* by libjq of the record at hand, each with its LF */
	struct tok_list list;		/* of the output at hand */
	struct record_keys keys;
	char reason[RECORD_REASON_SIZE];
	uint64_t read, dropped;
};

/* One output by libjq. */
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

/* *rows gets what comes of a record.  Returns NULL or the reason why it is wrong. */
static const char *
map_text(struct mapping *m, const struct tok_list *list, const char *text, size_t len,
    const struct buf **rows)
{
	*rows = jqprog_rows(m->program, list, text);
	if (*rows != NULL)
		return NULL;
	buf_clear(&m->rows);
	*rows = &m->rows;
	return jqprog_run_libjq(m->program, list, text, len, take_output, m);
}

/* In a worker. */
static const char *
map_in_worker(void *arg, const struct tok_list *list, const char *text, size_t len,
    const struct buf **rows, bool *wrong_arg)
{
	struct mapping *m = arg;
	const char *wrong = map_text(m, list, text, len, rows);

	*wrong_arg = wrong != NULL && jqprog_args_are_wrong(m->program);
	return wrong;
}

static const char *
map_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct mapping *m = arg;
	const char *wrong = hold_judge(&m->hold, r), *lf;
	const struct buf *rows;

	m->read++;
	if (m->jobs != NULL) {
		jobs_add(m->jobs, &m->filter, r, wrong);
		return NULL;
	}
	if (wrong != NULL)
		return wrong;
	wrong = map_text(m, &r->list, r->text, r->len, &rows);
	if (wrong != NULL && jqprog_args_are_wrong(m->program)) {
		diag_error("%s", wrong);
		filter_halt(&m->filter, PROG_USAGE, "a variable of the mapping");
	}
	if (wrong != NULL)
		return wrong;
	m->dropped += rows->len == 0;
	/* A canonical record holds no raw LF. */
	for (size_t at = 0; at < rows->len; at = (size_t)(lf + 1 - rows->data)) {
		const char *row = rows->data + at;

		lf = memchr(row, '\n', rows->len - at);
		sink_row(sink, row, (size_t)(lf - row));
	}
	return NULL;
}

static void
take_wrong(void *arg, const struct record_reader *r, const char *reason)
{
	struct mapping *m = arg;

	jobs_add(m->jobs, &m->filter, r, reason);
}

static void
before_read(void *arg, int fd)
{
	struct mapping *m = arg;

	jobs_wait(m->jobs, &m->filter, fd);
}

static enum prog_status
settle(void *arg)
{
	struct mapping *m = arg;

	return jobs_settle(m->jobs, &m->filter);
}

static enum prog_status
finish(void *arg, struct sink *sink)
{
	struct mapping *m = arg;

	if (m->jobs != NULL) {
		m->dropped = jobs_dropped(m->jobs);
		if (jobs_end(m->jobs) != PROG_OK) {
			filter_halt(&m->filter, PROG_FAIL, "a worker failed");
			return PROG_FAIL;
		}
	}
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
	m->filter = (struct filter){
		.opts = options, .files = files, .sink = &sink,
		.shut = true, .row = map_record, .end = finish, .arg = m
	};
	if (m->jobs != NULL) {
		m->filter.wrong = take_wrong;
		m->filter.settle = settle;
		m->filter.before_read = before_read;
	}
	status = filter_run(&m->filter, &why);
	if (m->jobs != NULL)
		m->dropped = jobs_dropped(m->jobs);
	snprintf(stats, sizeof stats, ",\"Read\":%" PRIu64 ",\"Dropped\":%" PRIu64, m->read,
	    m->dropped);
	return sink_close(&sink, status, why, stats);
}

/* --explain: which way the program runs, and why. */
static enum prog_status
explain(struct jqprog *p)
{
	const char *why = jqprog_explain(p);
	int failed = why == NULL ? puts("natively") : printf("by libjq: %s\n", why);

	if (failed >= 0 && fflush(stdout) == 0)
		return PROG_OK;
	diag_error("stdout: cannot write");
	return PROG_FAIL;
}

/* A mapping without a slash is a name, and no file's. */
static void
keep_program(const struct jqprog_options *program, const struct sink_options *options)
{
	if (program->file != NULL)
		sink_keep_input(options, program->file);
	if (program->mapping != NULL && strchr(program->mapping, '/') != NULL)
		sink_keep_input(options, program->mapping);
}

int
main(int argc, char **argv)
{
	struct sink_options sink_options = { 0 };
	struct jqprog_options program = { 0 };
	const char *hold_back = NULL, *jobs = NULL;
	bool explaining = false;
	const struct opt_spec own[] = {
		{ "explain", 0, OPT_FLAG, &explaining },
		{ "hold-back", 0, OPT_VALUE, &hold_back }, { "jobs", 0, OPT_VALUE, &jobs },
		{ "no-native", 0, OPT_FLAG, &program.no_native },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, jqprog_option_table(&program), sink_option_table(&sink_options), NULL
	};
	struct mapping m = { .program = NULL };
	const struct jobs_work work = { map_in_worker, &m };
	enum prog_status status = PROG_FAIL;
	unsigned count;
	int operands;

	prog_start(argv[0]);
	operands = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&sink_options);
	keep_program(&program, &sink_options);
	hold_options(&m.hold, hold_back, &sink_options);
	count = (unsigned)opt_number("jobs", jobs, 1, JOBS_MAX, 1);
	m.program = jqprog_new(&program);
	if (m.program == NULL)
		return PROG_USAGE;
	buf_init(&m.rows, OUTPUTS_MAX);
	tok_init(&m.list, RECORD_TOKENS_MAX);
	/* The program is compiled once, and each worker's own from there. */
	if (count > 1 && !explaining)
		m.jobs = jobs_start(count, &work);
	if (explaining)
		status = explain(m.program);
	else if (count == 1 || m.jobs != NULL)
		status = run(&m, &sink_options, argv + operands);
	jobs_free(m.jobs);
	tok_free(&m.list);
	buf_free(&m.rows);
	jqprog_free(m.program);
	return status;
}
