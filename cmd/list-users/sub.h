/* The sub of a user in a page of ListUsers. */
#ifndef LIST_USERS_SUB_H
#define LIST_USERS_SUB_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

/*
 * Finds the sub of the UserType at index user.  Returns it with *len set, borrowed from text or
 * from scratch; NULL if the user has none, or one that is no plain text.
 */
const char *sub_find(const struct tok_list *list, const char *text, uint32_t user,
    struct buf *scratch, size_t *len);

#endif
