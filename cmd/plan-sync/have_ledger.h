/*
 * --have-ledger: HAVE is not read; it is who is ours by the ledger, with what was written last.
 *
 * A user so remembered takes the place of HAVE's record,
 *
 *     {"Username":…,"Enabled":…,"Attributes":{"sub":…},"Digest":"…","Names":[…]}
 *
 * so that all but the comparison of attributes goes its usual way.  Whom the ledger has as creating
 * is none of them: to create him again tells whether he is there.
 */
#ifndef PLAN_SYNC_HAVE_LEDGER_H
#define PLAN_SYNC_HAVE_LEDGER_H

#include "attributes.h"
#include "subject.h"

/* Checks the options that go with it; what is wrong ends the program with status 2. */
void have_ledger_check(const struct options *o);

/* Makes HAVE what the ledger is, once WANT is read.  Returns PROG_OK, or what sync_stop returned. */
enum prog_status have_ledger_side(struct sync *s);

/* Gives a user, whose WANT is parsed, the record of HAVE, if he is ours. */
void have_ledger_stand_in(const struct sync *s, struct subject *p);

/* As attributes_compare, with the record that was given. */
void have_ledger_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c);

/* What stands in the place of Before: a JSON object. */
extern const char have_ledger_before[];

#endif
