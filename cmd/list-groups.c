/*
 * list-groups: all groups of a Cognito user pool (ListGroups), or exactly the named ones
 * (GetGroup), one record a line.
 *
 * Names come from the operands and from --names-from; each is asked for once, in the order given,
 * and one that is not there is a failure: who syncs a list of groups must not lose one unseen.
 *
 * Manual page: list-groups(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/recent.h"
#include "json/cognito.h"
#include "json/record.h"
#include "json/scope.h"
#include "json/sink.h"
#include "net/netopt.h"
#include "net/pager.h"
#include "net/pool.h"

#include "list-groups_names.h"

static const char usage[] =
    "list-groups [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--names-from file] [--user-pool-id id] [group ...]";

struct listing {
	struct sink sink;
	struct progress progress;
	struct aws_client *client;
	const char *pool;
	struct buf line;
	struct tok_list list;
	struct hash_key key;
	struct recent recent;
	uint64_t seen;
	size_t answered;	/* of names */
	char **record;		/* of names: the answer, once it is there */
	const struct names *names;
	bool stopped;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
};

static bool
stop(struct listing *l, enum prog_status status, const char *why)
{
	l->stopped = true;
	l->status = status;
	snprintf(l->why, sizeof l->why, "%s", why);
	return false;
}

/* Records. */

static bool
seen_twice(struct listing *l, const struct tok_list *list, const char *text, uint32_t group)
{
	uint32_t name = tok_member(list, text, group, "GroupName");
	const struct tok *t = &list->tok[name];

	return name != 0 && recent_seen(&l->recent, &l->key, text + t->start, t->end - t->start);
}

/* One group of an answer of operation; index is its token. */
static bool
take_group(struct listing *l, const char *operation, const struct tok_list *list,
    const char *text, uint32_t index)
{
	const struct tok *t = &list->tok[index];
	const char *wrong;

	l->seen++;
	if (seen_twice(l, list, text, index)) {
		diag_error("%s: the service gave the same group twice (number %llu)", operation,
		    (unsigned long long)l->seen);
		return stop(l, PROG_FAIL, "the service gave the same group twice");
	}
	buf_clear(&l->line);
	wrong = cognito_group(&l->line, list, text, index);
	if (wrong != NULL) {
		if (sink_reject(&l->sink, operation, l->seen, wrong, text + t->start,
		    t->end - t->start) != 0)
			return stop(l, PROG_FAIL, "a wrong record");
		return true;
	}
	if (sink_row(&l->sink, l->line.data, l->line.len) != 0)
		return stop(l, PROG_FAIL, "the output failed");
	return true;
}

/* All groups. */

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct listing *l = arg;
	const struct tok *tok = page->list->tok;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (!take_group(l, "ListGroups", page->list, page->text, i))
			return false;
	}
	progress_show(&l->progress, l->seen, 0);
	if (out_flush(&l->sink.out) != 0)
		return stop(l, PROG_FAIL, "the output failed");
	return true;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct listing *l = arg;

	if (!l->stopped && status != PROG_OK)
		stop(l, status, why);
}

static void
list_all(struct listing *l)
{
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, l->pool, NULL, NULL, true);
	pager_start(l->client, &(struct pager_request){ .operation = "ListGroups",
	    .items = "Groups", .token = "NextToken", .body = body.data, .where = "",
	    .page = take_page, .done = take_end, .arg = l });
	aws_run(l->client, NULL);
	buf_free(&body);
}

/*
 * Named groups: all are asked for at once, as pacing allows.  Nothing is given out before the last
 * answer is there, so that a wrong name leaves no half of a list behind; 10,000 groups are few.
 */

struct question {
	struct listing *listing;
	size_t number;
};

static bool
is_named(const struct listing *l, const char *text, uint32_t group, const char *name)
{
	uint32_t index = tok_member(&l->list, text, group, "GroupName");

	return index != 0 && tok_is(&l->list.tok[index], text, name, strlen(name));
}

static void
give_out(struct listing *l)
{
	for (size_t i = 0; !l->stopped && i < l->names->count; i++) {
		const char *text = l->record[i];
		uint32_t group = 0;

		if (tok_parse(&l->list, text, strlen(text)) == TOK_OK)
			group = tok_member(&l->list, text, 0, "Group");
		if (group == 0 || !is_named(l, text, group, l->names->item[i])) {
			diag_error("GetGroup: an answer without the group that was asked for");
			stop(l, PROG_FAIL, "an answer without the group that was asked for");
		} else {
			take_group(l, "GetGroup", &l->list, text, group);
		}
	}
}

