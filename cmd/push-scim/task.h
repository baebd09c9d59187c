/* A request to come: made from a line of the input, ended by a result. */
#ifndef PUSH_SCIM_TASK_H
#define PUSH_SCIM_TASK_H

#include "push.h"
#include "result.h"

/* One answer to one operation, from HTTP or from a BulkResponse. */
struct answer {
	enum scim_outcome outcome;
	bool lost;
	long status;
	const char *body;	/* or "" */
	size_t body_len;
	const char *id;		/* of the resource, where it is not in the body; or "" */
	const char *scim_type, *message, *summary;
};

/* A task about a line of the input, which is copied (NULL: members); its body is empty. */
struct task *task_new(struct push *p, enum scim_resource_kind kind, uint32_t entry,
    const char *text, size_t len, const char *stream, uint64_t line);

void task_free(struct task *t);

/*
 * The task of a line ends: its result, and a reject unless all is well.  a may be NULL; detail
 * NULL: the answer's message, else a text that quotes no values.
 */
void task_finish(struct task *t, enum outcome outcome, const struct answer *a,
    const char *detail);

/*
 * Makes the task create its resource, or update what the server has (theirs).  Returns true if
 * there is something to send; else the result is written and the task freed: nothing differs,
 * or --dry-run.
 */
bool task_plan_create(struct task *t);
bool task_plan_update(struct task *t, const struct json *theirs);

/* Whether it is no part of a BulkRequest. */
bool task_goes_alone(const struct task *t);

/* The path of its resource, heap. */
char *task_path(const struct task *t);

#endif
