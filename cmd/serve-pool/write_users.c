/* What else is done to users (write.h): on and off, gone, a password, groups. */
#include <string.h>

#include "password.h"
#include "write.h"

/* AWS's limit; of users in a group there is none. */
enum { GROUPS_OF_USER_MAX = 100 };

static void
enable(struct exchange *x, bool enabled)
{
	uint32_t number = write_find_user(x);
	struct user u;

	if (number == UINT32_MAX)
		return;
	user_read(&u, &x->pool->store.users.item[number]);
	u.enabled = enabled;
	write_user(x, number, &u);
	user_free(&u);
	buf_append_string(&x->answer.body, "{}");
}

void
write_admin_enable_user(struct exchange *x)
{
	enable(x, true);
}

void
write_admin_disable_user(struct exchange *x)
{
	enable(x, false);
}

/* The model has no output for this one, and then the body is empty. */
void
write_admin_delete_user(struct exchange *x)
{
	uint32_t number = write_find_user(x);

	if (number == UINT32_MAX)
		return;
	store_delete(&x->pool->store.users, number);
	password_set(x->pool, number, NULL);
}

void
write_admin_set_user_password(struct exchange *x)
{
	uint32_t number = write_find_user(x);
	char hash[PASSWORD_SIZE];
	struct user u;

	if (number == UINT32_MAX || password_read(x, x->params.write.password, hash) != 0)
		return;
	user_read(&u, &x->pool->store.users.item[number]);
	user_set_status(&u, x->params.write.permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD");
	write_user(x, number, &u);
	user_free(&u);
	password_set(x->pool, number, hash);
	buf_append_string(&x->answer.body, "{}");
}

static size_t
count_groups(const struct store *s, uint32_t user)
{
	const uint32_t *list;
	size_t count, n = 0, i;

	store_partners(&s->groups_of, user, &list, &count);
	for (i = 0; i < count; i++)
		n += list[i] != STORE_GONE && store_is_defined(&s->groups.item[list[i]]);
	return n;
}

void
write_admin_add_user_to_group(struct exchange *x)
{
	struct store *s = &x->pool->store;
	uint32_t group = write_find_group(x), user;

	if (group == UINT32_MAX || (user = write_find_user(x)) == UINT32_MAX)
		return;
	if (!store_is_in(s, user, group) && count_groups(s, user) >= GROUPS_OF_USER_MAX)
		answer_error(&x->answer, 400, "LimitExceededException",
		    "The user is in as many groups as there may be");
	else
		store_join(s, user, group);
}

void
write_admin_remove_user_from_group(struct exchange *x)
{
	uint32_t group = write_find_group(x), user;

	if (group == UINT32_MAX || (user = write_find_user(x)) == UINT32_MAX)
		return;
	store_leave(&x->pool->store, user, group);
}
