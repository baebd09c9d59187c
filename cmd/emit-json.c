/*
 * emit-json: records become JSON documents, for importers that take arrays.
 *
 * A document is begin, the records in canonical form joined by between, end, LF.  Nothing of it is
 * held in memory but the record at hand.  A document that would pass a limit ends before the
 * record that does not fit, and the next part begins with it (--split).
 *
 * Manual page: emit-json(1).
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/documents.h"
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
	struct documents documents;
	struct buf text;		/* of the record at hand */
};

static const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emitter *e = arg;

	(void)sink;
	buf_clear(&e->text);
	jtext_value(&e->text, &r->list, r->text, 0);
	return documents_add(&e->documents, r, e->text.data, e->text.len);
}

static enum prog_status
finish(void *arg, struct sink *sink)
{
	struct emitter *e = arg;

	documents_end(&e->documents);
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
	v->max_bytes = opt_number("max-bytes", o->max_bytes, 1, DOCUMENTS_LIMIT_MAX, v->max_bytes);
	v->max_records = opt_number("max-records", o->max_records, 1, DOCUMENTS_LIMIT_MAX,
	    v->max_records);
	wrong = envelope_finish(v);
	if (wrong != NULL) {
		diag_error("%s%s%s", o->envelope != NULL ? o->envelope : "",
		    o->envelope != NULL ? ": " : "", wrong);
		return -1;
	}
	e->documents.begin = v->begin;
	e->documents.between = v->between;
	e->documents.end = v->end;
	e->documents.max_bytes = v->max_bytes;
	e->documents.max_records = v->max_records;
	e->documents.split = o->split;
	return 0;
}

int
main(int argc, char **argv)
{
	struct options o = { .begin = NULL };
	struct emitter e = { .documents = { .split = false } };
	struct sink sink;
	struct filter filter = {
		.opts = &o.sink, .sink = &sink, .shut = true, .row = emit_record, .end = finish, .arg = &e
	};
	enum prog_status status = PROG_USAGE;
	const char *why;

	prog_start(argv[0]);
	filter.files = parse_options(argc, argv, &o);
	e.documents.filter = &filter;
	if (configure(&e, &o) != 0)
		goto done;
	status = PROG_FAIL;
	if (documents_open(&e.documents) != 0)
		goto done;
	buf_init(&e.text, TEXT_MAX);
	status = filter_run(&filter, &why);
	status = sink_close(&sink, status, why, NULL);
	buf_free(&e.text);
done:
	envelope_free(&e.envelope);
	return status;
}
