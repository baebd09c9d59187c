/* Reads the FILEs into the store. */
#ifndef SERVE_POOL_LOAD_H
#define SERVE_POOL_LOAD_H

#include "base/prog.h"
#include "store.h"

/*
 * Reads the NULL-terminated files ("-": standard input) of users, groups and memberships in any
 * order. pool is the id that groups carry.  Returns PROG_OK, or with one line printed:
 * PROG_FAIL (a wrong record, a user or group said twice, a membership of one that is not there,
 * a file that cannot be read), PROG_INCOMPLETE (a cut file), PROG_TEMPORARY (the file's writer
 * sealed such a failure).
 */
enum prog_status load_files(struct store *s, char **files, const char *pool);

#endif
