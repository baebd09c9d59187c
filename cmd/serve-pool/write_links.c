/*
 * AdminLinkProviderForUser and AdminDisableProviderForUser (write.h): links are what the attribute
 * identities says, a JSON text in a string.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "search.h"
#include "write.h"

enum {
	LINKS_MAX = 5, TOKENS_MAX = EXCHANGE_BODY_MAX, NAME_MAX_BYTES = 2 * EXCHANGE_BODY_MAX,
	KEY_MAX = 2 * EXCHANGE_TEXT_MAX, IDENTITIES_MAX = 8 * EXCHANGE_TEXT_MAX
};

/* A ProviderUserIdentifierType, decoded. */
struct identity {
	struct buf provider, attribute, value;
};

/* A user's identities, decoded and parsed; list.count 0: there are none. */
struct links {
	struct buf text;
	struct tok_list list;
};

static void
decode(const struct exchange *x, uint32_t object, const char *name, struct buf *b)
{
	const struct tok_list *l = &x->params.list;
	const char *text = buf_string(&x->body);
	uint32_t value = tok_member(l, text, object, name);

	buf_init(b, EXCHANGE_BODY_MAX);
	if (value != 0 && l->tok[value].type == TOK_STRING)
		jtext_decode(b, text + l->tok[value].start,
		    l->tok[value].end - l->tok[value].start);
}

static void
identity_read(const struct exchange *x, uint32_t object, struct identity *i)
{
	decode(x, object, "ProviderName", &i->provider);
	decode(x, object, "ProviderAttributeName", &i->attribute);
	decode(x, object, "ProviderAttributeValue", &i->value);
}

static void
identity_free(struct identity *i)
{
	buf_free(&i->provider);
	buf_free(&i->attribute);
	buf_free(&i->value);
}

static bool
is_native(const struct identity *i)
{
	return strcmp(buf_string(&i->provider), "Cognito") == 0;
}

/* Who that is, by a profile of its own: the Username, or PROVIDER_VALUE; or UINT32_MAX. */
static uint32_t
find_profile(const struct exchange *x, const struct identity *i)
{
	const struct pool *p = x->pool;
	struct buf name, key;
	uint32_t user;

	buf_init(&name, NAME_MAX_BYTES);
	buf_init(&key, KEY_MAX);
	if (!is_native(i)) {
		buf_append_string(&name, buf_string(&i->provider));
		buf_append_byte(&name, '_');
	}
	buf_append(&name, buf_string(&i->value), i->value.len);
	jtext_string(&key, buf_string(&name), name.len);
	user = login_find(&p->login, &p->store.users, key.data, key.len);
	buf_free(&name);
	buf_free(&key);
	return user;
}

static void
links_read(const struct store_item *user, struct links *l)
{
	size_t len = 0;
	const char *value = search_attribute(user, "identities", 10, &len);

	buf_init(&l->text, EXCHANGE_TEXT_MAX);
	tok_init(&l->list, TOKENS_MAX);
	if (value == NULL)
		return;
	jtext_decode(&l->text, value, len);
	if (tok_parse(&l->list, buf_string(&l->text), l->text.len) != TOK_OK ||
	    l->list.tok[0].type != TOK_ARRAY)
		l->list.count = 0;
}

static void
links_free(struct links *l)
{
	buf_free(&l->text);
	tok_free(&l->list);
}

/* The link's token, or 0; *count is how many there are. */
static uint32_t
links_find(const struct links *l, const struct identity *i, size_t *count)
{
	const struct tok *tok = l->list.tok;
	const char *text = buf_string(&l->text);
	uint32_t at, provider, id, found = 0;

	*count = 0;
	for (at = 1; l->list.count > 0 && at < tok[0].next; at = tok[at].next) {
		++*count;
		if (tok[at].type != TOK_OBJECT)
			continue;
		provider = tok_member(&l->list, text, at, "providerName");
		id = tok_member(&l->list, text, at, "userId");
		if (provider != 0 && id != 0 &&
		    tok_is(&tok[provider], text, buf_string(&i->provider), i->provider.len) &&
		    tok_is(&tok[id], text, buf_string(&i->value), i->value.len))
			found = at;
	}
	return found;
}

static uint32_t
find_linked(const struct exchange *x, const struct identity *i)
{
	const struct store_table *t = &x->pool->store.users;
	uint32_t found = UINT32_MAX;
	struct links l;
	size_t n, k;

	for (k = 0; k < t->order_count && found == UINT32_MAX; k++) {
		const struct store_item *user = &t->item[t->order[k]];

		if (!store_is_defined(user) || search_attribute(user, "identities", 10, &n) == NULL)
			continue;
		links_read(user, &l);
		if (links_find(&l, i, &n) != 0)
			found = t->order[k];
		links_free(&l);
	}
	return found;
}

static bool
is_social(const char *provider)
{
	static const char *const social[] = { "Facebook", "Google", "LoginWithAmazon",
		"SignInWithApple" };

	for (size_t i = 0; i < sizeof social / sizeof *social; i++)
		if (strcmp(provider, social[i]) == 0)
			return true;
	return false;
}

/* What kind of provider it is; of the others nothing is known here, and most are SAML's. */
static const char *
type_of(const char *provider)
{
	return is_social(provider) ? provider : "SAML";
}

/* Writes the user with these identities (JSON): "[]" removes the attribute. */
static void
set_links(struct exchange *x, uint32_t number, const struct buf *json)
{
	struct buf value;
	struct user u;

	buf_init(&value, IDENTITIES_MAX);
	jtext_string(&value, json->data, json->len);
	value.data[value.len - 1] = '\0';
	user_read(&u, &x->pool->store.users.item[number]);
	user_set(&u, "identities", json->len > 2 ? value.data + 1 : NULL);
	write_user(x, number, &u);
	user_free(&u);
	buf_free(&value);
}

