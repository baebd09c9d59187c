/*
 * The place of a file that out.h replaces: where it is, what lies there, and how a change there
 * lasts.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdbool.h>

/*
 * Whether both paths name one place, "f" and "./f", or one regular file: by its device and inode, so
 * that links of both kinds are seen.
 */
bool place_is_same(const char *a, const char *b);

/*
 * Refuses, as a usage error (opt_value_error), to write path where an input is: a file by its name, or
 * standard input (NULL or "-"), which a shell may have opened.  Whoever names a file twice would lose
 * what he has.  path NULL or "-", standard output, is nowhere.
 */
void place_keep_input(const char *path, const char *input);

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
