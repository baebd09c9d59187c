/*
 * The operations that write, each called with good parameters of the served pool and with the pool
 * to itself; and what they have in common.
 */
#ifndef SERVE_POOL_WRITE_H
#define SERVE_POOL_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange.h"
#include "user.h"

/* One attribute of a request. */
struct write_change {
	char *name, *value;	/* canonical, without quotes; value "" removes */
	char *plain;		/* value, decoded */
	size_t plain_len;
};

struct write_changes {
	struct write_change *change;
	size_t count;
};

/* The user or the group that is asked for, or UINT32_MAX with the error answered. */
uint32_t write_find_user(struct exchange *x);
uint32_t write_find_group(struct exchange *x);

/* Always -1, with an InvalidParameterException answered. */
int write_refuse(struct exchange *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The UserAttributes, or none.  write_changes_free afterwards. */
void write_changes_read(struct exchange *x, struct write_changes *c);

void write_changes_free(struct write_changes *c);

/* The last change of this attribute, or NULL. */
const struct write_change *write_changes_find(const struct write_changes *c, const char *name);

/*
 * Whether the schema takes all of them, for a user that is new or not.  Returns 0, or -1 with the
 * error answered.
 */
int write_changes_check(struct exchange *x, const struct write_changes *c, bool new);

/* That a verified flag has its address.  Returns likewise. */
int write_check_verified(struct exchange *x, const struct user *u,
    const struct write_changes *c);

/* The verified flag of an address, or NULL: the attribute is none. */
const char *write_verified_of(const char *attribute);

/*
 * That nobody else signs in with this user's value of email, phone_number or preferred_username; u
 * is number, or UINT32_MAX: new.  With move, whose verified address it was has it no longer
 * verified.  Returns 0, or -1 with the error answered: it is somebody's, and cannot move.
 */
int write_take_alias(struct exchange *x, uint32_t number, const struct user *u,
    const char *attribute, bool move);

/* Renders the user and puts it in its place; also for what else names it. */
void write_user(struct exchange *x, uint32_t number, struct user *u);

void write_admin_create_user(struct exchange *x);
void write_admin_update_user_attributes(struct exchange *x);
void write_admin_delete_user_attributes(struct exchange *x);
void write_admin_enable_user(struct exchange *x);
void write_admin_disable_user(struct exchange *x);
void write_admin_delete_user(struct exchange *x);
void write_admin_set_user_password(struct exchange *x);
void write_admin_add_user_to_group(struct exchange *x);
void write_admin_remove_user_from_group(struct exchange *x);
void write_create_group(struct exchange *x);
void write_update_group(struct exchange *x);
void write_delete_group(struct exchange *x);
void write_admin_link_provider_for_user(struct exchange *x);
void write_admin_disable_provider_for_user(struct exchange *x);
void write_add_custom_attributes(struct exchange *x);

#endif
