/*
 * confirm-absent: a plan (plan-sync(1)) in, the same plan out, without what it takes away of people
 * and groups that are not gone.
 *
 * A list may lack somebody who was moved while it was read, and a filter or a mapping may have
 * dropped him.  So each user whom the plan disables, deletes or takes out of groups because he is
 * missing is asked for at the source, one by one; only where that says that there is no such user
 * does the operation pass.  Whatever else the answer is, and where there is none, it is left out.
 * So is the deletion of a group, and whoever is taken out of it for that, unless the source has none
 * of the name.
 *
 * The pool that is asked must be the one that the plan says it was made from: any other would
 * confirm everything.
 *
 * Manual page: confirm-absent(1).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/place.h"
#include "net/netopt.h"

#include "confirm.h"

static const char usage[] =
    "confirm-absent [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--found file] [file]";

static char **
parse_options(int argc, char **argv, struct confirm *c, struct net_options *net,
    const char **pool)
{
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, pool },
		{ "found", 0, OPT_VALUE, &c->found_path },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(c->options), netopt_table(net), NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, false);
	const char *plan = argc > operand ? argv[operand] : NULL;

	sink_options_finish(c->options);
	if (argc - operand > 1)
		opt_usage_error("one plan at a time");
	if (c->found_path != NULL && (strcmp(c->found_path, "-") == 0 ||
	    sink_goes_to(c->options, c->found_path)))
		opt_usage_error("--found: a file of its own");
	place_keep_input(c->found_path, plan);
	return argv + operand;
}

/* All that has a name is open or announced then; and the credentials are there. */
static enum prog_status
start(struct confirm *c, const char **why)
{
	files_will_spool();
	filter_announce(&c->filter);
	*why = "no file for --found";
	if (c->found_path != NULL && out_open(&c->found, c->found_path, false) != 0)
		return PROG_FAIL;
	c->has_found = c->found_path != NULL;
	*why = "no credentials";
	return netopt_start(c->people.client);
}

/* It stands before the plan does.  Returns the status that the run then has. */
static enum prog_status
end_found(struct confirm *c, enum prog_status status)
{
	if (!c->has_found)
		return status;
	if (status != PROG_OK && status != PROG_REJECTED)
		out_abandon(&c->found);
	else if (out_commit(&c->found) != 0)
		return PROG_FAIL;
	return status;
}

static enum prog_status
run(struct confirm *c, const struct net_options *net, char **files)
{
	const char *why = "";
	enum prog_status status;
	struct buf stats;

	c->filter = (struct filter){ .opts = c->options, .files = files, .sink = &c->sink };
	c->sink.sealing = true;
	progress_start(&c->people.progress, progress_beside(netopt_progress(net)), "users");
	status = start(c, &why);
	if (status == PROG_OK)
		status = plan_take(c, &why);
	if (status == PROG_OK) {
		people_ask(&c->people);
		groups_ask(&c->groups);
		status = plan_give(c);
		why = "the run failed";
	}
	progress_end(&c->people.progress);
	status = end_found(c, status);
	buf_init(&stats, SEAL_MAX);
	(void)buf_appendf(&stats, ",\"Candidates\":%" PRIu64 ",\"People\":%zu,\"Groups\":%zu,\"Found\":%"
	    PRIu64 ",\"Unknown\":%" PRIu64, c->candidates, c->people.count, c->groups.count, c->there,
	    c->unknown);
	aws_stats_json(c->people.client, &stats);
	status = sink_close(&c->sink, status, why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

static char *
make_source(const struct people *p)
{
	struct buf b;
	char *source;

	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/%s", aws_endpoint(p->client), p->pool);
	source = mem_dup(b.data, b.len);
	buf_free(&b);
	return source;
}

int
main(int argc, char **argv)
{
	static struct confirm c;
	struct sink_options sink = { 0 };
	struct net_options net = { 0 };
	const char *pool = NULL;
	enum prog_status status;
	char **files;

	prog_start(argv[0]);
	c.options = &sink;
	files = parse_options(argc, argv, &c, &net, &pool);
	c.people.pool = netopt_pool(pool);
	status = netopt_connect(&net, AWS_COGNITO_IDP, c.people.pool, &c.people.client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&c.sink, &sink, true) != 0) {
		aws_free(c.people.client);
		return PROG_FAIL;
	}
	c.source = make_source(&c.people);
	people_init(&c.people);
	groups_init(&c.groups);
	c.groups.client = c.people.client;
	c.groups.pool = c.people.pool;
	status = run(&c, &net, files);
	people_free(&c.people);
	groups_free(&c.groups);
	plan_free(&c);
	aws_free(c.people.client);
	return status;
}
