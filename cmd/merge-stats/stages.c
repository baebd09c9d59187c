/* Statistics of stages (stages.h). */
#include "stages.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/prog.h"
#include "json/jtext.h"
#include "json/record.h"

enum { NUMBER_SIZE = 24 };

/* Far beyond what can be counted, of a stage and of all: what is written can be read again. */
static const uint64_t count_max = 100ULL * 1000 * 1000 * 1000 * 1000;

void
stages_init(struct stages *s)
{
	memset(s, 0, sizeof *s);
	s->status = -1;
	buf_init(&s->text, RECORD_LINE_MAX);
}

static void
free_counts(struct counts *c)
{
	for (size_t i = 0; i < c->size; i++)
		free(c->all[i].name);
	free(c->all);
}

void
stages_free(struct stages *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->all[i].text);
		free(s->all[i].command);
	}
	free(s->all);
	free_counts(&s->operations);
	free_counts(&s->reasons);
	buf_free(&s->text);
}

/* Neither is above count_max.  Returns 0, or -1 if the sum would be. */
static int
sum_up(uint64_t *sum, uint64_t n)
{
	if (n > count_max - *sum)
		return -1;
	*sum += n;
	return 0;
}

/* Returns 0, or -1 if there are too many names, or of one too many. */
static int
add(struct counts *c, const char *name, uint64_t n)
{
	size_t at = 0;

	while (at < c->size && strcmp(c->all[at].name, name) < 0)
		at++;
	if (at == c->size || strcmp(c->all[at].name, name) != 0) {
		if (c->size == NAMES_MAX)
			return -1;
		c->all = mem_resize(c->all, c->size + 1, sizeof *c->all);
		memmove(&c->all[at + 1], &c->all[at], (c->size - at) * sizeof *c->all);
		c->all[at] = (struct count){ .name = mem_dup_string(name) };
		c->size++;
	}
	return sum_up(&c->all[at].n, n);
}

/* What a number token says.  Returns 0, or -1 if it is no count. */
static int
read_number(const struct tok *t, const char *text, int64_t *n)
{
	char digits[NUMBER_SIZE];
	size_t len = t->end - t->start;
	const char *why;

	if (t->type != TOK_NUMBER || len >= sizeof digits)
		return -1;
	memcpy(digits, text + t->start, len);
	digits[len] = '\0';
	return num_parse(digits, 0, (int64_t)count_max, n, &why);
}

/* A count that may be missing.  Returns 0 or -1. */
static int
take_count(const struct tok_list *l, const char *text, uint32_t object, const char *key,
    uint64_t *n)
{
	uint32_t at = tok_member(l, text, object, key);
	int64_t value = 0;

	if (at != 0 && read_number(&l->tok[at], text, &value) != 0)
		return -1;
	*n = (uint64_t)value;
	return 0;
}

static int
take_date(const struct tok_list *l, const char *text, uint32_t object, const char *key,
    int64_t *ms)
{
	uint32_t at = tok_member(l, text, object, key);
	const struct tok *t = &l->tok[at];

	if (at == 0 || t->type != TOK_STRING)
		return -1;
	return clock_parse_rfc3339(text + t->start, t->end - t->start, ms);
}

/* An object of counts that may be missing.  Returns 0, or -1 if it is wrong or too much. */
static int
take_counts(struct stages *s, const struct tok_list *l, const char *text, uint32_t at,
    struct counts *c, uint64_t *sum)
{
	const struct tok *tok = l->tok;
	int64_t n;

	*sum = 0;
	if (at == 0)
		return 0;
	if (tok[at].type != TOK_OBJECT)
		return -1;
	for (uint32_t i = at + 1; i < tok[at].next; i = tok_behind_member(tok, i)) {
		if ((tok[i].flags & TOK_NUL) != 0 || read_number(&tok[i + 1], text, &n) != 0)
			return -1;
		buf_clear(&s->text);
		if (jtext_decode(&s->text, text + tok[i].start, tok[i].end - tok[i].start) != 0 ||
		    add(c, buf_string(&s->text), (uint64_t)n) != 0 ||
		    sum_up(sum, (uint64_t)n) != 0)
			return -1;
	}
	return 0;
}

/* Returns NULL or what is wrong. */
static const char *
take_figures(struct stages *s, const struct tok_list *l, const char *text, uint32_t object,
    struct figures *f)
{
	struct {
		const char *key;
		uint64_t *n;
	} const members[] = {
		{ "Records", &f->records }, { "Rejected", &f->rejected }, { "Bytes", &f->bytes },
		{ "Retries", &f->retries }, { "Throttles", &f->throttles },
		{ "BytesIn", &f->bytes_in }, { "BytesOut", &f->bytes_out }
	};
	uint64_t reasons;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (take_count(l, text, object, members[i].key, members[i].n) != 0)
			return "not statistics: a figure that is no number";
	if (take_counts(s, l, text, tok_member(l, text, object, "Calls"), &s->operations,
	    &f->calls) != 0)
		return "not statistics: Calls that are none, or too many operations";
	if (take_counts(s, l, text, tok_member(l, text, object, "Reasons"), &s->reasons,
	    &reasons) != 0)
		return "not statistics: Reasons that are none, or too many";
	return NULL;
}

/* Returns whether they have a sum. */
static bool
sum_figures(struct figures *sums, const struct figures *f)
{
	return sum_up(&sums->rejected, f->rejected) == 0 && sum_up(&sums->bytes, f->bytes) == 0 &&
	    sum_up(&sums->calls, f->calls) == 0 && sum_up(&sums->retries, f->retries) == 0 &&
	    sum_up(&sums->throttles, f->throttles) == 0 &&
	    sum_up(&sums->bytes_in, f->bytes_in) == 0 &&
	    sum_up(&sums->bytes_out, f->bytes_out) == 0;
}