static void
take_answer(void *arg, const struct aws_result *result)
{
	struct question *q = arg;
	struct listing *l = q->listing;
	const char *name = l->names->item[q->number];
	char shown[160];

	if (result->outcome == AWS_OK) {
		l->record[q->number] = mem_dup(result->body, result->body_len);
		l->answered++;
		progress_show(&l->progress, l->answered, l->names->count);
	} else if (!l->stopped) {
		progress_end(&l->progress);
		diag_error("GetGroup: group \"%s\": %s",
		    diag_quote(shown, sizeof shown, name, strlen(name)), result->message);
		stop(l, aws_status(result->outcome), result->message);
	}
}

static void
list_named(struct listing *l)
{
	struct question *questions = mem_alloc(l->names->count * sizeof *questions);
	struct buf body;

	l->record = mem_alloc(l->names->count * sizeof *l->record);
	buf_init(&body, POOL_REQUEST_MAX);
	for (size_t i = 0; i < l->names->count; i++) {
		questions[i].listing = l;
		questions[i].number = i;
		/* Cannot be too long: the names were checked. */
		(void)pool_request(&body, l->pool, "GroupName", l->names->item[i], false);
		aws_submit(l->client, "GetGroup", body.data, body.len, take_answer, &questions[i]);
	}
	aws_run(l->client, &l->stopped);
	buf_free(&body);
	if (!l->stopped)
		give_out(l);
	for (size_t i = 0; i < l->names->count; i++)
		free(l->record[i]);
	free(l->record);
	free(questions);
}

/* What the output is the whole of. */
static void
describe(struct listing *l)
{
	struct buf scope;

	buf_init(&scope, SEAL_MAX / 4);	/* JSON text in JSON text may double */
	if (l->names->count > 0)
		scope_of_names(&scope, "groups", l->names->item, l->names->count);
	pool_describe(&l->sink.seal, l->client, l->pool, "groups",
	    scope.len > 0 ? buf_string(&scope) : "all");
	buf_free(&scope);
}

static enum prog_status
run(struct listing *l, const struct sink_options *sink_options, const struct net_options *net)
{
	enum prog_status status;
	struct buf stats;

	if (sink_open(&l->sink, sink_options, true) != 0)
		return PROG_FAIL;
	progress_start(&l->progress, netopt_progress(net), "groups");
	describe(l);
	buf_init(&l->line, RECORD_LINE_MAX);
	tok_init(&l->list, RECORD_TOKENS_MAX);
	l->key = hash_key_random();
	recent_init(&l->recent);
	l->status = netopt_start(l->client);
	if (l->status != PROG_OK)
		snprintf(l->why, sizeof l->why, "no credentials");
	else if (l->names->count > 0)
		list_named(l);
	else
		list_all(l);
	progress_end(&l->progress);
	tok_free(&l->list);
	recent_free(&l->recent);
	buf_free(&l->line);
	buf_init(&stats, SEAL_MAX);
	aws_stats_json(l->client, &stats);
	status = sink_close(&l->sink, l->status, l->why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options sink_options = { 0 };
	struct net_options net = { 0 };
	const char *pool = NULL, *names_from = NULL;
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &pool },
		{ "names-from", 0, OPT_VALUE, &names_from },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&sink_options), netopt_table(&net), NULL
	};
	struct names names = { NULL, 0 };
	struct listing l = { .status = PROG_OK, .names = &names };
	enum prog_status status;

	prog_start(argv[0]);
	for (int i = opt_parse(argc, argv, tables, usage, false); i < argc; i++)
		names_add(&names, argv[i], "operand");
	sink_options_finish(&sink_options);
	if (names_from != NULL) {
		sink_keep_input(&sink_options, names_from);
		names_add_file(&names, names_from);
	}
	l.pool = netopt_pool(pool);
	status = netopt_connect(&net, AWS_COGNITO_IDP, l.pool, &l.client);
	if (status == PROG_OK)
		status = run(&l, &sink_options, &net);
	aws_free(l.client);
	names_free(&names);
	return status;
}
