/* The ids of users by their key, or of groups by their name, as far as the run knows them. */
#ifndef APPLY_SCIM_NAMES_H
#define APPLY_SCIM_NAMES_H

#include "base/buf.h"
#include "base/keyset.h"

struct names {
	struct keyset keys;	/* the number: where the id stands in texts */
	struct buf texts;
};

void names_init(struct names *n);
void names_free(struct names *n);

/* Notes the id of a key; it replaces an older one. */
void names_note(struct names *n, const char *key, const char *id);

/* The id, borrowed until the next names_note; NULL: it is not known. */
const char *names_find(struct names *n, const char *key);

#endif
