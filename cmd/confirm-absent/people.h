/*
 * The people of whom a plan says that the source has them no longer, asked for there.
 *
 * First by name (AdminGetUser).  Who is not found so is looked for by his sub, too (ListUsers with
 * a filter): a mapping may have given him a name that the source does not know.  In a plan that
 * looks at groups whoever is there is asked for his (AdminListGroupsForUser).
 */
#ifndef CONFIRM_ABSENT_PEOPLE_H
#define CONFIRM_ABSENT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/progress.h"
#include "json/tok.h"
#include "net/aws.h"

enum {
	PEOPLE_WINDOW = 32,		/* asked for at a time: twice what the client sends at once */
	PEOPLE_FAILURES = 20,		/* for now, with no answer between: the service's */
	PEOPLE_MAX = 1000 * 1000	/* two thousand times the largest limit of the guard */
};

/* UNKNOWN: not asked, or with no answer.  FOUND: groups are his, if they were asked for. */
enum verdict { VERDICT_UNKNOWN, VERDICT_GONE, VERDICT_FOUND };

struct person {
	struct people *people;
	char *username, *sub;		/* at the source, decoded; NULL: not said */
	enum verdict verdict;
	char code[64];			/* of the failure, if there was an answer */
	bool retryable, present;	/* present: while it goes on; he is there */
	char **group;
	size_t groups;
};

struct people {
	struct aws_client *client;
	const char *pool;
	bool by_groups;
	struct keyset keys;		/* the number: which person */
	struct person *person;
	size_t count, cap;
	struct progress progress;
	/* private */
	size_t begun, ended;
	unsigned failures;		/* for now, since the last answer */
	bool halted, told, wake;
	struct tok_list list;
};

void people_init(struct people *p);
void people_free(struct people *p);

/*
 * Adds who has the key, unless he is there; the texts may be NULL.  Returns NULL, or what is wrong
 * (static).
 */
const char *people_add(struct people *p, const char *key, const char *username, const char *sub);

/* The person of the key, or NULL. */
const struct person *people_find(struct people *p, const char *key);

/*
 * Asks for all.  A refusal that has nothing to do with the person ends it, printed once: whoever
 * was not asked for is not known.
 */
void people_ask(struct people *p);

#endif
