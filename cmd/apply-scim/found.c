#include "found.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_compare.h"

enum {
	TOKENS_MAX = SCIM_BODY_MAX / 2,
	CLOCKS_MS = 15 * 60 * 1000	/* ours and the server's may differ by so much */
};

static bool
parse(struct found *f, const struct answer *r)
{
	tok_init(&f->list, TOKENS_MAX);
	f->resource = (struct json){ &f->list, r->body, 0 };
	return tok_parse(&f->list, r->body, r->body_len) == TOK_OK &&
	    f->list.tok[0].type == TOK_OBJECT;
}

/* The token of a text that can be an id or a name, or 0. */
static uint32_t
text_at(const struct json *object, const char *name)
{
	uint32_t at = json_member(object, name);
	const struct tok *t = &object->list->tok[at];

	return at != 0 && t->type == TOK_STRING && t->start < t->end && (t->flags & TOK_NUL) == 0 ?
	    at : 0;
}

bool
found_one(struct found *f, const struct answer *r)
{
	return parse(f, r) && text_at(&f->resource, "id") != 0;
}

static bool
is_value(const struct json *one, const char *attribute, const char *value, bool exact)
{
	struct json text = json_at(one, text_at(one, attribute));

	if (text.at == 0)
		return false;
	return exact ? tok_is(json_tok(&text), text.text, value, strlen(value)) :
	    json_is_named(&text, value);
}

/* How many there are by totalResults; so many as are shown, where it does not say. */
static uint64_t
total_of(const struct json *list, uint64_t shown)
{
	struct json total = json_at(list, json_member(list, "totalResults"));

	return total.at != 0 && json_tok(&total)->type == TOK_NUMBER ?
	    strtoull(total.text + json_tok(&total)->start, NULL, 10) : shown;
}

long
found_in(struct found *f, const struct answer *r, const char *attribute, const char *value,
    bool exact)
{
	uint64_t shown = 0;
	struct json all, list;
	bool others = false;
	long count = 0;

	if (!parse(f, r))
		return FOUND_NO_LIST;
	list = f->resource;
	all = json_at(&list, json_member(&list, "Resources"));
	if (all.at == 0)
		return json_member(&list, "totalResults") == 0 ? FOUND_NO_LIST :
		    total_of(&list, 0) > 0 ? FOUND_PART : 0;
	if (json_tok(&all)->type != TOK_ARRAY)
		return FOUND_NO_LIST;
	for (uint32_t i = all.at + 1; i < json_tok(&all)->next; i = f->list.tok[i].next) {
		struct json one = json_at(&all, i);

		shown++;
		others |= !is_value(&one, attribute, value, false);
		if (text_at(&one, "id") == 0 || !is_value(&one, attribute, value, exact))
			continue;
		f->resource = one;
		count++;
	}
	return total_of(&list, shown) > shown || (others && count == 0) ? FOUND_PART : count;
}

const char *
found_why(long count)
{
	return count == FOUND_PART ?
	    "the server shows others than it was asked for, or a part of them" :
	    "not a ListResponse";
}

void
found_free(struct found *f)
{
	tok_free(&f->list);
}

static char *
decode(const struct json *object, const char *name)
{
	uint32_t at = text_at(object, name);
	const struct tok *t = &object->list->tok[at];
	struct buf b;
	char *s;

	if (at == 0)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)jtext_decode(&b, object->text + t->start, t->end - t->start);
	s = mem_dup(b.data, b.len);
	buf_free(&b);
	return s;
}

char *
found_text(const struct found *f, const char *attribute)
{
	return decode(&f->resource, attribute);
}

static struct json
meta_of(const struct json *resource)
{
	return json_at(resource, json_member(resource, "meta"));
}

char *
found_version(const struct found *f)
{
	struct json meta = meta_of(&f->resource);

	return meta.at != 0 ? decode(&meta, "version") : NULL;
}

uint64_t
found_members(const struct found *f)
{
	struct json members = json_at(&f->resource, json_member(&f->resource, "members"));
	uint64_t count = 0;

	if (members.at == 0 || json_tok(&members)->type != TOK_ARRAY)
		return 0;
	for (uint32_t i = members.at + 1; i < json_tok(&members)->next; i = f->list.tok[i].next)
		count++;
	return count;
}

