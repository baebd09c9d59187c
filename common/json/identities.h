/*
 * The attribute "identities" of a user: at which identity providers he is known, as JSON text within
 * JSON.
 *
 *     [{"userId":"12","providerName":"Google","providerType":"Google",…},…]
 *
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
 */
#ifndef JSON_IDENTITIES_H
#define JSON_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/record.h"

struct identities {
	struct buf provider, id;	/* of the one that identities_next has taken; UTF-8, no NUL */
	struct buf type;		/* providerType; empty if it is none */
	/* private */
	struct buf text;
	struct tok_list list;
	uint32_t at, end;
};

void identities_init(struct identities *i);
void identities_free(struct identities *i);

/*
 * Takes the attribute of the record at hand.  Returns whether there is one that is of this form; if
 * not, it has no identities.
 */
bool identities_of(struct identities *i, const struct record_reader *r);

/*
 * The next identity.  Passed over is what has not both a providerName and a userId, each a string or
 * a number, neither empty nor with a NUL.  Returns false at the end.
 */
bool identities_next(struct identities *i);

#endif
