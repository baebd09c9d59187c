/* Which identity pools are bound to which user pools (list-user-pools_bindings.h). */
#include "list-user-pools_bindings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/identity_pool.h"
#include "json/jtext.h"
#include "json/record.h"
#include "net/each.h"

static const char denied[] = "AccessDeniedException";

struct reading {
	struct bindings *bindings;
	struct pools pools;
	const struct pools_item *item;	/* the one whose description is being read */
	const char *region;
	struct tok_list list;
	struct buf line;
	void (*shown)(void *arg, size_t count);
	void *arg;
};

static void
request(void *arg, size_t item, struct buf *body)
{
	struct reading *r = arg;

	pools_request(body, POOLS_IDENTITY, r->pools.item[item].id);
}

static void
name(void *arg, size_t item, char *to, size_t size)
{
	struct reading *r = arg;

	pools_name(POOLS_IDENTITY, r->pools.item[item].id, to, size);
}

/* A client of a user pool of this Region; those of other Regions are in no list of ours. */
static void
add_client(void *arg, const struct identity_pool_provider *p, const char *client)
{
	struct reading *r = arg;
	struct bindings *b = r->bindings;

	if (strcmp(p->region, r->region) != 0)
		return;
	b->item = mem_resize(b->item, b->count + 1, sizeof *b->item);
	b->item[b->count++] = (struct binding){ .user_pool = mem_dup_string(p->user_pool),
		.identity_pool = mem_dup_string(r->item->id), .name = mem_dup_string(r->item->name),
		.client = mem_dup_string(client) };
}

/* Only a description that is right in all that we know of says who is bound. */
static const char *
check(struct reading *r, const char *id, const struct aws_result *result,
    char wrong[SHAPE_WRONG_SIZE])
{
	const char *why;
	uint32_t at;

	if (tok_parse(&r->list, result->body, result->body_len) != TOK_OK ||
	    r->list.tok[0].type != TOK_OBJECT)
		return "the answer is no JSON object";
	buf_clear(&r->line);
	why = identity_pool_members(&r->line, &r->list, result->body, 0, wrong);
	if (why != NULL)
		return why;
	at = tok_member(&r->list, result->body, 0, "IdentityPoolId");
	return tok_is(&r->list.tok[at], result->body, id, strlen(id)) ? NULL :
	    "another pool than the one that was asked for";
}

static enum prog_status
take_pool(void *arg, size_t item, const struct aws_result *result, char why[EACH_WHY_SIZE])
{
	struct reading *r = arg;
	char wrong[SHAPE_WRONG_SIZE];
	const char *fault;

	r->shown(r->arg, r->pools.count);
	r->item = &r->pools.item[item];
	if (result->outcome != AWS_OK) {
		if (strcmp(result->code, denied) == 0)
			r->bindings->missing = "cognito-identity:DescribeIdentityPool";
		return PROG_OK;
	}
	fault = check(r, r->item->id, result, wrong);
	if (fault != NULL) {
		diag_error("DescribeIdentityPool: identity pool %s: %s", r->item->id, fault);
		snprintf(why, EACH_WHY_SIZE, "%s", fault);
		return PROG_FAIL;
	}
	identity_pool_clients(&r->list, result->body, 0, add_client, r);
	return PROG_OK;
}

static int
compare(const void *a, const void *b)
{
	const struct binding *x = a, *y = b;
	int way = strcmp(x->user_pool, y->user_pool);

	if (way == 0)
		way = strcmp(x->identity_pool, y->identity_pool);
	return way != 0 ? way : strcmp(x->client, y->client);
}

enum prog_status
bindings_read(struct bindings *b, struct aws_client *client,
    void (*shown)(void *arg, size_t count), void *arg, char why[POOLS_WHY_SIZE])
{
	static const char *const answers[] = { denied, "ResourceNotFoundException", NULL };
	struct reading r = { .bindings = b, .region = aws_settings(client)->region,
		.shown = shown, .arg = arg };
	struct each e = { .operation = "DescribeIdentityPool", .request = request,
		.answer = take_pool, .name = name, .codes = answers, .arg = &r };
	enum prog_status status;
	bool quiet;

	*b = (struct bindings){ .item = NULL };
	status = pools_list(client, POOLS_IDENTITY, &r.pools, denied, &quiet, why);
	if (quiet) {
		b->missing = "cognito-identity:ListIdentityPools";
		return PROG_OK;
	}
	if (status != PROG_OK)
		return status;
	tok_init(&r.list, RECORD_TOKENS_MAX);
	buf_init(&r.line, RECORD_LINE_MAX);
	e.count = r.pools.count;
	status = each_run(client, &e, why);
	tok_free(&r.list);
	buf_free(&r.line);
	pools_free(&r.pools);
	if (b->count > 1)
		qsort(b->item, b->count, sizeof *b->item, compare);
	return status;
}

/* The first binding of the user pool, or where it would be. */
static size_t
find(const struct bindings *b, const char *user_pool)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(b->item[middle].user_pool, user_pool) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
put_string(struct buf *line, const char *before, const char *text)
{
	return buf_append_string(line, before) == 0 ? jtext_string(line, text, strlen(text)) : -1;
}

int
bindings_put(const struct bindings *b, const char *user_pool, struct buf *line)
{
	int rc = buf_append_string(line, ",\"IdentityPools\":[");
	const struct binding *before = NULL;

	for (size_t i = find(b, user_pool); rc == 0 && i < b->count; i++) {
		const struct binding *x = &b->item[i];
		bool same = before != NULL && strcmp(before->identity_pool, x->identity_pool) == 0;

		if (strcmp(x->user_pool, user_pool) != 0)
			break;
		if (!same) {
			rc = put_string(line, before != NULL ? "]},{\"IdentityPoolId\":" :
			    "{\"IdentityPoolId\":", x->identity_pool);
			rc = rc == 0 ? put_string(line, ",\"IdentityPoolName\":", x->name) : rc;
			rc = rc == 0 ? buf_append_string(line, ",\"ClientIds\":[") : rc;
		}
		/* Two names of one user pool may have the same client. */
		if (rc == 0 && x->client[0] != '\0' &&
		    !(same && strcmp(before->client, x->client) == 0))
			rc = put_string(line, line->data[line->len - 1] == '[' ? "" : ",",
			    x->client);
		before = x;
	}
	if (rc == 0)
		rc = buf_append_string(line, before != NULL ? "]}]" : "]");
	return rc;
}

void
bindings_free(struct bindings *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->item[i].user_pool);
		free(b->item[i].identity_pool);
		free(b->item[i].name);
		free(b->item[i].client);
	}
	free(b->item);
	*b = (struct bindings){ .item = NULL };
}
