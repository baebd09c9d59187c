/* The members of Cognito requests (params.h). */
#include "params.h"

#include <stdarg.h>
#include <string.h>

#include "base/num.h"
#include "exchange.h"
#include "json/jtext.h"
#include "json/utf8.h"

/* A megabyte of body has no more tokens; a message repeats at most all of it, twice. */
enum { TOKENS_MAX = EXCHANGE_BODY_MAX, PROBLEMS_MAX = 4 * EXCHANGE_BODY_MAX };

/* The service model's lengths, in characters. */
enum {
	POOL_MAX = 55, NAME_MAX_CHARS = 128, FILTER_MAX = 256, ATTRIBUTE_MAX = 32,
	TOKEN_MAX = 131072
};

struct check {
	struct exchange *x;
	struct buf problems;
	int count;
	bool serial;		/* a member has the wrong type */
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
}

void
params_start(struct params *p)
{
	p->attributes = 0;
	p->has_token = p->has_limit = false;
	buf_clear(&p->filter);
	buf_clear(&p->key);
}

/* One more constraint that is not satisfied.  value NULL: it is sensitive and not repeated. */
static void
problem(struct check *c, const char *value, const char *member, const char *constraint)
{
	buf_append_string(&c->problems, c->count++ > 0 ? "; " : "");
	if (value == NULL)
		buf_append_string(&c->problems, "Value");
	else if (value[0] == '\0')
		buf_append_string(&c->problems, "Value null");
	else
		buf_appendf(&c->problems, "Value '%s'", value);
	buf_appendf(&c->problems, " at '%s' failed to satisfy constraint: Member must %s", member,
	    constraint);
}

static size_t
characters(const struct buf *b)
{
	return utf8_count(buf_string(b), b->len);
}

/*
 * Whether a character is in none of \p{L}\p{M}\p{S}\p{N}\p{P}: white space, controls, joiners and
 * their like, private use.  As ranges of the characters' bytes, read as numbers.
 */
