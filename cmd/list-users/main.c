/*
 * list-users: every user of a Cognito user pool, all pages of ListUsers, one record a line.
 *
 * Records come out in the service's order, page by page, while the next page is already under
 * way.  The chain ends where the service gives no token, never at a short or empty page.  What is
 * given out is a whole list only if the status is 0 or 3; --seal says so in the stream itself.
 *
 * With --shards, or for one slice with --shard, several chains run side by side, each for the users
 * whose sub begins with something else; a proof from an earlier whole chain says that these are
 * all (proof.h).
 *
 * Manual page: list-users(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/utf8.h"
#include "net/netopt.h"
#include "net/pool.h"

#include "listing.h"
#include "shards.h"

static const char usage[] =
    "list-users [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--filter expression] [--max-items n] [--shards n] [--shard i/n] "
    "[--proof file] [--proof-age hours] [--resume directory] [--write-proof file] "
    "[--user-pool-id id]";

enum {
	FILTER_MAX = 256,		/* characters; the service's limit */
	PROOF_HOURS = 168, PROOF_HOURS_MAX = 24 * 366
};

static const int64_t hour_ms = (int64_t)60 * 60 * 1000;

struct options {
	const char *pool, *filter, *max_items, *shards, *shard, *proof, *proof_age, *write_proof;
	const char *resume;
};

/* How the pool is to be read. */
struct plan {
	int shards;			/* 1: one chain */
	int index, of;			/* --shard; 1 of 1: not given */
	int64_t proof_age_ms;
	int proof_fd;			/* -1: no proof was given */
	struct proof *proof;		/* what it says */
	bool proved, refuted;
	char doubt[RECORD_REASON_SIZE];	/* why not proved */
	struct kept kept;
};

/* "3/16" */
static void
parse_slice(const char *text, struct plan *plan)
{
	size_t len = strcspn(text, "/");
	const char *n = text[len] == '/' ? text + len + 1 : "", *why;
	char *i = mem_dup(text, len);
	int64_t index, of;

	if (num_parse(n, 2, ASKS_SHARDS_MAX, &of, &why) != 0 ||
	    num_parse(i, 1, of, &index, &why) != 0)
		opt_value_error("--shard: must be i/n, such as 3/16: n 2 to %d, i 1 to n",
		    ASKS_SHARDS_MAX);
	free(i);
	plan->index = (int)index;
	plan->shards = plan->of = (int)of;
}

static void
parse_shards(const struct options *o, struct plan *plan)
{
	plan->shards = plan->index = plan->of = 1;
	if (o->shards != NULL && o->shard != NULL)
		opt_usage_error("--shards and --shard: one of them");
	if (o->shard != NULL)
		parse_slice(o->shard, plan);
	if (o->shards == NULL)
		return;
	if (strcmp(o->shards, "1") != 0 && strcmp(o->shards, "16") != 0 &&
	    strcmp(o->shards, "256") != 0)
		opt_value_error("--shards: must be 1, 16 or 256");
	plan->shards = (int)opt_number("shards", o->shards, 1, ASKS_SHARDS_MAX, 1);
}

