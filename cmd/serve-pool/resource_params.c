/* The members of requests for resources (resource_params.h). */
#include "resource_params.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "check.h"
#include "exchange.h"
#include "json/jtext.h"
#include "realm.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* The service models' lengths, in characters, and figures. */
enum {
	CLIENT_MAX = 128, PROVIDER_MAX = 32, DOMAIN_MAX = 63, IDENTITY_POOL_MAX = 55,
	ARN_MIN = 20, ARN_MAX = 2048, TOKEN_MAX = 131072, IDENTITY_TOKEN_MAX = 65535,
	SERVERS_MAX = 50
};

/* [\w+]+ */
static bool
is_client_id(const char *s)
{
	return s[strspn(s, DIGITS LETTERS "_+")] == '\0';
}

/* ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$, whose length is looked at already */
static bool
is_domain(const char *s)
{
	return s[0] != '-' && s[strspn(s, DIGITS "abcdefghijklmnopqrstuvwxyz-")] == '\0' &&
	    s[strlen(s) - 1] != '-';
}

/* A domain of one's own has dots, which the model's pattern does not have and the service takes. */
static bool
is_own_domain(const char *s)
{
	return strchr(s, '.') != NULL && s[0] != '.' && s[0] != '-' &&
	    s[strspn(s, DIGITS "abcdefghijklmnopqrstuvwxyz-.")] == '\0';
}

static bool
is_any_domain(const char *s)
{
	return is_domain(s) || is_own_domain(s);
}

/* arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:...)? */
static bool
is_arn(const char *s)
{
	static const char word[] = DIGITS LETTERS "_+=/,.@-";
	size_t len;
	int part;

	if (strncmp(s, "arn:", 4) != 0)
		return false;
	s += 4;
	for (part = 0; part < 7; part++) {
		len = strspn(s, part == 3 ? DIGITS : word);
		if (len == 0 && part != 2)
			return false;
		s += len;
		if (*s == '\0')
			return part >= 4;
		if (*s++ != ':')
			return false;
	}
	return false;
}

/* How a name is called, and what it must be like. */
struct named {
	const char *member, *shown;
	size_t min, max;
	const char *pattern;
	bool (*is_one)(const char *s);
	bool sensitive;
};

static const struct named client = {
	"ClientId", "clientId", 1, CLIENT_MAX, "[\\w+]+", is_client_id, true
};
static const struct named domain = {
	"Domain", "domain", 1, DOMAIN_MAX, "^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$",
	is_any_domain, false
};
static const struct named resource = {
	"ResourceArn", "resourceArn", ARN_MIN, ARN_MAX, "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:"
	"([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?", is_arn, false
};
static const struct named identity_pool = {
	"IdentityPoolId", "identityPoolId", 1, IDENTITY_POOL_MAX, "[\\w-]+:[0-9a-f-]+",
	realm_is_identity_pool_id, false
};

/* The decoded member in name and, as a canonical JSON string, in key.  Returns its token or 0. */
static uint32_t
read_text(struct check *c, uint32_t object, const char *member, const char *shown)
{
	struct params *p = &c->x->params;
	uint32_t value = check_string(c, object, member, &p->name);

	buf_clear(&p->key);
	if (value == 0)
		check_problem(c, "", shown, "not be null");
	else
		jtext_string_token(&p->key, &p->list.tok[value], buf_string(&c->x->body));
	return value;
}

static void
read_named(struct check *c, const struct named *n)
{
	const struct buf *b = &c->x->params.name;
	const char *repeated;
	char text[384];
	size_t count;

	if (read_text(c, 0, n->member, n->shown) == 0)
		return;
	repeated = n->sensitive || b->len == 0 ? NULL : buf_string(b);
	count = check_characters(b);
	if (count > n->max) {
		snprintf(text, sizeof text, "have length less than or equal to %zu", n->max);
		check_problem(c, repeated, n->shown, text);
	} else if (count < n->min) {
		snprintf(text, sizeof text, "have length greater than or equal to %zu", n->min);
		check_problem(c, repeated, n->shown, text);
	} else if (strlen(buf_string(b)) != b->len || !n->is_one(buf_string(b))) {
		snprintf(text, sizeof text, "satisfy regular expression pattern: %s", n->pattern);
		check_problem(c, repeated, n->shown, text);
	}
}

