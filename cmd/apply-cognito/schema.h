/*
 * What the pool says of its attributes (DescribeUserPool), where that may be asked; and what in the
 * plan it would refuse, so that this is known before anything is sent.
 */
#ifndef APPLY_COGNITO_SCHEMA_H
#define APPLY_COGNITO_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/plan.h"
#include "json/tok.h"

enum {
	SCHEMA_ATTRIBUTES_MAX = 256,
	SCHEMA_NAME_SIZE = 33,		/* 32 characters; those of a pool are ASCII */
	SCHEMA_VALUE_MAX = 2048,	/* characters of any value */
	SCHEMA_FAULTS_MAX = 64		/* told apart */
};

struct schema_attribute {
	char name[SCHEMA_NAME_SIZE];
	bool immutable, required, number;
	int64_t least, most;		/* of its length, or of a number; most -1: no limit is said */
};

struct schema_fault {
	char name[SCHEMA_NAME_SIZE];
	const char *what;		/* static */
	uint64_t count, line;		/* line: the first one */
	bool whole;			/* the plan is refused for it, and not the row alone */
};

struct schema {
	bool told;			/* the answer was one about a pool */
	bool known;			/* else nothing but the length of values is checked */
	struct schema_attribute *attribute;
	size_t count;
	struct {
		bool known, upper, lower, digit, symbol;
		int64_t least;
	} password;
	struct schema_fault *fault;
	size_t faults;
	uint64_t others;		/* faults beyond those */
	bool others_whole;		/* one of them is of the whole */
};

void schema_free(struct schema *s);

/* Forgets what the pool said, and none of the faults. */
void schema_forget(struct schema *s);

/*
 * Reads DescribeUserPool's answer.  Returns NULL, or why it is none (static); then the schema is
 * not known.
 */
const char *schema_read(struct schema *s, const char *text, size_t len);

/* The attribute of that name, or NULL. */
const struct schema_attribute *schema_find(const struct schema *s, const char *name, size_t len);

/* Whether it is one that is never sent: sub, identities, what begins with "cognito:". */
bool schema_is_silent(const char *name, size_t len);

/* Notes what is wrong in the After of the row, on that line of the plan. */
void schema_check(struct schema *s, const struct plan_row *r, const struct tok_list *l,
    const char *text, uint64_t line);

/* Notes what is wrong with a password of len bytes, for the row on that line of the plan. */
void schema_check_password(struct schema *s, const char *password, size_t len, uint64_t line);

/*
 * Takes the faults of an attribute off that is to be made: it was not known.  Whether it had
 * any.
 */
bool schema_forgive(struct schema *s, const char *name);

/*
 * Prints a line for each fault.  Returns for how many the plan is refused: attributes that the pool
 * does not have, and passwords.  A value that one user has is his alone, so that nobody who writes
 * an attribute of his own can stop everybody's changes.
 */
size_t schema_complain(const struct schema *s, const char *stream);

#endif
