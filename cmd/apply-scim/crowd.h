/* Memberships of one group on their way, and the requests that change them. */
#ifndef APPLY_SCIM_CROWD_H
#define APPLY_SCIM_CROWD_H

#include "task.h"

struct crowd {
	struct crowd *next;		/* in the plan's order */
	struct apply *apply;
	enum plan_op op;
	struct task **task;		/* borrowed; NULL: over, and forgotten */
	size_t count;
	char *group;			/* its name */
	bool begun, over;
	size_t asking;			/* users who are asked for */
	bool single;			/* one by one: together they were refused */
	bool alone;			/* in no BulkRequest */
	char *id;			/* of the group; NULL: not known yet */
	char *version;
	struct buf path, body;
	unsigned tries;
	void (*then)(struct crowd *c, const struct answer *r);
	int64_t due_ms;			/* 0: it does not wait */
	bool writes, patched;		/* the last request changes something, by PATCH */
	bool whole;			/* the group is read with its members */
	char *shown;			/* the group, while its members are asked for; or NULL */
};

/* One for the row's group, with no row in it yet. */
struct crowd *crowd_new(const struct task *t);

/* Its rows are on their own again. */
void crowd_free(struct crowd *c);

/*
 * The rows that the next request is about: all that are not over, or the first of them.  Returns how many,
 * with the place of the first in *first.
 */
size_t crowd_rows(const struct crowd *c, size_t *first);

/* The next of these, *at and *left being as crowd_rows has said; NULL: there are no more. */
struct task *crowd_next(const struct crowd *c, size_t *at, size_t *left);

/* Begins a request about the group: its path, and no body. */
void crowd_path(struct crowd *c);

/*
 * Makes the request.  theirs: the group as it is, for a server without PATCH; else NULL.  Returns 0, or
 * -1 if it would be too large.
 */
int crowd_fill(struct crowd *c, const struct json *theirs);

/* Sends c->path with c->body, if there is any; if it writes, with If-Match for c->version. */
void crowd_submit(struct crowd *c, const char *method,
    void (*then)(struct crowd *c, const struct answer *r));

/* Ends the rows of the request as task_end and task_fail do. */
void crowd_end_rows(struct crowd *c, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail);
void crowd_fail_rows(struct crowd *c, const struct answer *r);

/* crowd_send is due at once, or after a while, which is longer from try to try. */
void crowd_go_on(struct crowd *c, bool wait);

/* All ids are known: the next request, or the end. */
void crowd_send(struct crowd *c);

#endif
