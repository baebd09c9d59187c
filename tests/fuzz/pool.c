/*
 * What clients may send to serve-pool: any body as a Cognito request, as a form of STS, as the
 * Filter of ListUsers.  Compared with slow readers: trees (tree.h) for the members and every
 * constraint that fails, libcurl's unescaping for forms, a filter read by hand.
 *
 * The first byte chooses the operation.
 *
 * With: cmd/serve-pool/{params,resource_params,realm,check,write_params,form,search}.c
 */
#include <curl/curl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdint.h>

#include "base/mem.h"
#include "serve-pool/exchange.h"
#include "serve-pool/search.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned refusals;

void
answer_error(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
{
	char text[300];
	va_list args;

	(void)a;
	check(status == 400 && strcmp(code, "InvalidParameterException") == 0);
	va_start(args, fmt);
	check(vsnprintf(text, sizeof text, fmt, args) > 0);
	va_end(args);
	refusals++;
}

void
answer_coral(struct answer *a, unsigned status, const char *code, const char *fmt, ...)
{
	(void)a;
	(void)fmt;
	check(status == 400 && strcmp(code, "SerializationException") == 0);
	refusals++;
}

/* Members of a request. */

static size_t
characters(const struct tree *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += ((unsigned char)t->s[i] & 0xc0) != 0x80;
	return n;
}

static const struct tree *
member(const struct tree *t, const char *name)
{
	const struct tree *value = tree_get(t, name);

	return value == NULL || value->kind == TREE_NULL ? NULL : value;
}

static bool
is_text(const struct tree *t, size_t min, size_t max)
{
	return t->kind == TREE_STRING && characters(t) >= min && characters(t) <= max;
}

/* [\w-]+_[0-9a-zA-Z]+ */
static bool
is_pool(const struct tree *t)
{
	size_t at = t->len;

	for (size_t i = 0; i < t->len; i++)
		if (!((t->s[i] >= '0' && t->s[i] <= '9') || (t->s[i] >= 'a' && t->s[i] <= 'z') ||
		    (t->s[i] >= 'A' && t->s[i] <= 'Z') || t->s[i] == '_' || t->s[i] == '-'))
			return false;
	while (at > 0 && t->s[at - 1] != '_' && t->s[at - 1] != '-')
		at--;
	return t->kind == TREE_STRING && t->len <= 55 && at > 1 && at < t->len &&
	    t->s[at - 1] == '_';
}

static bool
is_limit(const struct tree *t, long *n)
{
	char *end;

	if (t->kind != TREE_NUMBER || strpbrk(t->s, ".eE") != NULL || t->len > 18)
		return false;
	*n = strtol(t->s, &end, 10);
	return *n >= 0 && *n <= 60;
}

static bool
is_token(const struct tree *t, size_t max)
{
	return is_text(t, 1, max) && strlen(t->s) <= t->len &&
	    t->s[strcspn(t->s, " \t\r\n\f\v")] == '\0' &&
	    !t->nul;
}

static bool
are_names(const struct tree *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->kind != TREE_ARRAY || !is_text(t->kid[i], 1, 32))
			return false;
	return t->kind == TREE_ARRAY;
}

/* Members of writes.  NULL, nothing or null, is what most of them may be. */

static bool
is_text_or_null(const struct tree *t, size_t min, size_t max)
{
	return t == NULL || is_text(t, min, max);
}

static bool
is_truth(const struct tree *t)
{
	return t == NULL || t->kind == TREE_TRUE || t->kind == TREE_FALSE;
}

static bool
is_password(const struct tree *t)
{
	return t == NULL || is_token(t, 256);
}

/* Attributes, with or without values. */
static bool
are_attributes(const struct tree *t)
{
	for (size_t i = 0; t != NULL && i < t->count; i++) {
		const struct tree *one = t->kid[i];

		if (t->kind != TREE_ARRAY || one->kind != TREE_OBJECT ||
		    member(one, "Name") == NULL || !is_text(member(one, "Name"), 1, 32) ||
		    !is_text_or_null(member(one, "Value"), 0, 2048))
			return false;
	}
	return t == NULL || t->kind == TREE_ARRAY;
}

static bool
is_one_of(const struct tree *t, const char *const words[])
{
	for (size_t i = 0; words[i] != NULL; i++)
		if (t->kind == TREE_STRING && !t->nul && strcmp(t->s, words[i]) == 0)
			return true;
	return false;
}

