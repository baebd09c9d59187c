/*
 * Without --members each user is one call, and several are under way at a time.  The records wait
 * in a ring and are given out in the order of the input.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "net/pager.h"
#include "net/pool.h"

#include "cost.h"
#include "listed.h"
#include "users.h"

enum {
	WINDOW = 16,			/* 50 calls a second, and an answer in 0.3 s */
	GROUPS_MAX = ROSTER_GROUPS_MAX,	/* of a user; the service's limit is 100 */
	WHERE_SIZE = 160
};

static const char operation[] = "AdminListGroupsForUser";
static const char vanished[] = "UserNotFoundException";

/* A user who is asked for. */
struct question {
	struct users *users;
	struct pager *pager;		/* NULL: ended */
	char *text;			/* the record as it came */
	size_t len;
	const char *stream;		/* where it stood */
	uint64_t line;
	char where[WHERE_SIZE];
	struct buf groups;		/* the JSON array so far, without the last bracket */
	uint64_t *seen;			/* hashes of the groups' names */
	size_t count;
	bool ended, gone;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
};

struct users {
	struct job *job;
	struct question questions[WINDOW];	/* number n: questions[n % WINDOW] */
	uint64_t asked, given;
	uint32_t *members;		/* by the number of a group in job->roster: seen in it */
	struct listed *listed;	/* --members; NULL: no user has come yet */
	struct hash_key key;
	struct tok_list list;
	struct buf line, name, body;
};

struct users *
users_new(struct job *job)
{
	struct users *u = mem_alloc(sizeof *u);

	u->job = job;
	u->key = hash_key_random();
	u->members = mem_alloc(ROSTER_GROUPS_MAX * sizeof *u->members);
	tok_init(&u->list, RECORD_TOKENS_MAX);
	buf_init(&u->line, RECORD_LINE_MAX);
	buf_init(&u->name, RECORD_LINE_MAX);
	buf_init(&u->body, POOL_REQUEST_MAX);
	progress_start(&job->progress, job->progress_mode, "users");
	return u;
}

static void
free_question(struct question *q)
{
	pager_cancel(q->pager);
	free(q->text);
	free(q->seen);
	buf_free(&q->groups);
	memset(q, 0, sizeof *q);
}

void
users_free(struct users *u)
{
	if (u == NULL)
		return;
	for (int i = 0; i < WINDOW; i++)
		free_question(&u->questions[i]);
	listed_free(u->listed);
	free(u->members);
	tok_free(&u->list);
	buf_free(&u->line);
	buf_free(&u->name);
	buf_free(&u->body);
	free(u);
}

/* Records. */

/* Begins u->line: the record with Username first and Groups left out, open for more. */
static int
put_user(struct users *u, const struct tok_list *list, const char *text,
    const struct record_keys *keys)
{
	const struct tok *tok = list->tok;

	buf_clear(&u->line);
	if (buf_append_string(&u->line, "{\"Username\":") != 0 ||
	    jtext_value(&u->line, list, text, keys->username) != 0)
		return -1;
	for (uint32_t i = 1; i < tok[0].next; i = tok[i + 1].next) {
		if (i + 1 == keys->username || i + 1 == keys->groups)
			continue;
		if (buf_append_byte(&u->line, ',') != 0 ||
		    jtext_string_token(&u->line, &tok[i], text) != 0 ||
		    buf_append_byte(&u->line, ':') != 0 ||
		    jtext_value(&u->line, list, text, i + 1) != 0)
			return -1;
	}
	return buf_append_string(&u->line, ",\"Groups\":");
}

static bool
give_line(struct users *u)
{
	struct job *job = u->job;

	if (sink_row(&job->sink, u->line.data, u->line.len) != 0)
		return job_stop(job, PROG_FAIL, "the output failed");
	progress_show(&job->progress, job->sink.rows, 0);
	return true;
}

static const char too_long[] = "longer than a record may be once Groups is in it";

/* --members: the answer is at hand. */
static const char *
take_listed(struct users *u, const struct record_reader *r)
{
	if (u->listed == NULL)
		u->listed = listed_new(u->job);
	if (u->listed == NULL)
		return NULL;
	job_decode(&u->name, &r->list, r->text, r->keys.username);
	if (put_user(u, &r->list, r->text, &r->keys) != 0 ||
	    listed_groups(u->listed, u->name.data, u->name.len, &u->line) != 0 ||
	    buf_append_byte(&u->line, '}') != 0)
		return u->job->stopped ? NULL : too_long;
	give_line(u);
	return NULL;
}

/* Answers. */

static bool
refuse(struct question *q, const char *why)
{
	diag_error("%s: %s: %s", operation, q->where, why);
	q->status = PROG_FAIL;
	snprintf(q->why, sizeof q->why, "%s", why);
	return false;
}

static bool
is_new(struct question *q, const struct buf *name)
{
	uint64_t hash = hash_bytes(&q->users->key, name->data, name->len);

	for (size_t i = 0; i < q->count; i++) {
		if (q->seen[i] == hash)
			return false;
	}
	if (q->count % PAGER_LIMIT == 0)
		q->seen = mem_resize(q->seen, q->count + PAGER_LIMIT, sizeof *q->seen);
	q->seen[q->count++] = hash;
	return true;
}

