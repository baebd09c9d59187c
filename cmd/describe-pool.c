/*
 * describe-pool: what a Cognito user pool is like (DescribeUserPool), as one record: the attributes
 * that its users may have, how they sign in, the policies, the functions that it calls.
 *
 * What goes out is a list of what is known to be harmless (json/user_pool.c), not the answer without
 * what is known to be harmful: a pool has an external ID and texts of messages, and AWS adds members
 * as it likes.
 *
 * Manual page: describe-pool(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/record.h"
#include "json/sink.h"
#include "json/user_pool.h"
#include "net/netopt.h"
#include "net/pool.h"

static const char usage[] =
    "describe-pool [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id]";

enum { TOKENS_MAX = 64 * 1024 };	/* 120 attributes are 3,000 */

/* The answer as a record.  Returns 0, or -1 with the reason printed. */
static int
make_record(struct buf *line, const char *pool, const char *text, size_t len)
{
	char wrong[SHAPE_WRONG_SIZE];
	const char *why = "not JSON";
	struct tok_list list;
	uint32_t at = 0, id;

	tok_init(&list, TOKENS_MAX);
	if (tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT) {
		at = tok_member(&list, text, 0, "UserPool");
		(void)buf_append_byte(line, '{');
		why = at == 0 ? "no pool" : user_pool_members(line, &list, text, at, wrong);
		if (why == NULL && buf_append_byte(line, '}') != 0)
			why = "the record would be too long";
	}
	if (why == NULL) {
		id = tok_member(&list, text, at, "Id");
		if (!tok_is(&list.tok[id], text, pool, strlen(pool)))
			why = "another pool than the one that was asked for";
	}
	tok_free(&list);
	if (why != NULL)
		diag_error("DescribeUserPool: the answer is none: %s", why);
	return why == NULL ? 0 : -1;
}

/* Asks.  why gets the reason for the seal of a run that failed. */
static enum prog_status
ask(struct aws_client *client, const char *pool, struct sink *sink, char *why, size_t size)
{
	const struct aws_result *r;
	enum prog_status status;
	struct buf body, line;

	buf_init(&body, POOL_REQUEST_MAX);
	buf_init(&line, RECORD_LINE_MAX);
	(void)pool_request(&body, pool, NULL, NULL, false);
	r = aws_call(client, "DescribeUserPool", body.data, body.len);
	status = aws_status(r->outcome);
	if (status != PROG_OK) {
		diag_error("DescribeUserPool: %s", r->message);
		snprintf(why, size, "%s", r->message);
	} else if (make_record(&line, pool, r->body, r->body_len) != 0) {
		status = PROG_FAIL;
		snprintf(why, size, "the answer is none");
	} else if (sink_row(sink, line.data, line.len) != 0) {
		status = PROG_FAIL;
		snprintf(why, size, "the output failed");
	}
	buf_free(&line);
	buf_free(&body);
	return status;
}

static enum prog_status
run(struct aws_client *client, const char *pool, const struct sink_options *options)
{
	char why[RECORD_REASON_SIZE] = "no credentials";
	enum prog_status status;
	struct sink sink;
	struct buf stats;

	if (sink_open(&sink, options, true) != 0)
		return PROG_FAIL;
	pool_describe(&sink.seal, client, pool, "pool", "all");
	status = netopt_start(client);
	if (status == PROG_OK)
		status = ask(client, pool, &sink, why, sizeof why);
	buf_init(&stats, SEAL_MAX);
	aws_stats_json(client, &stats);
	status = sink_close(&sink, status, why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options options = { 0 };
	struct net_options net = { 0 };
	const char *pool = NULL;
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &pool },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&options), netopt_table(&net), NULL
	};
	struct aws_client *client;
	enum prog_status status;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	sink_options_finish(&options);
	pool = netopt_pool(pool);
	status = netopt_connect(&net, AWS_COGNITO_IDP, pool, &client);
	if (status == PROG_OK)
		status = run(client, pool, &options);
	aws_free(client);
	return status;
}