static bool
are_texts(const struct tree *t)
{
	for (size_t i = 1; t != NULL && i < t->count; i += 2)
		if (t->kid[i]->kind != TREE_STRING && t->kid[i]->kind != TREE_NULL)
			return false;
	return t == NULL || t->kind == TREE_OBJECT;
}

static bool
is_arn(const struct tree *t)
{
	static const char pattern[] = "^arn:[A-Za-z0-9_+=/,.@-]+:[A-Za-z0-9_+=/,.@-]+:"
	    "([A-Za-z0-9_+=/,.@-]*)?:[0-9]+:[A-Za-z0-9_+=/,.@-]+(:[A-Za-z0-9_+=/,.@-]+)?"
	    "(:[A-Za-z0-9_+=/,.@-]+)?$";
	static regex_t compiled;
	static bool begun;

	if (!begun)
		check(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) == 0);
	begun = true;
	return is_text(t, 20, 2048) && !t->nul && regexec(&compiled, t->s, 0, NULL, 0) == 0;
}

static bool
is_create(const struct tree *t)
{
	static const char *const actions[] = { "RESEND", "SUPPRESS", NULL };
	static const char *const mediums[] = { "SMS", "EMAIL", NULL };
	const struct tree *action = member(t, "MessageAction");
	const struct tree *list = member(t, "DesiredDeliveryMediums");

	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->kind != TREE_ARRAY || !is_one_of(list->kid[i], mediums))
			return false;
	return (list == NULL || list->kind == TREE_ARRAY) &&
	    (action == NULL || is_one_of(action, actions)) &&
	    are_attributes(member(t, "ValidationData")) &&
	    is_password(member(t, "TemporaryPassword")) &&
	    is_truth(member(t, "ForceAliasCreation"));
}

static bool
is_group_form(const struct tree *t)
{
	const struct tree *role = member(t, "RoleArn"), *precedence = member(t, "Precedence");

	if (precedence != NULL && (precedence->kind != TREE_NUMBER ||
	    strpbrk(precedence->s, ".eE") != NULL || precedence->len > 11 ||
	    strtoll(precedence->s, NULL, 10) < 0 || strtoll(precedence->s, NULL, 10) > INT32_MAX))
		return false;
	return is_text_or_null(member(t, "Description"), 0, 2048) && (role == NULL || is_arn(role));
}

static bool
is_identity(const struct tree *t)
{
	return t != NULL && t->kind == TREE_OBJECT &&
	    is_text_or_null(member(t, "ProviderName"), 1, 32) &&
	    is_text_or_null(member(t, "ProviderAttributeName"), 0, SIZE_MAX) &&
	    is_text_or_null(member(t, "ProviderAttributeValue"), 0, SIZE_MAX);
}

static bool
are_bounds(const struct tree *t, const char *min, const char *max)
{
	return t == NULL || (t->kind == TREE_OBJECT &&
	    is_text_or_null(member(t, min), 0, SIZE_MAX) &&
	    is_text_or_null(member(t, max), 0, SIZE_MAX));
}

static bool
are_custom(const struct tree *t)
{
	static const char *const types[] = { "String", "Number", "DateTime", "Boolean", NULL };

	if (t == NULL || t->kind != TREE_ARRAY || t->count < 1 || t->count > 25)
		return false;
	for (size_t i = 0; i < t->count; i++) {
		const struct tree *one = t->kid[i], *type;

		if (one->kind != TREE_OBJECT)
			return false;
		type = member(one, "AttributeDataType");
		if (!is_text_or_null(member(one, "Name"), 1, 20) ||
		    (type != NULL && !is_one_of(type, types)) ||
		    !is_truth(member(one, "DeveloperOnlyAttribute")) ||
		    !is_truth(member(one, "Mutable")) || !is_truth(member(one, "Required")) ||
		    !are_bounds(member(one, "NumberAttributeConstraints"), "MinValue", "MaxValue") ||
		    !are_bounds(member(one, "StringAttributeConstraints"), "MinLength",
		    "MaxLength"))
			return false;
	}
	return true;
}

