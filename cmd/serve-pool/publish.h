/* Tells others how to reach the pool: lines for a shell, or this process's environment. */
#ifndef SERVE_POOL_PUBLISH_H
#define SERVE_POOL_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "server.h"

/*
 * Writes `export NAME=value` lines to standard output and closes it.  Returns 0, or -1 with the
 * reason printed.
 */
int publish_print(const struct server *s, uint16_t port, bool tls);

/*
 * Sets the variables here, for the command to inherit.  Returns 0, or -1 with the reason printed:
 * without one of them the command would talk to AWS itself.
 */
int publish_set(const struct server *s, uint16_t port, bool tls);

#endif
