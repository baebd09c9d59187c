/*
 * What would have to change so that a user at the target has the attributes of WANT's.
 *
 * null, "" and no value at all are one: not there.  What no write may set is left out (sub,
 * identities, cognito:...), and what --attributes and --ignore-attributes leave out.
 * email_verified goes with email, phone_number_verified with phone_number, as WANT has them: alone
 * they are never cleared.
 */
#ifndef PLAN_SYNC_ATTRIBUTES_H
#define PLAN_SYNC_ATTRIBUTES_H

#include "subject.h"

struct change {
	struct buf before, after;	/* members of an object, separated by commas */
	struct buf names;		/* of what differs, separated by ", " */
	unsigned count, set, cleared;
	unsigned kept;			/* would have been cleared */
	bool email, phone, login;	/* a value that is there is replaced or cleared */
	bool message;			/* an address that is not verified is set */
};

void change_init(struct change *c);
void change_free(struct change *c);

/* Replaces c.  may_clear: what WANT does not have is cleared; else it stays. */
void attributes_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c);

/* Whether the attribute is compared, and written, by itself. */
bool attributes_is_compared(const struct sync *s, const char *name);

/* Appends the attributes that a new user gets, members of an object. */
void attributes_new(const struct sync *s, const struct half *want, struct buf *to);

/*
 * Calls take with each address, "email" or "phone_number" and its folded value, that a record has.
 */
void attributes_addresses(struct sync *s, const struct half *h,
    void (*take)(struct sync *s, const struct keyset_key *key, void *arg), void *arg);

#endif
