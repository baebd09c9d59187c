/* What the server has, against a row of the plan. */
#ifndef APPLY_SCIM_FOUND_H
#define APPLY_SCIM_FOUND_H

#include "task.h"

struct found {
	struct tok_list list;
	struct json resource;
};

/* Takes a resource.  Returns whether it is one, with an id; found_free in any case. */
bool found_one(struct found *f, const struct answer *r);

/*
 * Takes a ListResponse, and of its resources the one whose attribute is the value: servers differ in
 * how exactly they search.  exact: to the byte; else ASCII letters count in any case.  Returns how
 * many there are (one is taken), or -1: it is no ListResponse; found_free in any case.
 */
long found_in(struct found *f, const struct answer *r, const char *attribute, const char *value,
    bool exact);

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

/* Whether meta.created says that it was there before the row's creation was begun. */
bool found_is_older(const struct found *f, const struct task *t);

#endif
