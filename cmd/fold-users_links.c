/* The table of linked identities (fold-users_links.h). */
#include "fold-users_links.h"

#include <stdlib.h>
#include <string.h>

#include "base/prog.h"

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

void
links_identities(struct identities *i, const struct record_reader *r,
    void (*take)(void *arg, const struct keyset_key *key), void *arg)
{
	struct keyset_key made;

	(void)identities_of(i, r);
	while (identities_next(i)) {
		struct buf *key = &i->provider;

		if (key->len + 1 + i->id.len > KEYSET_KEY_MAX)
			continue;
		buf_append_byte(key, '\n');
		buf_append(key, i->id.data, i->id.len);
		keyset_key(&made, key->data, key->len);
		take(arg, &made);
	}
}
