/* The members of Cognito requests (params.h). */
#include "params.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "check.h"
#include "exchange.h"
#include "json/jtext.h"
#include "realm.h"
#include "resource_params.h"
#include "write_params.h"

/* A megabyte of body has no more tokens. */
enum { TOKENS_MAX = EXCHANGE_BODY_MAX };

/* The service model's lengths, in characters. */
enum {
	POOL_MAX = 55, NAME_MAX_CHARS = 128, FILTER_MAX = 256, ATTRIBUTE_MAX = 32,
	TOKEN_MAX = 131072, JOB_NAME_MAX = 128, JOB_ID_MAX = 55
};

void
params_init(struct params *p)
{
	memset(p, 0, sizeof *p);
	tok_init(&p->list, TOKENS_MAX);
	buf_init(&p->pool, EXCHANGE_BODY_MAX);
	buf_init(&p->name, EXCHANGE_BODY_MAX);
	buf_init(&p->filter, EXCHANGE_BODY_MAX);
	buf_init(&p->token, EXCHANGE_BODY_MAX);
	buf_init(&p->key, EXCHANGE_TEXT_MAX);
	buf_init(&p->group, EXCHANGE_TEXT_MAX);
}

void
params_free(struct params *p)
{
	tok_free(&p->list);
	buf_free(&p->pool);
	buf_free(&p->name);
	buf_free(&p->filter);
	buf_free(&p->token);
	buf_free(&p->key);
	buf_free(&p->group);
}

void
params_start(struct params *p)
{
	p->attributes = 0;
	p->has_token = p->has_limit = p->parsed = false;
	buf_clear(&p->filter);
	buf_clear(&p->key);
	buf_clear(&p->group);
	memset(&p->write, 0, sizeof p->write);
}

