#include "json/plan_intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"

enum { MADE_AHEAD_MS = 5 * 60 * 1000 };	/* clocks may differ by so much */

static const char plan_end[] = "/plan";

void
plan_intake_halt(struct plan_intake *p, enum prog_status status, const char *why)
{
	filter_halt(&p->filter, status, why);
}

int64_t
plan_intake_age(const char *text)
{
	static const char units[] = "mhd";
	static const int64_t lengths[] = { 60000, 3600000, 86400000 };
	char digits[8];
	const char *why = "not a number behind which m, h or d stands", *unit;
	size_t len = strlen(text);
	int64_t count;

	unit = len > 0 && len < sizeof digits ? strchr(units, text[len - 1]) : NULL;
	if (unit != NULL && *unit != '\0') {
		snprintf(digits, sizeof digits, "%.*s", (int)len - 1, text);
		if (num_parse(digits, 1, 100000, &count, &why) == 0)
			return count * lengths[unit - units];
	}
	opt_value_error("--max-age: %s", why);
}

/* Whether the plan is for this target, and of an age that may be; if not, it is halted. */
static bool
may_be(struct plan_intake *p, const char *name)
{
	int64_t age;

	if (strcmp(p->header.target, p->target) != 0) {
		diag_error("%s: the plan was made for another target than %s", name, p->target);
		plan_intake_halt(p, PROG_GUARD, "a plan for another target");
		return false;
	}
	age = p->now_ms(p->arg) - p->header.made_ms;
	if (age < -MADE_AHEAD_MS) {
		diag_error("%s: the plan was made in the future: a clock is wrong", name);
		plan_intake_halt(p, PROG_GUARD, "a plan of the future");
		return false;
	}
	if (age > p->max_age_ms) {
		diag_error("%s: the plan is %" PRId64 " minutes old, and --max-age is %" PRId64, name,
		    age / 60000, p->max_age_ms / 60000);
		plan_intake_halt(p, PROG_GUARD, "a plan that is too old");
		return false;
	}
	return true;
}

static const char *
take_header(struct plan_intake *p, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	const char *wrong = plan_read_header(&p->header, &r->list, r->text, reason);

	if (wrong != NULL)
		return wrong;
	p->has_header = true;
	p->header_text = mem_dup(r->text, r->len);
	if (may_be(p, r->name) && p->on_header != NULL)
		p->on_header(p->arg);
	return NULL;
}

static const char *
take_operation(struct plan_intake *p, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	struct plan_row row;
	const char *wrong = plan_read_row(&row, &r->list, r->text, reason);

	if (wrong == NULL)
		wrong = plan_add(&p->sums, &row, &r->list, r->text);
	if (wrong != NULL)
		return wrong;
	if (p->on_row != NULL)
		p->on_row(p->arg, &row, r);
	if (p->filter.halt != PROG_OK)
		return NULL;
	if (!p->has_rows && spool_open(&p->rows) != 0) {
		plan_intake_halt(p, PROG_FAIL, "no temporary file");
		return NULL;
	}
	p->has_rows = true;
	if (spool_append(&p->rows, r->text, r->len) != 0 || spool_append(&p->rows, "\n", 1) != 0)
		plan_intake_halt(p, PROG_FAIL, "the temporary file cannot be written");
	return NULL;
}

static const char *
take_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct plan_intake *p = arg;

	(void)sink;
	return p->has_header ? take_operation(p, r) : take_header(p, r);
}

/* A plan of which a line is wrong is carried out in no part, whatever --reject says. */
static void
take_wrong(void *arg, const struct record_reader *r, const char *reason)
{
	struct plan_intake *p = arg;

	diag_error("%s:%" PRIu64 ": %s", r->name, r->line, reason);
	plan_intake_halt(p, PROG_FAIL, "a wrong line in the plan");
}

