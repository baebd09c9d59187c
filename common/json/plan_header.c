/* Plans: the header, read. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/plan_parts.h"

/* A whole number from 0 on, below 10^18.  Returns 0 or -1. */
static int
read_count(const struct tok *t, const char *text, uint64_t *count)
{
	*count = 0;
	if (t->type != TOK_NUMBER || t->end - t->start > 18)
		return -1;
	for (uint32_t i = t->start; i < t->end; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		*count = *count * 10 + (uint64_t)(text[i] - '0');
	}
	return 0;
}

struct plan_class *
plan_class(struct plan_classes *c, const char *name, size_t len)
{
	for (size_t i = 0; i < c->count; i++)
		if (strlen(c->class[i].name) == len && memcmp(c->class[i].name, name, len) == 0)
			return &c->class[i];
	if (c->count == PLAN_CLASSES_MAX)
		return NULL;
	if (c->count == c->cap) {
		c->cap += c->cap + 16;
		c->class = mem_resize(c->class, c->cap, sizeof *c->class);
	}
	c->class[c->count] = (struct plan_class){ .name = mem_dup(name, len) };
	return &c->class[c->count++];
}

static void
free_classes(struct plan_classes *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->class[i].name);
	free(c->class);
	*c = (struct plan_classes){ 0 };
}

void
plan_header_free(struct plan_header *h)
{
	free(h->target);
	free(h->key);
	free_classes(&h->classes);
	*h = (struct plan_header){ 0 };
}

/*
 * The header's object called name: its index, or 0 with *wrong set if it is something else, or
 * has to be there.  large: whether a member stands there twice is for the caller to see.
 */
static uint32_t
object_of(const struct tok_list *l, const char *text, const char *name, bool needed, bool large,
    bool *wrong)
{
	char reason[RECORD_REASON_SIZE];
	uint32_t i = tok_member(l, text, 0, name);

	if (i == 0) {
		*wrong |= needed;
		return 0;
	}
	if (l->tok[i].type == TOK_OBJECT && (large || !plan_has_twice(l, text, i, reason)))
		return i;
	*wrong = true;
	return 0;
}

/* Classes, Limits or Confirmed: part is which.  Returns NULL, or what is wrong. */
static const char *
read_classes(struct plan_classes *c, const struct tok_list *l, const char *text, int part)
{
	static const char *const names[] = { "Classes", "Limits", "Confirmed" };
	bool wrong = false;
	uint32_t in = object_of(l, text, names[part], false, true, &wrong);

	if (wrong)
		return names[part];
	for (uint32_t i = in + 1; in != 0 && i < l->tok[in].next; i = l->tok[i + 1].next) {
		struct plan_class *class;
		uint64_t count;
		char *name;

		if (!plan_is_text(&l->tok[i]) || read_count(&l->tok[i + 1], text, &count) != 0)
			return names[part];
		name = plan_decode(&l->tok[i], text);
		class = plan_class(c, name, strlen(name));
		free(name);
		if (class == NULL || (class->said & 1u << part) != 0)
			return names[part];
		class->said |= 1u << part;
		if (part == 0) {
			class->count = count;
		} else if (part == 1) {
			class->limit = count;
			class->has_limit = true;
		} else {
			class->confirmed = count;
			class->is_confirmed = true;
		}
	}
	return NULL;
}

/* Max: the classes whose limit the caller typed.  Returns NULL, or what is wrong. */
static const char *
read_typed(struct plan_classes *c, const struct tok_list *l, const char *text)
{
	uint32_t in = tok_member(l, text, 0, "Max");

	if (in != 0 && l->tok[in].type != TOK_ARRAY)
		return "Max";
	for (uint32_t i = in + 1; in != 0 && i < l->tok[in].next; i = l->tok[i].next) {
		struct plan_class *class;
		char *name;

		if (!plan_is_text(&l->tok[i]))
			return "Max";
		name = plan_decode(&l->tok[i], text);
		class = plan_class(c, name, strlen(name));
		free(name);
		if (class == NULL)
			return "Max";
		class->is_typed = true;
	}
	return NULL;
}

