#include "names.h"

#include <string.h>

void
names_init(struct names *n)
{
	keyset_init(&n->keys);
	/* The first byte is nobody's: 0 is no place. */
	buf_init(&n->texts, UINT32_MAX);
	(void)buf_append_byte(&n->texts, '\0');
}

void
names_free(struct names *n)
{
	keyset_free(&n->keys);
	buf_free(&n->texts);
}

void
names_note(struct names *n, const char *key, const char *id)
{
	size_t at = n->texts.len;
	struct keyset_key k;

	if (strlen(key) > KEYSET_KEY_MAX || buf_append(&n->texts, id, strlen(id) + 1) != 0)
		return;
	keyset_key(&k, key, strlen(key));
	keyset_set_number(&n->keys, keyset_add(&n->keys, &k), (uint32_t)at);
}

const char *
names_find(struct names *n, const char *key)
{
	struct keyset_key k;
	uint32_t entry;

	if (n->keys.count == 0 || strlen(key) > KEYSET_KEY_MAX)
		return NULL;
	keyset_key(&k, key, strlen(key));
	entry = keyset_find(&n->keys, &k);
	return entry != 0 ? n->texts.data + keyset_number(&n->keys, entry) : NULL;
}
