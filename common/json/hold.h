/*
 * --hold-back STATUS,...: users of some states are kept out of the output and lie with the rejects,
 * where they count as present.
 */
#ifndef JSON_HOLD_H
#define JSON_HOLD_H

#include "json/record.h"
#include "json/sink.h"

struct hold {
	unsigned states;	/* a bit for each state, by its place in a table */
	char reason[64];
};

/* Its part of a SYNOPSIS. */
#define HOLD_USAGE "[--hold-back status,...]"

/*
 * Takes the option's text, NULL for none.  A state that Cognito does not have is a value error
 * (opt.h): a slip of the pen would hold nobody back.  So is --hold-back without --reject, since
 * whoever is held back must be somewhere.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserType.html
 */
void hold_options(struct hold *h, const char *text, const struct sink_options *sink);

/*
 * NULL if the record passes, or the reason for its reject, "held back: UNCONFIRMED", held until
 * the next call.  Records that are no users pass.
 */
const char *hold_judge(struct hold *h, const struct record_reader *r);

#endif
