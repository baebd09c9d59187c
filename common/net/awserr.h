/*
 * Error answers of AWS: code and text out of the answer, what the code means for us, and what a
 * person could do about it.
 *
 * A code decides, never the HTTP status: Cognito throttles with 400, and front doors answer 403
 * and 404 for their own reasons.  Only an answer without a code, or with one that means nothing
 * here, is judged by its status.  LimitExceededException, a throttle to the SDKs, is a full
 * resource quota in Cognito.
 */
#ifndef NET_AWSERR_H
#define NET_AWSERR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "net/aws.h"

enum {
	AWSERR_CODE_SIZE = 128,
	AWSERR_MESSAGE_SIZE = 512	/* longer texts are cut; diag.h cuts the line anyway */
};

struct awserr {
	char code[AWSERR_CODE_SIZE];		/* "" if there was none */
	/* The service's, words as long as tokens left out; or ours if there was no code. */
	char message[AWSERR_MESSAGE_SIZE];
};

enum awserr_class {
	AWSERR_DENIED,		/* repeating will not help */
	AWSERR_THROTTLE,
	AWSERR_TRANSIENT,
	AWSERR_SKEW,		/* certainly or perhaps because of a wrong clock */
	AWSERR_EXPIRED		/* the credentials' time is over */
};

/*
 * Reads an answer with a status other than 200.  type_header is the value of x-amzn-errortype, or
 * "".  Anything may stand in the body, HTML of a proxy included.
 */
void awserr_parse(struct awserr *e, enum aws_service service, long status,
    const char *type_header, const char *body, size_t len);

/*
 * Whether an answer with status 200 says that it is an error all the same: by x-amzn-errortype, or
 * by a __type, which no answer of Cognito's has.  Then e->code is what it says, perhaps "".
 */
bool awserr_hides(struct awserr *e, enum aws_service service, const char *type_header,
    const char *body, size_t len);

enum awserr_class awserr_classify(const struct awserr *e, long status);

/* Whether the code is one that a wrong clock can cause although it usually means something else. */
bool awserr_may_be_skew(const struct awserr *e);

/* Whether the text itself says that the clock is wrong. */
bool awserr_is_skew(const struct awserr *e);

/*
 * Appends "; " and what to do about it, or nothing where we know no better than the text.
 * operation and region are what was asked.
 */
void awserr_hint(const struct awserr *e, enum aws_service service, const char *operation,
    const char *region, struct buf *b);

#endif
