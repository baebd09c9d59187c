/*
 * The run that asks the service: DescribeUserPool first, since it says whether there is such a pool
 * and what its domains are; then all else at once, as pacing allows; then one record.
 */
#ifndef DESCRIBE_POOL_DESCRIBE_H
#define DESCRIBE_POOL_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/prog.h"
#include "base/progress.h"
#include "json/record.h"
#include "json/shape.h"
#include "net/aws.h"

/* A pool that has everything has 120 attributes, 3,000; metadata of an IdP is one long text. */
enum { DESCRIBE_TOKENS_MAX = 64 * 1024 };

enum { DESCRIBE_MISSING_MAX = 16 };

struct describe {
	struct aws_client *client;
	const char *pool;
	unsigned parts;			/* of enum part */
	struct progress progress;
	uint64_t asked, answered;	/* of what hangs on the pool */
	char *domains[2];		/* that the pool has: Domain, CustomDomain; or NULL */
	/* Operations that this role may not call, or that the service does not have; static. */
	const char *missing[DESCRIBE_MISSING_MAX];
	size_t missing_count;
	/* The first failure, printed already; nothing goes on behind it. */
	bool stopped, told;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
	char wrong[SHAPE_WRONG_SIZE];	/* room for what is wrong with an answer */
};

/* Ends the run: what failed is printed already. */
void describe_stop(struct describe *d, enum prog_status status, const char *why);

/* The same for a wrong answer of the operation, which it prints. */
void describe_wrong(struct describe *d, const char *operation, const char *why);

/* The same for a record that would be too long, which it prints. */
void describe_too_long(struct describe *d);

/*
 * Whether the code means that this role may not call the operation, or that the service or this
 * Region of the pool does not have it: that is named in the record and no failure.
 */
bool describe_is_missing(const char *code);

/* Names the operation (static) in the record. */
void describe_miss(struct describe *d, const char *operation);

/*
 * Asks for the pool and all parts; record, which has no maximum, gets the whole record, without LF.
 * Returns the status, with the reason printed and in d->why unless it is PROG_OK.
 */
enum prog_status describe_ask(struct describe *d, struct buf *record);

#endif
