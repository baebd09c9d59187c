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

/* Far beyond what can be counted; as many as STAGES_MAX of them still have a sum. */
static const int64_t count_max = 100LL * 1000 * 1000 * 1000 * 1000;

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

/* Returns 0, or -1 if there are too many names. */
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
	c->all[at].n += n;
	return 0;
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
	return num_parse(digits, 0, count_max, n, &why);
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
		    add(c, buf_string(&s->text), (uint64_t)n) != 0)
			return -1;
		*sum += (uint64_t)n;
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

static const char *
take_stage(struct stages *s, const struct tok_list *l, const char *text, uint32_t object)
{
	uint32_t command = tok_member(l, text, object, "Command");
	uint32_t seconds = tok_member(l, text, object, "Seconds");
	const struct tok *t = &l->tok[command];
	struct stage stage = { .order = s->count };
	uint64_t status;
	const char *wrong;

	if (l->tok[object].type != TOK_OBJECT || command == 0 || t->type != TOK_STRING ||
	    (t->flags & TOK_NUL) != 0)
		return "not statistics: no Command";
	if (tok_member(l, text, object, "Status") == 0 ||
	    take_count(l, text, object, "Status", &status) != 0 || status > UINT8_MAX)
		return "not statistics: no Status";
	if (take_date(l, text, object, "Started", &stage.started_ms) != 0 ||
	    take_date(l, text, object, "Ended", &stage.ended_ms) != 0)
		return "not statistics: no Started and Ended";
	if (seconds == 0 || l->tok[seconds].type != TOK_NUMBER ||
	    clock_parse_epoch(text + l->tok[seconds].start, l->tok[seconds].end -
	    l->tok[seconds].start, &stage.ms) != 0 || stage.ms < 0)
		return "not statistics: no Seconds";
	if (s->count == STAGES_MAX)
		return "more than 100000 stages";
	wrong = take_figures(s, l, text, object, &stage.figures);
	if (wrong != NULL)
		return wrong;
	stage.status = (long)status;
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

const char *
stages_take(struct stages *s, const struct tok_list *l, const char *text)
{
	uint32_t list = tok_member(l, text, 0, "Stages");
	const char *wrong = NULL;

	if (list == 0)
		return take_stage(s, l, text, 0);
	if (l->tok[list].type != TOK_ARRAY)
		return "not statistics: Stages that are no list";
	for (uint32_t i = list + 1; i < l->tok[list].next && wrong == NULL; i = l->tok[i].next)
		wrong = take_stage(s, l, text, i);
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
	return names != 0 ? names : x->order < y->order ? -1 : 1;
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
	case PROG_INCOMPLETE:
		return 2;
	default:
		return 3;
	}
}

void
stages_finish(struct stages *s)
{
	bool told = s->status >= 0;

	if (!told)
		s->status = PROG_OK;
	/* Nothing has been at work until now. */
	s->started_ms = s->ended_ms = clock_wall_ms();
	if (s->count > 0) {
		qsort(s->all, s->count, sizeof *s->all, by_start);
		s->started_ms = s->all[0].started_ms;
		s->ended_ms = s->all[0].ended_ms;
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct stage *stage = &s->all[i];
		const struct figures *f = &stage->figures;

		s->sums.rejected += f->rejected;
		s->sums.bytes += f->bytes;
		s->sums.calls += f->calls;
		s->sums.retries += f->retries;
		s->sums.throttles += f->throttles;
		s->sums.bytes_in += f->bytes_in;
		s->sums.bytes_out += f->bytes_out;
		if (stage->ended_ms > s->ended_ms)
			s->ended_ms = stage->ended_ms;
		if (!told && weight(stage->status) > weight(s->status))
			s->status = stage->status;
	}
	/* A clock that was set back meanwhile must not make it negative. */
	s->ms = s->ended_ms > s->started_ms ? s->ended_ms - s->started_ms : 0;
}
