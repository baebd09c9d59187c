/* The role's session: who asks whom for it, and when it ends. */
#ifndef ASSUME_ROLE_SESSION_H
#define ASSUME_ROLE_SESSION_H

#include "net/keeper.h"
#include "request.h"

/*
 * Finds the caller's credentials and the role; asks nobody.  Returns PROG_OK with *keeper set
 * (keeper_free), and *region (free) the one that --region or the profile names, or NULL; or what
 * failed, with the reason printed.
 */
enum prog_status session_open(struct keeper *keeper, const struct request *r, char **region);

/* Assumes the role, once.  Returns PROG_OK with keeper holding its credentials, or as above. */
enum prog_status session_start(struct keeper *keeper);

/*
 * When the credentials end, in milliseconds since the Epoch by the clock of this machine: whoever
 * gets them here compares with it, right or wrong as it may be.
 */
int64_t session_end_ms(const struct keeper *keeper);

/* What -v says of credentials just got. */
void session_tell(const struct keeper *keeper);

#endif
