/* The tables of an identity pool, and what its providers are (identity_pool.h). */
#include "json/identity_pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

/* Of a provider's name or a client's id, which have 128 characters. */
enum { NAME_MAX_BYTES = 4096 };

static const struct shape item_members[] = {
	{ "IdentityPoolId", SHAPE_TEXT, NULL }, { "IdentityPoolName", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape provider[] = {
	{ "ProviderName", SHAPE_NAME, NULL }, { "ClientId", SHAPE_NAME, NULL },
	{ "ServerSideTokenCheck", SHAPE_TRUTH, NULL }, SHAPE_END
};
static const struct shape pool_members[] = {
	{ "IdentityPoolId", SHAPE_TEXT, NULL }, { "IdentityPoolName", SHAPE_TEXT, NULL },
	{ "AllowUnauthenticatedIdentities", SHAPE_TRUTH, NULL },
	{ "AllowClassicFlow", SHAPE_TRUTH, NULL }, { "DeveloperProviderName", SHAPE_TEXT, NULL },
	{ "SupportedLoginProviders", SHAPE_HEADS, NULL },
	{ "OpenIdConnectProviderARNs", SHAPE_TEXTS, NULL },
	{ "SamlProviderARNs", SHAPE_TEXTS, NULL },
	{ "CognitoIdentityProviders", SHAPE_OBJECTS, provider },
	{ "IdentityPoolTags", SHAPE_TAGS, NULL }, SHAPE_END
};
/* In the order that they have: the first that fits gives the role. */
static const struct shape rule[] = {
	{ "Claim", SHAPE_TEXT, NULL }, { "MatchType", SHAPE_TEXT, NULL },
	{ "Value", SHAPE_TEXT, NULL }, { "RoleARN", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape rules[] = {
	{ "Rules", SHAPE_OBJECTS, rule }, SHAPE_END
};
static const struct shape mapping[] = {
	{ "Type", SHAPE_TEXT, NULL }, { "AmbiguousRoleResolution", SHAPE_TEXT, NULL },
	{ "RulesConfiguration", SHAPE_OBJECT, rules }, SHAPE_END
};
/* AWS's own kinds of identities; there are no others. */
static const struct shape kinds[] = {
	{ "authenticated", SHAPE_TEXT, NULL }, { "unauthenticated", SHAPE_TEXT, NULL }, SHAPE_END
};
static const struct shape role_members[] = {
	{ "Roles", SHAPE_OBJECT, kinds }, { "RoleMappings", SHAPE_MAP, mapping }, SHAPE_END
};

static const char too_long[] = "the record would be too long";

/* Copies len bytes to a place of size bytes; false: there are none, too many, or other ones. */
static bool
take(char *to, size_t size, const char *from, size_t len, const char *allowed)
{
	if (len == 0 || len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		if (from[i] == '\0' || strchr(allowed, from[i]) == NULL)
			return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* How much of the text is this beginning: all of it, or 0. */
static size_t
begins(const char *text, const char *with)
{
	size_t n = strlen(with);

	return strncmp(text, with, n) == 0 ? n : 0;
}

int
identity_pool_provider(const char *name, size_t len, struct identity_pool_provider *p)
{
	static const char label[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_";
	const char *slash = memchr(name, '/', len), *dot;
	char host[256];
	size_t skip, host_len;

	if (slash == NULL)
		return -1;
	host_len = (size_t)(slash - name);
	if (!take(host, sizeof host, name, host_len, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."))
		return -1;
	for (char *s = host; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
	skip = begins(host, "cognito-idp.");
	if (skip == 0)
		skip = begins(host, "cognito-idp-fips.");
	dot = strchr(host + skip, '.');
	if (skip == 0 || dot == NULL || dot[1] == '\0' ||
	    !take(p->region, sizeof p->region, host + skip, (size_t)(dot - host) - skip, label) ||
	    !take(p->user_pool, sizeof p->user_pool, slash + 1, len - host_len - 1, word))
		return -1;
	/* [\w-]+_[0-9a-zA-Z]+: no '-' behind the last '_'. */
	dot = strrchr(p->user_pool, '_');
	return dot != NULL && dot > p->user_pool && dot[1] != '\0' && strchr(dot, '-') == NULL ?
	    0 : -1;
}

/* The meaning of a text member, or NULL; the caller frees. */
static char *
read_text(const struct tok_list *l, const char *text, uint32_t at, const char *member)
{
	uint32_t index = tok_member(l, text, at, member);
	const struct tok *t = &l->tok[index];
	char *s = NULL;
	struct buf b;

	if (index == 0 || t->type != TOK_STRING || (t->flags & (TOK_NUL | TOK_LONE)) != 0)
		return NULL;
	buf_init(&b, NAME_MAX_BYTES);
	if (jtext_decode(&b, text + t->start, t->end - t->start) == 0)
		s = mem_dup_string(buf_string(&b));
	buf_free(&b);
	return s;
}

void
identity_pool_clients(const struct tok_list *l, const char *text, uint32_t pool,
    void (*client)(void *arg, const struct identity_pool_provider *p, const char *id), void *arg)
{
	uint32_t list = tok_member(l, text, pool, "CognitoIdentityProviders");

	if (list == 0 || l->tok[list].type != TOK_ARRAY)
		return;
	for (uint32_t i = list + 1; i < l->tok[list].next; i = l->tok[i].next) {
		struct identity_pool_provider p;
		char *name, *id;

		if (l->tok[i].type != TOK_OBJECT)
			continue;
		name = read_text(l, text, i, "ProviderName");
		id = read_text(l, text, i, "ClientId");
		if (name != NULL && identity_pool_provider(name, strlen(name), &p) == 0)
			client(arg, &p, id != NULL ? id : "");
		free(name);
		free(id);
	}
}

struct bound {
	struct identity_pool_provider of;
	char *client;
};

struct bounds {
	struct bound *item;
	size_t count;
};

static void
add_bound(void *arg, const struct identity_pool_provider *p, const char *id)
{
	struct bounds *s = arg;

	s->item = mem_resize(s->item, s->count + 1, sizeof *s->item);
	s->item[s->count++] = (struct bound){ .of = *p, .client = mem_dup_string(id) };
}

static int
compare_pools(const struct bound *x, const struct bound *y)
{
	int way = strcmp(x->of.user_pool, y->of.user_pool);

	return way != 0 ? way : strcmp(x->of.region, y->of.region);
}

static int
compare_bounds(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;
	int way = compare_pools(x, y);

	return way != 0 ? way : strcmp(x->client, y->client);
}

/* ,"UserPools":[…]; the texts of providers have no characters that JSON escapes. */
static int
put_user_pools(struct buf *b, const struct bounds *s)
{
	bool open = b->len == 0 || b->data[b->len - 1] == '{';
	int rc = buf_appendf(b, "%s\"UserPools\":[", open ? "" : ",");

	for (size_t i = 0; rc == 0 && i < s->count; i++) {
		const struct bound *x = &s->item[i], *before = i > 0 ? x - 1 : NULL;
		bool same = before != NULL && compare_pools(before, x) == 0;

		if (!same)
			rc = buf_appendf(b, "%s{\"UserPoolId\":\"%s\",\"Region\":\"%s\","
			    "\"ClientIds\":[", before != NULL ? "]}," : "", x->of.user_pool,
			    x->of.region);
		/* Two names of one user pool may have the same client. */
		if (rc != 0 || x->client[0] == '\0' ||
		    (same && strcmp(before->client, x->client) == 0))
			continue;
		rc = b->data[b->len - 1] == '[' ? 0 : buf_append_byte(b, ',');
		if (rc == 0)
			rc = jtext_string(b, x->client, strlen(x->client));
	}
	return rc != 0 ? rc : buf_append_string(b, s->count > 0 ? "]}]" : "]");
}

static const char *
need_id(const struct tok_list *l, const char *text, uint32_t pool)
{
	uint32_t id = tok_member(l, text, pool, "IdentityPoolId");

	if (id == 0 || l->tok[id].type != TOK_STRING || l->tok[id].end == l->tok[id].start)
		return "no identity pool with an IdentityPoolId";
	return NULL;
}

const char *
identity_pool_members(struct buf *b, const struct tok_list *l, const char *text, uint32_t pool,
    char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = shape_members(b, pool_members, l, text, pool, wrong);
	struct bounds s = { NULL, 0 };

	if (why == NULL)
		why = need_id(l, text, pool);
	if (why != NULL)
		return why;
	identity_pool_clients(l, text, pool, add_bound, &s);
	if (s.count > 1)
		qsort(s.item, s.count, sizeof *s.item, compare_bounds);
	if (put_user_pools(b, &s) != 0)
		why = too_long;
	for (size_t i = 0; i < s.count; i++)
		free(s.item[i].client);
	free(s.item);
	return why;
}

const char *
identity_pool_item_members(struct buf *b, const struct tok_list *l, const char *text,
    uint32_t pool, char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = shape_members(b, item_members, l, text, pool, wrong);

	return why != NULL ? why : need_id(l, text, pool);
}

const char *
identity_pool_roles(struct buf *b, const struct tok_list *l, const char *text, uint32_t answer,
    char wrong[SHAPE_WRONG_SIZE])
{
	bool open = b->len == 0 || b->data[b->len - 1] == '{';
	uint32_t roles;

	if (l->tok[answer].type != TOK_OBJECT)
		return "no object";
	roles = tok_member(l, text, answer, "Roles");
	/* Asked for and none; a member that is not there would mean that nobody asked. */
	if ((roles == 0 || l->tok[roles].type == TOK_NULL) &&
	    buf_appendf(b, "%s\"Roles\":{}", open ? "" : ",") != 0)
		return too_long;
	return shape_members(b, role_members, l, text, answer, wrong);
}
