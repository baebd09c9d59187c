/*
 * Which texts were seen, by 128 bits of hash: a listing of 10,000,000 resources is wrong about one
 * of them once in 10^24 times.  Texts of an earlier round are told from those of this one.
 */
#ifndef NET_SCIM_SEEN_H
#define NET_SCIM_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum { SCIM_ROUNDS_MAX = 3 };

enum scim_sight {
	SCIM_NEW,
	SCIM_EARLIER,		/* in an earlier round only; this one's from now on */
	SCIM_TWICE		/* in this round */
};

struct scim_seen {
	struct hash_key key[2];
	struct scim_mark {
		uint64_t high, low;	/* of low the last two bits are the round; 0: free */
	} *marks;
	size_t count, size;	/* size is 0 or a power of two */
};

void scim_seen_init(struct scim_seen *s);

void scim_seen_free(struct scim_seen *s);

/* Notes the text in a round, 1 to SCIM_ROUNDS_MAX. */
enum scim_sight scim_seen_note(struct scim_seen *s, unsigned round, const void *text, size_t len);

#endif
