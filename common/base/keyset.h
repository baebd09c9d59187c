/*
 * A set of texts, each with a number of 32 bits: exact, and small, since a pool may have millions
 * of users.
 *
 * A UUID in its usual form (lower case) takes 16 bytes of its own and about 20 around it, any other
 * text its length and the same.  Up to KEYSET_MEMORY_KEYS texts of together KEYSET_MEMORY_BYTES
 * lie in memory.  What is more goes, with these, to two files without a name (spool.h); memory then
 * holds the latest places, and a filter that knows of most texts that they are not in the file:
 * 2 MiB in all, whatever comes.  sort(1) would have to see all texts before it could answer the
 * first question; here each is answered at once, so that a filter goes on streaming.
 *
 * A file that cannot be written or read ends the program with status 1, reported, as memory that is
 * not there does (mem.h).
 */
#ifndef BASE_KEYSET_H
#define BASE_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/keyset_table.h"
#include "base/spool.h"

enum {
	/* Four times what an attribute of Cognito has in characters: the longest in bytes. */
	KEYSET_KEY_MAX = 8192,
	/* What lies in memory: three quarters of 64 Ki places of eight bytes, and the texts. */
	KEYSET_MEMORY_KEYS = 48 * 1024,
	KEYSET_MEMORY_BYTES = 1024 * 1024,
	KEYSET_UUID_BYTES = 16
};

/* A text as sets know it, for questions to several of them.  It borrows the text. */
struct keyset_key {
	/* private */
	const void *bytes;	/* of the text, or in uuid */
	size_t len;
	uint16_t mark;		/* the length, or that it is a UUID in 16 bytes */
	uint32_t tag;		/* of its hash */
	unsigned char uuid[KEYSET_UUID_BYTES];
};

struct keyset {
	size_t count;		/* of texts */
	/* private */
	bool filed;
	struct keyset_table fresh, old;	/* old, once there are files: what was merged into it */
	uint64_t *filter;		/* two bits for each tag in old */
	unsigned char *data;	/* entries: number, length, bytes, padding; NULL: in the file */
	size_t len, cap;
	struct spool texts;
};

void keyset_init(struct keyset *s);

void keyset_free(struct keyset *s);

/* Makes the key of len bytes at text, at most KEYSET_KEY_MAX. */
void keyset_key(struct keyset_key *k, const char *text, size_t len);

/* The entry of the text, or 0 if there is none. */
uint32_t keyset_find(struct keyset *s, const struct keyset_key *k);

/* The same, made with the number 0 if there is none. */
uint32_t keyset_add(struct keyset *s, const struct keyset_key *k);

/* Makes the entry of a text that is not there, as a find has just told, with this number. */
uint32_t keyset_insert(struct keyset *s, const struct keyset_key *k, uint32_t number);

uint32_t keyset_number(struct keyset *s, uint32_t entry);

void keyset_set_number(struct keyset *s, uint32_t entry, uint32_t number);

/* Replaces the content of b, whose maximum is at least KEYSET_KEY_MAX, by the entry's text. */
void keyset_text(struct keyset *s, uint32_t entry, struct buf *b);

#endif
