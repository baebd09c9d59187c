/* The groups of a listing on their way out (scim_members.h). */
#include "net/scim_members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "net/scim_query.h"

enum {
	REPLY_TOKENS_MAX = 16 * 1024 * 1024,
	PAGE = 1000,			/* of members */
	/* A server that gives fewer than it was asked for gives a round number; PAGE is one. */
	ROUND = 10,
	PATH_MAX_BYTES = 16 * 1024
};

void
scim_members_init(struct scim_members *m, struct scim_list *list, enum scim_ask ask)
{
	memset(m, 0, sizeof *m);
	m->list = list;
	m->ask = ask;
	tok_init(&m->tokens, REPLY_TOKENS_MAX);
}

static void
finish(struct scim_job *job, enum scim_turn end, enum prog_status status, const char *why)
{
	job->done = true;
	job->end = end;
	job->status = status;
	snprintf(job->why, sizeof job->why, "%s", why);
}

/* Asks for the group, or for its members from job->start on. */
static void
ask(struct scim_job *job)
{
	struct scim_members *m = job->queue;
	struct buf path;
	int failed;

	buf_init(&path, PATH_MAX_BYTES);
	if (m->ask == SCIM_ASK_USERS) {
		failed = buf_append_string(&path, "/Users?filter=groups.value%20eq%20") != 0 ||
		    scim_append_filter_value(&path, job->id, strlen(job->id)) != 0 ||
		    buf_append_byte(&path, '&') != 0 ||
		    scim_query_cursor(&path, &job->cursor) != 0 ||
		    buf_appendf(&path, "&count=%d", SCIM_CURSOR_PAGE_MAX) != 0;
	} else {
		failed = buf_append_string(&path, "/Groups/") != 0 ||
		    scim_append_encoded(&path, job->id, strlen(job->id)) != 0;
	}
	if (m->ask == SCIM_ASK_PAGES)
		failed = failed || buf_appendf(&path,
		    "?attributes=members%%5BstartIndex%%3D%zu%%26count%%3D%d%%5D", job->start,
		    PAGE) != 0;
	if (failed)
		finish(job, SCIM_ENDED, PROG_FAIL, "a group's id is too long");
	else
		scim_submit(m->list->client, "GET", path.data, NULL, 0, m->on_members, job);
	buf_free(&path);
}

/* What came is no part of one list: the members are asked for once more. */
static void
start_again(struct scim_job *job)
{
	if (++job->tries >= SCIM_LIST_TRIES) {
		finish(job, SCIM_ENDED, PROG_TEMPORARY,
		    "the members of a group change while they are read");
		return;
	}
	scim_group_clear(&job->group);
	job->start = 1;
	ask(job);
}

/* Whether the page was the last, or the next one is asked for. */
static void
go_on(struct scim_job *job, struct scim_share share)
{
	bool first = job->start == 1;

	job->group.known = true;
	/* Nothing more, or a server that gives all of them whatever it is asked for. */
	if (share.given == 0 || share.given > PAGE || (!first && share.fresh == 0) ||
	    (share.given % ROUND != 0 && (first || share.fresh == share.given))) {
		finish(job, SCIM_GOES_ON, PROG_OK, "");
	} else if (!first && share.fresh < share.given) {
		start_again(job);
	} else {
		job->bold = share.given < PAGE;
		job->start += share.given;
		ask(job);
	}
}

/* Whether there is a page behind this one of users. */
static void
turn_page(struct scim_job *job, const char *text, struct scim_share share)
{
	int next = scim_query_next(&job->queue->tokens, text, &job->cursor, &job->next);

	job->vain = share.fresh > 0 ? 0 : job->vain + 1;
	if (next > 0 && job->vain > SCIM_VAIN_PAGES_MAX) {
		finish(job, SCIM_ENDED, PROG_FAIL, "the server's cursors lead to no end");
	} else if (next < 0) {
		finish(job, SCIM_ENDED, PROG_FAIL,
		    "the server gives a page's cursor that is none, or the same again");
	} else if (next > 0) {
		scim_query_turn(&job->cursor, &job->next);
		ask(job);
	} else {
		finish(job, SCIM_GOES_ON, PROG_OK, "");
	}
}

static void
on_refusal(struct scim_job *job, const struct scim_result *r)
{
	char why[SCIM_DETAIL_SIZE];

	if (r->outcome == SCIM_DENIED && r->status == 404) {
		finish(job, SCIM_MOVED, PROG_TEMPORARY, "a group went away");
	} else if (r->outcome == SCIM_DENIED && r->status == 400 && job->bold) {
		finish(job, SCIM_GOES_ON, PROG_OK, "");
	} else {
		snprintf(why, sizeof why, "a group's members: %.300s", r->summary);
		finish(job, SCIM_ENDED, scim_status(r->outcome), why);
	}
}