/* Whether the resource has all that ours states. */
static bool
agrees(const struct found *f, const struct json *ours, const struct scim_rules *rules)
{
	struct buf ops;
	long count;

	buf_init(&ops, SCIM_BODY_MAX);
	count = scim_compare_patch(ours, &f->resource, rules, &ops);
	buf_free(&ops);
	return count == 0;
}

bool
found_is_after(const struct found *f, const struct task *t)
{
	struct json after = task_side(t, t->row.after);

	return agrees(f, &after, &t->apply->rules);
}

bool
found_is_other(const struct found *f, const struct task *t)
{
	const char *name = task_is_user(t) ? "userName" : "displayName";
	const char *expected = task_is_user(t) ? t->username : t->group;
	struct json after = task_side(t, t->row.after);

	if (t->id == NULL || !is_value(&f->resource, "id", t->id, true))
		return true;
	/* Half of an update that was cut off may be done. */
	if (after.at != 0 && json_member(&after, name) != 0)
		return false;
	return expected != NULL && !is_value(&f->resource, name, expected, false);
}

/* Whether it is no part of what is compared: of the server's making, or said by other rows. */
static bool
is_apart(const struct json *key)
{
	static const char *const names[] = { "meta", "groups", "members", "schemas", "password" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (json_is_named(key, names[i]))
			return true;
	return false;
}

static bool
same(const struct json *a, const struct json *b)
{
	bool none = a->at == 0 || json_is_empty(a), other = b->at == 0 || json_is_empty(b);

	return none || other ? none == other : json_same(a, b);
}

/* Whether the member of the resource is as After has it: only that member is looked at. */
static bool
is_after(const struct found *f, const struct task *t, const struct json *key)
{
	struct json after = task_side(t, t->row.after), value;
	struct tok_list list;
	struct buf text;
	bool is;

	if (after.at == 0 || (value = json_at(&after, json_member_like(&after, key)), value.at == 0))
		return false;
	tok_init(&list, RECORD_TOKENS_MAX);
	buf_init(&text, SIZE_MAX);
	(void)buf_append_byte(&text, '{');
	(void)jtext_string_token(&text, json_tok(key), key->text);
	(void)buf_append_byte(&text, ':');
	(void)jtext_value(&text, value.list, value.text, value.at);
	(void)buf_append_byte(&text, '}');
	is = tok_parse(&list, text.data, text.len) == TOK_OK &&
	    agrees(f, &(struct json){ &list, text.data, 0 }, &t->apply->rules);
	tok_free(&list);
	buf_free(&text);
	return is;
}

bool
found_differs(const struct found *f, const struct task *t, bool whole)
{
	struct json before = task_side(t, t->row.before);
	const struct tok *tok = before.list->tok, *theirs = f->list.tok;

	for (uint32_t i = before.at + 1; i < tok[before.at].next; i = tok[i + 1].next) {
		struct json key = json_at(&before, i), was = json_at(&before, i + 1);
		struct json is = json_at(&f->resource, json_member_like(&f->resource, &key));

		/* plan-sync's own, in what it says of somebody who is deleted. */
		if (is_apart(&key) || (whole && (tok_is(&tok[i], t->text, "Groups", 6) ||
		    tok_is(&tok[i], t->text, "Members", 7))))
			continue;
		if (!same(&was, &is) && !is_after(f, t, &key))
			return true;
	}
	/* Of somebody who was listed in parts, nothing more is known. */
	if (!whole || json_member(&before, "meta") == 0)
		return false;
	for (uint32_t i = f->resource.at + 1; i < theirs[f->resource.at].next;
	    i = theirs[i + 1].next) {
		struct json key = json_at(&f->resource, i), is = json_at(&f->resource, i + 1);
		struct json was = json_at(&before, json_member_like(&before, &key));

		if (!is_apart(&key) && was.at == 0 && !json_is_empty(&is))
			return true;
	}
	return false;
}

enum found_age
found_age(const struct found *f, const struct task *t)
{
	struct json meta = meta_of(&f->resource);
	char *created = meta.at != 0 ? decode(&meta, "created") : NULL;
	enum found_age age = FOUND_AGELESS;
	int64_t ms;

	if (created != NULL && clock_parse_rfc3339(created, strlen(created), &ms) == 0)
		age = ms < t->since_ms - CLOCKS_MS ? FOUND_OLDER : FOUND_NEWER;
	mem_wipe_free(created);
	return age;
}
