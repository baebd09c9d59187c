/*
 * list-users: every user of a Cognito user pool, all pages of ListUsers, one record a line.
 *
 * Records come out in the service's order, page by page, while the next page is already under
 * way.  The chain ends where the service gives no token, never at a short or empty page.  What is
 * given out is a whole list only if the status is 0 or 3; --seal says so in the stream itself.
 *
 * Manual page: list-users(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/progress.h"
#include "base/recent.h"
#include "json/cognito.h"
#include "json/record.h"
#include "json/sink.h"
#include "json/utf8.h"
#include "net/netopt.h"
#include "net/pager.h"
#include "net/pool.h"

static const char usage[] =
    "list-users [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--filter expression] [--max-items n] [--user-pool-id id]";

enum { FILTER_MAX = 256 };	/* characters; the service's limit */

struct listing {
	struct sink sink;
	struct progress progress;
	struct buf line;
	struct hash_key key;
	struct recent recent;
	uint64_t seen, max_items;	/* max_items 0: all */
	size_t replaced;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
};

static bool
stop(struct listing *l, enum prog_status status, const char *why)
{
	l->status = status;
	snprintf(l->why, sizeof l->why, "%s", why);
	return false;
}

/* The service promises that one chain gives nobody twice; what we can see of it is checked. */
static bool
seen_twice(struct listing *l, const struct tok_list *page, const char *text, uint32_t user)
{
	uint32_t name = tok_member(page, text, user, "Username");
	const struct tok *t = &page->tok[name];

	return name != 0 && recent_seen(&l->recent, &l->key, text + t->start, t->end - t->start);
}

static bool
take_user(struct listing *l, const struct pager_page *page, uint32_t user)
{
	const struct tok *t = &page->list->tok[user];
	const char *wrong;

	if (seen_twice(l, page->list, page->text, user)) {
		diag_error("ListUsers: the service gave the same user twice (number %llu)",
		    (unsigned long long)l->seen);
		return stop(l, PROG_FAIL, "the service gave the same user twice");
	}
	buf_clear(&l->line);
	wrong = cognito_user(&l->line, page->list, page->text, user, NULL, &l->replaced);
	if (wrong != NULL) {
		if (sink_reject(&l->sink, "ListUsers", l->seen, wrong, page->text + t->start,
		    t->end - t->start) != 0)
			return stop(l, PROG_FAIL, "a wrong record");
		return true;
	}
	if (sink_row(&l->sink, l->line.data, l->line.len) != 0)
		return stop(l, PROG_FAIL, "the output failed");
	return true;
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct listing *l = arg;
	const struct tok *tok = page->list->tok;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (l->max_items > 0 && l->seen == l->max_items)
			return false;
		l->seen++;
		if (!take_user(l, page, i))
			return false;
	}
	progress_show(&l->progress, l->seen, 0);
	if (out_flush(&l->sink.out) != 0)
		return stop(l, PROG_FAIL, "the output failed");
	return l->max_items == 0 || l->seen < l->max_items;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct listing *l = arg;

	if (l->status == PROG_OK && status != PROG_OK)
		stop(l, status, why);
}

/* What the output is the whole of. */
static void
describe(struct listing *l, const struct aws_client *client, const char *pool, const char *filter)
{
	struct buf scope;

	buf_init(&scope, SEAL_MAX);
	if (filter != NULL)
		buf_appendf(&scope, "filter:%s", filter);
	if (l->max_items > 0)
		buf_appendf(&scope, "%smax-items:%llu", scope.len > 0 ? " " : "",
		    (unsigned long long)l->max_items);
	pool_describe(&l->sink.seal, client, pool, "users",
	    scope.len > 0 ? buf_string(&scope) : "all");
	buf_free(&scope);
}

static void
list(struct listing *l, struct aws_client *client, const char *pool, const char *filter)
{
	struct buf body;

	buf_init(&l->line, RECORD_LINE_MAX);
	l->key = hash_key_random();
	recent_init(&l->recent);
	buf_init(&body, POOL_REQUEST_MAX);
	/* Cannot be too long: both were checked. */
	(void)pool_request(&body, pool, filter != NULL ? "Filter" : NULL, filter, true);
	pager_start(client, &(struct pager_request){ .operation = "ListUsers", .items = "Users",
	    .token = "PaginationToken", .body = body.data, .where = "", .page = take_page,
	    .done = take_end, .arg = l });
	aws_run(client, NULL);
	progress_end(&l->progress);
	if (l->replaced > 0)
		diag_warn("ListUsers: %zu attribute values held half a surrogate pair; "
		    "U+FFFD stands there now", l->replaced);
	buf_free(&body);
	buf_free(&l->line);
	recent_free(&l->recent);
}

int
main(int argc, char **argv)
{
	struct sink_options sink_options = { 0 };
	struct net_options net = { 0 };
	const char *pool = NULL, *filter = NULL, *max_items = NULL;
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &pool },
		{ "filter", 0, OPT_VALUE, &filter },
		{ "max-items", 0, OPT_VALUE, &max_items },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&sink_options), netopt_table(&net), NULL
	};
	struct listing l = { .status = PROG_OK };
	struct aws_client *client;
	struct buf stats;
	enum prog_status status;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	sink_options_finish(&sink_options);
	pool = netopt_pool(pool);
	if (filter != NULL && (utf8_valid(filter, strlen(filter)) != strlen(filter) ||
	    utf8_count(filter, strlen(filter)) > FILTER_MAX))
		opt_value_error("--filter: longer than %d characters or not UTF-8", FILTER_MAX);
	l.max_items = (uint64_t)opt_number("max-items", max_items, 1, 1000000000, 0);
	status = netopt_connect(&net, AWS_COGNITO_IDP, pool, &client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&l.sink, &sink_options, true) != 0) {
		aws_free(client);
		return PROG_FAIL;
	}
	progress_start(&l.progress, netopt_progress(&net), "users");
	describe(&l, client, pool, filter);
	list(&l, client, pool, filter);
	buf_init(&stats, SEAL_MAX);
	aws_stats_json(client, &stats);
	status = sink_close(&l.sink, l.status, l.why, buf_string(&stats));
	buf_free(&stats);
	aws_free(client);
	return status;
}
