/* Result records, their count, and the rejects. */
#ifndef PUSH_SCIM_RESULT_H
#define PUSH_SCIM_RESULT_H

#include "push.h"

enum outcome {
	OUTCOME_CREATED, OUTCOME_UPDATED, OUTCOME_UNCHANGED, OUTCOME_PLANNED,
	OUTCOME_CONFLICT, OUTCOME_FAILED
};

struct result {
	const char *op;			/* "create", "update", "none", "add-members" */
	enum outcome outcome;
	enum scim_resource_kind kind;
	uint32_t entry;			/* gives Id */
	const char *key;		/* externalId */
	const char *name;		/* a JSON string, quotes included, or NULL */
	const char *code;		/* scimType or status, NULL: none */
	bool retryable;
	const char *detail;		/* may quote values; NULL: none */
};

/* Writes the record and counts it. */
void result_write(struct push *p, const struct result *r);

/*
 * The same for a line of the input; unless all is well, the line goes to --reject too, with a
 * reason, which must quote no values.
 */
void result_write_line(struct push *p, const struct result *r, const char *stream, uint64_t line,
    const char *text, size_t len, const char *reason);

/* How the run went, from the count: PROG_OK, PROG_REJECTED or PROG_TEMPORARY. */
enum prog_status result_status(const struct push *p);

/* A line on standard error that says how many did not end well. */
void result_complain(const struct push *p);

/* -v: a line for users and one for groups. */
void result_summarize(const struct push *p);

/* Members for --stats, each behind a comma. */
void result_stats(const struct push *p, struct buf *b);

#endif
