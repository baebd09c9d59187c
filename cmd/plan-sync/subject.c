/* What is known under one key (subject.h). */
#include "subject.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "alias.h"
#include "groups.h"
#include "have_ledger.h"
#include "left.h"

enum { NUMBER_WIDTH = 16 };

void
subject_init(struct subject *p)
{
	memset(p, 0, sizeof *p);
	buf_init(&p->head, ORDER_LINE_MAX);
	buf_init(&p->key, ORDER_LINE_MAX);
	buf_init(&p->since, ORDER_LINE_MAX);
	buf_init(&p->ledger_username, ORDER_LINE_MAX);
	buf_init(&p->ledger_sub, ORDER_LINE_MAX);
	buf_init(&p->ledger_source, ORDER_LINE_MAX);
	written_init(&p->written);
	buf_init(&p->member, ORDER_LINE_MAX);
	buf_init(&p->wanted_as, ORDER_LINE_MAX);
	for (int i = 0; i < SIDES; i++) {
		buf_init(&p->half[i].text, ORDER_LINE_MAX);
		tok_init(&p->half[i].list, RECORD_TOKENS_MAX);
	}
	buf_init(&p->of_member.text, ORDER_LINE_MAX);
	tok_init(&p->of_member.list, RECORD_TOKENS_MAX);
}

void
subject_free(struct subject *p)
{
	buf_free(&p->head);
	buf_free(&p->key);
	buf_free(&p->since);
	buf_free(&p->ledger_username);
	buf_free(&p->ledger_sub);
	buf_free(&p->ledger_source);
	written_free(&p->written);
	buf_free(&p->member);
	buf_free(&p->wanted_as);
	for (int i = 0; i < SIDES; i++) {
		buf_free(&p->half[i].text);
		tok_free(&p->half[i].list);
	}
	buf_free(&p->of_member.text);
	tok_free(&p->of_member.list);
	free(p->belonging);
}

static void
begin(struct subject *p, const char *line, size_t head)
{
	size_t rest;

	p->kind = line[0];
	buf_clear(&p->head);
	buf_append(&p->head, line, head);
	(void)key_decode(line + 1, head - 1, &p->key, &rest);
	p->tomb = false;
	p->ledger = LEDGER_NONE;
	buf_clear(&p->ledger_username);
	buf_clear(&p->ledger_sub);
	buf_clear(&p->ledger_source);
	written_clear(&p->written);
	buf_clear(&p->member);
	buf_clear(&p->wanted_as);
	p->several = false;
	for (int i = 0; i < SIDES; i++) {
		p->half[i].count = 0;
		buf_clear(&p->half[i].text);
	}
	p->mentioned = 0;
	p->count = 0;
}

void
subject_line(struct sync *s, char kind, const struct buf *key, enum line_type type)
{
	buf_append_byte(&s->lines.line, kind);
	key_encode(&s->lines.line, buf_string(key), key->len);
	buf_append_byte(&s->lines.line, (char)type);
}

int
subject_add_state(struct sync *s, char kind, const struct buf *key, const char *since)
{
	subject_line(s, kind, key, LINE_STATE);
	buf_append_string(&s->lines.line, since);
	return order_end_line(&s->lines);
}

int
subject_add_ledger(struct sync *s, char kind, const struct buf *key, const char *text, size_t len)
{
	subject_line(s, kind, key, LINE_LEDGER);
	buf_appendf(&s->lines.line, "%0*" PRIx64, NUMBER_WIDTH, s->sequence++);
	buf_append(&s->lines.line, text, len);
	return order_end_line(&s->lines);
}

int
subject_add_alias(struct sync *s, char kind, const struct buf *text, enum line_type type,
    const struct buf *key)
{
	subject_line(s, kind, text, type);
	key_encode(&s->lines.line, key->data, key->len);
	return order_end_line(&s->lines);
}

/* Whether the line is of somebody else than the one before it: another sub. */
static bool
is_another_ones(const struct subject *p, const struct half *h)
{
	uint32_t index = half_member(h, "sub");
	const struct tok *t = &h->list.tok[index];

	return index != 0 && p->ledger_sub.len > 0 && (p->ledger_sub.len != t->end - t->start + 2 ||
	    memcmp(p->ledger_sub.data, h->text.data + t->start - 1, p->ledger_sub.len) != 0);
}

