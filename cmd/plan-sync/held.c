/* Reject files, and protected accounts (held.h). */
#include "held.h"

#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "input.h"

static void
add(struct keyset *set, const struct buf *text)
{
	struct keyset_key key;

	keyset_key(&key, text->data, text->len);
	(void)keyset_add(set, &key);
}

/*
 * The number of a key in --protect is that of its record, the first one that has it; another record
 * with the same key is the same one.
 */
static void
protect(struct sync *s, enum kind kind, const struct buf *text, uint32_t *record)
{
	struct keyset_key key;
	uint32_t entry;

	keyset_key(&key, text->data, text->len);
	entry = keyset_find(&s->protect[kind], &key);
	if (entry != 0 && *record == 0)
		*record = keyset_number(&s->protect[kind], entry);
	if (*record == 0) {
		s->protect_met = mem_resize(s->protect_met, s->protect_known + 1, 1);
		s->protect_met[s->protect_known] = 0;
		*record = ++s->protect_known;
	}
	if (entry == 0)
		(void)keyset_insert(&s->protect[kind], &key, *record);
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
	uint32_t record = 0;

	s->protect_count++;
	if (record_kind(&r->keys) == RECORD_GROUP) {
		if (!key_text(&v, r->keys.group_name, &s->text))
			return "no name of a group";
		protect(s, GROUPS, &s->text, &record);
		return NULL;
	}
	if (record_kind(&r->keys) == RECORD_MEMBERSHIP)
		return "a membership: --protect takes users and groups";
	if (key_of(&s->o.key, &v, &s->key))
		protect(s, USERS, &s->key, &record);
	for (int i = 0; i < 2; i++) {
		uint32_t index = i == 0 ? r->keys.username : r->keys.sub != 0 ? r->keys.sub :
		    tok_member(&r->list, r->text, 0, "sub");

		if (index != 0 && key_text(&v, index, &s->text) &&
		    key_from(&s->o.key, s->text.data, s->text.len, &s->key))
			protect(s, USERS, &s->key, &record);
	}
	return record != 0 ? NULL : "a user without Username, sub or the key";
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

/* Whether --protect has the text, which is the key of p, or as good as it. */
static bool
protects(struct sync *s, enum kind kind, const struct subject *p, const struct buf *text)
{
	struct keyset_key key;
	uint32_t entry;

	if (text->len == 0 || text->len > KEYSET_KEY_MAX)
		return false;
	keyset_key(&key, text->data, text->len);
	entry = keyset_find(&s->protect[kind], &key);
	/* Whom the ledger alone has is nobody by now. */
	if (entry != 0 && (p->half[WANT].count > 0 || p->half[HAVE].count > 0 || p->count > 0 ||
	    p->mentioned != 0))
		s->protect_met[keyset_number(&s->protect[kind], entry) - 1] = 1;
	return entry != 0;
}

/* The same by a string of a record, folded as keys are. */
static bool
protects_name(struct sync *s, const struct subject *p, const struct view *v, uint32_t index)
{
	return index != 0 && key_text(v, index, &s->text) &&
	    key_from(&s->o.key, s->text.data, s->text.len, &s->key) &&
	    protects(s, USERS, p, &s->key);
}

/* By who he is at the source, which only the ledger knows of somebody missing. */
static bool
protects_source(struct sync *s, const struct subject *p)
{
	struct tok_list list;
	bool any = false;

	tok_init(&list, RECORD_TOKENS_MAX);
	if (p->ledger_source.len > 0 &&
	    tok_parse(&list, p->ledger_source.data, p->ledger_source.len) == TOK_OK) {
		const char *text = p->ledger_source.data;
		const struct view v = { text, &list, { 0, 0, 0, 0, 0 } };

		any = protects_name(s, p, &v, tok_member(&list, text, 0, "Username"));
		any |= protects_name(s, p, &v, tok_member(&list, text, 0, "sub"));
	}
	tok_free(&list);
	return any;
}

bool
held_protects(struct sync *s, const struct subject *p)
{
	const struct half *const halves[SIDES] = { &p->half[WANT], subject_have(p) };
	bool any;

	if (p->kind == 'G')
		return s->protect[GROUPS].count > 0 && protects(s, GROUPS, p, &p->key);
	if (s->protect[USERS].count == 0)
		return false;
	any = protects(s, USERS, p, &p->key);
	for (int side = 0; side < SIDES; side++) {
		const struct half *h = halves[side];

		if (h->count == 0)
			continue;
		any |= protects_name(s, p, &h->view, h->view.keys.username);
		any |= protects_name(s, p, &h->view, h->view.keys.sub);
	}
	return protects_source(s, p) || any;
}

uint64_t
held_unmet(const struct sync *s)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < s->protect_known; i++)
		count += s->protect_met[i] == 0;
	return count;
}
