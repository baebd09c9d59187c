/* The environment that the command gets. */
#ifndef ASSUME_ROLE_ENVIRONMENT_H
#define ASSUME_ROLE_ENVIRONMENT_H

#include "net/cred.h"
#include "net/netopt.h"

/* Variables that would lead a command, or an SDK in it, to other keys; ends with NULL. */
extern const char *const environment_misleading[];

/*
 * Both make ours into that of the command, ours staying as it is: what gives us the caller's keys
 * anew (a credential_process, a container's token) needs it.  The profile's region and endpoints
 * are in it as variables (netopt_export).  *environment is set in any case (free the array alone).
 * They return PROG_OK; or what netopt_export returned, or PROG_FAIL, with the reason printed.  Not
 * while another thread may read the environment.
 */

/* With the keys themselves.  The user's files stay where they are: variables win over them. */
enum prog_status environment_with_keys(char ***environment, const struct net_options *o,
    const struct cred *cred, const char *expiration);

/*
 * With the way to serve.h's endpoint and no key.  In every SDK the files' default profile would win
 * over that, so they are pointed away.
 */
enum prog_status environment_with_endpoint(char ***environment, const struct net_options *o,
    const char *uri, const char *token);

#endif
