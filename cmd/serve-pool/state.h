/* The pool in a file: records, as they can be served again. */
#ifndef SERVE_POOL_STATE_H
#define SERVE_POOL_STATE_H

#include "pool.h"

/*
 * Replaces the file (out.h) by what the pool is now: its description, groups, users with their
 * Groups and, where one was set, PasswordHash; sealed.  Nobody else may use the pool meanwhile.
 * Returns 0, or -1 with the reason printed and the old file as it was.
 */
int state_write(const struct pool *p, const char *path);

/*
 * Writes the file if it is not there, else sees whether it could be replaced.  Returns likewise.
 */
int state_begin(const struct pool *p, const char *path);

#endif
