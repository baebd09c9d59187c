/*
 * Several groups are fetched at a time, because a chain of pages waits for each answer and would
 * not use the quota up alone.  What is given out is in order all the same: the group whose turn it
 * is goes out page by page as the answers come; pages of later ones are put aside until their turn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/recent.h"
#include "json/jtext.h"
#include "net/pager.h"
#include "net/pool.h"

#include "cost.h"
#include "crowd.h"
#include "groups.h"
#include "stash.h"

enum {
	CHAINS = 8,			/* 30 calls a second, and an answer in 0.25 s */
	/*
	 * Bytes held, nearly all of them in files; beyond it later groups wait after a page each.
	 * As many as seven groups of 60,000 users have: with less, the chain whose turn it is would
	 * often be alone, and one chain does not use the quota up.
	 */
	AHEAD_MAX = 256 * 1024 * 1024,
	CHAIN_KEPT = 32 * 1024,		/* of them in memory, for each chain */
	TOKENS_MAX = AWS_BODY_MAX / 16,	/* what the pager takes */
	WHERE_SIZE = 160
};

static const char operation[] = "ListUsersInGroup";

/* In front of a page's text, in a chain's stash. */
struct held_page {
	uint32_t items, len;
};

/* The pages of one group. */
struct chain {
	struct fetch *fetch;
	uint32_t group;
	struct pager *pager;	/* NULL: ended */
	bool paused;
	uint64_t seen;
	struct hash_key key;	/* one a group, so that the table of recent names serves them all */
	struct stash held;	/* what came before its turn */
};

struct fetch {
	struct job *job;
	struct chain chains[CHAINS];	/* of group g: chains[g % CHAINS] */
	uint32_t groups, turn, started;
	uint64_t memberships;		/* given out, or put aside */
	uint64_t held;			/* bytes */
	bool due;			/* the group whose turn it is has ended, or something failed */
	struct recent recent;
	struct tok_list list;		/* of a held page */
	struct buf line, name, body;
	struct crowd *crowd;		/* --users */
};

const char *
groups_take(struct job *job, const struct record_reader *r)
{
	uint32_t number;
	struct buf name;
	bool is_new;
	int full;

	buf_init(&name, JOB_NAME_MAX);
	if (job_decode(&name, &r->list, r->text, r->keys.group_name) != 0) {
		buf_free(&name);
		return "a GroupName longer than the service allows";
	}
	full = roster_group(&job->roster, name.data, name.len, &number, &is_new);
	buf_free(&name);
	if (full != 0) {
		diag_error("%s:%llu: more than %d groups, which no pool has", r->name,
		    (unsigned long long)r->line, ROSTER_GROUPS_MAX);
		job_stop(job, PROG_FAIL, "too many groups");
	} else if (!is_new) {
		return "the same group for the second time";
	}
	return NULL;
}

/* 'group "NAME"', printable. */
static const char *
describe(const struct chain *c, char where[WHERE_SIZE])
{
	const char *name = roster_group_name(&c->fetch->job->roster, c->group);
	char shown[WHERE_SIZE - sizeof "group \"\""];

	snprintf(where, WHERE_SIZE, "group \"%s\"",
	    diag_quote(shown, sizeof shown, name, strlen(name)));
	return where;
}

static bool
is_turn(const struct chain *c)
{
	return c->group == c->fetch->turn;
}

/* Users of a page whose group's turn it is. */

static bool
reject(struct chain *c, const char *wrong, const char *text, size_t len)
{
	struct job *job = c->fetch->job;
	const char *name = roster_group_name(&job->roster, c->group);
	struct buf stream;
	int failed;

	buf_init(&stream, sizeof operation + strlen(name) + 1);
	buf_appendf(&stream, "%s:%s", operation, name);
	failed = sink_reject(&job->sink, stream.data, c->seen, wrong, text, len);
	buf_free(&stream);
	return failed == 0 || job_stop(job, PROG_FAIL, "a wrong record");
}

