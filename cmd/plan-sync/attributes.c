/* Attributes compared (attributes.h). */
#include "attributes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "have_ledger.h"
#include "scim.h"
#include "scim_ops.h"

/* An attribute of both sides. */
struct attribute {
	const char *name;
	size_t len;
	uint32_t value[SIDES];	/* indices of tokens; 0: not there */
};

struct table {
	struct attribute *item;
	size_t count;
	struct buf names;	/* NUL behind each */
};

void
change_init(struct change *c)
{
	memset(c, 0, sizeof *c);
	buf_init(&c->before, 4 * (size_t)RECORD_LINE_MAX);
	buf_init(&c->after, 4 * (size_t)RECORD_LINE_MAX);
	buf_init(&c->names, RECORD_LINE_MAX);
}

void
change_free(struct change *c)
{
	buf_free(&c->before);
	buf_free(&c->after);
	buf_free(&c->names);
}

static void
reset(struct change *c)
{
	buf_clear(&c->before);
	buf_clear(&c->after);
	buf_clear(&c->names);
	c->count = c->set = c->cleared = c->kept = 0;
	c->email = c->phone = c->login = c->message = false;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct attribute *)a)->name, ((const struct attribute *)b)->name);
}

static uint32_t
attributes_of(const struct half *h)
{
	uint32_t index = h->count > 0 ? h->view.keys.attributes : 0;

	return index != 0 && h->list.tok[index].type == TOK_OBJECT ? index : 0;
}

/* "", null and nothing are no value. */
static bool
is_value(const struct half *h, uint32_t index)
{
	const struct tok *t;

	if (index == 0)
		return false;
	t = &h->list.tok[index];
	return t->type != TOK_NULL && !(t->type == TOK_STRING && t->start == t->end);
}

/* How many members with names the object has; with to, they are added. */
static size_t
collect(const struct half *h, enum side_name side, struct table *to)
{
	uint32_t object = attributes_of(h);
	const struct tok *tok = h->list.tok;
	size_t count = 0;

	if (object == 0)
		return 0;
	for (uint32_t i = object + 1; i < tok[object].next; i = tok_behind_member(tok, i)) {
		if ((tok[i].flags & (TOK_NUL | TOK_LONE)) != 0)
			continue;
		count++;
		if (to->item == NULL)
			continue;
		/* The offset, until all names are there and stay where they are. */
		to->item[to->count].len = to->names.len;
		to->item[to->count].value[side] = i + 1;
		to->item[to->count].value[side == WANT ? HAVE : WANT] = 0;
		to->count++;
		jtext_decode(&to->names, h->text.data + tok[i].start, tok[i].end - tok[i].start);
		buf_append_byte(&to->names, '\0');
	}
	return count;
}

/* Both sides' attributes, by name. */
static void
table_make(struct table *t, const struct half *want, const struct half *have)
{
	size_t count, used = 0;

	memset(t, 0, sizeof *t);
	buf_init(&t->names, 4 * (size_t)RECORD_LINE_MAX);
	count = collect(want, WANT, t) + (have != NULL ? collect(have, HAVE, t) : 0);
	t->item = mem_alloc((count + 1) * sizeof *t->item);
	collect(want, WANT, t);
	if (have != NULL)
		collect(have, HAVE, t);
	for (size_t i = 0; i < t->count; i++) {
		t->item[i].name = t->names.data + t->item[i].len;
		t->item[i].len = strlen(t->item[i].name);
	}
	qsort(t->item, t->count, sizeof *t->item, compare_names);
	for (size_t i = 0; i < t->count; i++) {
		struct attribute *last = used > 0 ? &t->item[used - 1] : NULL;

		if (last == NULL || strcmp(last->name, t->item[i].name) != 0) {
			t->item[used++] = t->item[i];
			continue;
		}
		/* Of one that a record has twice the last one counts, by its place. */
		for (int side = 0; side < SIDES; side++)
			if (t->item[i].value[side] > last->value[side])
				last->value[side] = t->item[i].value[side];
	}
	t->count = used;
}

static void
table_free(struct table *t)
{
	free(t->item);
	buf_free(&t->names);
}

static const struct attribute *
table_find(const struct table *t, const char *name)
{
	const struct attribute wanted = { .name = name };

	return bsearch(&wanted, t->item, t->count, sizeof *t->item, compare_names);
}

static const char *
flag_of(const char *name)
{
	if (strcmp(name, "email") == 0)
		return "email_verified";
	return strcmp(name, "phone_number") == 0 ? "phone_number_verified" : NULL;
}

/* Whether it is compared by itself; flags are not. */
static bool
is_compared(const struct sync *s, const struct attribute *a)
{
	if (strcmp(a->name, "sub") == 0 || strcmp(a->name, "identities") == 0 ||
	    strncmp(a->name, "cognito:", strlen("cognito:")) == 0 ||
	    strcmp(a->name, "email_verified") == 0 || strcmp(a->name, "phone_number_verified") == 0)
		return false;
	if (!s->o.all_attributes && !names_have(&s->o.attributes, a->name, a->len))
		return false;
	return !names_have(&s->o.ignored, a->name, a->len);
}

bool
attributes_is_compared(const struct sync *s, const char *name)
{
	const struct attribute a = { .name = name, .len = strlen(name) };

	return is_compared(s, &a);
}

