/*
 * The guard: how much a plan may change before somebody has to name the number.
 *
 * The limit of a class is the smaller of 500 and 5 % of what is managed, but at least 5; or what
 * --max says; above it only --confirm with the exact number helps.
 */
#ifndef PLAN_SYNC_GUARD_H
#define PLAN_SYNC_GUARD_H

#include "sync.h"

/* No class, but confirmed like one: how many records the files of --protect have. */
#define GUARD_PROTECTED "protected"

/* Takes "CLASS=N" or, with percent, "CLASS=P%"; what is wrong is a value error (opt.h). */
void guard_add(struct limits *l, const char *option, const char *text, bool percent);

/* Whether --confirm names the class with just this number. */
bool guard_confirms(const struct sync *s, const char *class, uint64_t count);

/* A class that occurs. */
struct guard_count {
	const char *name;	/* member-remove:GROUP included */
	uint64_t count, limit;
	bool confirmed;		/* with this number */
};

/* Calls take for each class that occurs, groups behind the others by their numbers. */
void guard_each(struct sync *s, void (*take)(struct sync *s, const struct guard_count *c,
    void *arg), void *arg);

/* Says on standard error what is above a limit, a line each.  Returns whether anything is. */
bool guard_trips(struct sync *s);

#endif