static void
take_ledger(struct subject *p, const char *text, size_t len)
{
	static const struct {
		const char *name;
		enum ledger_state state;
	} states[] = {
		{ "creating", LEDGER_CREATING }, { "created", LEDGER_CREATED },
		{ "adopted", LEDGER_ADOPTED }, { "deleted", LEDGER_DELETED },
		{ "refused", LEDGER_DELETED }
	};
	struct half h = { .count = 1 };
	bool kept = p->ledger == LEDGER_CREATED || p->ledger == LEDGER_ADOPTED;
	uint32_t index;

	tok_init(&h.list, RECORD_TOKENS_MAX);
	buf_init(&h.text, ORDER_LINE_MAX);
	buf_append(&h.text, text, len);
	if (tok_parse(&h.list, h.text.data, len) == TOK_OK) {
		h.view = (struct view){ h.text.data, &h.list, { 0, 0, 0, 0, 0 } };
		index = half_member(&h, "State");
		for (size_t i = 0; i < sizeof states / sizeof *states; i++)
			if (half_is(&h, index, states[i].name))
				p->ledger = states[i].state;
		/* Later lines of one who is ours do not say again what has not changed. */
		kept &= (p->ledger == LEDGER_CREATED || p->ledger == LEDGER_ADOPTED) &&
		    !is_another_ones(p, &h);
		if (!kept)
			written_clear(&p->written);
		written_take(&p->written, &h.list, text);
		buf_clear(&p->ledger_sub);
		buf_clear(&p->ledger_username);
		index = half_member(&h, "Source");
		if (!kept || index != 0)
			buf_clear(&p->ledger_source);
		index = half_member(&h, "sub");
		if (index != 0)
			buf_append(&p->ledger_sub, text + h.list.tok[index].start - 1,
			    h.list.tok[index].end - h.list.tok[index].start + 2);
		index = half_member(&h, "Username");
		if (index != 0)
			buf_append(&p->ledger_username, text + h.list.tok[index].start - 1,
			    h.list.tok[index].end - h.list.tok[index].start + 2);
		index = half_member(&h, "Source");
		if (index != 0 && h.list.tok[index].type == TOK_OBJECT)
			jtext_value(&p->ledger_source, &h.list, text, index);
	}
	tok_free(&h.list);
	buf_free(&h.text);
}

static void
take_half(struct sync *s, struct subject *p, enum side_name side, const char *text, size_t len)
{
	struct half *h = &p->half[side];

	if (h->count++ == 0) {
		buf_append(&h->text, text, len);
		return;
	}
	if (p->kind != 'U' || s->o.scope_groups.count > 0)
		return;
	if (h->count == 2)
		left_twin(s, p, h->text.data, h->text.len);
	left_twin(s, p, text, len);
}

/* Where the value of a membership's member stands that tells who it is of; "" if it has none. */
static void
find_person(const char *text, size_t len, struct tok_list *list, struct buf *person)
{
	struct record_keys keys;
	char reason[RECORD_REASON_SIZE];
	uint32_t index = 0;

	buf_clear(person);
	if (record_check(text, len, list, &keys, reason) == NULL)
		index = keys.sub != 0 ? keys.sub : keys.username;
	if (index != 0)
		buf_append(person, text + list->tok[index].start - 1,
		    list->tok[index].end - list->tok[index].start + 2);
}

/* Whether the membership is of somebody else than the first one of HAVE. */
static bool
is_another(const struct subject *p, const char *text, size_t len)
{
	struct tok_list list;
	struct buf first, this;
	bool other;

	tok_init(&list, RECORD_TOKENS_MAX);
	buf_init(&first, ORDER_LINE_MAX);
	buf_init(&this, ORDER_LINE_MAX);
	find_person(p->member.data, p->member.len, &list, &first);
	find_person(text, len, &list, &this);
	other = first.len != this.len || memcmp(first.data, this.data, this.len) != 0;
	tok_free(&list);
	buf_free(&first);
	buf_free(&this);
	return other;
}

/*
 * What the membership says of its user.  Where the side has no record of him, two whose keys differ
 * in case alone show in this: one must not get, or lose, what the other one has.
 */
static void
take_person(struct subject *p, enum side_name side, const char *text, size_t len)
{
	struct buf *first = side == HAVE ? &p->member : &p->wanted_as;

	if (len == 0)
		return;
	if (first->len == 0)
		buf_append(first, text, len);
	else if (p->half[side].count == 0)
		p->several |= side == HAVE ? is_another(p, text, len) :
		    first->len != len || memcmp(first->data, text, len) != 0;
}

