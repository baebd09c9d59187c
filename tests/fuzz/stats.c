/*
 * Any objects as what --stats said of stages, a line each.  Compared with a tree of each (tree.h)
 * and sums made by hand: which are statistics; what they come to together; whose status is the
 * run's; the stages by their start.  The report, read again as one line, comes to the same, and so
 * it does when the lines come in another order.
 *
 * With: cmd/merge-stats/{stages,report}.c
 */
#include <stdint.h>

#include "json/record.h"
#include "merge-stats/report.h"
#include "merge-stats/stages.h"

#include "dates.h"
#include "tree.h"

enum { LINES_MAX = 10, ALL_MAX = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint64_t most = 100000000000000;
static const char *const figures[] = { "Rejected", "Bytes", "Retries", "Throttles", "BytesIn",
	"BytesOut", "Records", "Calls", "Reasons" };

enum { FIGURES = 6, NAMED = 7, COUNTED = 9 };

struct head {
	int64_t started, ended, ms;
	long status;
};

struct slow {
	uint64_t sum[COUNTED];
	int64_t started, ended;
	struct head cause;
	bool any;
	struct head stage[ALL_MAX];
	size_t stages;
};

/* A whole number from 0 to the most. */
static bool
take_number(const struct tree *t, uint64_t *n)
{
	*n = 0;
	if (t->kind != TREE_NUMBER || t->len >= 24)
		return false;
	/* "-0" is one, too. */
	for (const char *s = t->s + (t->s[0] == '-' && t->s[1] == '0'); *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		*n = *n * 10 + (uint64_t)(*s - '0');
		if (*n > most)
			return false;
	}
	return true;
}

static bool
take_head(const struct tree *t, struct head *h)
{
	const struct tree *command = tree_get(t, "Command"), *status = tree_get(t, "Status");
	const struct tree *started = tree_get(t, "Started"), *ended = tree_get(t, "Ended");
	const struct tree *seconds = tree_get(t, "Seconds");
	uint64_t n;

	if (command == NULL || command->kind != TREE_STRING || command->nul || status == NULL ||
	    !take_number(status, &n) || n > 255 || started == NULL || ended == NULL ||
	    seconds == NULL || seconds->kind != TREE_NUMBER || started->kind != TREE_STRING ||
	    ended->kind != TREE_STRING || started->nul || ended->nul ||
	    !slow_rfc3339(started->s, &h->started) || !slow_rfc3339(ended->s, &h->ended))
		return false;
	h->status = (long)n;
	return true;
}

/* How much a status says. */
static int
weight(long status)
{
	return status == 0 ? 0 : status == 3 ? 1 : status == 141 ? 2 : status == 4 ? 3 : 4;
}

static void
judge(struct slow *s, const struct head *h)
{
	bool first = !s->any || h->started < s->cause.started || (h->started == s->cause.started &&
	    h->status < s->cause.status);

	if (!s->any || weight(h->status) > weight(s->cause.status) ||
	    (weight(h->status) == weight(s->cause.status) && first))
		s->cause = *h;
	s->started = !s->any || h->started < s->started ? h->started : s->started;
	s->ended = !s->any || h->ended > s->ended ? h->ended : s->ended;
	s->any = true;
}

static bool
take_stage(struct slow *s, const struct tree *t)
{
	struct head *h = &s->stage[s->stages];

	if (t->kind != TREE_OBJECT || s->stages == ALL_MAX || !take_head(t, h))
		return false;
	for (int i = 0; i < COUNTED; i++) {
		const struct tree *m = tree_get(t, figures[i]);
		uint64_t n = 0, all = 0;

		if (m == NULL)
			continue;
		if (i < NAMED) {
			if (!take_number(m, &all))
				return false;
		} else if (m->kind != TREE_OBJECT) {
			return false;
		}
		for (size_t k = 0; i >= NAMED && k < m->count; k += 2) {
			if (m->kid[k]->nul || !take_number(m->kid[k + 1], &n))
				return false;
			all += n;
		}
		/* What each stage wrote is no sum of anything. */
		if (strcmp(figures[i], "Records") != 0)
			s->sum[i] += all;
		if (s->sum[i] > most)
			return false;
	}
	s->stages++;
	return true;
}

static bool
take_line(struct slow *s, const struct tree *t)
{
	const struct tree *list = tree_get(t, "Stages");
	struct head h;
	bool good = (list == NULL || list->kind == TREE_ARRAY) && take_head(t, &h);

	if (good && list == NULL)
		good = take_stage(s, t);
	for (size_t i = 0; good && list != NULL && i < list->count; i++)
		good = take_stage(s, list->kid[i]);
	if (good)
		judge(s, &h);
	return good;
}

/* Takes a line in, as the command does. */
static bool
take(struct stages *s, const char *text, size_t len)
{
	struct tok_list l;
	bool good;

	tok_init(&l, RECORD_TOKENS_MAX);
	good = tok_parse(&l, text, len) == TOK_OK && stages_take(s, &l, text) == NULL;
	tok_free(&l);
	return good;
}

static void
compare(const struct stages *s, const struct slow *slow)
{
	const struct figures *f = &s->sums;
	const uint64_t sums[] = { f->rejected, f->bytes, f->retries, f->throttles, f->bytes_in,
		f->bytes_out };
	uint64_t reasons = 0, calls = 0;

	for (int i = 0; i < FIGURES; i++)
		check(sums[i] == slow->sum[i]);
	for (size_t i = 0; i < s->operations.size; i++) {
		const struct count *c = &s->operations.all[i];

		check(i == 0 || strcmp(c[-1].name, c->name) < 0);
		calls += c->n;
	}
	for (size_t i = 0; i < s->reasons.size; i++)
		reasons += s->reasons.all[i].n;
	check(f->calls == slow->sum[7] && calls == slow->sum[7] && reasons == slow->sum[8]);
	check(s->count == slow->stages && s->any == slow->any);
	for (size_t i = 1; i < s->count; i++)
		check(s->all[i - 1].started_ms <= s->all[i].started_ms);
	if (!slow->any)
		return;
	check(s->status == slow->cause.status);
	check(s->started_ms == slow->started && s->ended_ms == slow->ended);
	check(s->ms == (slow->ended > slow->started ? slow->ended - slow->started : 0));
}

/* The report as the only line of another one. */
static void
read_report(const struct stages *s, struct text *report)
{
	struct stages again;
	struct buf b, table;

	buf_init(&b, RECORD_LINE_MAX);
	buf_init(&table, RECORD_LINE_MAX);
	check(report_json(&b, s, "run", true) == 0);
	report->len = 0;
	text_add(report, b.data, b.len);
	stages_init(&again);
	check(take(&again, b.data, b.len));
	stages_finish(&again);
	check(again.status == s->status && again.count == s->count);
	check(again.started_ms == s->started_ms && again.ended_ms == s->ended_ms);
	buf_clear(&b);
	check(report_json(&b, &again, "run", true) == 0);
	check(b.len == report->len && memcmp(b.data, report->s, b.len) == 0);
	/* For people: nothing in it that a terminal acts upon. */
	check(report_table(&table, s, "run", true) == 0);
	for (size_t i = 0; i < table.len; i++)
		check((unsigned char)table.data[i] >= ' ' || table.data[i] == '\n');
	stages_free(&again);
	buf_free(&b);
	buf_free(&table);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct slow slow;
	static struct text report, other;
	const char *line[LINES_MAX], *text = (const char *)data, *end = text + size;
	size_t len[LINES_MAX], count = 0;
	struct stages s, backwards;
	bool good = true;

	memset(&slow, 0, sizeof slow);
	stages_init(&s);
	stages_init(&backwards);
	for (; good && text < end && count < LINES_MAX; count++) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		struct tree *t;
		bool object;

		line[count] = text;
		len[count] = (size_t)((lf != NULL ? lf : end) - text);
		t = tree_parse(text, len[count]);
		object = t != NULL && t->kind == TREE_OBJECT && !tree_has_lone(t);
		good = object && take_line(&slow, t);
		/* How long it ran is compared by the target when. */
		if (object) {
			bool taken = take(&s, text, len[count]);

			check(good || !taken);
			good = taken;
		}
		tree_free(t);
		text += len[count] + (lf != NULL);
	}
	if (good && slow.any) {
		stages_finish(&s);
		compare(&s, &slow);
		read_report(&s, &report);
		for (size_t i = count; i-- > 0;)
			check(take(&backwards, line[i], len[i]));
		stages_finish(&backwards);
		read_report(&backwards, &other);
		check(report.len == other.len && memcmp(report.s, other.s, report.len) == 0);
	}
	stages_free(&s);
	stages_free(&backwards);
	return 0;
}