/* Status and times, of a stage or of a report, and that it has a name. */
static const char *
take_head(const struct tok_list *l, const char *text, uint32_t object, struct stage *stage)
{
	uint32_t command = tok_member(l, text, object, "Command");
	uint32_t seconds = tok_member(l, text, object, "Seconds");
	uint64_t status;

	if (l->tok[object].type != TOK_OBJECT || command == 0 ||
	    l->tok[command].type != TOK_STRING || (l->tok[command].flags & TOK_NUL) != 0)
		return "not statistics: no Command";
	if (tok_member(l, text, object, "Status") == 0 ||
	    take_count(l, text, object, "Status", &status) != 0 || status > UINT8_MAX)
		return "not statistics: no Status";
	if (take_date(l, text, object, "Started", &stage->started_ms) != 0 ||
	    take_date(l, text, object, "Ended", &stage->ended_ms) != 0)
		return "not statistics: no Started and Ended";
	if (seconds == 0 || l->tok[seconds].type != TOK_NUMBER ||
	    clock_parse_epoch(text + l->tok[seconds].start, l->tok[seconds].end -
	    l->tok[seconds].start, &stage->ms) != 0 || stage->ms < 0)
		return "not statistics: no Seconds";
	stage->status = (long)status;
	return NULL;
}

static const char *
take_stage(struct stages *s, const struct tok_list *l, const char *text, uint32_t object)
{
	const struct tok *t = &l->tok[tok_member(l, text, object, "Command")];
	struct stage stage = { .text = NULL };
	const char *wrong = take_head(l, text, object, &stage);

	if (wrong != NULL)
		return wrong;
	if (s->count == STAGES_MAX)
		return "more than 100000 stages";
	wrong = take_figures(s, l, text, object, &stage.figures);
	if (wrong != NULL)
		return wrong;
	if (!sum_figures(&s->sums, &stage.figures))
		return "not statistics: figures that come to more than 100000000000000";
	buf_clear(&s->text);
	if (jtext_decode(&s->text, text + t->start, t->end - t->start) == 0)
		stage.command = mem_dup_string(buf_string(&s->text));
	buf_clear(&s->text);
	if (stage.command == NULL || jtext_value(&s->text, l, text, object) != 0) {
		free(stage.command);
		return "longer than a record may be";
	}
	stage.text = mem_dup_string(buf_string(&s->text));
	if (s->count == s->cap) {
		s->cap = s->cap == 0 ? 16 : 2 * s->cap;
		s->all = mem_resize(s->all, s->cap, sizeof *s->all);
	}
	s->all[s->count++] = stage;
	return NULL;
}

/* How much a status says about the run; the highest of them all is its status. */
static int
weight(long status)
{
	switch (status) {
	case PROG_OK:
		return 0;
	case PROG_REJECTED:
		return 1;
	/* Both may be the echo of a failure, 141 of one that 4 is an echo of too. */
	case PROG_READER_GONE:
		return 2;
	case PROG_INCOMPLETE:
		return 3;
	default:
		return 4;
	}
}

/* Whether a says more about the run than b; of those that say as much, the one that began first. */
static bool
is_cause(const struct stage *a, const struct stage *b)
{
	if (weight(a->status) != weight(b->status))
		return weight(a->status) > weight(b->status);
	/* The lower for no other reason than that it must not depend on the order of files. */
	return a->started_ms != b->started_ms ? a->started_ms < b->started_ms :
	    a->status < b->status;
}

/* What a stage, or a report with its stages, says of the run. */
static void
judge(struct stages *s, const struct stage *one)
{
	if (!s->any || is_cause(one, &s->cause))
		s->cause = *one;
	if (!s->any || one->started_ms < s->started_ms)
		s->started_ms = one->started_ms;
	if (!s->any || one->ended_ms > s->ended_ms)
		s->ended_ms = one->ended_ms;
	s->any = true;
}

const char *
stages_take(struct stages *s, const struct tok_list *l, const char *text)
{
	uint32_t list = tok_member(l, text, 0, "Stages");
	struct stage head = { .text = NULL };
	const char *wrong;

	if (list != 0 && l->tok[list].type != TOK_ARRAY)
		return "not statistics: Stages that are no list";
	wrong = take_head(l, text, 0, &head);
	if (list == 0 && wrong == NULL)
		wrong = take_stage(s, l, text, 0);
	for (uint32_t i = list + 1; list != 0 && i < l->tok[list].next && wrong == NULL;
	    i = l->tok[i].next)
		wrong = take_stage(s, l, text, i);
	if (wrong == NULL)
		judge(s, &head);
	return wrong;
}

static int
by_start(const void *a, const void *b)
{
	const struct stage *x = a, *y = b;
	int names;

	if (x->started_ms != y->started_ms)
		return x->started_ms < y->started_ms ? -1 : 1;
	names = strcmp(x->command, y->command);
	return names != 0 ? names : strcmp(x->text, y->text);
}

void
stages_finish(struct stages *s)
{
	if (s->status < 0)
		s->status = s->any ? s->cause.status : PROG_OK;
	/* Nothing has been at work until now. */
	if (!s->any)
		s->started_ms = s->ended_ms = clock_wall_ms();
	if (s->count > 0)
		qsort(s->all, s->count, sizeof *s->all, by_start);
	/* A clock that was set back meanwhile must not make it negative. */
	s->ms = s->ended_ms > s->started_ms ? s->ended_ms - s->started_ms : 0;
}
