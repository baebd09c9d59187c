/* Reject files, and protected accounts (held.h). */
#include "held.h"

#include <string.h>

#include "json/jtext.h"

#include "input.h"

static void
add(struct keyset *set, const struct buf *text)
{
	struct keyset_key key;

	keyset_key(&key, text->data, text->len);
	(void)keyset_add(set, &key);
}

static bool
has(struct keyset *set, const struct buf *text)
{
	struct keyset_key key;

	if (set->count == 0 || text->len == 0 || text->len > KEYSET_KEY_MAX)
		return false;
	keyset_key(&key, text->data, text->len);
	return keyset_find(set, &key) != 0;
}

/*
 * As key_of.  A record that never became a resource has no externalId yet: that is the sub (a mapping
 * that makes it of something else leaves the record nobody's).
 */
static bool
key_of_reject(struct sync *s, const struct view *v)
{
	const struct key_rule as_sub = { .name = "sub", .fold = s->o.key.fold };

	return key_of(&s->o.key, v, &s->key) ||
	    (strcmp(s->o.key.name, "externalId") == 0 && key_of(&as_sub, v, &s->key));
}

/* A record that was rejected.  Returns false if nobody can say whose it is. */
static bool
hold(struct sync *s, const struct view *v)
{
	switch (record_kind(&v->keys)) {
	case RECORD_USER:
		if (!key_of_reject(s, v))
			return false;
		add(&s->held[USERS], &s->key);
		return true;
	case RECORD_GROUP:
		if (!key_text(v, v->keys.group_name, &s->text))
			return false;
		add(&s->held[GROUPS], &s->text);
		return true;
	case RECORD_MEMBERSHIP:
		if (!key_of_reject(s, v))
			return false;
		add(&s->held[MEMBERS], &s->key);
		return true;
	default:
		return false;
	}
}

static const char *
take_reject(struct input *in, const struct record_reader *r)
{
	uint32_t reason = tok_member(&r->list, r->text, 0, "Reason");
	uint32_t index = tok_member(&r->list, r->text, 0, "Record");
	const struct tok *t = &r->list.tok[index];
	char why[RECORD_REASON_SIZE];
	struct tok_list list;
	struct view v = { r->text + t->start, &list, { 0, 0, 0, 0, 0 } };

	if (reason == 0 || index == 0)
		return "no line of a reject file";
	in->s->held_count++;
	tok_init(&list, RECORD_TOKENS_MAX);
	if (t->type != TOK_OBJECT ||
	    record_check(v.text, t->end - t->start, &list, &v.keys, why) != NULL ||
	    !hold(in->s, &v))
		in->s->held_unknown = true;
	tok_free(&list);
	return NULL;
}

static const char *
take_protected(struct input *in, const struct record_reader *r)
{
	const struct view v = { r->text, &r->list, r->keys };
	struct sync *s = in->s;
	bool any = false;

	s->protect_count++;
	if (record_kind(&r->keys) == RECORD_GROUP) {
		if (!key_text(&v, r->keys.group_name, &s->text))
			return "no name of a group";
		add(&s->protect[GROUPS], &s->text);
		return NULL;
	}
	if (record_kind(&r->keys) == RECORD_MEMBERSHIP)
		return "a membership: --protect takes users and groups";
	if (key_of(&s->o.key, &v, &s->key)) {
		add(&s->protect[USERS], &s->key);
		any = true;
	}
	for (int i = 0; i < 2; i++) {
		uint32_t index = i == 0 ? r->keys.username : r->keys.sub != 0 ? r->keys.sub :
		    tok_member(&r->list, r->text, 0, "sub");

		if (index != 0 && key_text(&v, index, &s->text) &&
		    key_from(&s->o.key, s->text.data, s->text.len, &s->key)) {
			add(&s->protect[USERS], &s->key);
			any = true;
		}
	}
	return any ? NULL : "a user without Username, sub or the key";
}

static enum prog_status
end_file(struct input *in, const struct record_reader *r, bool sealed)
{
	(void)in;
	(void)r;
	(void)sealed;
	return PROG_OK;
}

static enum prog_status
read_files(struct sync *s, const struct opt_list *files,
    const char *(*row)(struct input *in, const struct record_reader *r))
{
	enum prog_status status = PROG_OK;

	for (size_t i = 0; i < files->count && status == PROG_OK; i++) {
		struct input in = {
			.s = s, .path = files->items[i], .row = row, .end = end_file
		};

		status = input_read(&in);
	}
	return status;
}

enum prog_status
held_read(struct sync *s)
{
	enum prog_status status = read_files(s, &s->o.held, take_reject);

	return status == PROG_OK ? read_files(s, &s->o.protect, take_protected) : status;
}

static void
meet(struct sync *s, enum kind kind, const struct buf *text)
{
	struct keyset_key key;
	uint32_t entry;

	if (!has(&s->held[kind], text))
		return;
	keyset_key(&key, text->data, text->len);
	entry = keyset_find(&s->held[kind], &key);
	if (keyset_number(&s->held[kind], entry) != 0)
		return;
	keyset_set_number(&s->held[kind], entry, 1);
	s->held_met++;
}

void
held_meet(struct sync *s, char kind, const struct buf *key)
{
	if (kind == 'G') {
		meet(s, GROUPS, key);
		return;
	}
	meet(s, USERS, key);
	meet(s, MEMBERS, key);
}

void
held_settle(struct sync *s)
{
	size_t count = 0;

	for (int k = 0; k < KINDS; k++)
		count += s->held[k].count;
	s->held_unknown |= s->held_met < count;
}

bool
held_has(struct sync *s, enum kind kind, const struct subject *p)
{
	return has(&s->held[kind], &p->key);
}

bool
held_protects(struct sync *s, const struct subject *p)
{
	const struct half *h = subject_have(p);

	if (p->kind == 'G')
		return has(&s->protect[GROUPS], &p->key);
	if (has(&s->protect[USERS], &p->key))
		return true;
	if (h->count == 0 || s->protect[USERS].count == 0)
		return false;
	for (int i = 0; i < 2; i++) {
		uint32_t index = i == 0 ? h->view.keys.username : h->view.keys.sub;

		if (index != 0 && key_text(&h->view, index, &s->text) &&
		    key_from(&s->o.key, s->text.data, s->text.len, &s->key) &&
		    has(&s->protect[USERS], &s->key))
			return true;
	}
	return false;
}
