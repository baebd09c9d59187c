/* Takes up what the inventory says (directory.h). */
#include "directory.h"

#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "net/sigv4.h"
#include "wire.h"

/* Of a client's secret; and of a pool's id, which is looked at before. */
enum { SECRET_LENGTH = 51, ID_MAX = 64 };

static const char *const dates[] = {"CreationDate", "LastModifiedDate", NULL};

/* The service's name for each kind, and in which members a list says what. */
static const struct kind {
	const char *member;
	const char *name;
	const char *listed[4];
	bool pool_is_listed;
	const char *known[8];		/* name, listed, and those of ours */
	const char *is_wrong, *has_wrong;
} kinds[DIRECTORY_KINDS] = {
	[DIRECTORY_CLIENTS] = {"UserPoolClients", "ClientId", {"ClientName"}, true,
	    {"ClientId", "ClientName", "UserPoolId", "HasClientSecret"},
	    "UserPoolClients is not a list of objects",
	    "UserPoolClients: a ClientId is missing, or said twice"},
	[DIRECTORY_PROVIDERS] = {"IdentityProviders", "ProviderName",
	    {"ProviderType", "LastModifiedDate", "CreationDate"}, false,
	    {"ProviderName", "ProviderType", "LastModifiedDate", "CreationDate", "UserPoolId"},
	    "IdentityProviders is not a list of objects",
	    "IdentityProviders: a ProviderName is missing, or said twice"},
	[DIRECTORY_SERVERS] = {"ResourceServers", "Identifier", {"Name", "Scopes"}, true,
	    {"Identifier", "Name", "Scopes", "UserPoolId"},
	    "ResourceServers is not a list of objects",
	    "ResourceServers: an Identifier is missing, or said twice"},
};

/* The value of a string member of some length, or 0. */
static uint32_t
name_of(const struct tok_list *l, const char *text, uint32_t object, const char *member)
{
	uint32_t value = tok_member(l, text, object, member);
	const struct tok *t = &l->tok[value];

	return t->type == TOK_STRING && t->end > t->start && (t->flags & TOK_NUL) == 0 ? value : 0;
}

/* A record that says only that there is a secret has one all the same. */
static void
put_secret(struct buf *b, const struct tok_list *l, const char *text, uint32_t client)
{
	uint32_t has = tok_member(l, text, client, "HasClientSecret");
	const struct tok *id = &l->tok[tok_member(l, text, client, "ClientId")];
	char hex[SIGV4_HEX_SIZE];

	if (has == 0 || l->tok[has].type != TOK_TRUE ||
	    tok_member(l, text, client, "ClientSecret") != 0)
		return;
	sigv4_sha256_hex(text + id->start, id->end - id->start, hex);
	buf_appendf(b, ",\"ClientSecret\":\"%.*s\"", SECRET_LENGTH, hex);
}

static const char *
add_part(struct directory *d, const struct kind *k, const struct tok_list *l, const char *text,
    uint32_t object, const char *pool)
{
	struct store_table *t = &d->part[k - kinds];
	uint32_t name = l->tok[object].type == TOK_OBJECT ? name_of(l, text, object, k->name) : 0;
	struct buf *b = &d->form;
	const char *why;
	size_t listed;

	if (name == 0)
		return k->has_wrong;
	buf_clear(&d->key);
	buf_append_string(&d->key, pool);
	jtext_string_token(&d->key, &l->tok[name], text);
	buf_clear(b);
	buf_appendf(b, "{\"%s\":", k->name);
	jtext_string_token(b, &l->tok[name], text);
	if ((why = wire_put_members(b, l, text, object, k->listed, true, dates)) != NULL)
		return why;
	if (k->pool_is_listed)
		buf_appendf(b, ",\"UserPoolId\":\"%s\"", pool);
	listed = b->len;
	if (!k->pool_is_listed)
		buf_appendf(b, ",\"UserPoolId\":\"%s\"", pool);
	if ((why = wire_put_members(b, l, text, object, k->known, false, dates)) != NULL)
		return why;
	if (k == &kinds[DIRECTORY_CLIENTS])
		put_secret(b, l, text, object);
	buf_append_byte(b, '}');
	return directory_define(d, t, listed) == UINT32_MAX ? k->has_wrong : NULL;
}

