/* The record of an identity pool (list-identity-pools_record.h). */
#include "list-identity-pools_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/identity_pool.h"
#include "json/record.h"

static const char gone[] = "ResourceNotFoundException: in the list, and gone";
static const char other[] = "another pool than the one that was asked for";

bool
record_is_denied(const struct aws_result *r)
{
	return strcmp(r->code, "AccessDeniedException") == 0;
}

static const char *
parse(struct tok_list *tokens, const char *text, size_t len)
{
	if (tok_parse(tokens, text, len) != TOK_OK || tokens->tok[0].type != TOK_OBJECT)
		return "the answer is no JSON object";
	return NULL;
}

/* Whether the answer is about the pool. */
static bool
is_of(const struct tok_list *tokens, const char *text, const struct pools_item *item)
{
	uint32_t id = tok_member(tokens, text, 0, "IdentityPoolId");

	return id != 0 && tok_is(&tokens->tok[id], text, item->id, strlen(item->id));
}

const char *
record_listed(struct buf *line, struct tok_list *tokens, const struct pools_item *item,
    char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = parse(tokens, item->text, item->len);

	buf_clear(line);
	(void)buf_append_byte(line, '{');
	return why != NULL ? why :
	    identity_pool_item_members(line, tokens, item->text, 0, wrong);
}

const char *
record_described(struct buf *line, struct tok_list *tokens, const struct pools_item *item,
    const struct aws_result *r, char wrong[SHAPE_WRONG_SIZE])
{
	const char *why;

	if (r->outcome != AWS_OK)
		return record_is_denied(r) ? record_listed(line, tokens, item, wrong) : gone;
	why = parse(tokens, r->body, r->body_len);
	buf_clear(line);
	(void)buf_append_byte(line, '{');
	if (why == NULL)
		why = identity_pool_members(line, tokens, r->body, 0, wrong);
	return why != NULL || is_of(tokens, r->body, item) ? why : other;
}

void
record_roles(struct record_roles *roles, struct tok_list *tokens, const struct pools_item *item,
    const struct aws_result *r)
{
	char wrong[SHAPE_WRONG_SIZE];
	const char *why = gone;
	struct buf b;

	*roles = (struct record_roles){ .denied = record_is_denied(r) };
	if (roles->denied)
		return;
	buf_init(&b, RECORD_LINE_MAX);
	if (r->outcome == AWS_OK)
		why = parse(tokens, r->body, r->body_len);
	if (why == NULL)
		why = identity_pool_roles(&b, tokens, r->body, 0, wrong);
	if (why == NULL && !is_of(tokens, r->body, item))
		why = other;
	if (why != NULL)
		roles->wrong = mem_dup_string(why);
	else
		roles->members = mem_dup_string(buf_string(&b));
	buf_free(&b);
}

void
record_roles_free(struct record_roles *roles)
{
	free(roles->members);
	free(roles->wrong);
}

int
record_end(struct buf *line, const struct record_roles *roles, bool denied)
{
	bool more = roles != NULL && roles->denied;

	if (roles != NULL && roles->members != NULL &&
	    buf_appendf(line, ",%s", roles->members) != 0)
		return -1;
	if ((denied || more) && buf_appendf(line, ",\"Missing\":[%s%s%s]",
	    denied ? "\"cognito-identity:DescribeIdentityPool\"" : "", denied && more ? "," : "",
	    more ? "\"cognito-identity:GetIdentityPoolRoles\"" : "") != 0)
		return -1;
	return buf_append_byte(line, '}');
}
