/* AdminCreateUser (write.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "opaque.h"
#include "password.h"
#include "write.h"

enum { UUID_SIZE = 37, FORM_MAX = 16 * EXCHANGE_BODY_MAX };

/* A UUID (version 4 in its form): of the seed, the name, the time and how many there were. */
static void
make_sub(struct exchange *x, char sub[UUID_SIZE])
{
	struct server *s = x->server;
	unsigned char m[32];
	struct buf b;

	buf_init(&b, EXCHANGE_TEXT_MAX);
	buf_appendf(&b, "sub %lld %zu ", (long long)server_now_ms(s),
	    x->pool->store.users.count);
	buf_append(&b, buf_string(&x->params.key), x->params.key.len);
	opaque_mac(s->token_key, b.data, b.len, m);
	buf_free(&b);
	snprintf(sub, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-4%01x%02x-%02x%02x-"
	    "%02x%02x%02x%02x%02x%02x", m[0], m[1], m[2], m[3], m[4], m[5], m[6] & 0xf, m[7],
	    0x80 | (m[8] & 0x3f), m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
}

/* The attribute that the Username is of, in pools where it is one; or NULL. */
static const char *
name_attribute(const struct exchange *x)
{
	const struct buf *name = &x->params.name;
	unsigned set = x->pool->schema.username_attributes;

	if ((set & SCHEMA_EMAIL) != 0 && schema_is_email(name->data, name->len))
		return "email";
	if ((set & SCHEMA_PHONE) != 0 && schema_is_phone(name->data, name->len))
		return "phone_number";
	return NULL;
}

/* Whether a new user may be called so.  Returns 0, or -1 with the error answered. */
static int
check_username(struct exchange *x)
{
	const struct schema *schema = &x->pool->schema;
	const struct buf *name = &x->params.name;

	if (schema->username_attributes != 0 && name_attribute(x) == NULL)
		return write_refuse(x, "Username should be %s.",
		    schema->username_attributes == SCHEMA_EMAIL ? "an email" :
		    schema->username_attributes == SCHEMA_PHONE ? "a phone number" :
		    "either an email or a phone number");
	if ((schema->alias_attributes & SCHEMA_EMAIL) != 0 && schema_is_email(name->data, name->len))
		return write_refuse(x, "Username cannot be of email format, since user pool is "
		    "configured for email alias.");
	if ((schema->alias_attributes & SCHEMA_PHONE) != 0 && schema_is_phone(name->data, name->len))
		return write_refuse(x, "Username cannot be of phone number format, since user pool "
		    "is configured for phone number alias.");
	return 0;
}

static void
fill(struct exchange *x, struct user *u, const struct write_changes *changes)
{
	const char *attribute = name_attribute(x);
	const struct write_change *c;
	char sub[UUID_SIZE], *name;

	make_sub(x, sub);
	name = mem_dup(x->params.key.data + 1, x->params.key.len - 2);
	user_make(u, attribute != NULL ? sub : name);
	u->enabled = true;
	user_set_status(u, "FORCE_CHANGE_PASSWORD");
	user_set(u, "sub", sub);
	if (attribute != NULL)
		user_set(u, attribute, name);
	for (size_t i = 0; i < changes->count; i++) {
		c = &changes->change[i];
		user_set(u, c->name, c->plain_len > 0 ? c->value : NULL);
	}
	if (attribute != NULL && user_get(u, attribute) == NULL)
		user_set(u, attribute, name);
	free(name);
}

/* Whom the aliases of the new user belong to: nobody, or they are taken from them. */
static int
take_aliases(struct exchange *x, const struct user *u)
{
	static const char *const aliases[] = { "email", "phone_number", "preferred_username" };

	for (size_t i = 0; i < 3; i++)
		if (write_take_alias(x, UINT32_MAX, u, aliases[i],
		    x->params.write.force_alias) != 0)
			return -1;
	return 0;
}

/* That there is an address for every medium that was asked for.  Counts the messages. */
static int
invite(struct exchange *x, const struct user *u)
{
	const struct params_write *w = &x->params.write;
	bool email = user_get(u, "email") != NULL, phone = user_get(u, "phone_number") != NULL;

	if (w->suppress)
		return 0;
	if (w->email && !email)
		return write_refuse(x, "User does not have an email for the EMAIL delivery medium");
	if (w->sms && !phone)
		return write_refuse(x, "User does not have a phone number for the SMS delivery "
		    "medium");
	if (w->email || w->sms)
		x->messages = (unsigned)w->email + (unsigned)w->sms;
	else	/* SMS is the default; that nothing comes by e-mail then is not promised. */
		x->messages = email || phone;
	return 0;
}

static void
answer_user(struct exchange *x, uint32_t number)
{
	const struct store_item *item = &x->pool->store.users.item[number];

	buf_append_string(&x->answer.body, "{\"User\":");
	buf_append(&x->answer.body, item->text, item->listed);
	buf_append_string(&x->answer.body, "}}");
}

static int
read_password(struct exchange *x, char hash[PASSWORD_SIZE])
{
	hash[0] = '\0';
	return x->params.write.password == 0 ? 0 :
	    password_read(x, x->params.write.password, hash);
}

static void
resend(struct exchange *x)
{
	uint32_t number = write_find_user(x);
	char hash[PASSWORD_SIZE];
	struct user u;

	if (number == UINT32_MAX)
		return;
	user_read(&u, &x->pool->store.users.item[number]);
	if (strcmp(u.status, "FORCE_CHANGE_PASSWORD") != 0) {
		answer_error(&x->answer, 400, "UnsupportedUserStateException",
		    "Resend not possible. %s status is not FORCE_CHANGE_PASSWORD", u.username);
	} else if (read_password(x, hash) == 0 && invite(x, &u) == 0) {
		password_set(x->pool, number, hash);
		write_user(x, number, &u);
		answer_user(x, number);
	}
	user_free(&u);
}

static void
create(struct exchange *x, struct user *u, const struct write_changes *changes)
{
	struct pool *p = x->pool;
	char hash[PASSWORD_SIZE];
	struct store_item form;
	uint32_t number;
	struct buf b;

	if (write_check_verified(x, u, changes) != 0 || read_password(x, hash) != 0 ||
	    invite(x, u) != 0)
		return;
	if (take_aliases(x, u) != 0) {
		x->messages = 0;
		return;
	}
	buf_init(&b, FORM_MAX);
	user_touch(u, server_now_ms(x->server));
	user_render(u, &b, &form);
	number = store_create(&p->store.users, &form);
	buf_free(&b);
	login_note(&p->login, &p->store.users, number);
	password_set(p, number, hash);
	answer_user(x, number);
}

void
write_admin_create_user(struct exchange *x)
{
	const struct pool *p = x->pool;
	struct write_changes changes;
	struct user u;

	if (x->params.write.resend) {
		resend(x);
		return;
	}
	if (check_username(x) != 0)
		return;
	if (p->schema.username_attributes == 0 && login_find(&p->login, &p->store.users,
	    buf_string(&x->params.key), x->params.key.len) != UINT32_MAX) {
		answer_error(&x->answer, 400, "UsernameExistsException",
		    "User account already exists");
		return;
	}
	write_changes_read(x, &changes);
	if (write_changes_check(x, &changes, true) == 0) {
		fill(x, &u, &changes);
		create(x, &u, &changes);
		user_free(&u);
	}
	write_changes_free(&changes);
}