static void
on_members(void *arg, const struct scim_result *r)
{
	struct scim_job *job = arg;
	struct scim_members *m = job->queue;
	struct scim_share share;
	const char *wrong;

	if (m->aborting) {
		job->done = true;
		return;
	}
	if (r->outcome != SCIM_OK) {
		on_refusal(job, r);
		return;
	}
	if (tok_parse(&m->tokens, r->body, r->body_len) != TOK_OK ||
	    m->tokens.tok[0].type != TOK_OBJECT) {
		finish(job, SCIM_ENDED, PROG_FAIL, "a group's answer is not a JSON object");
		return;
	}
	wrong = m->ask == SCIM_ASK_USERS ?
	    scim_group_take_users(&job->group, &m->tokens, r->body, &share) :
	    scim_group_take(&job->group, &m->tokens, r->body, 0, &share);
	if (wrong != NULL) {
		finish(job, SCIM_ENDED, PROG_FAIL, wrong);
	} else if (m->ask == SCIM_ASK_PAGES) {
		go_on(job, share);
	} else if (m->ask == SCIM_ASK_USERS) {
		turn_page(job, r->body, share);
	} else {
		job->group.known = true;
		finish(job, SCIM_GOES_ON, PROG_OK, "");
	}
}

static void
free_job(struct scim_job *job)
{
	scim_group_free(&job->group);
	free(job->id);
	buf_free(&job->cursor);
	buf_free(&job->next);
	memset(job, 0, sizeof *job);
}

static enum scim_turn
end(struct scim_members *m, enum scim_turn turn, enum prog_status status, const char *why)
{
	m->status = status;
	snprintf(m->why, sizeof m->why, "%s", why);
	return turn;
}

/* Waits for the first group and gives it out. */
static enum scim_turn
give_out_first(struct scim_members *m)
{
	struct scim_job *job = &m->jobs[m->first];
	enum scim_turn turn = SCIM_GOES_ON;
	bool too_long;

	scim_run(m->list->client, &job->done);
	if (job->end != SCIM_GOES_ON) {
		turn = end(m, job->end, job->status, job->why);
	} else if (scim_group_rows(&job->group, m->list->piece, m->list->row, m->list->arg,
	    &too_long) != 0) {
		turn = end(m, SCIM_ENDED, PROG_FAIL, "");
	} else if (too_long) {
		turn = end(m, SCIM_ENDED, PROG_FAIL, "a group is too long for a row");
	}
	free_job(job);
	m->first = (m->first + 1) % SCIM_GROUPS_AT_ONCE;
	m->count--;
	return turn;
}

enum scim_turn
scim_members_add(struct scim_members *m, const struct tok_list *l, const char *text,
    uint32_t index, const char *id, size_t id_len)
{
	enum scim_turn turn = SCIM_GOES_ON;
	struct scim_share share;
	struct scim_job *job;
	const char *wrong = NULL;

	if (m->count == SCIM_GROUPS_AT_ONCE)
		turn = give_out_first(m);
	if (turn != SCIM_GOES_ON)
		return turn;
	job = &m->jobs[(m->first + m->count++) % SCIM_GROUPS_AT_ONCE];
	job->queue = m;
	job->id = mem_dup(id, id_len);
	job->start = 1;
	m->on_members = on_members;
	scim_group_init(&job->group);
	buf_init(&job->cursor, PATH_MAX_BYTES);
	buf_init(&job->next, PATH_MAX_BYTES);
	if (scim_group_read(&job->group, l, text, index) != 0)
		wrong = "a group is too long for a row";
	else if (m->ask == SCIM_ASK_MISSING)
		wrong = scim_group_take(&job->group, l, text, index, &share);
	if (wrong != NULL) {
		job->done = true;
		return end(m, SCIM_ENDED, PROG_FAIL, wrong);
	}
	if (m->ask > SCIM_ASK_MISSING || (m->ask == SCIM_ASK_MISSING && !job->group.known))
		ask(job);
	else
		job->done = true;
	return SCIM_GOES_ON;
}

enum scim_turn
scim_members_flush(struct scim_members *m)
{
	enum scim_turn turn = SCIM_GOES_ON;

	while (m->count > 0 && turn == SCIM_GOES_ON)
		turn = give_out_first(m);
	return turn;
}

/* What is under way comes to its end first: its callback knows the job. */
void
scim_members_drop(struct scim_members *m)
{
	m->aborting = true;
	while (m->count > 0) {
		struct scim_job *job = &m->jobs[m->first];

		scim_run(m->list->client, &job->done);
		free_job(job);
		m->first = (m->first + 1) % SCIM_GROUPS_AT_ONCE;
		m->count--;
	}
	m->aborting = false;
}

void
scim_members_free(struct scim_members *m)
{
	scim_members_drop(m);
	tok_free(&m->tokens);
}
