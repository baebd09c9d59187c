/*
 * What is known of the resources of one kind, users or groups: id, externalId and name, each found
 * exactly and at once, and where the resource's text lies in a file.
 *
 * Entries are numbered from 0 and stay.  A text that is replaced keeps its place in memory, and the
 * tables may still lead to an entry that has another text by now; a search compares with what the
 * entry has.
 */
#ifndef PUSH_SCIM_INDEX_H
#define PUSH_SCIM_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

enum index_key { INDEX_ID, INDEX_EXTERNAL, INDEX_NAME, INDEX_KEYS };

enum {
	INDEX_MAX = 1 << 30,	/* entries; the numbers of two must fit in 64 bits */
	/* Flags of an entry. */
	INDEX_KNOWN = 1,	/* it is on the server, under its id */
	INDEX_SEEN = 2,		/* a line of the input was about it */
	INDEX_PLANNED = 4,	/* --dry-run would have made it */
	INDEX_TWICE = 8,	/* its externalId is on the server more than once */
	INDEX_LATER = 16,	/* it failed for a temporary reason */
	INDEX_NAMED = 32	/* its name is that of a line of the input */
};

struct index_entry {
	uint64_t at;			/* of its text in the file */
	uint32_t len;			/* 0: no text is known */
	uint32_t flags;
	size_t key[INDEX_KEYS];		/* place in text, 0: none */
};

struct index {
	struct index_entry *entry;
	size_t count, cap;
	/* private */
	struct hash_key hash;
	char *text;
	size_t text_len, text_cap;
	struct index_table {
		uint32_t *place;	/* open addressing: number + 1, 0 is free */
		size_t places, used;
	} table[INDEX_KEYS];
};

void index_init(struct index *ix);
void index_free(struct index *ix);

/* A new entry without anything.  Returns 0 with *number set, or -1 if there are INDEX_MAX. */
int index_add(struct index *ix, uint32_t *number);

/* Gives the entry a key of len bytes, without NULs; it replaces the one it had. */
void index_set(struct index *ix, uint32_t number, enum index_key which, const char *s, size_t len);

/* Finds the entry with this key. */
bool index_find(const struct index *ix, enum index_key which, const char *s, size_t len,
    uint32_t *number);

/* The entry's key, or NULL if it has none.  Borrowed until the next index_set. */
const char *index_text(const struct index *ix, uint32_t number, enum index_key which);

#endif
