#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/documents.h"

static void
put(struct documents *d, const char *text, size_t len)
{
	struct sink *sink = d->filter->sink;

	out_write(&sink->out, text, len);
	d->bytes += (int64_t)len;
	sink->bytes += len;
}

static void
begin(struct documents *d)
{
	d->records = d->bytes = 0;
	put(d, d->begin, strlen(d->begin));
}

int
documents_open(struct documents *d)
{
	struct filter *f = d->filter;
	int result;

	result = d->split ? sink_open_parts(f->sink, f->opts, false) :
	    sink_open(f->sink, f->opts, false);
	if (result != 0)
		return -1;
	if (d->split && sink_part(f->sink, NULL) != 0) {
		sink_close(f->sink, PROG_FAIL, NULL, NULL);
		return -1;
	}
	begin(d);
	return 0;
}

/* Whether a file that ended behind another len bytes would pass max-bytes. */
static bool
is_too_long(const struct documents *d, int64_t bytes, size_t len)
{
	return d->max_bytes != 0 && bytes + (int64_t)(len + strlen(d->end)) > d->max_bytes;
}

/* The run ends at a limit. */
static void
halt(struct documents *d, const struct record_reader *r, bool many)
{
	diag_error("%s:%" PRIu64 ": more than one file may hold (%s %" PRId64
	    "): --split makes several", r->name, r->line, many ? "max-records" : "max-bytes",
	    many ? d->max_records : d->max_bytes);
	filter_halt(d->filter, PROG_FAIL, "a limit was passed");
}

const char *
documents_add(struct documents *d, const struct record_reader *r, const char *text, size_t len)
{
	bool many = d->max_records != 0 && d->records == d->max_records;

	if (is_too_long(d, (int64_t)strlen(d->begin), len)) {
		snprintf(d->reason, sizeof d->reason, "alone more than max-bytes (%" PRId64 ")",
		    d->max_bytes);
		return d->reason;
	}
	if (d->records > 0 && (many || is_too_long(d, d->bytes, strlen(d->between) + len))) {
		if (!d->split) {
			halt(d, r, many);
			return NULL;
		}
		documents_end(d);
		if (sink_part(d->filter->sink, NULL) != 0)
			return NULL;
		begin(d);
	}
	if (d->records > 0)
		put(d, d->between, strlen(d->between));
	put(d, text, len);
	d->records++;
	d->filter->sink->rows++;
	return NULL;
}

const char *
documents_go_on(struct documents *d, const char *text, size_t len)
{
	if (is_too_long(d, d->bytes, len)) {
		snprintf(d->reason, sizeof d->reason,
		    "with the record before, of which it is a part, more than max-bytes (%" PRId64 ")",
		    d->max_bytes);
		return d->reason;
	}
	put(d, text, len);
	d->filter->sink->rows++;
	return NULL;
}

void
documents_end(struct documents *d)
{
	put(d, d->end, strlen(d->end));
}
