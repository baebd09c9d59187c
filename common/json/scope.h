/* The scope in the seal of what was read by a list of names. */
#ifndef JSON_SCOPE_H
#define JSON_SCOPE_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Appends the scope, such as groups:["a","b"]: the names (valid UTF-8) sorted, so that the same set
 * is the same scope in whatever order it was given.  A list too long for b, which is empty before,
 * is named by its number and a check sum.
 */
void scope_of_names(struct buf *b, const char *kind, char *const *names, size_t count);

#endif