/* The list that is a member of the record; 0 if it is not there, UINT32_MAX if it is no list. */
static uint32_t
list_of(const struct tok_list *l, const char *text, uint32_t record, const char *member)
{
	uint32_t list = tok_member(l, text, record, member);

	if (list == 0 || l->tok[list].type == TOK_NULL)
		return 0;
	return l->tok[list].type == TOK_ARRAY ? list : UINT32_MAX;
}

static const char *
add_parts(struct directory *d, const struct kind *k, const struct tok_list *l, const char *text,
    uint32_t record, const char *pool, struct directory_range *range)
{
	uint32_t list = list_of(l, text, record, k->member), i;
	struct store_table *t = &d->part[k - kinds];
	const char *why = NULL;

	range->first = t->order_count;
	if (list == UINT32_MAX)
		return k->is_wrong;
	for (i = list + 1; list != 0 && i < l->tok[list].next && why == NULL; i = l->tok[i].next)
		why = add_part(d, k, l, text, i, pool);
	range->count = t->order_count - range->first;
	return why;
}

/*
 * The distribution's certificate is a member of a member.  Source: DomainDescriptionType of the
 * service model.
 */
static const char *
add_domain(struct directory *d, const struct tok_list *l, const char *text, uint32_t object,
    const char *pool, const struct realm *realm)
{
	static const char *const known[] = {"Domain", "UserPoolId", "AWSAccountId",
		"CertificateArn", NULL};
	static const char wrong[] = "Domains: a Domain is missing, or said twice";
	uint32_t name = l->tok[object].type == TOK_OBJECT ? name_of(l, text, object, "Domain") : 0;
	uint32_t arn = name != 0 ? name_of(l, text, object, "CertificateArn") : 0;
	struct buf *b = &d->form;
	const char *why;

	if (name == 0)
		return wrong;
	directory_key(&d->key, "domain", realm, "");
	jtext_string_token(&d->key, &l->tok[name], text);
	buf_clear(b);
	buf_appendf(b, "{\"DomainDescription\":{\"UserPoolId\":\"%s\",\"AWSAccountId\":\"%s\","
	    "\"Domain\":", pool, realm->account);
	jtext_string_token(b, &l->tok[name], text);
	if ((why = wire_put_members(b, l, text, object, known, false, dates)) != NULL)
		return why;
	if (arn != 0 && tok_member(l, text, object, "CustomDomainConfig") == 0) {
		buf_append_string(b, ",\"CustomDomainConfig\":{\"CertificateArn\":");
		jtext_string_token(b, &l->tok[arn], text);
		buf_append_byte(b, '}');
	}
	buf_append_string(b, "}}");
	return directory_define(d, &d->answers, 0) == UINT32_MAX ? wrong : NULL;
}

/* Limits are the account's: the records of all its pools in the Region say the same. */
static const char *
add_limit(struct directory *d, const struct tok_list *l, const char *text, uint32_t object,
    const struct realm *realm)
{
	static const char wrong[] = "ProvisionedLimits: one has no Category";
	const struct store_item *other;
	uint32_t definition = 0, attributes = 0, category = 0, number;
	struct buf *b = &d->form;

	if (l->tok[object].type == TOK_OBJECT)
		definition = tok_member(l, text, object, "LimitDefinition");
	if (definition != 0 && l->tok[definition].type == TOK_OBJECT)
		attributes = tok_member(l, text, definition, "Attributes");
	if (attributes != 0 && l->tok[attributes].type == TOK_OBJECT)
		category = name_of(l, text, attributes, "Category");
	if (category == 0)
		return wrong;
	directory_key(&d->key, "limit", realm, "");
	jtext_string_token(&d->key, &l->tok[category], text);
	buf_clear(b);
	buf_append_string(b, "{\"Limit\":");
	jtext_value(b, l, text, object);
	buf_append_byte(b, '}');
	number = store_find(&d->answers, buf_string(&d->key), d->key.len);
	if (number == UINT32_MAX) {
		directory_define(d, &d->answers, 0);
		return NULL;
	}
	other = &d->answers.item[number];
	return other->len == b->len && memcmp(other->text, b->data, b->len) == 0 ? NULL :
	    "ProvisionedLimits: another pool of the account says something else";
}

