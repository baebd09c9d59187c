/*
 * One cell in the dialect of Cognito's own import, which knows no quotes: a comma inside a value
 * has a backslash in front.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html
 */
#ifndef EMIT_CSV_ESCAPE_H
#define EMIT_CSV_ESCAPE_H

#include <stddef.h>

#include "layout.h"

/*
 * Why the text, which is not empty, cannot be a cell, or NULL: a line end; a blank or tab at an
 * end, which the importer would trim; U+FEFF in front; a backslash, as backslash has it.
 */
const char *escape_check(enum layout_backslash backslash, const char *s, size_t len);

/* Writes a text that passed to to, where 2 * len bytes are free; returns how many it took. */
size_t escape_write(enum layout_backslash backslash, char *to, const char *s, size_t len);

#endif
