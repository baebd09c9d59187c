/*
 * list-user-pools: the user pools of an account in a Region (ListUserPools), one record a line,
 * sorted by id; with --describe what each is like (DescribeUserPool), with --with-identity-pools
 * which identity pools of the Region are bound to it.
 *
 * What goes out is an allow list (json/user_pool.h), and a wrong description goes into the reject
 * file by id and name alone.  What is denied stands in Missing; a pool that is gone between list
 * and description is a wrong record, lest it be lost unseen.
 *
 * Manual page: list-user-pools(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/progress.h"
#include "json/record.h"
#include "json/sink.h"
#include "json/user_pool.h"
#include "net/each.h"
#include "net/netopt.h"
#include "net/pool.h"
#include "net/pools.h"

#include "list-user-pools_bindings.h"

static const char usage[] =
    "list-user-pools [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--describe] [--with-identity-pools] [id | name-pattern ...]";

struct listing {
	struct sink sink;
	struct progress progress;
	struct aws_client *client;
	struct aws_client *identity;	/* of identity pools; NULL: not asked for */
	struct pools pools;
	struct bindings bindings;
	bool describe;
	uint64_t asked, total;		/* descriptions so far, and of how many */
	char **words;
	size_t word_count;
	struct buf line;
	struct tok_list list;
	char why[RECORD_REASON_SIZE];
};

static bool
is_denied(const struct aws_result *r)
{
	return strcmp(r->code, "AccessDeniedException") == 0;
}

static const char *
parse(struct listing *l, const char *text, size_t len)
{
	if (tok_parse(&l->list, text, len) != TOK_OK || l->list.tok[0].type != TOK_OBJECT)
		return "the answer is no JSON object";
	return NULL;
}

/* The record of a pool as the list has it, without its closing brace. */
static const char *
begin_listed(struct listing *l, const struct pools_item *item, char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = parse(l, item->text, item->len);

	buf_clear(&l->line);
	(void)buf_append_byte(&l->line, '{');
	return why != NULL ? why : user_pool_item_members(&l->line, &l->list, item->text, 0, wrong);
}

/* The same as a description says. */
static const char *
begin_described(struct listing *l, const struct pools_item *item, const struct aws_result *r,
    char wrong[SHAPE_WRONG_SIZE])
{
	const char *why = parse(l, r->body, r->body_len);
	uint32_t pool, id;

	buf_clear(&l->line);
	(void)buf_append_byte(&l->line, '{');
	if (why != NULL)
		return why;
	pool = tok_member(&l->list, r->body, 0, "UserPool");
	if (pool == 0)
		return "no pool";
	why = user_pool_members(&l->line, &l->list, r->body, pool, wrong);
	if (why != NULL)
		return why;
	id = tok_member(&l->list, r->body, pool, "Id");
	return tok_is(&l->list.tok[id], r->body, item->id, strlen(item->id)) ? NULL :
	    "another pool than the one that was asked for";
}

/* Behind the members in the line: the bindings, and what was denied.  Returns 0 or -1. */
static int
end_record(struct listing *l, const char *id, bool denied)
{
	const char *missing = l->bindings.missing;
	struct buf *b = &l->line;

	if (l->identity != NULL && missing == NULL && bindings_put(&l->bindings, id, b) != 0)
		return -1;
	if ((denied || missing != NULL) && buf_appendf(b, ",\"Missing\":[%s%s%s%s%s]",
	    missing != NULL ? "\"" : "", missing != NULL ? missing : "",
	    missing != NULL ? "\"" : "", missing != NULL && denied ? "," : "",
	    denied ? "\"cognito-idp:DescribeUserPool\"" : "") != 0)
		return -1;
	return buf_append_byte(b, '}');
}

/* A wrong record by what is known to be harmless of it. */
static enum prog_status
reject(struct listing *l, size_t number, const char *operation, const char *reason)
{
	struct buf b;
	int rc;

	buf_init(&b, RECORD_LINE_MAX);
	pools_brief(&b, POOLS_USER, &l->pools.item[number]);
	rc = sink_reject(&l->sink, operation, number + 1, reason, b.data, b.len);
	buf_free(&b);
	if (rc == 0)
		return PROG_OK;
	snprintf(l->why, sizeof l->why, "a wrong record");
	return PROG_FAIL;
}

/* Gives the record in the line out. */
static enum prog_status
give(struct listing *l, size_t number, const char *operation, bool denied)
{
	if (end_record(l, l->pools.item[number].id, denied) != 0)
		return reject(l, number, operation, "the record would be too long");
	if (sink_row(&l->sink, l->line.data, l->line.len) == 0 && out_flush(&l->sink.out) == 0)
		return PROG_OK;
	snprintf(l->why, sizeof l->why, "the output failed");
	return PROG_FAIL;
}

static void
request(void *arg, size_t item, struct buf *body)
{
	struct listing *l = arg;

	pools_request(body, POOLS_USER, l->pools.item[item].id);
}

