/* A JSON value as the text of a CSV cell. */
#ifndef EMIT_CSV_VALUE_H
#define EMIT_CSV_VALUE_H

#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

/*
 * Appends the value at index as a cell's text: a string decoded, a number, true and false as they
 * stand, null as nothing, an object in canonical JSON, a list as its items joined by join.
 *
 * Returns NULL, or the reason why it cannot be a cell (static): a NUL, an item that holds the
 * joiner, longer than b's maximum.
 */
const char *value_append(struct buf *b, const struct tok_list *l, const char *text, uint32_t index,
    const char *join);

#endif
