/* What the server has, against a row of the plan. */
#ifndef APPLY_SCIM_FOUND_H
#define APPLY_SCIM_FOUND_H

#include "task.h"

enum { FOUND_NO_LIST = -1, FOUND_PART = -2 };

/* When the server says that it was made, against the row's try to make it. */
enum found_age { FOUND_OLDER, FOUND_NEWER, FOUND_AGELESS };

struct found {
	struct tok_list list;
	struct json resource;
};

/* Takes a resource.  Returns whether it is one, with an id; found_free in any case. */
bool found_one(struct found *f, const struct answer *r);

/*
 * Takes a ListResponse, and of its resources the one whose attribute is the value: servers differ in
 * how exactly they search.  exact: to the byte; else ASCII letters count in any case.  Returns how
 * many there are (one is taken), or FOUND_NO_LIST; or FOUND_PART: more are there than are shown, or
 * others alone are, by a server that does not search.  found_free in any case.
 */
long found_in(struct found *f, const struct answer *r, const char *attribute, const char *value,
    bool exact);

/* Why nothing is known by such a number below 0. */
const char *found_why(long count);

void found_free(struct found *f);

/* A text of the resource; heap, or NULL if it has none. */
char *found_text(const struct found *f, const char *attribute);

/* meta.version; heap, or NULL. */
char *found_version(const struct found *f);

/* How many members it says to have. */
uint64_t found_members(const struct found *f);

/* Whether it is as the row's After says. */
bool found_is_after(const struct found *f, const struct task *t);

/* Whether it is another one than the row means: its id, or its name. */
bool found_is_other(const struct found *f, const struct task *t);

/*
 * Whether something that the row's Before says is not so any more, nor as After will have it.
 * whole: nor may it have what Before has not; what servers keep themselves does not count.
 */
bool found_differs(const struct found *f, const struct task *t, bool whole);

/* By meta.created, and when the row's creation was begun. */
enum found_age found_age(const struct found *f, const struct task *t);

#endif