static void
name(void *arg, size_t item, char *to, size_t size)
{
	struct listing *l = arg;

	pools_name(POOLS_USER, l->pools.item[item].id, to, size);
}

static enum prog_status
take_pool(void *arg, size_t number, const struct aws_result *r, char why[EACH_WHY_SIZE])
{
	static const char operation[] = "DescribeUserPool";
	struct listing *l = arg;
	const struct pools_item *item = &l->pools.item[number];
	char wrong[SHAPE_WRONG_SIZE];
	enum prog_status status;
	const char *fault;

	progress_show(&l->progress, ++l->asked, l->total);
	if (r->outcome == AWS_OK)
		fault = begin_described(l, item, r, wrong);
	else
		fault = is_denied(r) ? begin_listed(l, item, wrong) :
		    "ResourceNotFoundException: in the list, and gone";
	status = fault != NULL ? reject(l, number, operation, fault) :
	    give(l, number, operation, is_denied(r));
	if (status != PROG_OK)
		snprintf(why, EACH_WHY_SIZE, "%s", l->why);
	return status;
}

static enum prog_status
give_listed(struct listing *l)
{
	enum prog_status status = PROG_OK;
	char wrong[SHAPE_WRONG_SIZE];

	for (size_t i = 0; status == PROG_OK && i < l->pools.count; i++) {
		const char *fault = begin_listed(l, &l->pools.item[i], wrong);

		status = fault != NULL ? reject(l, i, "ListUserPools", fault) :
		    give(l, i, "ListUserPools", false);
	}
	return status;
}

/* An identity pool's description is there. */
static void
show_binding(void *arg, size_t count)
{
	struct listing *l = arg;

	l->total = count + (l->describe ? l->pools.count : 0);
	progress_show(&l->progress, ++l->asked, l->total);
}

static enum prog_status
list(struct listing *l)
{
	static const char *const answers[] = { "AccessDeniedException", "ResourceNotFoundException",
		NULL };
	struct each e = { .operation = "DescribeUserPool", .request = request, .answer = take_pool,
		.name = name, .codes = answers, .arg = l };
	enum prog_status status = netopt_start(l->client);

	if (status != PROG_OK) {
		snprintf(l->why, sizeof l->why, "no credentials");
		return status;
	}
	status = pools_list(l->client, POOLS_USER, &l->pools, NULL, NULL, l->why);
	if (status == PROG_OK)
		status = pools_choose(&l->pools, POOLS_USER, l->words, l->word_count, l->why);
	if (status != PROG_OK)
		return status;
	l->total = e.count = l->pools.count;
	if (l->identity != NULL && l->pools.count > 0)
		status = bindings_read(&l->bindings, l->identity, show_binding, l, l->why);
	if (status != PROG_OK)
		return status;
	return l->describe ? each_run(l->client, &e, l->why) : give_listed(l);
}

static enum prog_status
run(struct listing *l, const struct sink_options *options, const struct net_options *net)
{
	enum prog_status status;
	struct buf b;

	if (sink_open(&l->sink, options, true) != 0)
		return PROG_FAIL;
	progress_start(&l->progress, netopt_progress(net), "pools");
	buf_init(&b, SEAL_MAX / 4);	/* JSON text in JSON text may double */
	pools_scope(&b, l->words, l->word_count);
	pool_describe(&l->sink.seal, l->client, NULL, "user-pools", buf_string(&b));
	buf_free(&b);
	buf_init(&l->line, RECORD_LINE_MAX);
	tok_init(&l->list, RECORD_TOKENS_MAX);
	status = list(l);
	progress_end(&l->progress);
	bindings_free(&l->bindings);
	pools_free(&l->pools);
	tok_free(&l->list);
	buf_free(&l->line);
	if (l->identity != NULL)
		aws_stats_add(l->client, l->identity);
	buf_init(&b, SEAL_MAX);
	aws_stats_json(l->client, &b);
	status = sink_close(&l->sink, status, l->why, buf_string(&b));
	buf_free(&b);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options options = { 0 };
	struct net_options net = { 0 };
	struct listing l = { .describe = false };
	bool bound = false;
	const struct opt_spec own[] = {
		{ "describe", 0, OPT_FLAG, &l.describe },
		{ "with-identity-pools", 0, OPT_FLAG, &bound },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&options), netopt_table(&net), NULL
	};
	enum prog_status status;
	int first;

	prog_start(argv[0]);
	first = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&options);
	l.words = argv + first;
	l.word_count = (size_t)(argc - first);
	pools_check(l.words, l.word_count);
	status = netopt_connect(&net, AWS_COGNITO_IDP, NULL, &l.client);
	if (status == PROG_OK && bound)
		status = netopt_connect_beside(&net, AWS_COGNITO_IDENTITY, l.client, &l.identity);
	if (status == PROG_OK)
		status = run(&l, &options, &net);
	aws_free(l.identity);
	aws_free(l.client);
	return status;
}
