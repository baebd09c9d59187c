/*
 * The role's credentials for several threads, renewed while a command runs.
 *
 * Whoever asks gets those at hand at once, as long as they last, and in their last quarter another
 * thread gets new ones meanwhile: the JavaScript SDK waits no longer than a second, and STS may be
 * slow.  Nothing is renewed that nobody asks for.
 */
#ifndef ASSUME_ROLE_RENEWAL_H
#define ASSUME_ROLE_RENEWAL_H

#include <stdbool.h>
#include <stdint.h>

#include "net/keeper.h"

struct renewal;

/*
 * Takes over keeper, which has credentials, and starts the thread.  Returns NULL with the reason
 * printed, and keeper as it was.
 */
struct renewal *renewal_start(struct keeper *keeper);

/*
 * Copies the credentials (cred_free) and says when they end (session_end_ms).  Blocks only when
 * those at hand are over.  Returns PROG_OK; or what failed, with why set.
 */
enum prog_status renewal_get(struct renewal *r, struct cred *cred, int64_t *end_ms,
    char why[CRED_WHY_SIZE]);

/*
 * No credentials from now on.  Returns false if the source is just being asked, or even a person:
 * that cannot be broken off, and the threads may not be waited for.
 */
bool renewal_stop(struct renewal *r);

/* After renewal_stop gave true, when nobody calls renewal_get any more. */
void renewal_free(struct renewal *r);

#endif
