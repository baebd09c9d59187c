/* The table of linked identities (fold-users_links.h). */
#include "fold-users_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"

enum { SLOTS_FIRST = 1024 };	/* a power of two, like all sizes */

void
links_free(struct links *l)
{
	for (size_t i = 0; i < l->size; i++) {
		if (l->slots[i] == NULL)
			continue;
		free(l->slots[i]->key);
		free(l->slots[i]->groups);
		free(l->slots[i]);
	}
	free(l->slots);
	memset(l, 0, sizeof *l);
}

/* Where the key is, or would be. */
static size_t
place(const struct links *l, const char *key)
{
	size_t i = (size_t)hash_bytes(&l->hash, key, strlen(key)) & (l->size - 1);

	while (l->slots[i] != NULL && strcmp(l->slots[i]->key, key) != 0)
		i = (i + 1) & (l->size - 1);
	return i;
}

struct link *
links_find(const struct links *l, const char *key)
{
	return l->size == 0 ? NULL : l->slots[place(l, key)];
}

static void
grow(struct links *l)
{
	struct links old = *l;

	if (old.size == 0)
		l->hash = hash_key_random();
	l->size = old.size == 0 ? SLOTS_FIRST : old.size * 2;
	l->slots = mem_alloc(l->size * sizeof(struct link *));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i] != NULL)
			l->slots[place(l, old.slots[i]->key)] = old.slots[i];
	free(old.slots);
}

void
links_add(struct links *l, const char *key, uint64_t owner)
{
	struct link *link;
	size_t at;

	if (l->count + 1 > l->size / 2)
		grow(l);
	at = place(l, key);
	link = l->slots[at];
	if (link == NULL) {
		link = mem_alloc(sizeof *link);
		link->key = mem_dup_string(key);
		link->owner = owner;
		l->slots[at] = link;
		l->count++;
	} else if (link->owner != owner) {
		link->shared = true;
	}
}

/* Appends the string or number at index as text.  Returns whether it is one, and no empty one. */
static bool
append_text(struct buf *b, const struct tok_list *list, const char *text, uint32_t index)
{
	const struct tok *t = &list->tok[index];
	size_t before = b->len;

	if (index == 0 || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return false;
	if (t->type == TOK_STRING)
		(void)jtext_decode(b, text + t->start, t->end - t->start);
	else if (t->type == TOK_NUMBER)
		(void)buf_append(b, text + t->start, t->end - t->start);
	return b->len > before;
}

void
links_identities(const struct record_reader *r, void (*take)(void *arg, const char *key), void *arg)
{
	struct buf text, key;
	struct tok_list list;
	uint32_t index = 0;

	if (r->keys.attributes != 0)
		index = tok_member(&r->list, r->text, r->keys.attributes, "identities");
	if (index == 0 || r->list.tok[index].type != TOK_STRING)
		return;
	buf_init(&text, RECORD_LINE_MAX);
	buf_init(&key, RECORD_LINE_MAX);
	tok_init(&list, RECORD_TOKENS_MAX);
	(void)jtext_decode(&text, r->text + r->list.tok[index].start,
	    r->list.tok[index].end - r->list.tok[index].start);
	if (tok_parse(&list, buf_string(&text), text.len) == TOK_OK &&
	    list.tok[0].type == TOK_ARRAY) {
		for (uint32_t i = 1; i < list.tok[0].next; i = list.tok[i].next) {
			if (list.tok[i].type != TOK_OBJECT)
				continue;
			buf_clear(&key);
			if (append_text(&key, &list, text.data,
			    tok_member(&list, text.data, i, "providerName")) &&
			    buf_append_byte(&key, '\n') == 0 &&
			    append_text(&key, &list, text.data,
			    tok_member(&list, text.data, i, "userId")))
				take(arg, buf_string(&key));
		}
	}
	tok_free(&list);
	buf_free(&text);
	buf_free(&key);
}