/* ,"SmsMfaConfiguration":{...}, in which the service says how the messages are sent. */
static void
put_sms(struct buf *b, const struct tok_list *l, const char *text, uint32_t record)
{
	static const char *const none[] = {NULL};
	static const char *const settings[] = {"SmsConfiguration", NULL};
	uint32_t sms = tok_member(l, text, record, "SmsMfaConfiguration");
	size_t at;

	if (sms == 0 || l->tok[sms].type != TOK_OBJECT)
		return;
	buf_append_string(b, ",\"SmsMfaConfiguration\":{");
	at = b->len;
	(void)wire_put_members(b, l, text, sms, none, false, none);
	if (tok_member(l, text, sms, settings[0]) == 0)
		(void)wire_put_members(b, l, text, record, settings, true, none);
	if (b->len > at) {	/* without the first comma */
		memmove(b->data + at, b->data + at + 1, b->len - at - 1);
		b->len--;
	}
	buf_append_byte(b, '}');
}

static void
add_mfa(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *pool)
{
	static const char *const members[] = {"SoftwareTokenMfaConfiguration",
		"EmailMfaConfiguration", "WebAuthnConfiguration", NULL};
	static const char *const none[] = {NULL};
	uint32_t mfa = name_of(l, text, record, "MfaConfiguration");
	struct buf *b = &d->form;

	buf_clear(&d->key);
	buf_appendf(&d->key, "mfa %s", pool);
	buf_clear(b);
	buf_append_string(b, "{\"MfaConfiguration\":");
	if (mfa != 0)
		jtext_string_token(b, &l->tok[mfa], text);
	else
		buf_append_string(b, "\"OFF\"");
	(void)wire_put_members(b, l, text, record, members, true, none);
	put_sms(b, l, text, record);
	buf_append_byte(b, '}');
	directory_define(d, &d->answers, 0);
}

static void
add_tags(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *pool)
{
	uint32_t tags = tok_member(l, text, record, "UserPoolTags");
	struct buf *b = &d->form;

	buf_clear(&d->key);
	buf_appendf(&d->key, "tags %s", pool);
	buf_clear(b);
	buf_append_string(b, "{\"Tags\":");
	if (tags != 0 && l->tok[tags].type == TOK_OBJECT)
		jtext_value(b, l, text, tags);
	else
		buf_append_string(b, "{}");
	buf_append_byte(b, '}');
	directory_define(d, &d->answers, 0);
}

/* What hangs on the pool and is not listed. */
static const char *
add_answers(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *pool, const struct realm *realm)
{
	uint32_t domains = list_of(l, text, record, "Domains"), i;
	uint32_t limits = list_of(l, text, record, "ProvisionedLimits");
	const char *why = NULL;

	if (domains == UINT32_MAX || limits == UINT32_MAX)
		return domains == UINT32_MAX ? "Domains is not a list" :
		    "ProvisionedLimits is not a list";
	for (i = domains + 1; domains != 0 && i < l->tok[domains].next && why == NULL;
	    i = l->tok[i].next)
		why = add_domain(d, l, text, i, pool, realm);
	for (i = limits + 1; limits != 0 && i < l->tok[limits].next && why == NULL;
	    i = l->tok[i].next)
		why = add_limit(d, l, text, i, realm);
	add_mfa(d, l, text, record, pool);
	add_tags(d, l, text, record, pool);
	return why;
}

static const char *
add_pool(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *pool, const struct realm *realm)
{
	struct directory_pool *p;
	const char *why = NULL;
	size_t i;

	buf_clear(&d->key);
	buf_append_string(&d->key, pool);
	buf_clear(&d->form);
	buf_append_string(&d->form, "{}");
	if (directory_define(d, &d->pools, 0) == UINT32_MAX)
		return "a second record of the same user pool";
	d->pool = mem_resize(d->pool, d->pools.count, sizeof *d->pool);
	p = &d->pool[d->pools.count - 1];
	memset(p, 0, sizeof *p);
	p->realm = *realm;
	for (i = 0; i < DIRECTORY_KINDS && why == NULL; i++)
		why = add_parts(d, &kinds[i], l, text, record, pool, &p->range[i]);
	return why != NULL ? why : add_answers(d, l, text, record, pool, realm);
}