static bool
twice(struct chain *c)
{
	char where[WHERE_SIZE];

	diag_error("%s: %s: the service gave the same user twice (number %llu)", operation,
	    describe(c, where), (unsigned long long)c->seen);
	return job_stop(c->fetch->job, PROG_FAIL, "the service gave the same user twice");
}

static bool
take_user(struct chain *c, const struct tok_list *list, const char *text, uint32_t user)
{
	struct fetch *f = c->fetch;
	struct job *job = f->job;
	const struct tok *t = &list->tok[user];
	const char *wrong;

	c->seen++;
	buf_clear(&f->line);
	if (job->users)
		wrong = cognito_user(&f->line, list, text, user, NULL, &job->replaced);
	else
		wrong = cognito_membership(&f->line, list, text, user,
		    roster_group_name(&job->roster, c->group), job->names, &job->replaced);
	if (wrong == NULL &&
	    job_decode(&f->name, list, text, tok_member(list, text, user, "Username")) != 0)
		wrong = "a Username that is too long";
	if (wrong != NULL)
		return reject(c, wrong, text + t->start, t->end - t->start);
	/* The service promises that one chain gives nobody twice. */
	if (recent_seen(&f->recent, &c->key, buf_string(&f->name), f->name.len))
		return twice(c);
	f->memberships++;
	if (job->users)
		return crowd_add(f->crowd, &f->name, c->group, &f->line) == 0 ||
		    job_stop(job, PROG_FAIL, "the users cannot be put aside");
	if (sink_row(&job->sink, f->line.data, f->line.len) != 0)
		return job_stop(job, PROG_FAIL, "the output failed");
	return true;
}

static bool
take_users(struct chain *c, const struct tok_list *list, const char *text, uint32_t items)
{
	for (uint32_t i = items + 1; i < list->tok[items].next; i = list->tok[i].next) {
		if (!take_user(c, list, text, i))
			return false;
	}
	return true;
}

/* Pages that came before their turn. */

static bool
hold(struct chain *c, const struct pager_page *page)
{
	struct held_page h = { .items = page->items, .len = page->list->tok[0].end };

	if (stash_append(&c->held, &h, sizeof h) != 0 ||
	    stash_append(&c->held, page->text, h.len) != 0)
		return job_stop(c->fetch->job, PROG_FAIL, "pages cannot be put aside");
	c->fetch->held += sizeof h + h.len;
	return true;
}

static void
give_held(struct chain *c)
{
	struct fetch *f = c->fetch;
	struct held_page h = { .len = 0 };
	const char *text;

	for (uint64_t at = 0; at < c->held.len && !f->job->stopped; at += sizeof h + h.len) {
		text = stash_read(&c->held, at, sizeof h, 0);
		if (text != NULL) {
			memcpy(&h, text, sizeof h);
			text = stash_read(&c->held, at + sizeof h, h.len, sizeof h);
		}
		/* It was parsed when it came; only its size spoke against keeping the tokens. */
		if (text == NULL || tok_parse(&f->list, text, h.len) != TOK_OK)
			job_stop(f->job, PROG_FAIL, "a page cannot be read again");
		else
			take_users(c, &f->list, text, h.items);
	}
	f->held -= c->held.len;
	stash_free(&c->held);
}

/* Chains. */

static bool
may_prefetch(void *arg)
{
	struct chain *c = arg;

	c->paused = !is_turn(c) && c->fetch->held >= AHEAD_MAX;
	return !c->paused;
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct chain *c = arg;
	struct job *job = c->fetch->job;

	if (!is_turn(c))
		return hold(c, page);
	if (!take_users(c, page->list, page->text, page->items))
		return false;
	if (out_flush(&job->sink.out) != 0)
		return job_stop(job, PROG_FAIL, "the output failed");
	return true;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct chain *c = arg;
	struct job *job = c->fetch->job;

	c->pager = NULL;
	if (status != PROG_OK)
		job_stop(job, status, why);
	c->fetch->due = c->fetch->due || is_turn(c) || job->stopped;
}

