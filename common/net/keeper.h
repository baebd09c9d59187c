/*
 * Credentials in use: got from a source when first needed, and got anew in time.
 *
 * They are renewed a quarter of their lifetime before they end, but not earlier than 15 minutes
 * before; a failure of that is no failure as long as the old ones last.  What the service calls
 * expired is renewed at once.  Times are those of clock_mono_ms, so a wrong clock does not matter.
 */
#ifndef NET_KEEPER_H
#define NET_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/prog.h"
#include "net/cred.h"

struct source;

struct keeper {
	struct source *source;		/* NULL: requests are not signed */
	struct cred cred;
	unsigned generation;		/* of cred; 0: none yet */
	int64_t renew_ms, end_ms;	/* when to renew, when it is over; INT64_MAX: never */
	bool refused;			/* the service said that cred's time is over */
};

/* Takes source over; NULL is fine.  Asks it nothing. */
void keeper_init(struct keeper *k, struct source *source);

void keeper_free(struct keeper *k);

/*
 * Makes sure that k->cred can be signed with now.  May block while the source is asked.  Returns
 * PROG_OK; or what the source's get returned, with why set.
 */
enum prog_status keeper_ready(struct keeper *k, int64_t now_ms, char why[CRED_WHY_SIZE]);

/*
 * The service refused a request signed with the credentials of that generation as expired.
 * Returns whether it makes sense to sign it again: there are newer ones already, or the source
 * will be asked for them by the next keeper_ready.
 */
bool keeper_expired(struct keeper *k, unsigned generation);

#endif
