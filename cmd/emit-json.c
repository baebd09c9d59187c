/*
 * emit-json: records become JSON documents, for importers that take arrays.
 *
 * A document is begin, the records in canonical form joined by between, end, LF.  Nothing of it is
 * held in memory but the record at hand.  A document that would pass a limit ends before the
 * record that does not fit, and the next part begins with it (--split).
 *
 * Manual page: emit-json(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/jtext.h"

#include "emit-json_envelope.h"

static const char usage[] =
    "emit-json [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--begin text] [--between text] [--end text] [--envelope name] [--max-bytes n] "
    "[--max-records n] [--split] [file ...]";

/* A canonical record is longer than its line where that holds DEL, which is escaped. */
enum { TEXT_MAX = 6 * RECORD_LINE_MAX };

struct options {
	struct sink_options sink;
	const char *begin, *between, *end, *envelope, *max_bytes, *max_records;
	bool split;
};

struct emitter {
	struct envelope envelope;
	struct filter *filter;
	struct buf text;		/* of the record at hand */
	size_t begin_len, between_len, end_len;
	int64_t records, bytes;		/* of the document at hand, without its end */
	bool split;
	char reason[RECORD_REASON_SIZE];
};

static void
put(struct emitter *e, struct sink *sink, const char *text, size_t len)
{
	out_write(&sink->out, text, len);
	e->bytes += (int64_t)len;
	sink->bytes += len;
}

static void
begin_document(struct emitter *e, struct sink *sink)
{
	e->records = e->bytes = 0;
	put(e, sink, e->envelope.begin, e->begin_len);
}

static void
end_document(struct emitter *e, struct sink *sink)
{
	put(e, sink, e->envelope.end, e->end_len);
	put(e, sink, "\n", 1);
}

/* Whether another len bytes would pass max-bytes; 0: there is no such limit. */
static bool
passes(const struct emitter *e, int64_t bytes, size_t len)
{
	return e->envelope.max_bytes != 0 &&
	    bytes + (int64_t)(len + e->end_len) + 1 > e->envelope.max_bytes;
}

/* The name of the limit that one more record of len bytes would pass, or NULL. */
static const char *
passed_limit(const struct emitter *e, size_t len)
{
	if (e->records == 0)
		return NULL;
	if (e->envelope.max_records != 0 && e->records == e->envelope.max_records)
		return "max-records";
	return passes(e, e->bytes, e->between_len + len) ? "max-bytes" : NULL;
}

static void
halt(struct emitter *e, const struct record_reader *r, const char *limit)
{
	int64_t n = strcmp(limit, "max-bytes") == 0 ? e->envelope.max_bytes :
	    e->envelope.max_records;

	diag_error("%s:%" PRIu64 ": more than one document may hold (%s %" PRId64
	    "): --split makes several", r->name, r->line, limit, n);
	snprintf(e->filter->why, sizeof e->filter->why, "a limit was passed");
	e->filter->halt = PROG_FAIL;
}

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emitter *e = arg;
	const char *limit;

	buf_clear(&e->text);
	jtext_value(&e->text, &r->list, r->text, 0);
	if (passes(e, (int64_t)e->begin_len, e->text.len)) {
		snprintf(e->reason, sizeof e->reason, "alone more than max-bytes (%" PRId64 ")",
		    e->envelope.max_bytes);
		return e->reason;
	}
	limit = passed_limit(e, e->text.len);
	if (limit != NULL && !e->split) {
		halt(e, r, limit);
		return NULL;
	}
	if (limit != NULL) {
		end_document(e, sink);
		if (sink_part(sink, NULL) != 0)
			return NULL;
		begin_document(e, sink);
	}
	if (e->records > 0)
		put(e, sink, e->envelope.between, e->between_len);
	put(e, sink, e->text.data, e->text.len);
	e->records++;
	sink->rows++;
	return NULL;
}

static enum prog_status
finish(void *arg, struct sink *sink)
{
	end_document(arg, sink);
	return sink->out.failed ? PROG_FAIL : PROG_OK;
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "begin", 0, OPT_VALUE, &o->begin },
		{ "between", 0, OPT_VALUE, &o->between },
		{ "end", 0, OPT_VALUE, &o->end },
		{ "envelope", 0, OPT_VALUE, &o->envelope },
		{ "max-bytes", 0, OPT_VALUE, &o->max_bytes },
		{ "max-records", 0, OPT_VALUE, &o->max_records },
		{ "split", 0, OPT_FLAG, &o->split },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	return argv + operand;
}

static void
replace(char **text, const char *option)
{
	if (option == NULL)
		return;
	free(*text);
	*text = mem_dup_string(option);
}

/* The envelope's file, then the options.  Returns 0, or -1 with the reason printed. */
static int
configure(struct emitter *e, const struct options *o)
{
	struct envelope *v = &e->envelope;
	const char *wrong;

	if (o->envelope != NULL) {
		char *path = datafile_find("envelopes", o->envelope, "envelope");
		int result = path == NULL ? -1 : envelope_read(v, path);

		free(path);
		if (result != 0)
			return -1;
	}
	replace(&v->begin, o->begin);
	replace(&v->between, o->between);
	replace(&v->end, o->end);
	v->max_bytes = opt_number("max-bytes", o->max_bytes, 1, ENVELOPE_BYTES_MAX, v->max_bytes);
	v->max_records = opt_number("max-records", o->max_records, 1, ENVELOPE_BYTES_MAX,
	    v->max_records);
	wrong = envelope_finish(v);
	if (wrong != NULL) {
		diag_error("%s%s%s", o->envelope != NULL ? o->envelope : "",
		    o->envelope != NULL ? ": " : "", wrong);
		return -1;
	}
	e->begin_len = strlen(v->begin);
	e->between_len = strlen(v->between);
	e->end_len = strlen(v->end);
	e->split = o->split;
	return 0;
}

/* Returns 0, or -1 with the reason printed and nothing to close. */
static int
open_output(struct sink *sink, const struct options *o)
{
	if (!o->split)
		return sink_open(sink, &o->sink, false);
	if (sink_open_parts(sink, &o->sink, false) != 0)
		return -1;
	if (sink_part(sink, NULL) == 0)
		return 0;
	sink_close(sink, PROG_FAIL, NULL, NULL);
	return -1;
}

int
main(int argc, char **argv)
{
	struct options o = { .begin = NULL };
	struct emitter e = { .split = false };
	struct sink sink;
	struct filter filter = {
		.opts = &o.sink, .sink = &sink, .row = emit_record, .end = finish, .arg = &e
	};
	enum prog_status status = PROG_USAGE;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	e.filter = &filter;
	if (configure(&e, &o) != 0)
		goto done;
	status = PROG_FAIL;
	if (open_output(&sink, &o) != 0)
		goto done;
	buf_init(&e.text, TEXT_MAX);
	begin_document(&e, &sink);
	status = filter_run(&filter, &why);
	status = sink_close(&sink, status, why, NULL);
	buf_free(&e.text);
done:
	envelope_free(&e.envelope);
	return status;
}
