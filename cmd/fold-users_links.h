/*
 * Which identities are linked to which native profile: a table of (provider, id at the provider),
 * with the groups that the identity's own profile is in.
 */
#ifndef FOLD_USERS_LINKS_H
#define FOLD_USERS_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "json/record.h"

struct link {
	char *key;		/* see links_key */
	uint64_t owner;		/* line of the native profile */
	bool shared;		/* two native profiles have it: nobody can say whose it is */
	char *groups;		/* the Groups of the identity's own profile, JSON text; NULL: none */
	uint64_t profile;	/* the line of that profile; 0: none so far */
};

struct links {
	struct hash_key hash;
	struct link **slots;
	size_t size, count;
};

/* Fill with zeroes before the first use. */
void links_free(struct links *l);

/* The link, or NULL. */
struct link *links_find(const struct links *l, const char *key);

/* Adds the identity of an owner; one that another owner has becomes shared. */
void links_add(struct links *l, const char *key, uint64_t owner);

/*
 * Calls take for every identity in the record's attribute "identities", JSON text within JSON, with
 * its key: providerName, a line feed and userId.  What is not of that form is passed over.
 */
void links_identities(const struct record_reader *r, void (*take)(void *arg, const char *key),
    void *arg);

#endif
