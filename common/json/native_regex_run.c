/*
 * A regular expression is run over all possibilities at once.
 */
#include <string.h>

#include "json/native_regex_step.h"
#include "json/utf8.h"

/* The states that are possible at one position. */
struct states {
	uint16_t list[STEPS_MAX], n;
	bool there[STEPS_MAX];
};

/* Adds state i and where it leads without a character; true if that is the match. */
static bool
add_state(const struct native_regex *regex, struct states *states, uint16_t i, bool begin, bool end)
{
	const struct step *s = &regex->steps[i];

	if (states->there[i])
		return false;
	states->there[i] = true;
	switch (s->type) {
	case STEP_MATCH:
		return true;
	case STEP_CLASS:
		states->list[states->n++] = i;
		return false;
	case STEP_SPLIT:
		return add_state(regex, states, s->to, begin, end) ||
		    add_state(regex, states, s->or, begin, end);
	default:
		return (s->type == STEP_BEGIN ? begin : end) &&
		    add_state(regex, states, (uint16_t)(i + 1), begin, end);
	}
}

/* Whether every byte is one on which this and other engines agree. */
static bool
suits(const struct native_regex *regex, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((regex->lines && s[i] == '\n') || s[i] == '\0' ||
		    (regex->words && ((unsigned char)s[i] >= 128 || s[i] == '\v')))
			return false;
	}
	return true;
}

static bool
class_has(const struct class *class, unsigned char ch)
{
	return ch >= 128 ? class->other : (class->set[ch / 64] >> ch % 64 & 1) != 0;
}

bool
native_regex_leads(const struct native_regex *regex, unsigned from, unsigned to)
{
	bool there[STEPS_MAX + 1] = { false };
	uint16_t todo[2 * STEPS_MAX + 1], n = 0;

	todo[n++] = (uint16_t)from;
	while (n > 0) {
		uint16_t i = todo[--n];

		if (i == to)
			return true;
		if (there[i])
			continue;
		there[i] = true;
		if (regex->steps[i].type == STEP_SPLIT) {
			todo[n++] = regex->steps[i].to;
			todo[n++] = regex->steps[i].or;
		} else if (regex->steps[i].type == STEP_BEGIN || regex->steps[i].type == STEP_END) {
			todo[n++] = (uint16_t)(i + 1);
		}
	}
	return false;
}

void
native_regex_look_ahead(struct native_regex *regex)
{
	struct states states = { .n = 0 };

	regex->first_only = !add_state(regex, &states, 0, false, true) && states.n == 0;
	states.n = 0;
	memset(states.there, 0, sizeof states.there);
	regex->empty = add_state(regex, &states, 0, true, true);
	for (uint16_t i = 0; i < states.n; i++) {
		const struct class *class = &regex->steps[states.list[i]].class;

		regex->first.set[0] |= class->set[0];
		regex->first.set[1] |= class->set[1];
		regex->first.other = regex->first.other || class->other;
	}
}

bool
native_regex_has_one_end(const struct native_regex *regex)
{
	return !regex->turns_empty;
}

bool
native_regex_asks_begin(const struct native_regex *regex)
{
	for (uint16_t i = 0; i < regex->n; i++) {
		if (regex->steps[i].type == STEP_BEGIN)
			return true;
	}
	return false;
}

/* Where a match may begin at the earliest, or the end; only if a match needs a character. */
static const char *
skip(const struct native_regex *regex, const char *p, const char *end)
{
	while (p < end && !class_has(&regex->first, (unsigned char)*p))
		p += utf8_length(p, end);
	return p;
}

int
native_regex_test(const struct native_regex *regex, const char *s, size_t len)
{
	struct states two[2], *now = &two[0], *next = &two[1];
	const char *end = s + len, *p = s;

	if (!suits(regex, s, len))
		return -1;
	now->n = 0;
	memset(now->there, 0, regex->n);
	for (;;) {
		struct states *swap = now;
		unsigned char ch;

		if (now->n == 0 && !regex->empty) {
			if (regex->first_only && p > s)
				return 0;
			p = skip(regex, p, end);
			memset(now->there, 0, regex->n);
		}
		/* It may begin everywhere. */
		if (add_state(regex, now, 0, p == s, p == end))
			return 1;
		if (p == end)
			return 0;
		ch = (unsigned char)*p;
		p += utf8_length(p, end);
		next->n = 0;
		memset(next->there, 0, regex->n);
		for (uint16_t i = 0; i < now->n; i++) {
			if (class_has(&regex->steps[now->list[i]].class, ch) &&
			    add_state(regex, next, (uint16_t)(now->list[i] + 1), false, p == end))
				return 1;
		}
		now = next;
		next = swap;
	}
}

/*
 * The same in the order in which an engine that goes back would try them; each knows its start.
 * Of two that meet the first one goes on: what lies before them is the same.
 */
struct threads {
	uint16_t list[STEPS_MAX], n;
	size_t start[STEPS_MAX];
	bool there[STEPS_MAX];
};

static void
add_thread(const struct native_regex *regex, struct threads *t, uint16_t i, size_t start,
    bool begin, bool end)
{
	const struct step *s = &regex->steps[i];

	if (t->there[i])
		return;
	t->there[i] = true;
	switch (s->type) {
	case STEP_MATCH:
	case STEP_CLASS:
		t->start[t->n] = start;
		t->list[t->n++] = i;
		break;
	case STEP_SPLIT:
		add_thread(regex, t, s->to, start, begin, end);
		add_thread(regex, t, s->or, start, begin, end);
		break;
	default:
		if (s->type == STEP_BEGIN ? begin : end)
			add_thread(regex, t, (uint16_t)(i + 1), start, begin, end);
	}
}

/* Steps over the character at position at, to next; those behind a match are given up. */
static bool
step_over(const struct native_regex *regex, const struct threads *now, struct threads *next,
    const char *s, size_t len, size_t at, size_t *start)
{
	size_t behind = at < len ? at + utf8_length(s + at, s + len) : len;

	next->n = 0;
	memset(next->there, 0, regex->n);
	for (uint16_t i = 0; i < now->n; i++) {
		const struct step *step = &regex->steps[now->list[i]];

		if (step->type == STEP_MATCH) {
			*start = now->start[i];
			return true;
		}
		if (at < len && class_has(&step->class, (unsigned char)s[at]))
			add_thread(regex, next, (uint16_t)(now->list[i] + 1), now->start[i], false,
			    behind == len);
	}
	return false;
}

int
native_regex_find(const struct native_regex *regex, const char *s, size_t len, size_t from,
    size_t *start, size_t *end)
{
	struct threads two[2], *now = &two[0], *next = &two[1];
	bool found = false;
	size_t at = from;

	if (!suits(regex, s + from, len - from))
		return -1;
	two[0].n = two[1].n = 0;
	memset(now->there, 0, regex->n);
	for (;;) {
		struct threads *swap = now;

		if (now->n == 0 && !found && !regex->empty) {
			if (regex->first_only && at > from)
				return 0;
			at = (size_t)(skip(regex, s + at, s + len) - s);
			memset(now->there, 0, regex->n);
		}
		if (!found)
			add_thread(regex, now, 0, at, at == 0, at == len);
		if (step_over(regex, now, next, s, len, at, start)) {
			found = true;
			*end = at;
		}
		if (at == len || (found && next->n == 0))
			return found;
		at += utf8_length(s + at, s + len);
		now = next;
		next = swap;
	}
}