/* Puts the last identity pool on the list of its realm. */
static void
add_to_realm(struct directory *d, const struct realm *realm)
{
	uint32_t number = (uint32_t)d->identities.count - 1;
	struct directory_realm *p;
	size_t i;

	for (i = 0; i < d->realm_count && !realm_is_same(&d->realm[i].realm, realm); i++)
		;
	if (i == d->realm_count) {
		d->realm = mem_resize(d->realm, ++d->realm_count, sizeof *d->realm);
		d->realm[i] = (struct directory_realm){.realm = *realm};
	}
	p = &d->realm[i];
	if (p->count == p->cap) {
		p->cap = p->cap * 2 + 8;
		p->list = mem_resize(p->list, p->cap, sizeof *p->list);
	}
	p->list[p->count++] = number;
	d->identity_realm = mem_resize(d->identity_realm, d->identities.count,
	    sizeof *d->identity_realm);
	d->identity_realm[number] = i;
}

static void
add_roles(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *id)
{
	static const char *const members[] = {"Roles", "RoleMappings", NULL};
	static const char *const none[] = {NULL};

	buf_clear(&d->key);
	buf_appendf(&d->key, "roles %s", id);
	buf_clear(&d->form);
	buf_appendf(&d->form, "{\"IdentityPoolId\":\"%s\"", id);
	(void)wire_put_members(&d->form, l, text, record, members, true, none);
	buf_append_byte(&d->form, '}');
	directory_define(d, &d->answers, 0);
}

static const char *
add_identity(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const char *id, const struct realm *realm)
{
	static const char *const known[] = {"IdentityPoolId", "IdentityPoolName", "Account",
		"Roles", "RoleMappings", "UserPools", "Missing", NULL};
	static const char *const none[] = {NULL};
	uint32_t name = name_of(l, text, record, "IdentityPoolName");
	struct buf *b = &d->form;
	size_t listed;

	if (name == 0)
		return "IdentityPoolName is missing";
	buf_clear(&d->key);
	buf_append_string(&d->key, id);
	buf_clear(b);
	buf_appendf(b, "{\"IdentityPoolId\":\"%s\",\"IdentityPoolName\":", id);
	jtext_string_token(b, &l->tok[name], text);
	listed = b->len;
	if (tok_member(l, text, record, "AllowUnauthenticatedIdentities") == 0)
		buf_append_string(b, ",\"AllowUnauthenticatedIdentities\":false");
	(void)wire_put_members(b, l, text, record, known, false, none);
	buf_append_byte(b, '}');
	if (directory_define(d, &d->identities, listed) == UINT32_MAX)
		return "a second record of the same identity pool";
	add_to_realm(d, realm);
	add_roles(d, l, text, record, id);
	return NULL;
}

const char *
directory_add(struct directory *d, const struct tok_list *l, const char *text, uint32_t record,
    const struct realm *realm)
{
	uint32_t user = name_of(l, text, record, "Id");
	uint32_t identity = name_of(l, text, record, "IdentityPoolId");
	const char *why;
	struct buf id;

	if (user == 0 && identity == 0)
		return "neither a user pool nor an identity pool";
	buf_init(&id, ID_MAX);
	jtext_decode(&id, text + l->tok[user + identity].start,
	    l->tok[user + identity].end - l->tok[user + identity].start);
	why = identity != 0 ? add_identity(d, l, text, record, buf_string(&id), realm) :
	    add_pool(d, l, text, record, buf_string(&id), realm);
	buf_free(&id);
	return why;
}

bool
directory_takes(const struct tok *name, const char *text)
{
	static const char *const taken[] = {"SoftwareTokenMfaConfiguration", "SmsMfaConfiguration",
		"EmailMfaConfiguration", "WebAuthnConfiguration", "UserPoolClients",
		"IdentityProviders", "GroupRoles", "Domains", "ResourceServers",
		"ProvisionedLimits", "IdentityPools", "Missing", "Records"};
	size_t i;

	for (i = 0; i < sizeof taken / sizeof *taken; i++)
		if (tok_is(name, text, taken[i], strlen(taken[i])))
			return true;
	return false;
}