static void
put_name(struct buf *b, const char *name)
{
	if (b->len > 0)
		buf_append_byte(b, ',');
	jtext_string(b, name, strlen(name));
	buf_append_byte(b, ':');
}

static void
put_value(struct buf *b, const char *name, const struct half *h, uint32_t index)
{
	put_name(b, name);
	if (is_value(h, index))
		jtext_value(b, &h->list, h->text.data, index);
	else
		buf_append_string(b, "null");
}

static bool
is_same(const struct half *want, uint32_t w, const struct half *have, uint32_t h)
{
	const struct tok *a, *b;

	if (!is_value(want, w) || !is_value(have, h))
		return is_value(want, w) == is_value(have, h);
	a = &want->list.tok[w];
	b = &have->list.tok[h];
	/* Both texts are canonical. */
	return a->type == b->type && a->end - a->start == b->end - b->start &&
	    memcmp(want->text.data + a->start, have->text.data + b->start, a->end - a->start) == 0;
}

static bool
is_true(const struct half *h, uint32_t index)
{
	return index != 0 && half_is(h, index, "true");
}

/* What the change of one attribute means to the guard. */
static void
classify(const struct sync *s, const struct attribute *a, struct change *c)
{
	c->email |= strcmp(a->name, "email") == 0;
	c->phone |= strcmp(a->name, "phone_number") == 0;
	c->login |= strcmp(a->name, s->o.key.name) == 0 ||
	    names_have(&s->o.logins, a->name, a->len);
}

static void
compare_one(const struct sync *s, const struct table *t, const struct attribute *a,
    const struct half *want, const struct half *have, bool may_clear, struct change *c)
{
	const char *flag = flag_of(a->name);
	const struct attribute *f = flag != NULL ? table_find(t, flag) : NULL;
	uint32_t w = a->value[WANT], h = a->value[HAVE];
	bool same = is_same(want, w, have, h), flagged;

	flagged = f != NULL && is_value(want, w) && is_value(want, f->value[WANT]) &&
	    !names_have(&s->o.ignored, f->name, f->len);
	if (same && (!flagged || is_true(want, f->value[WANT]) == is_true(have, f->value[HAVE])))
		return;
	if (!is_value(want, w) && !may_clear) {
		c->kept++;
		return;
	}
	c->count++;
	c->set += is_value(want, w);
	c->cleared += !is_value(want, w);
	put_value(&c->before, a->name, have, h);
	put_value(&c->after, a->name, want, w);
	if (flagged) {
		put_value(&c->before, flag, have, f->value[HAVE]);
		put_value(&c->after, flag, want, f->value[WANT]);
	}
	if (flag != NULL && is_value(want, w) && !(flagged && is_true(want, f->value[WANT])))
		c->message = true;
	if (!same && is_value(have, h))
		classify(s, a, c);
	if (c->names.len > 0)
		buf_append_string(&c->names, ", ");
	buf_append_string(&c->names, same ? flag : a->name);
}

void
attributes_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c)
{
	struct table t;

	reset(c);
	if (scim_plans(s)) {
		scim_ops_compare(s, want, have, may_clear, c);
		return;
	}
	if (s->o.have_ledger) {
		have_ledger_compare(s, want, have, may_clear, c);
		return;
	}
	/* A record without them says nothing of them. */
	if (attributes_of(want) == 0 || attributes_of(have) == 0)
		return;
	table_make(&t, want, have);
	for (size_t i = 0; i < t.count; i++)
		if (is_compared(s, &t.item[i]))
			compare_one(s, &t, &t.item[i], want, have, may_clear, c);
	table_free(&t);
}

void
attributes_new(const struct sync *s, const struct half *want, struct buf *to)
{
	struct table t;

	table_make(&t, want, NULL);
	for (size_t i = 0; i < t.count; i++) {
		const struct attribute *a = &t.item[i], *f;
		const char *flag = flag_of(a->name);

		if (!is_compared(s, a) || !is_value(want, a->value[WANT]))
			continue;
		put_value(to, a->name, want, a->value[WANT]);
		f = flag != NULL ? table_find(&t, flag) : NULL;
		if (f != NULL && is_value(want, f->value[WANT]) &&
		    !names_have(&s->o.ignored, f->name, f->len))
			put_value(to, flag, want, f->value[WANT]);
	}
	table_free(&t);
}

void
attributes_addresses(struct sync *s, const struct half *h,
    void (*take)(struct sync *s, const struct keyset_key *key, void *arg), void *arg)
{
	static const char *const names[] = { "email", "phone_number" };
	const struct key_rule rule = { "", true };
	uint32_t object = attributes_of(h);
	struct buf folded;

	if (scim_plans(s))
		scim_ops_addresses(s, h, take, arg);
	if (scim_plans(s) || object == 0)
		return;
	buf_init(&folded, ORDER_LINE_MAX);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct keyset_key key;
		uint32_t index = tok_member(&h->list, h->text.data, object, names[i]);

		if (index == 0 || !key_text(&h->view, index, &s->text) ||
		    !key_from(&rule, s->text.data, s->text.len, &folded))
			continue;
		keyset_key(&key, folded.data, folded.len);
		take(s, &key, arg);
	}
	buf_free(&folded);
}
