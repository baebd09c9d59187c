/*
 * Reads which pools there are from a file of records, as list-user-pools --describe and
 * list-identity-pools --describe write them.
 */
#ifndef SERVE_POOL_INVENTORY_H
#define SERVE_POOL_INVENTORY_H

#include "base/prog.h"
#include "server.h"

/*
 * Reads the file ("-": standard input), a record of a user pool or an identity pool a line, into s:
 * its pools, accounts, Regions and directory.  A user pool's member Records is the path, from where
 * the file is, of another one, of who is in it (load.h); without it nobody is.
 *
 * Returns PROG_OK, or with one line printed: PROG_FAIL (a record that is none, a pool said twice, a
 * file that cannot be read), or what the end of a file means as in load_files.
 */
enum prog_status inventory_read(struct server *s, const char *file);

#endif