static bool
is_unnamable(const char *s, size_t len)
{
	static const uint32_t ranges[][2] = {{0x00, 0x20}, {0x7f, 0x7f}, {0xc280, 0xc2a0},
		{0xc2ad, 0xc2ad}, {0xe19a80, 0xe19a80}, {0xe28080, 0xe2808f}, {0xe280a8, 0xe280af},
		{0xe2819f, 0xe281af}, {0xe38080, 0xe38080}, {0xee8080, 0xefa3bf},
		{0xefbbbf, 0xefbbbf}};
	uint32_t bytes = 0;
	size_t i;

	for (i = 0; i < len; i++)
		bytes = bytes << 8 | (unsigned char)s[i];
	for (i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (bytes >= ranges[i][0] && bytes <= ranges[i][1])
			return true;
	return false;
}

/* Decodes the string member into b.  Returns its token, or 0 if it is not there. */
static uint32_t
read_string(struct check *c, const char *member, struct buf *b)
{
	const struct tok_list *l = &c->x->params.list;
	const char *text = buf_string(&c->x->body);
	uint32_t value = tok_member(l, text, 0, member);

	buf_clear(b);
	if (value == 0 || l->tok[value].type == TOK_NULL)
		return 0;
	if (l->tok[value].type != TOK_STRING) {
		c->serial = true;
		return 0;
	}
	jtext_decode(b, text + l->tok[value].start, l->tok[value].end - l->tok[value].start);
	return value;
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

	if (read_string(c, "UserPoolId", b) == 0) {
		problem(c, "", "userPoolId", "not be null");
		return;
	}
	if (characters(b) > POOL_MAX)
		problem(c, b->data, "userPoolId", "have length less than or equal to 55");
	else if (b->len == 0)
		problem(c, NULL, "userPoolId", "have length greater than or equal to 1");
	else if (strlen(b->data) != b->len || !params_is_pool_id(b->data))
		problem(c, b->data, "userPoolId",
		    "satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+");
}

/* GroupName or Username: 1 to 128 characters that a name may have. */
static void
read_name(struct check *c, const char *member, const char *shown, bool sensitive)
{
	struct params *p = &c->x->params;
	struct buf *b = &p->name;
	uint32_t value = read_string(c, member, b);
	const char *repeated = sensitive ? NULL : buf_string(b);
	size_t i, len;

	if (value == 0) {
		problem(c, "", shown, "not be null");
		return;
	}
	buf_clear(&p->key);
	jtext_string_token(&p->key, &p->list.tok[value], buf_string(&c->x->body));
	if (b->len == 0)
		problem(c, NULL, shown, "have length greater than or equal to 1");
	if (characters(b) > NAME_MAX_CHARS)
		problem(c, repeated, shown, "have length less than or equal to 128");
	for (i = 0; i < b->len; i += len) {
		len = utf8_length(b->data + i, b->data + b->len);
		if (is_unnamable(b->data + i, len)) {
			problem(c, repeated, shown, "satisfy regular expression pattern: "
			    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
			break;
		}
	}
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
		problem(c, number, "limit", "have value less than or equal to 60");
	else if (n < 0)
		problem(c, number, "limit", "have value greater than or equal to 0");
	else if (n > 0)
		p->limit = (int)n;
}

static void
read_token(struct check *c, const char *member, const char *shown, size_t max)
{
	struct params *p = &c->x->params;

	p->has_token = read_string(c, member, &p->token) != 0;
	if (!p->has_token)
		return;
	if (p->token.len == 0)
		problem(c, NULL, shown, "have length greater than or equal to 1");
	else if (strcspn(p->token.data, " \t\r\n\f\v") != p->token.len)
		problem(c, p->token.data, shown, "satisfy regular expression pattern: [\\S]+");
	else if (max > 0 && characters(&p->token) > max)
		problem(c, NULL, shown, "have length less than or equal to 131072");
}

static bool
is_attribute_name(const struct check *c, const struct tok *t)
{
	struct buf name;
	size_t length;

	buf_init(&name, EXCHANGE_BODY_MAX);
	jtext_decode(&name, buf_string(&c->x->body) + t->start, t->end - t->start);
	length = characters(&name);
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
		problem(c, NULL, "attributesToGet", "satisfy constraint: "
		    "[Member must have length less than or equal to 32, "
		    "Member must have length greater than or equal to 1]");
}

static void
read_search(struct check *c)
{
	struct params *p = &c->x->params;

	read_string(c, "Filter", &p->filter);
	if (characters(&p->filter) > FILTER_MAX)
		problem(c, p->filter.data, "filter", "have length less than or equal to 256");
	read_attributes(c);
}

static int
verdict(struct check *c)
{
	if (c->serial)
		answer_coral(&c->x->answer, 400, "SerializationException",
		    "A member of the request has the wrong type");
	else if (c->count > 0)
		answer_error(&c->x->answer, 400, "InvalidParameterException",
		    "%d validation error%s detected: %s", c->count, c->count > 1 ? "s" : "",
		    buf_string(&c->problems));
	buf_free(&c->problems);
	return c->serial || c->count > 0 ? -1 : 0;
}

int
params_read(struct exchange *x, unsigned members)
{
	struct params *p = &x->params;
	struct check c = {.x = x};

	if (tok_parse(&p->list, buf_string(&x->body), x->body.len) != TOK_OK ||
	    p->list.tok[0].type != TOK_OBJECT) {
		answer_coral(&x->answer, 400, "SerializationException",
		    "The request is not a JSON object");
		return -1;
	}
	buf_init(&c.problems, PROBLEMS_MAX);
	read_pool(&c);
	if (members & PARAM_GROUP)
		read_name(&c, "GroupName", "groupName", false);
	if (members & PARAM_USER)
		read_name(&c, "Username", "username", true);
	if (members & PARAM_PAGED)
		read_limit(&c);
	if (members & PARAM_SEARCH) {
		read_token(&c, "PaginationToken", "paginationToken", 0);
		read_search(&c);
	} else if (members & PARAM_PAGED) {
		read_token(&c, "NextToken", "nextToken", TOKEN_MAX);
	}
	return verdict(&c);
}