static bool
is_good_write(const struct tree *t, unsigned members)
{
	const struct tree *list = member(t, "UserAttributes");
	const struct tree *names = member(t, "UserAttributeNames");

	if ((members & PARAM_ATTRIBUTES) != 0 && ((list == NULL &&
	    (members & PARAM_OPTIONAL) == 0) || !are_attributes(list) ||
	    !are_texts(member(t, "ClientMetadata"))))
		return false;
	if ((members & PARAM_NAMES) != 0 && (names == NULL || !are_names(names)))
		return false;
	if ((members & PARAM_PASSWORD) != 0 && (member(t, "Password") == NULL ||
	    !is_password(member(t, "Password")) || !is_truth(member(t, "Permanent"))))
		return false;
	if ((members & PARAM_LINK) != 0 && (!is_identity(member(t, "DestinationUser")) ||
	    !is_identity(member(t, "SourceUser"))))
		return false;
	return ((members & PARAM_CREATE) == 0 || is_create(t)) &&
	    ((members & PARAM_GROUP_FORM) == 0 || is_group_form(t)) &&
	    ((members & PARAM_UNLINK) == 0 || is_identity(member(t, "User"))) &&
	    ((members & PARAM_SCHEMA) == 0 || are_custom(member(t, "CustomAttributes")));
}

/* Whether the request is good, but for what characters a name may hold. */
static bool
is_good(const struct tree *t, unsigned members)
{
	const struct tree *pool = member(t, "UserPoolId"), *limit = member(t, "Limit");
	const struct tree *group = member(t, "GroupName"), *user = member(t, "Username");
	const struct tree *token = member(t, (members & PARAM_SEARCH) != 0 ? "PaginationToken" :
	    "NextToken");
	const struct tree *filter = member(t, "Filter"), *list = member(t, "AttributesToGet");
	long n;

	if (pool == NULL || !is_pool(pool))
		return false;
	if (((members & PARAM_GROUP) != 0 && (group == NULL || !is_text(group, 1, 128))) ||
	    ((members & PARAM_USER) != 0 && (user == NULL || !is_text(user, 1, 128))))
		return false;
	if (!is_good_write(t, members))
		return false;
	if ((members & PARAM_PAGED) != 0 && ((limit != NULL && !is_limit(limit, &n)) ||
	    (token != NULL && !is_token(token, (members & PARAM_SEARCH) != 0 ? SIZE_MAX : 131072))))
		return false;
	return (members & PARAM_SEARCH) == 0 || ((filter == NULL || is_text(filter, 0, 256)) &&
	    (list == NULL || are_names(list)));
}

static void
check_text(const struct buf *b, const struct tree *t)
{
	check(t == NULL || (b->len == t->len && memcmp(buf_string(b), t->s, t->len) == 0));
}

static void
check_members(const struct params *p, const struct tree *t, unsigned members)
{
	const struct tree *limit = member(t, "Limit");
	long n = 60;

	check_text(&p->pool, tree_get(t, "UserPoolId"));
	if ((members & (PARAM_GROUP | PARAM_USER)) != 0)
		check_text(&p->name, tree_get(t, (members & PARAM_USER) != 0 ? "Username" :
		    "GroupName"));
	if ((members & PARAM_PAGED) == 0)
		return;
	if (limit != NULL)
		(void)is_limit(limit, &n);
	check(p->limit == (n == 0 ? 60 : n) && p->has_limit == (limit != NULL));
	if (p->has_token)
		check_text(&p->token, member(t, (members & PARAM_SEARCH) != 0 ? "PaginationToken" :
		    "NextToken"));
	check_text(&p->filter, (members & PARAM_SEARCH) != 0 ? member(t, "Filter") : NULL);
}

static void
try_request(const char *text, size_t len, unsigned members)
{
	static struct exchange x;
	static bool begun;
	struct tree *t = tree_parse(text, len);
	unsigned before = refusals;
	size_t odd;
	bool good = t != NULL && t->kind == TREE_OBJECT && is_good(t, members);

	if (!begun) {
		params_init(&x.params);
		buf_init(&x.body, EXCHANGE_BODY_MAX);
		begun = true;
	}
	params_start(&x.params);
	buf_clear(&x.body);
	buf_append(&x.body, text, len);
	if (params_read(&x, members) == 0) {
		check(good && refusals == before);
		check_members(&x.params, t, members);
	} else {
		/* A name may have to be refused for its characters, if they are not plain ones. */
		for (odd = 0; odd < len && text[odd] > ' ' && text[odd] < 0x7f && text[odd] != '\\';)
			odd++;
		check(refusals == before + 1);
		check(!good || odd < len);
		check(!good || (members & (PARAM_GROUP | PARAM_USER | PARAM_WRITES)) != 0);
	}
	tree_free(t);
}

/* Forms. */