bool
params_is_pool_id(const char *s)
{
	static const char word[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	const char *last = strrchr(s, '_'), *p;

	if (last == NULL || last == s || last[1] == '\0' ||
	    last[1 + strspn(last + 1, word)] != '\0')
		return false;
	for (p = s; p < last; p++)
		if (strchr(word, *p) == NULL && *p != '_' && *p != '-')
			return false;
	return strlen(s) <= POOL_MAX;
}

static void
read_pool(struct check *c)
{
	struct buf *b = &c->x->params.pool;

	if (check_string(c, 0, "UserPoolId", b) == 0) {
		check_problem(c, "", "userPoolId", "not be null");
		return;
	}
	if (check_characters(b) > POOL_MAX)
		check_problem(c, b->data, "userPoolId", "have length less than or equal to 55");
	else if (b->len == 0)
		check_problem(c, NULL, "userPoolId", "have length greater than or equal to 1");
	else if (strlen(b->data) != b->len || !params_is_pool_id(b->data))
		check_problem(c, b->data, "userPoolId",
		    "satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+");
}

/* GroupName or Username: 1 to 128 characters that a name may have; its JSON string goes to key. */
static void
read_name(struct check *c, const char *member, const char *shown, struct buf *key)
{
	struct params *p = &c->x->params;
	uint32_t value = check_string(c, 0, member, &p->name);

	buf_clear(key);
	if (value == 0) {
		check_problem(c, "", shown, "not be null");
		return;
	}
	jtext_string_token(key, &p->list.tok[value], buf_string(&c->x->body));
	check_name(c, &p->name, shown, NAME_MAX_CHARS, strcmp(member, "Username") == 0);
}

/* JobName or JobId. */
static uint32_t
read_job(struct check *c, const char *member, const char *shown, size_t max, const char *pattern,
    bool (*is_one)(const struct buf *b))
{
	struct buf *b = &c->x->params.name;
	uint32_t value = check_string(c, 0, member, b);
	char limit[64];

	snprintf(limit, sizeof limit, "have length less than or equal to %zu", max);
	if (value == 0)
		check_problem(c, "", shown, "not be null");
	else if (b->len == 0)
		check_problem(c, NULL, shown, "have length greater than or equal to 1");
	else if (check_characters(b) > max)
		check_problem(c, b->data, shown, limit);
	else if (strlen(b->data) != b->len || !is_one(b))
		check_problem(c, b->data, shown, pattern);
	return value;
}

/* [\w\s+=,.@-]+ */
static bool
is_job_name(const struct buf *b)
{
	return b->data[strspn(b->data, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
	    "uvwxyz_+=,.@- \t\n\v\f\r")] == '\0';
}

/* import-[0-9a-zA-Z-]+ */
static bool
is_job_id(const struct buf *b)
{
	return strncmp(b->data, "import-", 7) == 0 && b->len > 7 && b->data[strspn(b->data,
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-")] == '\0';
}

static void
read_max_results(struct check *c)
{
	struct params *p = &c->x->params;
	uint32_t value = check_member(c, 0, "MaxResults", TOK_NUMBER, TOK_NUMBER);
	const struct tok *t = &p->list.tok[value];
	const char *why;
	char number[24];
	int64_t n = 0;

	if (value == 0) {
		if (!c->serial)
			check_problem(c, "", "maxResults", "not be null");
		return;
	}
	snprintf(number, sizeof number, "%.*s", (int)(t->end - t->start < 20 ?
	    t->end - t->start : 20), buf_string(&c->x->body) + t->start);
	if (num_parse(number, INT32_MIN, INT32_MAX, &n, &why) != 0)
		c->serial = true;
	else if (n > PARAMS_LIMIT_MAX)
		check_problem(c, number, "maxResults", "have value less than or equal to 60");
	else if (n < 1)
		check_problem(c, number, "maxResults", "have value greater than or equal to 1");
	p->limit = (int)n;
}

/* 0 means what an absent Limit means. */
static void
read_limit(struct check *c)
{
	struct params *p = &c->x->params;
	const char *text = buf_string(&c->x->body), *why;
	uint32_t value = tok_member(&p->list, text, 0, "Limit");
	const struct tok *t = &p->list.tok[value];
	char number[24];
	int64_t n = 0;

	p->limit = PARAMS_LIMIT_MAX;
	p->has_limit = value != 0 && t->type != TOK_NULL;
	if (!p->has_limit)
		return;
	if (t->type != TOK_NUMBER || t->end - t->start >= sizeof number) {
		c->serial = true;
		return;
	}
	memcpy(number, text + t->start, t->end - t->start);
	number[t->end - t->start] = '\0';
	if (num_parse(number, INT32_MIN, INT32_MAX, &n, &why) != 0)
		c->serial = true;
	else if (n > PARAMS_LIMIT_MAX)
		check_problem(c, number, "limit", "have value less than or equal to 60");
	else if (n < 0)
		check_problem(c, number, "limit", "have value greater than or equal to 0");
	else if (n > 0)
		p->limit = (int)n;
}

void
params_read_token(struct check *c, const char *member, const char *shown, size_t max)
{
	struct params *p = &c->x->params;
	char limit[64];

	p->has_token = check_string(c, 0, member, &p->token) != 0;
	if (!p->has_token)
		return;
	if (p->token.len == 0)
		check_problem(c, NULL, shown, "have length greater than or equal to 1");
	else if (!check_is_unbroken(&p->token))
		check_problem(c, p->token.data, shown, "satisfy regular expression pattern: [\\S]+");
	else if (max > 0 && check_characters(&p->token) > max) {
		snprintf(limit, sizeof limit, "have length less than or equal to %zu", max);
		check_problem(c, NULL, shown, limit);
	}
}

static bool
is_attribute_name(const struct check *c, const struct tok *t)
{
	struct buf name;
	size_t length;

	buf_init(&name, EXCHANGE_BODY_MAX);
	jtext_decode(&name, buf_string(&c->x->body) + t->start, t->end - t->start);
	length = check_characters(&name);
	buf_free(&name);
	return length >= 1 && length <= ATTRIBUTE_MAX;
}

static void
read_attributes(struct check *c)
{
	struct params *p = &c->x->params;
	const struct tok *tok = p->list.tok;
	uint32_t i, list = tok_member(&p->list, buf_string(&c->x->body), 0, "AttributesToGet");
	bool good = true;

	if (list == 0 || tok[list].type == TOK_NULL)
		return;
	p->attributes = list;
	if (tok[list].type != TOK_ARRAY)
		c->serial = true;
	for (i = list + 1; i < tok[list].next; i = tok[i].next)
		if (tok[i].type != TOK_STRING)
			c->serial = true;
		else
			good = good && is_attribute_name(c, &tok[i]);
	if (!good)
		check_problem(c, NULL, "attributesToGet", "satisfy constraint: "
		    "[Member must have length less than or equal to 32, "
		    "Member must have length greater than or equal to 1]");
}

static void
read_search(struct check *c)
{
	struct params *p = &c->x->params;

	check_string(c, 0, "Filter", &p->filter);
	if (check_characters(&p->filter) > FILTER_MAX)
		check_problem(c, p->filter.data, "filter", "have length less than or equal to 256");
	read_attributes(c);
}

static void
read_imports(struct check *c, unsigned members)
{
	struct params_write *w = &c->x->params.write;

	if (members & PARAM_JOB_FORM) {
		w->job = read_job(c, "JobName", "jobName", JOB_NAME_MAX,
		    "satisfy regular expression pattern: [\\w\\s+=,.@-]+", is_job_name);
		if ((w->role = write_params_role(c, "CloudWatchLogsRoleArn",
		    "cloudWatchLogsRoleArn")) == 0)
			check_problem(c, "", "cloudWatchLogsRoleArn", "not be null");
	}
	if (members & PARAM_JOB)
		w->job = read_job(c, "JobId", "jobId", JOB_ID_MAX,
		    "satisfy regular expression pattern: import-[0-9a-zA-Z-]+", is_job_id);
	if (members & PARAM_JOB_LIST) {
		read_max_results(c);
		params_read_token(c, "PaginationToken", "paginationToken", 0);
	}
}

static bool
parse(struct exchange *x)
{
	struct params *p = &x->params;

	if (!p->parsed)
		p->parsed = tok_parse(&p->list, buf_string(&x->body), x->body.len) == TOK_OK &&
		    p->list.tok[0].type == TOK_OBJECT;
	return p->parsed;
}

/* The text of a member, in b; NULL if it is none. */
static const char *
text_of(struct exchange *x, const char *member, struct buf *b)
{
	const struct tok *t;
	uint32_t value;

	if (!parse(x) || (value = tok_member(&x->params.list, buf_string(&x->body), 0,
	    member)) == 0 || (t = &x->params.list.tok[value])->type != TOK_STRING)
		return NULL;
	buf_clear(b);
	jtext_decode(b, buf_string(&x->body) + t->start, t->end - t->start);
	return strlen(buf_string(b)) == b->len ? buf_string(b) : NULL;
}

const char *
params_pool(struct exchange *x)
{
	const char *id = text_of(x, "UserPoolId", &x->params.pool);

	return id != NULL && params_is_pool_id(id) ? id : NULL;
}

const char *
params_identity_pool(struct exchange *x)
{
	const char *id = text_of(x, "IdentityPoolId", &x->params.name);

	return id != NULL && realm_is_identity_pool_id(id) ? id : NULL;
}

int
params_read(struct exchange *x, unsigned members)
{
	struct params *p = &x->params;
	struct check c;

	if (!parse(x)) {
		answer_coral(&x->answer, 400, "SerializationException",
		    "The request is not a JSON object");
		return -1;
	}
	check_start(&c, x);
	if (members & PARAM_IDENTITY)
		c.code = "ValidationException";
	if ((members & PARAM_NO_POOL) == 0)
		read_pool(&c);
	if (members & PARAM_GROUP)
		read_name(&c, "GroupName", "groupName", members & PARAM_USER ? &p->group : &p->key);
	if (members & PARAM_USER)
		read_name(&c, "Username", "username", &p->key);
	if (members & PARAM_PAGED)
		read_limit(&c);
	if (members & PARAM_SEARCH) {
		params_read_token(&c, "PaginationToken", "paginationToken", 0);
		read_search(&c);
	} else if (members & PARAM_PAGED) {
		params_read_token(&c, "NextToken", "nextToken", TOKEN_MAX);
	}
	if (members & PARAM_WRITES)
		write_params_read(&c, members);
	if (members & PARAM_IMPORTS)
		read_imports(&c, members);
	if (members & PARAM_RESOURCES)
		resource_params_read(&c, members);
	return check_verdict(&c);
}
