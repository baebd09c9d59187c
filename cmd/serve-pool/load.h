/* Reads the FILEs into the pool. */
#ifndef SERVE_POOL_LOAD_H
#define SERVE_POOL_LOAD_H

#include "base/prog.h"
#include "json/record.h"
#include "pool.h"

/*
 * Reads the NULL-terminated files ("-": standard input) of users, groups and memberships in any
 * order, and of what state.h writes.  Returns PROG_OK, or with one line printed:
 * PROG_FAIL (a wrong record, a user or group said twice, a membership of one that is not there,
 * a file that cannot be read), PROG_INCOMPLETE (a cut file), PROG_TEMPORARY (the file's writer
 * sealed such a failure).
 */
enum prog_status load_files(struct pool *p, char **files);

/*
 * How a file ended whose records have been read, in the words of the exit statuses: printed if that
 * is not PROG_OK.
 */
enum prog_status load_verdict(struct record_reader *r);

#endif
