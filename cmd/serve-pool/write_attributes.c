/* AdminUpdateUserAttributes and AdminDeleteUserAttributes (write.h). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "write.h"

static unsigned
bit_of(const char *attribute)
{
	return strcmp(attribute, "email") == 0 ? SCHEMA_EMAIL : SCHEMA_PHONE;
}

/* An address that changes without its flag in the same call is verified no longer. */
static void
change_address(struct exchange *x, struct user *u, const struct write_changes *changes,
    const struct write_change *c)
{
	const struct schema *schema = &x->pool->schema;
	const char *verified = write_verified_of(c->name), *old = user_get(u, c->name);
	bool flag = write_changes_find(changes, verified) != NULL;
	bool asked = (schema->auto_verified & bit_of(c->name)) != 0;

	if (old != NULL && strcmp(old, c->value) == 0)
		return;
	if (!flag && asked)
		x->messages++;
	if (!flag && (schema->verified_before_update & bit_of(c->name)) != 0)
		return;
	user_set(u, c->name, c->value);
	if (!flag)
		user_set(u, verified, "false");
}

static void
change(struct exchange *x, struct user *u, const struct write_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct write_change *c = &changes->change[i];
		const char *verified = write_verified_of(c->name);

		if (write_changes_find(changes, c->name) != c)
			continue;
		if (c->plain_len == 0) {
			user_set(u, c->name, NULL);
			if (verified != NULL)
				user_set(u, verified, NULL);
		} else if (verified != NULL) {
			change_address(x, u, changes, c);
		} else {
			user_set(u, c->name, c->value);
		}
	}
}

/* In a pool where it is the user name, the only address cannot go. */
static int
check_named(struct exchange *x, const struct user *u)
{
	unsigned set = x->pool->schema.username_attributes;

	if (set == 0 || ((set & SCHEMA_EMAIL) != 0 && user_get(u, "email") != NULL) ||
	    ((set & SCHEMA_PHONE) != 0 && user_get(u, "phone_number") != NULL))
		return 0;
	return write_refuse(x, "Cannot remove the attribute that is the username");
}

/*
 * An alias goes over to who verified it last, as the service does it (boto3's issue 3213; the
 * documentation names an AliasExistsException for it).
 */
static int
check_aliases(struct exchange *x, uint32_t number, const struct user *u,
    const struct write_changes *changes)
{
	static const char *const aliases[][2] = { { "email", "email_verified" },
		{ "phone_number", "phone_number_verified" },
		{ "preferred_username", "preferred_username" } };

	for (size_t i = 0; i < 3; i++)
		if ((write_changes_find(changes, aliases[i][0]) != NULL ||
		    write_changes_find(changes, aliases[i][1]) != NULL) &&
		    write_take_alias(x, number, u, aliases[i][0], true) != 0)
			return -1;
	return 0;
}

void
write_admin_update_user_attributes(struct exchange *x)
{
	uint32_t number = write_find_user(x);
	struct write_changes changes;
	struct user u;

	if (number == UINT32_MAX)
		return;
	write_changes_read(x, &changes);
	user_read(&u, &x->pool->store.users.item[number]);
	if (write_changes_check(x, &changes, false) == 0) {
		change(x, &u, &changes);
		if (write_check_verified(x, &u, &changes) == 0 && check_named(x, &u) == 0 &&
		    check_aliases(x, number, &u, &changes) == 0) {
			write_user(x, number, &u);
			buf_append_string(&x->answer.body, "{}");
		} else {
			x->messages = 0;
		}
	}
	user_free(&u);
	write_changes_free(&changes);
}

/* Takes one attribute away.  Returns 0, or -1 with the error answered. */
static int
take_away(struct exchange *x, struct user *u, const char *name)
{
	const struct schema_attribute *a = schema_find(&x->pool->schema, name);
	const char *verified = write_verified_of(name);

	if (a == NULL)
		return write_refuse(x, "user.%s: Attribute does not exist in the schema.", name);
	if (a->immutable || strcmp(name, "identities") == 0)
		return write_refuse(x, "user.%s: Attribute cannot be updated.", name);
	if (a->required)
		return write_refuse(x, "Attributes did not conform to the schema: %s: "
		    "The attribute is required", name);
	user_set(u, name, NULL);
	if (verified != NULL)
		user_set(u, verified, NULL);
	return 0;
}

void
write_admin_delete_user_attributes(struct exchange *x)
{
	const struct tok_list *l = &x->params.list;
	uint32_t number = write_find_user(x), list = x->params.write.attributes, i;
	struct buf name;
	struct user u;
	int result = 0;

	if (number == UINT32_MAX)
		return;
	buf_init(&name, EXCHANGE_TEXT_MAX);
	user_read(&u, &x->pool->store.users.item[number]);
	for (i = list + 1; i < l->tok[list].next && result == 0; i = l->tok[i].next) {
		buf_clear(&name);
		jtext_string_token(&name, &l->tok[i], buf_string(&x->body));
		name.data[name.len - 1] = '\0';
		result = take_away(x, &u, name.data + 1);
	}
	if (result == 0 && check_named(x, &u) == 0) {
		write_user(x, number, &u);
		buf_append_string(&x->answer.body, "{}");
	}
	user_free(&u);
	buf_free(&name);
}
