/* Records (cognito-records(5)) in the form in which Cognito sends them. */
#ifndef SERVE_POOL_WIRE_H
#define SERVE_POOL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/tok.h"
#include "store.h"

struct buf;

/*
 * Renders the user record (token 0 of l) into b, which is cleared: Attributes as an array in
 * the record's order, dates as epoch seconds, Enabled true and UserStatus CONFIRMED unless the
 * record says otherwise, a sub made from Username if there is none, unknown members behind;
 * without Groups.  form is filled; its text is b's.  Returns NULL, or the reason why the record
 * cannot be sent (static).
 */
const char *wire_user(struct buf *b, const struct tok_list *l, const char *text,
    struct store_item *form);

/*
 * Appends ,"NAME":VALUE for every member of the object at this token that is not null and whose
 * name is in names, or is not; those in dates as seconds.  Both lists end with NULL.  Returns
 * NULL, or that a date is none (static).
 */
const char *wire_put_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t object, const char *const names[], bool in_names, const char *const dates[]);

/* A member of user records that is never sent: the hash of the password (password.h). */
#define WIRE_PASSWORD "PasswordHash"

/*
 * Milliseconds as epoch seconds with up to three decimals, trailing zeroes dropped:
 * 1689030181.63.
 */
void wire_put_epoch(struct buf *b, int64_t ms);

/* The same for a group record in the pool with this id. */
const char *wire_group(struct buf *b, const struct tok_list *l, const char *text,
    const char *pool, struct store_item *form);

#endif