/* For cost_was_users.  More groups than a pool can have are not counted. */
static void
count_member(struct users *u, const struct buf *group)
{
	uint32_t number;

	if (roster_group(&u->job->roster, group->data, group->len, &number, NULL) == 0)
		u->members[number]++;
}

static bool
take_group(struct question *q, const struct pager_page *page, uint32_t group)
{
	uint32_t name = tok_member(page->list, page->text, group, "GroupName");
	const struct tok *t = &page->list->tok[name];
	struct users *u = q->users;

	if (name == 0 || t->type != TOK_STRING || t->start == t->end ||
	    (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return refuse(q, "a group without a GroupName");
	if (q->count == GROUPS_MAX)
		return refuse(q, "more groups than a pool can have");
	if (job_decode(&u->name, page->list, page->text, name) != 0)
		return refuse(q, "a GroupName that is too long");
	if (!is_new(q, &u->name))
		return refuse(q, "the service gave the same group twice");
	count_member(u, &u->name);
	if (buf_append_byte(&q->groups, q->groups.len == 0 ? '[' : ',') != 0 ||
	    jtext_string(&q->groups, u->name.data, u->name.len) != 0)
		return refuse(q, "the groups do not fit into a record");
	return true;
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct question *q = arg;
	const struct tok *tok = page->list->tok;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (!take_group(q, page, i))
			return false;
	}
	return true;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct question *q = arg;

	q->pager = NULL;
	q->ended = true;
	if (status == PROG_OK || q->status != PROG_OK)
		return;
	/* Only the vanished user's code is quiet; everything else has been reported. */
	q->gone = status == PROG_FAIL && strncmp(why, vanished, sizeof vanished - 1) == 0;
	if (q->gone)
		return;
	q->status = status;
	snprintf(q->why, sizeof q->why, "%s", why);
}

/* The record of a question that has ended. */
static bool
give_answer(struct users *u, struct question *q)
{
	struct job *job = u->job;
	char reason[RECORD_REASON_SIZE];
	const char *wrong = NULL;
	struct record_keys keys;

	if (!q->ended)
		return refuse(q, "no answer") || job_stop(job, q->status, q->why);
	if (q->gone)
		wrong = "UserNotFoundException: the user is no longer in the pool";
	else if (q->status != PROG_OK)
		return job_stop(job, q->status, q->why);
	if (wrong == NULL)
		wrong = record_check(q->text, q->len, &u->list, &keys, reason);
	if (wrong == NULL && (put_user(u, &u->list, q->text, &keys) != 0 ||
	    buf_append_string(&u->line, q->groups.len == 0 ? "[" : buf_string(&q->groups)) != 0 ||
	    buf_append_string(&u->line, "]}") != 0))
		wrong = too_long;
	if (wrong == NULL)
		return give_line(u);
	if (sink_reject(&job->sink, q->stream, q->line, wrong, q->text, q->len) != 0)
		return job_stop(job, PROG_FAIL, "a wrong record");
	return true;
}

/* Waits for the oldest question and gives it out. */
static bool
give_oldest(struct users *u)
{
	struct question *q = &u->questions[u->given % WINDOW];
	bool good;

	aws_run(u->job->client, &q->ended);
	good = give_answer(u, q);
	free_question(q);
	u->given++;
	return good;
}

/* u->name holds the user's. */
static void
ask(struct users *u, const struct record_reader *r)
{
	struct question *q = &u->questions[u->asked++ % WINDOW];

	q->users = u;
	q->text = mem_dup(r->text, r->len);
	q->len = r->len;
	q->stream = r->name;
	q->line = r->line;
	buf_init(&q->groups, RECORD_LINE_MAX);
	snprintf(q->where, sizeof q->where, "%s:%llu", r->name, (unsigned long long)r->line);
	/* Cannot be too long: users_take has looked. */
	(void)pool_request(&u->body, u->job->pool, "Username", buf_string(&u->name), true);
	q->pager = pager_start(u->job->client, &(struct pager_request){ .operation = operation,
	    .items = "Groups", .token = "NextToken", .body = u->body.data, .where = q->where,
	    .page = take_page, .done = take_end, .arg = q, .quiet_code = vanished,
	    .told = &u->job->told });
	aws_kick(u->job->client);
}

const char *
users_take(struct users *u, const struct record_reader *r)
{
	if (u->job->members != NULL)
		return take_listed(u, r);
	if (u->asked - u->given == WINDOW && !give_oldest(u))
		return NULL;
	/* give_oldest needs the buffer too, so the name comes into it last. */
	if (job_decode(&u->name, &r->list, r->text, r->keys.username) != 0 ||
	    u->name.len > JOB_NAME_MAX)
		return "a Username longer than the service allows";
	if (u->asked == 0)
		cost_of_users(u->job);
	ask(u, r);
	return NULL;
}

enum prog_status
users_finish(struct users *u)
{
	struct job *job = u->job;
	uint64_t calls = 0;

	while (u->given < u->asked && give_oldest(u))
		;
	progress_end(&job->progress);
	for (size_t i = 0; i < job->roster.count; i++)
		calls += (u->members[i] + PAGER_LIMIT - 1) / PAGER_LIMIT;
	if (u->asked > 0 && !job->stopped)
		cost_was_users(job, u->asked, calls);
	return job->stopped ? job->status : PROG_OK;
}
