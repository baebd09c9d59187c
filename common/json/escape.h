/*
 * One cell in the dialect of Cognito's own import, which knows no quotes: a comma inside a value
 * has a backslash in front.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html
 */
#ifndef JSON_ESCAPE_H
#define JSON_ESCAPE_H

#include <stddef.h>

#include "json/layout.h"

struct buf;

/*
 * Why the text, which is not empty, cannot be a cell, or NULL: a line end; a blank or tab at an
 * end, which the importer would trim; U+FEFF in front; a backslash, as backslash has it.
 */
const char *escape_check(enum layout_backslash backslash, const char *s, size_t len);

/* Writes a text that passed to to, where 2 * len bytes are free; returns how many it took. */
size_t escape_write(enum layout_backslash backslash, char *to, const char *s, size_t len);

/*
 * The way back: appends the cell at the start of s, a row of len bytes, to b, and sets *used to the
 * bytes before the comma or the end that it ends at.  Returns NULL, or what is wrong (static): a
 * backslash that stands, by backslash, before something else than it may; b past its maximum.
 */
const char *escape_read(enum layout_backslash backslash, struct buf *b, const char *s, size_t len,
    size_t *used);

#endif