static void
take_member(struct sync *s, struct subject *p, const char *text, size_t len)
{
	struct buf name;
	enum side_name side;
	uint32_t group;
	size_t rest = 0;

	if (p->kind == 'G') {
		p->mentioned |= 1U << (text[0] == 'W' ? WANT : HAVE);
		return;
	}
	buf_init(&name, ORDER_LINE_MAX);
	(void)key_decode(text, len, &name, &rest);
	group = groups_number(s, buf_string(&name), name.len);
	buf_free(&name);
	side = text[rest] == 'W' ? WANT : HAVE;
	take_person(p, side, text + rest + 1, len - rest - 1);
	if (p->count > 0 && p->belonging[p->count - 1].group == group) {
		p->belonging[p->count - 1].sides |= 1U << side;
		return;
	}
	if (p->count == p->cap) {
		p->cap = p->cap == 0 ? 16 : p->cap * 2;
		p->belonging = mem_resize(p->belonging, p->cap, sizeof *p->belonging);
	}
	p->belonging[p->count++] = (struct belonging){ group, 1U << side };
}

/* What stands behind the head. */
static void
take(struct sync *s, struct subject *p, const char *text, size_t len)
{
	if (alias_is(p)) {
		alias_take(p, (enum line_type)text[0], text + 1, len - 1);
		return;
	}
	switch (text[0]) {
	case LINE_STATE:
		p->tomb = true;
		buf_clear(&p->since);
		buf_append(&p->since, text + 1, len - 1);
		break;
	case LINE_LEDGER:
		take_ledger(p, text + 1 + NUMBER_WIDTH, len - 1 - NUMBER_WIDTH);
		break;
	case LINE_WANT:
		take_half(s, p, WANT, text + 1, len - 1);
		break;
	case LINE_HAVE:
		take_half(s, p, HAVE, text + 1, len - 1);
		break;
	default:
		take_member(s, p, text + 1, len - 1);
		break;
	}
}

/* Reads the half's text, which was a good record when it was read before.  Returns 0, or -1. */
static int
parse_half(struct half *h)
{
	char reason[RECORD_REASON_SIZE];

	h->view = (struct view){ h->text.data, &h->list, { 0, 0, 0, 0, 0 } };
	if (h->count == 0 || record_check(h->text.data, h->text.len, &h->list, &h->view.keys,
	    reason) == NULL)
		return 0;
	diag_error("sort: gave back another record than it was given");
	return -1;
}

/* All of it is there. */
static int
finish(struct sync *s, struct subject *p, int (*group)(struct sync *s, struct subject *p),
    int (*user)(struct sync *s, struct subject *p))
{
	if (alias_is(p)) {
		alias_decide(s, p);
		return 0;
	}
	p->of_member.count = p->member.len > 0;
	buf_clear(&p->of_member.text);
	buf_append(&p->of_member.text, p->member.data, p->member.len);
	if (parse_half(&p->half[WANT]) != 0)
		return -1;
	have_ledger_stand_in(s, p);
	if (parse_half(&p->half[HAVE]) != 0 || parse_half(&p->of_member) != 0)
		return -1;
	return p->kind == 'G' ? group(s, p) : user(s, p);
}

/* The length of the line's head: kind and key. */
static size_t
head_of(const char *line, size_t len)
{
	for (size_t i = 1; i + 1 < len; i++)
		if (line[i] == '\x01' && line[++i] == '\x01')
			return i + 1;
	return 0;
}

int
subject_each(struct sync *s, int (*group)(struct sync *s, struct subject *p),
    int (*user)(struct sync *s, struct subject *p))
{
	struct order *o = &s->lines;
	struct subject p;
	int more;

	subject_init(&p);
	while ((more = order_next(o)) > 0) {
		size_t head = head_of(o->text, o->len);

		if (head == 0 || head == o->len) {
			diag_error("sort: gave back a line that it was not given");
			more = -1;
			break;
		}
		if (head != p.head.len || memcmp(p.head.data, o->text, head) != 0) {
			if (p.kind != '\0' && finish(s, &p, group, user) != 0) {
				more = -1;
				break;
			}
			begin(&p, o->text, head);
		}
		take(s, &p, o->text + head, o->len - head);
	}
	if (more == 0 && p.kind != '\0')
		more = finish(s, &p, group, user);
	subject_free(&p);
	return more;
}
