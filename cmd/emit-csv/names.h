/*
 * The distinct names that columns are filled from, in a hash table, and where a record has them.
 */
#ifndef EMIT_CSV_NAMES_H
#define EMIT_CSV_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "json/record.h"

struct names {
	const char **text;	/* borrowed */
	size_t *len;
	uint32_t *value;	/* of the record at hand: index of its token, 0 if absent */
	size_t count;
	uint16_t *slots;	/* number of a name plus one, 0: free */
	size_t mask;
	uint16_t likely[256];	/* by length and first byte: some name like that, in the same way */
};

/* An empty table for at most max names, max < 32,768. */
void names_init(struct names *n, size_t max);

void names_free(struct names *n);

/* The number of the name s, added if it is new; s is borrowed. */
size_t names_add(struct names *n, const char *s);

/* The number of the name that a key, as it stands in text, means; or n->count. */
size_t names_find(const struct names *n, const struct tok *key, const char *text);

/*
 * Notes where the record has each name: at its top level, else in Attributes.  The last one of a
 * repeated key wins.
 */
void names_locate(struct names *n, const struct record_reader *r);

#endif
