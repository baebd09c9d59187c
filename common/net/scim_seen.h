/*
 * Which texts were seen: exactly, on bounded memory (base/keyset.h).  Of a text longer than
 * KEYSET_KEY_MAX, which no server's id is, 128 bits of hash stand for it.  Texts of an earlier
 * round are told from those of this one.
 */
#ifndef NET_SCIM_SEEN_H
#define NET_SCIM_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"
#include "base/keyset.h"

enum { SCIM_ROUNDS_MAX = 3 };

enum scim_sight {
	SCIM_NEW,
	SCIM_EARLIER,		/* in an earlier round only; this one's from now on */
	SCIM_TWICE		/* in this round */
};

struct scim_seen {
	/* private */
	struct hash_key key[2];
	struct keyset set;	/* the number is the last round */
	bool begun;		/* set is initialised */
};

void scim_seen_init(struct scim_seen *s);

/* Forgets everything; may be used again. */
void scim_seen_free(struct scim_seen *s);

/* Notes the text in a round, 1 to SCIM_ROUNDS_MAX. */
enum scim_sight scim_seen_note(struct scim_seen *s, unsigned round, const void *text, size_t len);

#endif
