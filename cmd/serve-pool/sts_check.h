/* The members of requests to STS against the service model's lengths and patterns. */
#ifndef SERVE_POOL_STS_CHECK_H
#define SERVE_POOL_STS_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

/* What a text may hold. */
enum sts_text {
	STS_ANY,	/* anything */
	STS_NAME,	/* [\w+=,.@-]* */
	STS_EXTERNAL,	/* [\w+=,.@:\/-]* */
	STS_SERIAL,	/* [\w+=/:,.@-]* */
	STS_DIGITS,	/* [\d]* */
	STS_ARN,	/* no controls but white space */
	STS_POLICY,	/* Latin-1, no controls but white space */
	STS_TAG		/* letters, spaces, digits and _.:/=+-@; only ASCII is looked at */
};

/*
 * Refuses a member: "1 validation error detected: Value ... at 'member' failed to satisfy
 * constraint: Member must CONSTRAINT".  value NULL: null.
 */
void sts_check_refuse(struct exchange *x, const char *value, const char *member,
    const char *constraint);

/*
 * Checks a text of min to max characters; member is its name in messages, "tags.1.member.key".
 * secret: the message does not repeat it.  value NULL is refused.  Returns 0, or -1 with the error
 * answered.
 */
int sts_check_text(struct exchange *x, const char *value, const char *member, size_t min,
    size_t max, enum sts_text text, bool secret);

/* Checks the number of a list's elements.  Returns 0, or -1 with the error answered. */
int sts_check_count(struct exchange *x, size_t count, const char *member, size_t max);

#endif
