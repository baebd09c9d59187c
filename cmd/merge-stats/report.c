/* The report (report.h). */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/num.h"
#include "json/jtext.h"

enum { NAME_SIZE = 48, LINE_SIZE = 400 };

enum column {
	STATUS, RECORDS, REJECTED, CALLS, RETRIES, THROTTLES, BYTES, SECONDS, COLUMNS
};

static const char *const headings[COLUMNS] = {
	/* Short, so that a usual run fits 80 columns. */
	"EXIT", "RECORDS", "REJECTS", "CALLS", "RETRIES", "SLOWED", "BYTES", "SECONDS"
};

/* A line of the table. */
struct line {
	char name[NAME_SIZE];
	char cell[COLUMNS][NUM_GROUPED_SIZE];
};

static int
put_counts(struct buf *b, const char *name, const struct counts *c)
{
	int rc = buf_appendf(b, ",\"%s\":{", name);

	for (size_t i = 0; rc == 0 && i < c->size; i++) {
		if (i > 0)
			rc = buf_append_byte(b, ',');
		if (rc == 0)
			rc = jtext_string(b, c->all[i].name, strlen(c->all[i].name));
		if (rc == 0)
			rc = buf_appendf(b, ":%" PRIu64, c->all[i].n);
	}
	return rc == 0 ? buf_append_byte(b, '}') : -1;
}

int
report_json(struct buf *b, const struct stages *s, const char *command, bool with_stages)
{
	char started[CLOCK_RFC3339_SIZE], ended[CLOCK_RFC3339_SIZE];
	const struct figures *f = &s->sums;

	clock_rfc3339(s->started_ms, started);
	clock_rfc3339(s->ended_ms, ended);
	if (buf_append_string(b, "{\"Command\":") != 0 ||
	    jtext_string(b, command, strlen(command)) != 0 ||
	    buf_appendf(b, ",\"Status\":%ld,\"Rejected\":%" PRIu64 ",\"Bytes\":%" PRIu64
	    ",\"Seconds\":%" PRId64 ".%03" PRId64 ",\"Started\":\"%s\",\"Ended\":\"%s\"", s->status,
	    f->rejected, f->bytes, s->ms / 1000, s->ms % 1000, started, ended) != 0 ||
	    put_counts(b, "Reasons", &s->reasons) != 0 ||
	    put_counts(b, "Calls", &s->operations) != 0 ||
	    buf_appendf(b, ",\"Retries\":%" PRIu64 ",\"Throttles\":%" PRIu64 ",\"BytesIn\":%" PRIu64
	    ",\"BytesOut\":%" PRIu64, f->retries, f->throttles, f->bytes_in, f->bytes_out) != 0)
		return -1;
	if (with_stages && buf_append_string(b, ",\"Stages\":[") != 0)
		return -1;
	for (size_t i = 0; with_stages && i < s->count; i++)
		if ((i > 0 && buf_append_byte(b, ',') != 0) ||
		    buf_append_string(b, s->all[i].text) != 0)
			return -1;
	return buf_append_string(b, with_stages ? "]}" : "}");
}

static struct line
line_of(const char *name, long status, const struct figures *f, int64_t ms)
{
	struct line l = { .name = "" };
	char *seconds = l.cell[SECONDS];

	diag_quote(l.name, sizeof l.name, name, strlen(name));
	snprintf(l.cell[STATUS], NUM_GROUPED_SIZE, "%ld", status);
	num_group(l.cell[RECORDS], f->records);
	num_group(l.cell[REJECTED], f->rejected);
	num_group(l.cell[CALLS], f->calls);
	num_group(l.cell[RETRIES], f->retries);
	num_group(l.cell[THROTTLES], f->throttles);
	num_group(l.cell[BYTES], f->bytes);
	num_group(seconds, (uint64_t)(ms / 1000));
	snprintf(seconds + strlen(seconds), NUM_GROUPED_SIZE - strlen(seconds), ".%03" PRId64, ms % 1000);
	return l;
}

struct widths {
	int name, cell[COLUMNS];
};

static void
widen(struct widths *w, const struct line *l)
{
	if ((int)strlen(l->name) > w->name)
		w->name = (int)strlen(l->name);
	for (int i = 0; i < COLUMNS; i++)
		if ((int)strlen(l->cell[i]) > w->cell[i])
			w->cell[i] = (int)strlen(l->cell[i]);
}

static int
put_line(struct buf *b, const struct widths *w, const struct line *l)
{
	int rc = buf_appendf(b, "%-*s", w->name, l->name);

	for (int i = 0; rc == 0 && i < COLUMNS; i++)
		rc = buf_appendf(b, "  %*s", w->cell[i], l->cell[i]);
	return rc == 0 ? buf_append_byte(b, '\n') : -1;
}

static int
put_names(struct buf *b, const struct stages *s)
{
	char name[LINE_SIZE], number[NUM_GROUPED_SIZE];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->operations.size; i++) {
		const struct count *c = &s->operations.all[i];

		num_group(number, c->n);
		rc = buf_appendf(b, "called %s: %s\n", number,
		    diag_quote(name, sizeof name, c->name, strlen(c->name)));
	}
	for (size_t i = 0; rc == 0 && i < s->reasons.size; i++) {
		const struct count *c = &s->reasons.all[i];

		num_group(number, c->n);
		rc = buf_appendf(b, "rejected %s: %s\n", number,
		    diag_quote(name, sizeof name, c->name, strlen(c->name)));
	}
	return rc;
}

int
report_table(struct buf *b, const struct stages *s, const char *command, bool with_stages)
{
	struct line heading = { .name = "COMMAND" };
	struct line all = line_of(command, s->status, &s->sums, s->ms);
	struct widths w = { .name = 0 };
	size_t count = with_stages ? s->count : 0;
	int rc;

	/* What the stages wrote is no sum of anything. */
	all.cell[RECORDS][0] = '\0';
	for (int i = 0; i < COLUMNS; i++)
		snprintf(heading.cell[i], NUM_GROUPED_SIZE, "%s", headings[i]);
	widen(&w, &heading);
	widen(&w, &all);
	for (size_t i = 0; i < count; i++) {
		const struct stage *stage = &s->all[i];
		struct line l = line_of(stage->command, stage->status, &stage->figures, stage->ms);

		widen(&w, &l);
	}
	rc = put_line(b, &w, &heading);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct stage *stage = &s->all[i];
		struct line l = line_of(stage->command, stage->status, &stage->figures, stage->ms);

		rc = put_line(b, &w, &l);
	}
	if (rc == 0)
		rc = put_line(b, &w, &all);
	return rc == 0 ? put_names(b, s) : -1;
}