/* What is said of how many are wanted: from and to are the service model's. */
static void
read_max_results(struct check *c, int from, int to, bool must)
{
	struct params *p = &c->x->params;
	uint32_t value = check_member(c, 0, "MaxResults", TOK_NUMBER, TOK_NUMBER);
	const struct tok *t = &p->list.tok[value];
	char number[24], text[64];
	const char *why;
	int64_t n = 0;

	p->limit = to;
	if (value == 0) {
		if (must && !c->serial)
			check_problem(c, "", "maxResults", "not be null");
		return;
	}
	snprintf(number, sizeof number, "%.*s", (int)(t->end - t->start < 20 ?
	    t->end - t->start : 20), buf_string(&c->x->body) + t->start);
	if (num_parse(number, INT32_MIN, INT32_MAX, &n, &why) != 0) {
		c->serial = true;
	} else if (n > to || n < from) {
		snprintf(text, sizeof text, "have value %s than or equal to %d",
		    n > to ? "less" : "greater", n > to ? to : from);
		check_problem(c, number, "maxResults", text);
	} else {
		p->has_limit = true;
		p->limit = n > 0 ? (int)n : to;
	}
}

static void
read_page(struct check *c, unsigned members)
{
	read_max_results(c, members & PARAM_PAGE_FROM_0 ? 0 : 1,
	    members & PARAM_PAGE_50 ? SERVERS_MAX : PARAMS_LIMIT_MAX,
	    (members & PARAM_PAGE_MUST) != 0);
	params_read_token(c, "NextToken", "nextToken",
	    members & PARAM_IDENTITY ? IDENTITY_TOKEN_MAX : TOKEN_MAX);
}

/* {"LimitClass":"API_CATEGORY","Attributes":{"Category":...}} */
static void
read_definition(struct check *c)
{
	struct params *p = &c->x->params;
	uint32_t definition = check_member(c, 0, "LimitDefinition", TOK_OBJECT, TOK_OBJECT);
	uint32_t attributes;

	buf_clear(&p->name);
	buf_clear(&p->key);
	if (definition == 0) {
		check_problem(c, "", "limitDefinition", "not be null");
		return;
	}
	if (check_string(c, definition, "LimitClass", &p->name) == 0)
		check_problem(c, "", "limitDefinition.limitClass", "not be null");
	else if (strcmp(buf_string(&p->name), "API_CATEGORY") != 0)
		check_problem(c, p->name.data, "limitDefinition.limitClass",
		    "satisfy enum value set: [API_CATEGORY]");
	attributes = check_member(c, definition, "Attributes", TOK_OBJECT, TOK_OBJECT);
	if (attributes == 0)
		check_problem(c, "", "limitDefinition.attributes", "not be null");
	else if (check_string(c, attributes, "Category", &p->name) != 0)
		jtext_string(&p->key, buf_string(&p->name), p->name.len);
}

void
resource_params_read(struct check *c, unsigned members)
{
	struct params *p = &c->x->params;

	if (members & PARAM_PAGE)
		read_page(c, members);
	if (members & PARAM_CLIENT)
		read_named(c, &client);
	if ((members & PARAM_PROVIDER) &&
	    read_text(c, 0, "ProviderName", "providerName") != 0)
		check_name(c, &p->name, "providerName", PROVIDER_MAX, false);
	if (members & PARAM_DOMAIN)
		read_named(c, &domain);
	if (members & PARAM_RESOURCE)
		read_named(c, &resource);
	if (members & PARAM_DEFINITION)
		read_definition(c);
	if (members & PARAM_IDENTITY_POOL)
		read_named(c, &identity_pool);
}
