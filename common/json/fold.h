/*
 * Text folded for comparison without regard to case, as directories compare user names: each
 * character to lower case by Unicode's simple mapping, whatever the locale.  No normalization.
 */
#ifndef JSON_FOLD_H
#define JSON_FOLD_H

#include <stddef.h>

struct buf;

/*
 * Loads the mapping, of which libc makes a file: before the door shuts (sandbox.h) where fold_append
 * comes later.
 */
void fold_prepare(void);

/*
 * Appends len bytes of valid UTF-8, folded.  Returns 0, or -1 if b would pass its maximum (a
 * character may grow by a byte) or the text is no UTF-8.  Where libc has no locale C.UTF-8, which
 * holds the mapping, the program ends with a message: ASCII alone would be a wrong answer.
 */
int fold_append(struct buf *b, const char *s, size_t len);

#endif
