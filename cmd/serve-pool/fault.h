/*
 * Misbehaviour on order: which request is to go wrong, and how.
 *
 * A fault counts the requests that it is meant for (signed well and allowed) and falls due at some
 * of them.  One that names no operation is meant for Cognito's; STS's must be named.  It strikes at the request where it falls due, or, where it cannot (a
 * first page has no token to refuse), at the first later one where it can; as often as it fell due.
 */
#ifndef SERVE_POOL_FAULT_H
#define SERVE_POOL_FAULT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fault_kind {
	FAULT_NONE,
	/* Instead of the answer; no more than one of these strikes at a request. */
	FAULT_THROTTLE,
	FAULT_ERROR500,
	FAULT_ERROR503,
	FAULT_RESET,
	FAULT_NO_USERS,
	FAULT_EXPIRE_SESSION,
	FAULT_NOT_JSON,
	FAULT_DENIED,
	FAULT_REPLACING = FAULT_DENIED,	/* the last of them */
	/* In the making of a page. */
	FAULT_EXPIRE_TOKEN,
	FAULT_REPEAT_TOKEN,
	FAULT_DUPLICATE_USER,
	FAULT_VANISH_USER,
	/* On the way out. */
	FAULT_CUT,
	FAULT_SLOW,
	FAULT_LOST,		/* all is done, and nobody hears of it */
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	char *operation;	/* NULL: any of Cognito */
	uint64_t first, step;	/* step 0: once */
	double percent;		/* of the requests, instead of first and step, if > 0 */
	uint64_t seen;
	uint64_t due;		/* strikes to come: requests that meet owe one each */
};

struct faults {
	pthread_mutex_t lock;
	struct fault *fault;
	size_t count;
	uint64_t seed;
};

void faults_init(struct faults *f, uint64_t seed);

void faults_free(struct faults *f);

/*
 * Takes up an option's value: [OPERATION:]KIND@N[+STEP] or [OPERATION:]KIND=P%.  Returns NULL
 * or why it is wrong (static).
 */
const char *faults_parse(struct faults *f, const char *text);

/* A request for operation has come.  Thread-safe, as are the following. */
void faults_count(struct faults *f, const char *operation);

/* The fault that is due instead of the answer, or FAULT_NONE.  It is spent. */
enum fault_kind faults_replacing(struct faults *f, const char *operation);

/* Whether a fault of this kind is due.  It is spent. */
bool faults_strike(struct faults *f, const char *operation, enum fault_kind kind);

/* "expire-token" and so on; NULL for FAULT_NONE. */
const char *fault_name(enum fault_kind kind);

#endif