static void
add_link(struct exchange *x, uint32_t number, const struct links *l, const struct identity *i)
{
	const struct tok *tok = l->list.tok;
	struct buf b;
	uint32_t at;

	buf_init(&b, EXCHANGE_TEXT_MAX);
	buf_append_byte(&b, '[');
	for (at = 1; l->list.count > 0 && at < tok[0].next; at = tok[at].next) {
		jtext_value(&b, &l->list, buf_string(&l->text), at);
		buf_append_byte(&b, ',');
	}
	buf_append_string(&b, "{\"userId\":");
	jtext_string(&b, buf_string(&i->value), i->value.len);
	buf_append_string(&b, ",\"providerName\":");
	jtext_string(&b, buf_string(&i->provider), i->provider.len);
	buf_appendf(&b, ",\"providerType\":\"%s\",\"issuer\":null,\"primary\":false,"
	    "\"dateCreated\":%lld}]", type_of(buf_string(&i->provider)),
	    (long long)server_now_ms(x->server));
	set_links(x, number, &b);
	buf_free(&b);
}

/* Whether the user has an attribute that can never be changed, besides the sub. */
static bool
has_immutable(const struct exchange *x, const struct store_item *user)
{
	const struct schema *s = &x->pool->schema;
	size_t n, i;

	for (i = 0; i < s->count; i++)
		if (s->attribute[i].immutable && strcmp(s->attribute[i].name, "sub") != 0 &&
		    search_attribute(user, s->attribute[i].name, strlen(s->attribute[i].name),
		    &n) != NULL)
			return true;
	return false;
}

static void
link_to(struct exchange *x, uint32_t number, const struct identity *source)
{
	const struct store_item *user = &x->pool->store.users.item[number];
	uint32_t owner = find_linked(x, source);
	struct links l;
	size_t count;

	if (owner != UINT32_MAX) {
		(void)write_refuse(x, "SourceUser is already linked to DestinationUser");
		return;
	}
	if (has_immutable(x, user)) {
		(void)write_refuse(x, "DestinationUser has an attribute that is not mutable");
		return;
	}
	links_read(user, &l);
	links_find(&l, source, &count);
	if (count >= LINKS_MAX) {
		answer_error(&x->answer, 400, "LimitExceededException",
		    "Maximum number of linked identities exceeded");
	} else {
		add_link(x, number, &l, source);
		buf_append_string(&x->answer.body, "{}");
	}
	links_free(&l);
}

void
write_admin_link_provider_for_user(struct exchange *x)
{
	struct identity destination, source;
	uint32_t number;

	identity_read(x, x->params.write.destination, &destination);
	identity_read(x, x->params.write.source, &source);
	number = find_profile(x, &destination);
	if (destination.provider.len == 0 || destination.value.len == 0)
		(void)write_refuse(x, "DestinationUser needs ProviderName and "
		    "ProviderAttributeValue");
	else if (source.provider.len == 0 || source.attribute.len == 0 || source.value.len == 0)
		(void)write_refuse(x, "SourceUser needs ProviderName, ProviderAttributeName and "
		    "ProviderAttributeValue");
	else if (is_social(source.provider.data) &&
	    strcmp(source.attribute.data, "Cognito_Subject") != 0)
		(void)write_refuse(x, "ProviderAttributeName must be Cognito_Subject");
	else if (is_native(&source))
		(void)write_refuse(x, "SourceUser must be a federated user");
	else if (number == UINT32_MAX)
		answer_error(&x->answer, 400, "UserNotFoundException", "User does not exist.");
	else if (find_profile(x, &source) != UINT32_MAX)
		(void)write_refuse(x, "Merging is not currently supported, provide a SourceUser "
		    "that has not been signed up in order to link");
	else
		link_to(x, number, &source);
	identity_free(&destination);
	identity_free(&source);
}

static void
remove_link(struct exchange *x, uint32_t number, const struct identity *source)
{
	struct links l;
	struct buf b;
	uint32_t at, gone;
	size_t count;

	links_read(&x->pool->store.users.item[number], &l);
	gone = links_find(&l, source, &count);
	buf_init(&b, EXCHANGE_TEXT_MAX);
	buf_append_byte(&b, '[');
	for (at = 1; at < l.list.tok[0].next; at = l.list.tok[at].next)
		if (at != gone) {
			if (b.len > 1)
				buf_append_byte(&b, ',');
			jtext_value(&b, &l.list, buf_string(&l.text), at);
		}
	buf_append_byte(&b, ']');
	set_links(x, number, &b);
	links_free(&l);
	buf_free(&b);
}

/* Who cannot sign in any more is no matter here, where nobody can; links go. */
void
write_admin_disable_provider_for_user(struct exchange *x)
{
	uint32_t profile, owner;
	struct identity user;

	identity_read(x, x->params.write.source, &user);
	profile = find_profile(x, &user);
	owner = is_native(&user) ? UINT32_MAX : find_linked(x, &user);
	if (user.provider.len == 0 || user.attribute.len == 0 || user.value.len == 0)
		(void)write_refuse(x, "User needs ProviderName, ProviderAttributeName and "
		    "ProviderAttributeValue");
	else if (is_native(&user) && strcmp(user.attribute.data, "Cognito_Subject") != 0)
		(void)write_refuse(x, "ProviderAttributeName must be Cognito_Subject");
	else if (profile == UINT32_MAX && owner == UINT32_MAX)
		answer_error(&x->answer, 400, "UserNotFoundException", "User does not exist.");
	else {
		if (owner != UINT32_MAX)
			remove_link(x, owner, &user);
		buf_append_string(&x->answer.body, "{}");
	}
	identity_free(&user);
}
