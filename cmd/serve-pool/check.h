/* Constraints of the service model, and what a request says against them, in AWS's words. */
#ifndef SERVE_POOL_CHECK_H
#define SERVE_POOL_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct exchange;

struct check {
	struct exchange *x;
	struct buf problems;
	int count;
	bool serial;		/* a member has the wrong type */
	const char *code;	/* of the error: static */
};

/* Begins: nothing is wrong yet. */
void check_start(struct check *c, struct exchange *x);

/*
 * One more constraint that is not satisfied: value as it is repeated, NULL if it is sensitive, ""
 * for null; member in AWS's words; constraint behind "Member must".
 */
void check_problem(struct check *c, const char *value, const char *member,
    const char *constraint);

/*
 * Decodes the string member of the object at this token of the request into b.  Returns its token,
 * or 0 if it is null, not there or no string (c->serial).
 */
uint32_t check_string(struct check *c, uint32_t object, const char *member, struct buf *b);

/* The token of a member that is there and not null and has one of two types (TOK_...); or 0. */
uint32_t check_member(struct check *c, uint32_t object, const char *member, int type, int other);

/* How many characters it has. */
size_t check_characters(const struct buf *b);

/* 1 to max characters of [\p{L}\p{M}\p{S}\p{N}\p{P}]. */
void check_name(struct check *c, const struct buf *b, const char *member, size_t max,
    bool sensitive);

/* [\S]+ */
bool check_is_unbroken(const struct buf *b);

/*
 * Ends.  Returns 0, or -1 with the error answered: all that is wrong.
 */
int check_verdict(struct check *c);

#endif
