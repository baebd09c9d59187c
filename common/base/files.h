/*
 * What commands do to files by name, whether their door is open or shut (sandbox.h): before it is
 * shut by themselves, afterwards through a helper (broker.h), to no other names than those that
 * were announced before.
 *
 * Functions that return an errno, or set it, say what the same call without a door would have said;
 * or ECHILD: there is no helper any more, and EACCES: the name was not announced.
 */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sandbox.h"

/* Announcements, before the door shuts; without effect where a helper runs.  Paths are borrowed. */

/*
 * A file that files_open is to open.  One that means a descriptor of this process (/dev/fd/N) is
 * opened at once, since a helper has none of them.
 */
void files_will_read(const char *path);

/* A file that is to be replaced (out.h), temporaries beside it included. */
void files_will_replace(const char *path);

/*
 * And files beside it that have more in their names: the first stem bytes of path, a '-', anything
 * but a '/', and the rest of path.
 */
void files_will_make_parts(const char *path, size_t stem);

/* Files without a name (spool.h). */
void files_will_spool(void);

/* That sort(1) is to be run (sorter.h): the helper keeps what that needs. */
void files_will_sort(void);

/* That a service of the caller's own (broker_add) makes files somewhere below the directory. */
void files_will_write_below(const char *directory);

/* That a service of the caller's own (broker_add) runs programs which need anything. */
void files_will_run(void);

/*
 * Shuts the door (sandbox_shut): forks the helper if anything was announced or any service added,
 * with a door of its own unless files_will_run was called.  own's channel is filled in here; NULL
 * is a filter, which keeps nothing.  Returns 0, or -1 with the reason printed.
 */
int files_shut(const struct sandbox *own);

/* Opens a file to read it.  Returns a descriptor, or -1 with errno set. */
int files_open(const char *path);

/* Opens what is to be replaced, to compare it; no FIFO or link.  Returns likewise. */
int files_open_old(const char *path);

/* Opens a new file without a name in TMPDIR, else /tmp, *directory.  Returns likewise. */
int files_spool(const char **directory);

/* As temp_make (temp.h). */
int files_temporary(const char *path, char **name);

/*
 * Gives a temporary the mode and the group of the file at path, if there is one; if the group cannot
 * be kept, its permissions go.  By name, since who may change the mode behind a descriptor could
 * open up every file that it was given.  Returns 0 or an errno.
 */
int files_copy_mode(const char *path, const char *temporary);

/* rename(2) of a temporary to its place, or back. */
int files_rename(const char *from, const char *to);

/* unlink(2) of a temporary, or of what is to be replaced. */
int files_unlink(const char *path);

/* Makes durable what was done in the directory that path lies in.  Returns 0 or an errno. */
int files_sync(const char *path);

/*
 * Where the symbolic link at path leads (realpath(3)), the caller frees; or NULL with errno set.
 * Behind the door it may be replaced then, as path may.
 */
char *files_resolve(const char *path);

#endif
