/*
 * The groups of which a plan says that the source has them no longer, asked for there by name
 * (GetGroup).
 *
 * A pool that is not there has no groups either, and says so by the same code: so the pool must also
 * list some, or none (ListGroups), before any group is known to be gone.
 */
#ifndef CONFIRM_ABSENT_GROUPS_H
#define CONFIRM_ABSENT_GROUPS_H

#include "people.h"

enum {
	GROUPS_MAX = 10 * 1000,		/* of a pool */
	GROUPS_FAILURES = 5		/* for now, with no answer between: the service's */
};

struct old_group {
	struct groups *groups;
	char *name;
	enum verdict verdict;
	char code[64];			/* of the failure, if there was an answer */
	bool retryable;
};

struct groups {
	struct aws_client *client;
	const char *pool;
	struct keyset keys;		/* the number: which group */
	struct old_group *group;
	size_t count, cap;
	/* private */
	size_t begun, ended;
	unsigned failures;		/* for now, since the last answer */
	bool halted, told, wake, any_gone;
};

void groups_init(struct groups *g);
void groups_free(struct groups *g);

/* Adds the group, unless it is there.  Returns NULL, or what is wrong (static). */
const char *groups_add(struct groups *g, const char *name);

/* The group of that name, or NULL. */
const struct old_group *groups_find(struct groups *g, const char *name);

/*
 * Asks for all.  A refusal that has nothing to do with the group ends it, printed once: what was not
 * asked for is not known.
 */
void groups_ask(struct groups *g);

#endif