void
plan_intake_init(struct plan_intake *p, const struct sink_options *opts, char **files,
    struct sink *sink)
{
	*p = (struct plan_intake){ .sealed = *opts };
	/* A plan is always sealed. */
	p->sealed.seal = true;
	p->filter = (struct filter){ .opts = &p->sealed, .files = files, .sink = sink,
	    .row = take_row, .wrong = take_wrong, .arg = p };
}

void
plan_intake_free(struct plan_intake *p)
{
	if (p->reading)
		record_close(&p->reader);
	if (p->has_rows)
		spool_close(&p->rows);
	plan_header_free(&p->header);
	plan_sums_free(&p->sums);
	free(p->header_text);
}

void
plan_intake_announce(struct plan_intake *p)
{
	files_will_spool();
	filter_announce(&p->filter);
}

/* The whole was read.  Is it what it says? */
static enum prog_status
check_whole(struct plan_intake *p, const char **why)
{
	const char *source = p->filter.sink->seal.source;
	size_t len = p->has_header ? strlen(p->header.target) : 0;
	enum plan_op op;

	*why = "not a whole plan";
	if (!p->has_header) {
		diag_error("incomplete: there is no plan in it");
		return PROG_INCOMPLETE;
	}
	if (source == NULL || strncmp(source, p->header.target, len) != 0 ||
	    strcmp(source + len, plan_end) != 0) {
		diag_error("incomplete: the seal is that of another stream than this plan");
		return PROG_INCOMPLETE;
	}
	if (!plan_adds_up(&p->header, &p->sums, &op)) {
		diag_error("incomplete: the plan has %" PRIu64 " rows %s, and its header says %" PRIu64,
		    p->sums.totals[op], plan_op_name(op), p->header.totals[op]);
		return PROG_INCOMPLETE;
	}
	return PROG_OK;
}

enum prog_status
plan_intake_read(struct plan_intake *p, const char **why)
{
	enum prog_status status = filter_run(&p->filter, why);

	return status == PROG_OK ? check_whole(p, why) : status;
}

static void
trip(void *arg, const char *class, uint64_t count, uint64_t limit)
{
	(void)arg;
	diag_error("guard: %s: %" PRIu64 ", and %" PRIu64 " at most", class, count, limit);
}

size_t
plan_intake_trips(struct plan_intake *p, const struct plan_ledger *ledger)
{
	const struct plan_sums *s = &p->sums;

	/* An earlier run of the same plan may have deleted some of those that it was made of. */
	if (ledger->path != NULL)
		plan_hold(&p->header, plan_ledger_count(ledger, LEDGER_USER,
		    s->totals[PLAN_DELETE_USER]) + s->adopted_users,
		    plan_ledger_count(ledger, LEDGER_GROUP, s->totals[PLAN_DELETE_GROUP]) +
		    s->adopted_groups);

	return plan_judge(&p->header, &p->sums, trip, NULL);
}

void
plan_intake_describe(const struct plan_intake *p, struct seal *seal)
{
	struct buf b;

	if (!p->has_header)
		return;
	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/results", p->header.target);
	seal_set(&seal->source, buf_string(&b));
	seal_set(&seal->ended, NULL);
	buf_free(&b);
}

int
plan_intake_rewind(struct plan_intake *p)
{
	if (!p->has_rows)
		return 0;
	if (spool_seek(&p->rows, 0) != 0)
		return -1;
	record_open(&p->reader, p->rows.fd, "the plan");
	p->reading = true;
	return 0;
}

int
plan_intake_next(struct plan_intake *p, struct plan_row *row, const char **why)
{
	static char reason[RECORD_REASON_SIZE];
	enum record_result result = p->reading ? record_next(&p->reader) : RECORD_END;

	if (result == RECORD_LINE) {
		p->taken++;
		*why = plan_read_row(row, &p->reader.list, p->reader.text, reason);
		return *why == NULL ? 1 : -1;
	}
	*why = result == RECORD_END ? "rows are missing" : "the temporary file";
	return result == RECORD_END && p->taken == p->sums.rows ? 0 : -1;
}