static char *
unescape(CURL *easy, const char *s, size_t len)
{
	char *copy = strndup(s, len), *curl, *text;
	int n;

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '+')
			*c = ' ';
	/* What stands for a NUL here. */
	for (char *c = copy; (c = strstr(c, "%00")) != NULL; c += 3)
		c[2] = '1';
	curl = curl_easy_unescape(easy, copy, (int)strlen(copy), &n);
	text = strndup(curl, (size_t)n);
	curl_free(curl);
	free(copy);
	return text;
}

static void
try_form(const char *text)
{
	static CURL *easy;
	struct form f = { .count = 0 };
	size_t at = 0;

	if (easy == NULL)
		easy = curl_easy_init();
	form_read(&f, text);
	while (*text != '\0') {
		size_t len = strcspn(text, "&"), name_len = strcspn(text, "=&");

		if (name_len < len) {
			char *name = unescape(easy, text, name_len);
			char *value = unescape(easy, text + name_len + 1, len - name_len - 1);

			check(at < f.count && strcmp(f.pair[at].name, name) == 0 &&
			    strcmp(f.pair[at].value, value) == 0);
			check(form_value(&f, name) != NULL);
			at++;
			free(name);
			free(value);
		}
		text += len + (text[len] == '&');
	}
	check(at == f.count);
	check(form_count(&f, "Tags") <= 9999999);
	for (size_t n = 1; n <= form_count(&f, "Tags") && n < 60; n++)
		(void)form_item(&f, "Tags", n, "Key");
	form_free(&f);
}

/* Filters. */

static const char *
blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* NAME = "VALUE", by hand.  Returns whether it is one, and the value. */
static bool
read_filter(const char *s, char name[300], bool *prefix, struct text *value)
{
	bool quoted;
	size_t n;

	s = blanks(s);
	quoted = *s == '"';
	s += quoted;
	n = strcspn(s, quoted ? "\"" : "=^ \t\"");
	if (n == 0 || n >= 300 || (quoted && s[n] != '"'))
		return false;
	snprintf(name, 300, "%.*s", (int)n, s);
	s = blanks(s + n + quoted);
	*prefix = *s == '^';
	s += *prefix;
	if (*s++ != '=')
		return false;
	s = blanks(s);
	if (*s++ != '"')
		return false;
	for (; *s != '"'; s++) {
		if (*s == '\0')
			return false;
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		text_add(value, s, 1);
	}
	return *blanks(s + 1) == '\0';
}

static void
try_filter(const char *text)
{
	static const char *const known[] = { "username", "email", "phone_number", "name",
	    "given_name",
		"family_name", "preferred_username", "cognito:user_status", "status", "sub" };
	struct text value = { NULL, 0, 0 }, canonical = { NULL, 0, 0 };
	bool prefix = false, good, found = false;
	struct search s;
	char name[300];

	if (strlen(text) > 256)
		return;
	good = read_filter(text, name, &prefix, &value);
	for (size_t i = 0; good && i < 10; i++)
		found |= strcmp(name, known[i]) == 0;
	if (*blanks(text) == '\0')
		good = found = true;
	check((search_parse(&s, text, strlen(text)) == NULL) == (good && found));
	if (good && found && !s.all) {
		text_string(&canonical, value.s, value.len);
		check(strcmp(s.name, name) == 0 && s.prefix == prefix);
		check(s.value.len == canonical.len - 2 &&
		    memcmp(buf_string(&s.value), canonical.s + 1, s.value.len) == 0);
	}
	search_free(&s);
	free(value.s);
	free(canonical.s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned writes[] = {
		PARAM_USER | PARAM_ATTRIBUTES | PARAM_OPTIONAL | PARAM_CREATE,
		PARAM_USER | PARAM_ATTRIBUTES, PARAM_USER | PARAM_NAMES,
		PARAM_USER | PARAM_PASSWORD, PARAM_GROUP | PARAM_USER,
		PARAM_GROUP | PARAM_GROUP_FORM, PARAM_LINK, PARAM_UNLINK, PARAM_SCHEMA
	};
	char *text;

	if (size < 1)
		return 0;
	text = mem_dup((const char *)data + 1, size - 1);
	if (data[0] % 4 == 0)
		try_form(text);
	else if (data[0] % 4 == 1)
		try_filter(text);
	else if (data[0] % 4 == 2)
		try_request(text, size - 1, data[0] / 4U % 16U);
	else
		try_request(text, size - 1, writes[data[0] / 4U % (sizeof writes / sizeof *writes)]);
	free(text);
	return 0;
}
