/* What the operations that write have in common (write.h). */
#include "write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

/* A user: the pool's attributes of 2,048 characters, each of six bytes when it is escaped. */
enum { USER_MAX = 16 * EXCHANGE_BODY_MAX };

/* Messages of ours: a name or two. */
enum { REASON_SIZE = 600 };

uint32_t
write_find_user(struct exchange *x)
{
	const struct buf *key = &x->params.key;
	uint32_t i = login_find(&x->pool->login, &x->pool->store.users, buf_string(key),
	    key->len);

	if (i == UINT32_MAX)
		answer_error(&x->answer, 400, "UserNotFoundException", "User does not exist.");
	return i;
}

uint32_t
write_find_group(struct exchange *x)
{
	const struct store_table *groups = &x->pool->store.groups;
	const struct buf *key = x->params.group.len > 0 ? &x->params.group : &x->params.key;
	uint32_t i = store_find(groups, buf_string(key), key->len);

	if (i != UINT32_MAX && store_is_defined(&groups->item[i]))
		return i;
	answer_error(&x->answer, 400, "ResourceNotFoundException", "Group not found.");
	return UINT32_MAX;
}

int
write_refuse(struct exchange *x, const char *fmt, ...)
{
	char why[REASON_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	answer_error(&x->answer, 400, "InvalidParameterException", "%s", why);
	return -1;
}

/* The token's text as canonical JSON without its quotes; "" for none. */
static char *
canonical(const struct exchange *x, uint32_t token)
{
	char *copy = NULL;
	struct buf b;

	buf_init(&b, EXCHANGE_TEXT_MAX);
	if (token != 0 && x->params.list.tok[token].type == TOK_STRING)
		jtext_string_token(&b, &x->params.list.tok[token], buf_string(&x->body));
	copy = b.len >= 2 ? mem_dup(b.data + 1, b.len - 2) : mem_dup_string("");
	buf_free(&b);
	return copy;
}

void
write_changes_read(struct exchange *x, struct write_changes *c)
{
	const struct tok_list *l = &x->params.list;
	const char *text = buf_string(&x->body);
	uint32_t list = x->params.write.attributes, i, value;
	struct write_change *one;
	struct buf b;

	memset(c, 0, sizeof *c);
	buf_init(&b, EXCHANGE_BODY_MAX);
	for (i = list + 1; list != 0 && i < l->tok[list].next; i = l->tok[i].next) {
		c->change = mem_resize(c->change, c->count + 1, sizeof *c->change);
		one = &c->change[c->count++];
		one->name = canonical(x, tok_member(l, text, i, "Name"));
		value = tok_member(l, text, i, "Value");
		one->value = canonical(x, value);
		buf_clear(&b);
		if (value != 0 && l->tok[value].type == TOK_STRING)
			jtext_decode(&b, text + l->tok[value].start,
			    l->tok[value].end - l->tok[value].start);
		one->plain = mem_dup(buf_string(&b), b.len);
		one->plain_len = b.len;
	}
	buf_free(&b);
}

void
write_changes_free(struct write_changes *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->change[i].name);
		free(c->change[i].value);
		free(c->change[i].plain);
	}
	free(c->change);
}

const struct write_change *
write_changes_find(const struct write_changes *c, const char *name)
{
	for (size_t i = c->count; i-- > 0;)
		if (strcmp(c->change[i].name, name) == 0)
			return &c->change[i];
	return NULL;
}

/* AWS checks the form of addresses by itself, whatever the schema says. */
static const char *
refuses_address(const struct write_change *c)
{
	if (strcmp(c->name, "email") == 0 && !schema_is_email(c->plain, c->plain_len))
		return "Invalid email address format.";
	if (strcmp(c->name, "phone_number") == 0 && !schema_is_phone(c->plain, c->plain_len))
		return "Invalid phone number format.";
	return NULL;
}

static int
check_change(struct exchange *x, const struct write_change *c, bool new)
{
	const struct schema_attribute *a = schema_find(&x->pool->schema, c->name);
	const char *why;

	if (a == NULL)
		return write_refuse(x, "Attributes did not conform to the schema: %s: "
		    "Attribute does not exist in the schema.", c->name);
	if (strcmp(c->name, "sub") == 0 || strcmp(c->name, "identities") == 0 ||
	    (a->immutable && !new))
		return write_refuse(x, "user.%s: Attribute cannot be updated.", c->name);
	if (c->plain_len == 0 && a->required && !new)
		return write_refuse(x, "Attributes did not conform to the schema: %s: "
		    "The attribute is required", c->name);
	if (c->plain_len == 0)
		return 0;
	if ((why = refuses_address(c)) != NULL)
		return write_refuse(x, "%s", why);
	if ((why = schema_refuses(a, c->plain, c->plain_len)) != NULL)
		return write_refuse(x, "Attributes did not conform to the schema: %s: %s",
		    c->name, why);
	return 0;
}

int
write_changes_check(struct exchange *x, const struct write_changes *c, bool new)
{
	for (size_t i = 0; i < c->count; i++)
		if (check_change(x, &c->change[i], new) != 0)
			return -1;
	return 0;
}

const char *
write_verified_of(const char *attribute)
{
	if (strcmp(attribute, "email") == 0)
		return "email_verified";
	return strcmp(attribute, "phone_number") == 0 ? "phone_number_verified" : NULL;
}

int
write_check_verified(struct exchange *x, const struct user *u, const struct write_changes *c)
{
	if (write_changes_find(c, "email_verified") != NULL && user_get(u, "email") == NULL &&
	    user_get(u, "email_verified") != NULL)
		return write_refuse(x, "Email is required to verify/un-verify an email");
	if (write_changes_find(c, "phone_number_verified") != NULL &&
	    user_get(u, "phone_number") == NULL && user_get(u, "phone_number_verified") != NULL)
		return write_refuse(x, "Phone number is required to verify/un-verify a phone number");
	return 0;
}

void
write_user(struct exchange *x, uint32_t number, struct user *u)
{
	struct pool *p = x->pool;
	struct store_item form;
	struct buf b;

	user_touch(u, server_now_ms(x->server));
	buf_init(&b, USER_MAX);
	user_render(u, &b, &form);
	store_replace(&p->store.users, number, &form);
	login_note(&p->login, &p->store.users, number);
	buf_free(&b);
}

int
write_take_alias(struct exchange *x, uint32_t number, const struct user *u, const char *attribute,
    bool move)
{
	struct pool *p = x->pool;
	const char *value = user_get(u, attribute), *verified = write_verified_of(attribute);
	bool is_name = p->schema.username_attributes != 0;
	struct user old;
	uint32_t other;

	if (value == NULL || (!is_name && verified != NULL &&
	    !user_says_true(user_get(u, verified))))
		return 0;
	other = login_other(&p->login, &p->store.users, attribute, value, number);
	if (other == UINT32_MAX)
		return 0;
	if (is_name || !move || verified == NULL) {
		answer_error(&x->answer, 400, is_name && number == UINT32_MAX ?
		    "UsernameExistsException" : "AliasExistsException",
		    "An account with the %s already exists.", attribute);
		return -1;
	}
	user_read(&old, &p->store.users.item[other]);
	user_set(&old, verified, "false");
	write_user(x, other, &old);
	user_free(&old);
	return 0;
}
