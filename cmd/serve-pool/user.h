/*
 * One user, taken apart to be changed: from the form in which the store keeps it, and back.  Texts
 * are canonical JSON strings without their quotes.
 */
#ifndef SERVE_POOL_USER_H
#define SERVE_POOL_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store.h"

struct user_attribute {
	char *name, *value;
};

struct user {
	char *username;
	struct user_attribute *attribute;
	size_t count;
	char *created, *modified;	/* numbers; NULL: none */
	bool enabled;
	char *status;
	char *rest, *unlisted;		/* ,"NAME":VALUE: what lists show, and what they do not */
};

/* A new user with no attributes, disabled, without a status.  user_free afterwards. */
void user_make(struct user *u, const char *username);

/* What the item is.  user_free afterwards. */
void user_read(struct user *u, const struct store_item *item);

void user_free(struct user *u);

/* The attribute's value, or NULL. */
const char *user_get(const struct user *u, const char *name);

/* Sets or, with NULL, removes an attribute; copies both. */
void user_set(struct user *u, const char *name, const char *value);

/* Copies the status. */
void user_set_status(struct user *u, const char *status);

/* Modified, and if it is new, created at this time. */
void user_touch(struct user *u, int64_t ms);

/* The user as it is sent, into b, which is cleared; form's text is b's. */
void user_render(const struct user *u, struct buf *b, struct store_item *form);

/* Whether an attribute says true, as AWS and its clients write it. */
bool user_says_true(const char *value);

#endif