static void
start_chain(struct fetch *f, uint32_t group)
{
	const char *name = roster_group_name(&f->job->roster, group);
	struct chain *c = &f->chains[group % CHAINS];
	char where[WHERE_SIZE];

	*c = (struct chain){ .fetch = f, .group = group, .key = hash_key_random() };
	stash_init(&c->held, CHAIN_KEPT);
	/* Cannot be too long: groups_take has looked. */
	(void)pool_request(&f->body, f->job->pool, "GroupName", name, true);
	c->pager = pager_start(f->job->client, &(struct pager_request){ .operation = operation,
	    .items = "Users", .token = "NextToken", .body = f->body.data,
	    .where = describe(c, where), .page = take_page, .done = take_end, .arg = c,
	    .may_prefetch = may_prefetch, .told = &f->job->told });
}

static void
start_more(struct fetch *f)
{
	while (f->started < f->groups && f->started < f->turn + CHAINS)
		start_chain(f, f->started++);
}

/* Turns to the next groups as far as theirs have ended, and lets go on who may. */
static void
advance(struct fetch *f)
{
	struct job *job = f->job;

	while (!job->stopped && f->turn < f->groups &&
	    f->chains[f->turn % CHAINS].pager == NULL) {
		f->turn++;
		start_more(f);
		if (f->turn < f->groups)
			give_held(&f->chains[f->turn % CHAINS]);
		progress_show(&job->progress, f->turn, f->groups);
	}
	for (int i = 0; i < CHAINS; i++) {
		struct chain *c = &f->chains[i];

		if (c->pager != NULL && c->paused && may_prefetch(c))
			pager_resume(c->pager);
	}
	if (out_flush(&job->sink.out) != 0)
		job_stop(job, PROG_FAIL, "the output failed");
}

static void
fetch_all(struct fetch *f)
{
	struct job *job = f->job;

	if (!job->stopped)
		start_more(f);
	while (!job->stopped && f->turn < f->groups) {
		f->due = false;
		aws_run(job->client, &f->due);
		if (!f->due) {
			diag_error("%s: not every group was answered for", operation);
			job_stop(job, PROG_FAIL, "groups without an answer");
		}
		advance(f);
	}
}

static void
fetch_free(struct fetch *f)
{
	for (int i = 0; i < CHAINS; i++) {
		pager_cancel(f->chains[i].pager);
		if (f->chains[i].fetch != NULL)
			stash_free(&f->chains[i].held);
	}
	crowd_free(f->crowd);
	recent_free(&f->recent);
	tok_free(&f->list);
	buf_free(&f->line);
	buf_free(&f->name);
	buf_free(&f->body);
	free(f);
}

enum prog_status
groups_run(struct job *job)
{
	struct fetch *f = mem_alloc(sizeof *f);

	f->job = job;
	f->groups = (uint32_t)job->roster.count;
	recent_init(&f->recent);
	tok_init(&f->list, TOKENS_MAX);
	buf_init(&f->line, RECORD_LINE_MAX);
	buf_init(&f->name, RECORD_LINE_MAX);
	buf_init(&f->body, POOL_REQUEST_MAX);
	progress_start(&job->progress, job->progress_mode, "groups");
	cost_of_groups(job);
	if (job->users && (f->crowd = crowd_new()) == NULL)
		job_stop(job, PROG_FAIL, "sort cannot be run");
	fetch_all(f);
	if (job->users)
		crowd_give(f->crowd, job);
	progress_end(&job->progress);
	if (!job->stopped)
		cost_was_groups(job, f->memberships, job->users ? job->sink.rows : 0);
	fetch_free(f);
	return job->stopped ? job->status : PROG_OK;
}