static const char *
read_totals(struct plan_header *h, const struct tok_list *l, const char *text)
{
	bool wrong = false;
	uint32_t in = object_of(l, text, "Totals", true, false, &wrong);

	if (wrong)
		return "Totals";
	for (uint32_t i = in + 1; i < l->tok[in].next; i = l->tok[i + 1].next) {
		int op = 0;

		while (op < PLAN_OPS && !tok_is(&l->tok[i], text, plan_op_name((enum plan_op)op),
		    strlen(plan_op_name((enum plan_op)op))))
			op++;
		if (op == PLAN_OPS || read_count(&l->tok[i + 1], text, &h->totals[op]) != 0)
			return "Totals";
	}
	return NULL;
}

/* Members that are counts.  Returns whether all that are there, or needed, are. */
static bool
read_counts(const struct tok_list *l, const char *text, const char *object, bool needed,
    const char *const names[], uint64_t *const counts[])
{
	bool wrong = false;
	uint32_t in = object_of(l, text, object, needed, false, &wrong);

	for (int i = 0; in != 0 && names[i] != NULL; i++) {
		uint32_t at = tok_member(l, text, in, names[i]);

		wrong |= at != 0 && read_count(&l->tok[at], text, counts[i]) != 0;
	}
	return !wrong;
}

static const char *
read_numbers(struct plan_header *h, const struct tok_list *l, const char *text)
{
	const char *wrong = read_totals(h, l, text);

	for (int part = 0; part < 3 && wrong == NULL; part++)
		wrong = read_classes(&h->classes, l, text, part);
	if (wrong == NULL)
		wrong = read_typed(&h->classes, l, text);
	if (wrong != NULL)
		return wrong;
	if (!read_counts(l, text, "Managed", true,
	    (const char *const[]){ "users", "groups", "members", NULL },
	    (uint64_t *const[]){ &h->managed_users, &h->managed_groups, &h->managed_members }))
		return "Managed";
	if (!read_counts(l, text, "Cost", false,
	    (const char *const[]){ "Billable", "Messages", NULL },
	    (uint64_t *const[]){ &h->billable, &h->messages }))
		return "Cost";
	return NULL;
}

const char *
plan_read_header(struct plan_header *h, const struct tok_list *l, const char *text,
    char reason[RECORD_REASON_SIZE])
{
	uint32_t op = tok_member(l, text, 0, "Op"), at;
	const char *wrong;
	uint64_t version;

	*h = (struct plan_header){ 0 };
	if (op == 0 || !tok_is(&l->tok[op], text, "plan", 4))
		return "not the header of a plan";
	if (plan_has_twice(l, text, 0, reason))
		return reason;
	at = tok_member(l, text, 0, "V");
	if (at == 0 || read_count(&l->tok[at], text, &version) != 0)
		return "V: not a number";
	if (version != PLAN_VERSION)
		return "V: a plan of a version that is not known here";
	at = tok_member(l, text, 0, "Target");
	if (at == 0 || !plan_is_text(&l->tok[at]))
		return "Target: not a text";
	h->target = plan_decode(&l->tok[at], text);
	at = tok_member(l, text, 0, "Key");
	if (at == 0 || !plan_is_text(&l->tok[at]))
		return "Key: not a text";
	h->key = plan_decode(&l->tok[at], text);
	at = tok_member(l, text, 0, "Fold");
	if (at != 0 && l->tok[at].type != TOK_TRUE && l->tok[at].type != TOK_FALSE)
		return "Fold: neither true nor false";
	h->fold = at != 0 && l->tok[at].type == TOK_TRUE;
	at = tok_member(l, text, 0, "Made");
	if (at == 0 || l->tok[at].type != TOK_STRING || clock_parse_rfc3339(
	    text + l->tok[at].start, l->tok[at].end - l->tok[at].start, &h->made_ms) != 0)
		return "Made: not a date and time";
	wrong = read_numbers(h, l, text);
	return wrong != NULL ? plan_say(reason, wrong, "not what a plan has there") : NULL;
}

