/*
 * list-identity-pools: the identity pools of an account in a Region (ListIdentityPools), one record
 * a line, sorted by id; with --describe what each is like and which user pools it is bound to, with
 * --roles also the roles that it gives.
 *
 * A description has secrets in it, so what goes out is an allow list (json/identity_pool.h), and a
 * wrong one goes into the reject file by id and name alone.  What is denied stands in Missing; a
 * pool that is gone between list and description is a wrong record, lest it be lost unseen.
 *
 * Manual page: list-identity-pools(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/progress.h"
#include "json/record.h"
#include "json/sink.h"
#include "net/each.h"
#include "net/netopt.h"
#include "net/pool.h"
#include "net/pools.h"

#include "list-identity-pools_record.h"

static const char usage[] =
    "list-identity-pools [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--describe] [--roles] [id | name-pattern ...]";

struct listing {
	struct sink sink;
	struct progress progress;
	struct aws_client *client;
	struct pools pools;
	bool describe;
	struct record_roles *roles;	/* one a pool; NULL: not asked for */
	uint64_t asked;		/* answers so far */
	char **words;
	size_t word_count;
	struct buf line;
	struct tok_list list;
	char why[RECORD_REASON_SIZE];
};

static const char *const answers[] = { "AccessDeniedException", "ResourceNotFoundException", NULL };

/* A wrong record by what is known to be harmless of it. */
static enum prog_status
reject(struct listing *l, size_t number, const char *operation, const char *reason)
{
	struct buf b;
	int rc;

	buf_init(&b, RECORD_LINE_MAX);
	pools_brief(&b, POOLS_IDENTITY, &l->pools.item[number]);
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
	if (record_end(&l->line, l->roles != NULL ? &l->roles[number] : NULL, denied) != 0)
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

	pools_request(body, POOLS_IDENTITY, l->pools.item[item].id);
}

static void
name(void *arg, size_t item, char *to, size_t size)
{
	struct listing *l = arg;

	pools_name(POOLS_IDENTITY, l->pools.item[item].id, to, size);
}

static void
show(struct listing *l)
{
	progress_show(&l->progress, ++l->asked, l->pools.count * (l->roles != NULL ? 2 : 1));
}

static enum prog_status
take_roles(void *arg, size_t item, const struct aws_result *r, char why[EACH_WHY_SIZE])
{
	struct listing *l = arg;

	(void)why;
	show(l);
	record_roles(&l->roles[item], &l->list, &l->pools.item[item], r);
	return PROG_OK;
}

static enum prog_status
take_pool(void *arg, size_t number, const struct aws_result *r, char why[EACH_WHY_SIZE])
{
	static const char operation[] = "DescribeIdentityPool";
	struct listing *l = arg;
	const struct pools_item *item = &l->pools.item[number];
	char wrong[SHAPE_WRONG_SIZE];
	enum prog_status status;
	const char *fault;

	show(l);
	fault = record_described(&l->line, &l->list, item, r, wrong);
	if (fault != NULL)
		status = reject(l, number, operation, fault);
	else if (l->roles != NULL && l->roles[number].wrong != NULL)
		status = reject(l, number, "GetIdentityPoolRoles", l->roles[number].wrong);
	else
		status = give(l, number, operation, record_is_denied(r));
	if (status != PROG_OK)
		snprintf(why, EACH_WHY_SIZE, "%s", l->why);
	return status;
}

/* The roles of all come first: they are few bytes, and the records need no second turn then. */
static enum prog_status
describe_all(struct listing *l)
{
	struct each e = { .operation = "GetIdentityPoolRoles", .count = l->pools.count,
		.request = request, .answer = take_roles, .name = name, .codes = answers,
		.arg = l };
	enum prog_status status = PROG_OK;

	if (l->roles != NULL)
		status = each_run(l->client, &e, l->why);
	e.operation = "DescribeIdentityPool";
	e.answer = take_pool;
	return status == PROG_OK ? each_run(l->client, &e, l->why) : status;
}

static enum prog_status
give_listed(struct listing *l)
{
	enum prog_status status = PROG_OK;
	char wrong[SHAPE_WRONG_SIZE];

	for (size_t i = 0; status == PROG_OK && i < l->pools.count; i++) {
		const char *fault = record_listed(&l->line, &l->list, &l->pools.item[i],
		    wrong);

		status = fault != NULL ? reject(l, i, "ListIdentityPools", fault) :
		    give(l, i, "ListIdentityPools", false);
	}
	return status;
}

static enum prog_status
list(struct listing *l, bool with_roles)
{
	enum prog_status status = netopt_start(l->client);

	if (status != PROG_OK) {
		snprintf(l->why, sizeof l->why, "no credentials");
		return status;
	}
	status = pools_list(l->client, POOLS_IDENTITY, &l->pools, NULL, NULL, l->why);
	if (status == PROG_OK)
		status = pools_choose(&l->pools, POOLS_IDENTITY, l->words, l->word_count, l->why);
	if (status != PROG_OK)
		return status;
	if (with_roles)
		l->roles = mem_alloc((l->pools.count + 1) * sizeof *l->roles);
	return l->describe ? describe_all(l) : give_listed(l);
}

static enum prog_status
run(struct listing *l, bool with_roles, const struct sink_options *options,
    const struct net_options *net)
{
	enum prog_status status;
	struct buf b;

	if (sink_open(&l->sink, options, true) != 0)
		return PROG_FAIL;
	progress_start(&l->progress, netopt_progress(net), "identity pools");
	buf_init(&b, SEAL_MAX / 4);	/* JSON text in JSON text may double */
	pools_scope(&b, l->words, l->word_count);
	pool_describe(&l->sink.seal, l->client, NULL, "identity-pools", buf_string(&b));
	buf_free(&b);
	buf_init(&l->line, RECORD_LINE_MAX);
	tok_init(&l->list, RECORD_TOKENS_MAX);
	status = list(l, with_roles);
	progress_end(&l->progress);
	for (size_t i = 0; l->roles != NULL && i < l->pools.count; i++)
		record_roles_free(&l->roles[i]);
	free(l->roles);
	pools_free(&l->pools);
	tok_free(&l->list);
	buf_wipe(&l->line);
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
	bool with_roles = false;
	const struct opt_spec own[] = {
		{ "describe", 0, OPT_FLAG, &l.describe },
		{ "roles", 0, OPT_FLAG, &with_roles },
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
	l.describe = l.describe || with_roles;
	pools_check(l.words, l.word_count);
	status = netopt_connect(&net, AWS_COGNITO_IDENTITY, NULL, &l.client);
	if (status == PROG_OK)
		status = run(&l, with_roles, &options, &net);
	aws_free(l.client);
	return status;
}
