/*
 * The place of a file that out.h replaces: where it is, what lies there, and how a change there
 * lasts.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdbool.h>

/* Whether both paths name one place, "f" and "./f"; symbolic links at their ends are not read. */
bool place_is_same(const char *a, const char *b);

/*
 * The path to replace: path itself, or what it leads to if it is a symbolic link.  The caller
 * frees.  NULL with the reason printed if that is no regular file.
 */
char *place_resolve(const char *path);

/*
 * Whether the file at path holds the same bytes as the open one; false also where that cannot be
 * found out.
 */
bool place_holds(const char *path, int fd);

/* Makes what was done to the name durable (fsync of its directory).  Returns 0 or an errno. */
int place_sync(const char *path);

/*
 * Removes the regular file at path, durably.  Returns 1; 0 if there is none, or something else;
 * -1 with the reason printed.
 */
int place_remove(const char *path);

#endif
