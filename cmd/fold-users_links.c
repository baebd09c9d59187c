/* The table of linked identities (fold-users_links.h). */
#include "fold-users_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/prog.h"
#include "json/jtext.h"

int
links_init(struct links *l)
{
	l->count = 0;
	if (spool_open(&l->links) != 0)
		return -1;
	keyset_init(&l->keys);
	return 0;
}

void
links_free(struct links *l)
{
	keyset_free(&l->keys);
	spool_close(&l->links);
}

/* What has been reported: as the table does. */
static void
need(int failed)
{
	if (failed != 0)
		exit(PROG_FAIL);
}

static void
read_link(struct links *l, uint32_t entry, struct link *link)
{
	uint64_t number = keyset_number(&l->keys, entry);

	need(spool_read(&l->links, link, sizeof *link, number * sizeof *link));
}

bool
links_find(struct links *l, const struct keyset_key *key, struct link *link)
{
	uint32_t entry = l->count > 0 ? keyset_find(&l->keys, key) : 0;

	if (entry == 0)
		return false;
	read_link(l, entry, link);
	return true;
}

void
links_set(struct links *l, const struct link *link)
{
	need(spool_write(&l->links, link, sizeof *link, link->number * sizeof *link));
}

void
links_add(struct links *l, const struct keyset_key *key, uint64_t owner)
{
	uint32_t entry = keyset_add(&l->keys, key);
	struct link link = { .number = l->count, .owner = owner };

	if (l->keys.count > l->count) {
		keyset_set_number(&l->keys, entry, (uint32_t)l->count++);
		need(spool_append(&l->links, &link, sizeof link));
		return;
	}
	read_link(l, entry, &link);
	if (link.owner != owner && !link.shared) {
		link.shared = true;
		links_set(l, &link);
	}
}

/* Appends the string or number at index as text.  Returns whether it is one, fits, has a text. */
static bool
append_text(struct buf *b, const struct tok_list *list, const char *text, uint32_t index)
{
	const struct tok *t = &list->tok[index];
	size_t before = b->len;

	if (index == 0 || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return false;
	if (t->type == TOK_STRING && jtext_decode(b, text + t->start, t->end - t->start) != 0)
		return false;
	if (t->type == TOK_NUMBER && buf_append(b, text + t->start, t->end - t->start) != 0)
		return false;
	return b->len > before;
}

void
links_identities(const struct record_reader *r,
    void (*take)(void *arg, const struct keyset_key *key), void *arg)
{
	struct buf text, key;
	struct keyset_key made;
	struct tok_list list;
	uint32_t index = 0;

	if (r->keys.attributes != 0)
		index = tok_member(&r->list, r->text, r->keys.attributes, "identities");
	if (index == 0 || r->list.tok[index].type != TOK_STRING)
		return;
	buf_init(&text, RECORD_LINE_MAX);
	buf_init(&key, KEYSET_KEY_MAX);
	tok_init(&list, RECORD_TOKENS_MAX);
	(void)jtext_decode(&text, r->text + r->list.tok[index].start,
	    r->list.tok[index].end - r->list.tok[index].start);
	if (tok_parse(&list, buf_string(&text), text.len) == TOK_OK &&
	    list.tok[0].type == TOK_ARRAY) {
		for (uint32_t i = 1; i < list.tok[0].next; i = list.tok[i].next) {
			if (list.tok[i].type != TOK_OBJECT)
				continue;
			buf_clear(&key);
			if (!append_text(&key, &list, text.data,
			    tok_member(&list, text.data, i, "providerName")) ||
			    buf_append_byte(&key, '\n') != 0 ||
			    !append_text(&key, &list, text.data,
			    tok_member(&list, text.data, i, "userId")))
				continue;
			keyset_key(&made, key.data, key.len);
			take(arg, &made);
		}
	}
	tok_free(&list);
	buf_free(&text);
	buf_free(&key);
}