static void
check_options(const struct options *o, const struct sink_options *sink, struct plan *plan)
{
	bool sharded;

	parse_shards(o, plan);
	sharded = plan->shards > 1;
	plan->proof_age_ms = hour_ms * opt_number("proof-age", o->proof_age, 0, PROOF_HOURS_MAX,
	    PROOF_HOURS);
	if (sharded && (o->filter != NULL || o->max_items != NULL || o->write_proof != NULL))
		opt_usage_error("--shards and --shard: not with --filter, --max-items or "
		    "--write-proof");
	if (o->write_proof != NULL && (o->filter != NULL || o->max_items != NULL))
		opt_usage_error("--write-proof: not with --filter or --max-items");
	if (!sharded && (o->proof != NULL || o->resume != NULL))
		opt_usage_error("--proof and --resume: with --shards 16, --shards 256 or --shard");
	if (o->resume != NULL && o->proof == NULL)
		opt_usage_error("--resume: needs --proof");
	if (o->write_proof != NULL && sink_goes_to(sink, o->write_proof))
		opt_usage_error("--write-proof: goes where the output, rejects or stats go");
	if (o->proof != NULL && sink_goes_to(sink, o->proof))
		opt_usage_error("--proof: the output, rejects or stats go there");
	if (o->filter != NULL && (utf8_valid(o->filter, strlen(o->filter)) != strlen(o->filter) ||
	    utf8_count(o->filter, strlen(o->filter)) > FILTER_MAX))
		opt_value_error("--filter: longer than %d characters or not UTF-8", FILTER_MAX);
	plan->kept.directory = o->resume;
	plan->proof_fd = plan->kept.fd = -1;
	if (o->proof == NULL)
		return;
	plan->proof_fd = open(o->proof, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (plan->proof_fd < 0)
		opt_value_error("--proof: %s: cannot open: %s", o->proof, strerror(errno));
}

/* What the output is the whole of. */
static void
describe(struct listing *l, const struct options *o, const struct plan *plan)
{
	struct buf scope;

	buf_init(&scope, SEAL_MAX);
	if (o->filter != NULL)
		buf_appendf(&scope, "filter:%s", o->filter);
	if (l->max_items > 0)
		buf_appendf(&scope, "%smax-items:%llu", scope.len > 0 ? " " : "",
		    (unsigned long long)l->max_items);
	if (plan->of > 1)
		buf_appendf(&scope, "shard:%d/%d", plan->index, plan->of);
	if (plan->of > 1 && plan->proved)
		buf_appendf(&scope, " proof:%016llx", (unsigned long long)plan->proof->id);
	seal_set(&l->sink.seal.scope, scope.len > 0 ? buf_string(&scope) : "all");
	buf_free(&scope);
}

/* Gets ready all that has a name: the door is shut behind it. */
static void
prepare_shards(struct listing *l, const struct options *o, struct plan *plan)
{
	if (o->proof != NULL) {
		plan->proof = mem_alloc(sizeof *plan->proof);
		proof_read(plan->proof, plan->proof_fd, o->proof, l->sink.seal.source,
		    plan->proof_age_ms);
		plan->proved = plan->proof->why[0] == '\0';
		plan->kept.proof = plan->proof->id;
	}
	if (!plan->proved) {
		snprintf(plan->doubt, sizeof plan->doubt, "not proved to be whole: %s%s",
		    plan->proof != NULL ? "the proof counts for nothing: " :
		    "no proof was given", plan->proof != NULL ? plan->proof->why : "");
		diag_warn("%s; the rows will come all the same", plan->doubt);
		plan->kept.directory = NULL;
	}
	describe(l, o, plan);
	plan->kept.source = l->sink.seal.source;
	l->status = kept_open(&plan->kept);
	if (l->status != PROG_OK)
		listing_stop(l, l->status, "the directory of --resume cannot be used");
	/* A chain that is ahead of its turn puts its users aside. */
	files_will_spool();
}

static void
list_shards(struct listing *l, const struct options *o, struct plan *plan)
{
	const struct proof *known;
	struct asks asks;

	/* An old proof is still a better guess than none. */
	known = plan->proved || (plan->proof != NULL && plan->proof->dated) ? plan->proof : NULL;
	asks_make(&asks, known, plan->shards, plan->index, plan->of);
	shards_run(l, &asks, known, &plan->kept, &plan->refuted);
	if (plan->kept.directory != NULL)
		kept_doom(&plan->kept, &asks);
	asks_free(&asks);
	if (l->status == PROG_OK && plan->proved && plan->refuted) {
		snprintf(plan->doubt, sizeof plan->doubt, "the proof no longer holds: there is a "
		    "user whose sub begins as none did then");
		diag_error("%s: %s; make a new one", o->proof, plan->doubt);
	}
	if (l->status == PROG_OK && (plan->refuted || !plan->proved))
		listing_stop(l, PROG_INCOMPLETE, plan->doubt);
}

static void
prepare_whole(struct listing *l, const struct options *o, struct plan *plan)
{
	if (o->write_proof != NULL) {
		l->count = plan->proof = mem_alloc(sizeof *plan->proof);
		files_will_replace(o->write_proof);
	}
	describe(l, o, plan);
}

static void
list_whole(struct listing *l, const struct options *o, struct plan *plan)
{
	listing_chain(l, o->filter);
	if (o->write_proof == NULL || l->status != PROG_OK)
		return;
	if (plan->proof->why[0] != '\0') {
		diag_error("%s: no proof: %s, so this pool cannot be read by shards",
		    o->write_proof, plan->proof->why);
		listing_stop(l, PROG_FAIL, "no proof can be made");
	} else if (proof_write(plan->proof, o->write_proof, l->sink.seal.source,
	    l->sink.seal.started) != 0) {
		listing_stop(l, PROG_FAIL, "the proof could not be written");
	}
}

static enum prog_status
list(struct listing *l, const struct options *o, struct plan *plan, enum progress_mode progress)
{
	enum prog_status status;
	struct buf stats;

	progress_start(&l->progress, progress, "users");
	pool_describe(&l->sink.seal, l->client, l->pool, "users", "all");
	buf_init(&l->line, RECORD_LINE_MAX);
	buf_init(&l->scratch, RECORD_LINE_MAX);
	recent_init(&l->recent);
	if (plan->shards > 1)
		prepare_shards(l, o, plan);
	else
		prepare_whole(l, o, plan);
	if (l->status == PROG_OK && (status = netopt_start(l->client)) != PROG_OK)
		listing_stop(l, status, "no credentials");
	if (l->status == PROG_OK)
		(plan->shards > 1 ? list_shards : list_whole)(l, o, plan);
	progress_end(&l->progress);
	if (l->replaced > 0)
		diag_warn("ListUsers: %zu attribute values held half a surrogate pair; "
		    "U+FFFD stands there now", l->replaced);
	buf_init(&stats, SEAL_MAX);
	aws_stats_json(l->client, &stats);
	status = sink_close(&l->sink, l->status, l->why, buf_string(&stats));
	buf_free(&stats);
	buf_free(&l->line);
	buf_free(&l->scratch);
	recent_free(&l->recent);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options sink_options = { 0 };
	struct net_options net = { 0 };
	struct options o = { 0 };
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &o.pool },
		{ "filter", 0, OPT_VALUE, &o.filter },
		{ "max-items", 0, OPT_VALUE, &o.max_items },
		{ "shards", 0, OPT_VALUE, &o.shards },
		{ "shard", 0, OPT_VALUE, &o.shard },
		{ "proof", 0, OPT_VALUE, &o.proof },
		{ "proof-age", 0, OPT_VALUE, &o.proof_age },
		{ "resume", 0, OPT_VALUE, &o.resume },
		{ "write-proof", 0, OPT_VALUE, &o.write_proof },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&sink_options), netopt_table(&net), NULL
	};
	struct listing l = { .status = PROG_OK };
	struct plan plan = { 0 };
	enum prog_status status;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	sink_options_finish(&sink_options);
	l.pool = netopt_pool(o.pool);
	l.max_items = (uint64_t)opt_number("max-items", o.max_items, 1, 1000000000, 0);
	check_options(&o, &sink_options, &plan);
	status = netopt_connect(&net, AWS_COGNITO_IDP, l.pool, &l.client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&l.sink, &sink_options, true) == 0)
		status = list(&l, &o, &plan, netopt_progress(&net));
	else
		status = PROG_FAIL;
	/* The list is where it should be: the next run must begin anew. */
	if (status == PROG_OK || status == PROG_REJECTED)
		kept_remove(&plan.kept);
	kept_close(&plan.kept);
	free(plan.proof);
	if (plan.proof_fd >= 0)
		close(plan.proof_fd);
	aws_free(l.client);
	return status;
}
