/*
 * The things of a list, or the members of an object, by their names: two records of a MiB have more
 * of them than can be looked for one by one.
 *
 * Names are compared as they are written, so all records are in canonical form (user_pool_keep).
 */
#ifndef DESCRIBE_POOL_ROLL_H
#define DESCRIBE_POOL_ROLL_H

#include <stdbool.h>
#include <stddef.h>

#include "spot.h"

struct roll_entry {
	struct spot name, thing;
};

struct roll {
	struct roll_entry *entry;	/* by name, those of one name in the order of the record */
	size_t count;
};

/*
 * Fills *r (roll_free) with the objects of the list, by that member of each, at any depth
 * ("LimitDefinition.Attributes.Category"); without one (NULL) with the texts of the list, each its
 * own name.  What has no text for a name is not in it.
 */
void roll_of_list(struct roll *r, struct spot list, const char *member);

/* The same with the values of an object, by their keys. */
void roll_of_object(struct roll *r, struct spot object);

/* The nth of that name, from 0; or none. */
struct spot roll_find(const struct roll *r, struct spot name, size_t nth);

/* How many of that name stand in front of the thing. */
size_t roll_before(const struct roll *r, struct spot name, struct spot thing);

void roll_free(struct roll *r);

/* Whether each text of the one list is in the other; of no list each is. */
bool roll_holds(struct spot list, struct spot items);

#endif
