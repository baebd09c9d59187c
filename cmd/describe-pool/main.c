/*
 * describe-pool: what a Cognito user pool is like, as one record: the attributes that its users may
 * have, how they sign in, the policies, the functions that it calls; its clients, identity
 * providers, domains, scopes, the roles of its groups.  With --compare, what of two such records a
 * move from the one pool to the other would lose.
 *
 * What goes out is a list of what is known to be harmless (json/user_pool.c), not the answer without
 * what is known to be harmful: a pool has an external ID and texts of messages, a client a secret,
 * and AWS adds members as it likes.
 *
 * Manual page: describe-pool(1).
 */
#include <stdio.h>
#include <string.h>

#include "json/record.h"
#include "json/sink.h"
#include "net/netopt.h"
#include "net/pool.h"

#include "compare.h"
#include "describe.h"
#include "parts.h"

static const char usage[] =
    "describe-pool [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--parts list]\n"
    "       describe-pool [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "--compare from to";

static enum prog_status
run(struct describe *d, const struct sink_options *options, const struct net_options *net)
{
	enum prog_status status;
	struct buf stats, record;
	struct sink sink;

	if (sink_open(&sink, options, true) != 0)
		return PROG_FAIL;
	pool_describe(&sink.seal, d->client, d->pool, "pool", "all");
	progress_start(&d->progress, netopt_progress(net), "answers");
	buf_init(&record, SIZE_MAX);
	status = netopt_start(d->client);
	if (status != PROG_OK)
		snprintf(d->why, sizeof d->why, "no credentials");
	else
		status = describe_ask(d, &record);
	progress_end(&d->progress);
	if (status == PROG_OK && sink_row(&sink, record.data, record.len) != 0) {
		status = PROG_FAIL;
		snprintf(d->why, sizeof d->why, "the output failed");
	}
	buf_free(&record);
	buf_init(&stats, SEAL_MAX);
	aws_stats_json(d->client, &stats);
	status = sink_close(&sink, status, d->why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

/* Two records, of which one may be standard input. */
static enum prog_status
compare(const struct sink_options *options, char **files, int count)
{
	if (count != 2)
		opt_usage_error("--compare: two records, from and to");
	if (strcmp(files[0], "-") == 0 && strcmp(files[1], "-") == 0)
		opt_usage_error("--compare: only one of them can be standard input");
	return compare_run(options, files);
}

int
main(int argc, char **argv)
{
	static struct describe d;
	struct sink_options options = { 0 };
	struct net_options net = { 0 };
	const char *parts = NULL;
	bool comparing = false;
	int operand;
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &d.pool },
		{ "parts", 0, OPT_VALUE, &parts },
		{ "compare", 0, OPT_FLAG, &comparing },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&options), netopt_table(&net), NULL
	};
	enum prog_status status;

	prog_start(argv[0]);
	operand = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&options);
	if (comparing && (d.pool != NULL || parts != NULL))
		opt_usage_error("--compare: nothing is asked of a pool");
	if (comparing)
		return compare(&options, argv + operand, argc - operand);
	if (operand < argc)
		opt_usage_error("no operands are taken");
	d.parts = parts_read(parts);
	d.pool = netopt_pool(d.pool);
	status = netopt_connect(&net, AWS_COGNITO_IDP, d.pool, &d.client);
	if (status == PROG_OK)
		status = run(&d, &options, &net);
	aws_free(d.client);
	return status;
}
