/*
 * Which identities are linked to which native profile: a table of (provider, id at the provider),
 * and where the groups lie that the identity's own profile is in.
 *
 * Memory is bounded: past the first 40,000 identities or so the table lies in files without a name
 * (base/keyset.h); a file that fails ends the program, reported.
 */
#ifndef FOLD_USERS_LINKS_H
#define FOLD_USERS_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/spool.h"
#include "json/identities.h"
#include "json/record.h"

struct link {
	uint64_t number;	/* its own: two identities that are equal have one */
	uint64_t owner;		/* line of the native profile */
	bool shared;		/* two native profiles have it: nobody can say whose it is */
	uint64_t profile;	/* the line of the identity's own profile; 0: none so far */
	uint64_t groups;	/* where its Groups lie, JSON text, in the file of all records */
	size_t groups_len;	/* 0: it has none */
};

struct links {
	/* private */
	struct keyset keys;	/* number: that of a link, from 0 */
	struct spool links;	/* struct link, by number */
	uint64_t count;
};

/* Returns 0, or -1 with the reason printed and nothing to free. */
int links_init(struct links *l);

void links_free(struct links *l);

/* Whether the identity is linked; then *link is its link. */
bool links_find(struct links *l, const struct keyset_key *key, struct link *link);

/* Adds the identity of an owner; one that another owner has becomes shared. */
void links_add(struct links *l, const struct keyset_key *key, uint64_t owner);

/* The link of link->number becomes *link. */
void links_set(struct links *l, const struct link *link);

/*
 * Calls take for every identity in the record's attribute "identities", JSON text within JSON, with
 * its key: of providerName, a line feed and userId.  Passed over is what is not of that form, or is
 * of more than KEYSET_KEY_MAX bytes, four times what the attribute may have in characters.
 */
void links_identities(struct identities *i, const struct record_reader *r,
    void (*take)(void *arg, const struct keyset_key *key), void *arg);

#endif
