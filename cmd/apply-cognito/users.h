/* What becomes of the rows about users; and what they would call. */
#ifndef APPLY_COGNITO_USERS_H
#define APPLY_COGNITO_USERS_H

#include "task.h"

/* Each begins the row, which may be over at once. */
void users_create(struct task *t);
void users_change(struct task *t);	/* every operation on a user who is there */

/* AdminLinkProviderForUser, for a row whose user was looked at, or need not be. */
void users_link(struct task *t);

/* Attributes with their values; the names of those to be taken away; these with empty values. */
enum users_part { USERS_SET, USERS_CLEARED, USERS_EMPTY };

/*
 * What both halves of it use: the attributes that are sent, as a member of the request, and how
 * many there are; and a password of len bytes.
 */
size_t users_put(struct task *t, const char *member, enum users_part part);
void users_send_password(struct task *t, const char *password, size_t len, bool permanent,
    void (*then)(struct task *t, const struct aws_result *r));

/* Whether an invitation is sent to the user who is made. */
bool users_invites(const struct task *t);

/* Whether a user who is there is looked at before the row is carried out. */
bool users_looks(const struct task *t);

/* Why the row is not to be carried out, static, or NULL; *retryable as it is. */
const char *users_hindrance(struct task *t, bool *retryable);

/* Whether After says that the user is to be disabled. */
bool users_is_disabled(const struct task *t);

#endif
