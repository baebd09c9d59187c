/* Pages (page.h). */
#include "page.h"

#include <string.h>

#include "net/pool.h"

enum { TOKENS_MAX = 16 * 1024 * 1024, REQUEST_MAX = 1024 * 1024 };

void
page_start(struct page *p, const struct check *c, int operation, const char *member,
    const char *value)
{
	memset(p, 0, sizeof *p);
	p->client = c->client;
	p->operation = plan_operations[operation].name;
	tok_init(&p->list, TOKENS_MAX);
	buf_init(&p->token, REQUEST_MAX / 2);
	buf_init(&p->request, POOL_REQUEST_MAX);
	/* Cannot be too long: names have been checked, filters are short. */
	(void)pool_request(&p->request, c->pool, member, value, true);
}

/* The token stays as it was written: what was between the quotes of one string fits another. */
static const struct aws_result *
send(struct page *p, const char *token_member)
{
	const struct aws_result *result;
	struct buf body;

	buf_init(&body, REQUEST_MAX);
	(void)buf_append(&body, p->request.data, p->request.len - 1);
	if (p->token.len > 0)
		(void)buf_appendf(&body, ",\"%s\":\"%s\"", token_member, p->token.data);
	(void)buf_append_byte(&body, '}');
	result = aws_call(p->client, p->operation, body.data, body.len);
	buf_free(&body);
	return result;
}

static bool
read_page(struct page *p, const struct aws_result *result, const char *items,
    const char *token_member)
{
	const struct tok *tok;
	uint32_t token;

	p->text = result->body;
	p->items = 0;
	buf_clear(&p->token);
	if (tok_parse(&p->list, result->body, result->body_len) != TOK_OK)
		return false;
	tok = p->list.tok;
	p->array = tok_member(&p->list, p->text, 0, items);
	if (p->array == 0 || tok[p->array].type != TOK_ARRAY)
		return false;
	for (uint32_t i = p->array + 1; i < tok[p->array].next; i = tok[i].next)
		p->items++;
	token = tok_member(&p->list, p->text, 0, token_member);
	p->last = token == 0 || tok[token].type != TOK_STRING;
	return p->last || buf_append(&p->token, p->text + tok[token].start,
	    tok[token].end - tok[token].start) == 0;
}

const struct aws_result *
page_next(struct page *p)
{
	static const struct aws_result wrong = { .outcome = AWS_PROTOCOL, .operation = "",
		.code = "", .message = "an answer that is no page of the listing" };
	bool users = strcmp(p->operation, "ListUsers") == 0;
	const char *token_member = users ? "PaginationToken" : "NextToken";
	const char *items = strcmp(p->operation, "ListGroups") == 0 ? "Groups" : "Users";
	const struct aws_result *result = send(p, token_member);

	if (result->outcome != AWS_OK)
		return result;
	return read_page(p, result, items, token_member) ? NULL : &wrong;
}

void
page_end(struct page *p)
{
	tok_free(&p->list);
	buf_free(&p->token);
	buf_free(&p->request);
}
