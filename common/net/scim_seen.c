/* Which texts were seen (scim_seen.h). */
#include "net/scim_seen.h"

#include <string.h>

void
scim_seen_init(struct scim_seen *s)
{
	memset(s, 0, sizeof *s);
	s->key[0] = hash_key_random();
	s->key[1] = hash_key_random();
}

void
scim_seen_free(struct scim_seen *s)
{
	if (s->begun)
		keyset_free(&s->set);
	s->begun = false;
}

enum scim_sight
scim_seen_note(struct scim_seen *s, unsigned round, const void *text, size_t len)
{
	uint64_t hashes[2];
	struct keyset_key k;
	uint32_t entry, before;

	if (!s->begun)
		keyset_init(&s->set);
	s->begun = true;
	if (len > KEYSET_KEY_MAX) {
		hashes[0] = hash_bytes(&s->key[0], text, len);
		hashes[1] = hash_bytes(&s->key[1], text, len);
		text = hashes;
		len = sizeof hashes;
	}
	keyset_key(&k, text, len);
	entry = keyset_find(&s->set, &k);
	if (entry == 0) {
		keyset_insert(&s->set, &k, round);
		return SCIM_NEW;
	}
	before = keyset_number(&s->set, entry);
	if (before == round)
		return SCIM_TWICE;
	keyset_set_number(&s->set, entry, round);
	return SCIM_EARLIER;
}
