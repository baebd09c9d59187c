#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"
#include "net/pager.h"
#include "net/pool.h"

enum { TOKENS_MAX = 64 * 1024, URL_MAX = 16 * 1024 };

/* ListUserImportJobs has a limit of another name. */
static const char list_limit[] = "\"MaxResults\":60";

static const char *const names[] = { "Created", "Pending", "InProgress", "Stopping", "Expired",
	"Stopped", "Failed", "Succeeded" };

enum { STATUSES = sizeof names / sizeof *names };

const char *
job_status_name(enum job_status status)
{
	return names[status];
}

bool
job_is_running(const struct job *j)
{
	return j->status == JOB_PENDING || j->status == JOB_IN_PROGRESS ||
	    j->status == JOB_STOPPING;
}

/* A NUL would cut it, and make another text of it. */
static bool
is_text(const struct tok *t, uint32_t at)
{
	return at != 0 && t->type == TOK_STRING && (t->flags & TOK_NUL) == 0;
}

/* Copies a text of the object, cut where there is no more room; "" for none. */
static void
copy_text(char *to, size_t size, const struct tok_list *l, const char *text, uint32_t object,
    const char *member)
{
	uint32_t value = tok_member(l, text, object, member);
	struct buf b;

	buf_init(&b, URL_MAX);
	if (is_text(&l->tok[value], value))
		(void)jtext_decode(&b, text + l->tok[value].start,
		    l->tok[value].end - l->tok[value].start);
	snprintf(to, size, "%s", buf_string(&b));
	buf_free(&b);
}

static uint64_t
read_number(const struct tok_list *l, const char *text, uint32_t object, const char *member)
{
	uint32_t value = tok_member(l, text, object, member);
	char number[24];
	const char *why;
	int64_t n = 0;

	if (value == 0 || l->tok[value].type != TOK_NUMBER ||
	    l->tok[value].end - l->tok[value].start >= sizeof number)
		return 0;
	snprintf(number, sizeof number, "%.*s", (int)(l->tok[value].end - l->tok[value].start),
	    text + l->tok[value].start);
	return num_parse(number, 0, INT64_MAX, &n, &why) == 0 ? (uint64_t)n : 0;
}

/* Returns 0, or -1: it is no job. */
static int
read_job(struct job *j, const struct tok_list *l, const char *text, uint32_t object)
{
	char status[16];
	uint32_t date;
	int found = -1;

	memset(j, 0, sizeof *j);
	if (l->tok[object].type != TOK_OBJECT)
		return -1;
	copy_text(j->id, sizeof j->id, l, text, object, "JobId");
	copy_text(j->name, sizeof j->name, l, text, object, "JobName");
	copy_text(j->message, sizeof j->message, l, text, object, "CompletionMessage");
	copy_text(status, sizeof status, l, text, object, "Status");
	for (int i = 0; i < STATUSES; i++)
		if (strcmp(status, names[i]) == 0)
			found = i;
	j->imported = read_number(l, text, object, "ImportedUsers");
	j->skipped = read_number(l, text, object, "SkippedUsers");
	j->failed = read_number(l, text, object, "FailedUsers");
	date = tok_member(l, text, object, "StartDate");
	if (date != 0)
		(void)clock_parse_epoch(text + l->tok[date].start,
		    l->tok[date].end - l->tok[date].start, &j->started_ms);
	if (found == -1 || j->id[0] == '\0')
		return -1;
	j->status = (enum job_status)found;
	return 0;
}

/* The job of an answer, and its URL if that is wanted. */
static int
read_answer(struct job *j, const struct aws_result *r, char **url)
{
	struct tok_list l;
	uint32_t object = 0, value = 0;
	int result = -1;
	struct buf b;

	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, r->body, r->body_len) == TOK_OK && l.tok[0].type == TOK_OBJECT)
		object = tok_member(&l, r->body, 0, "UserImportJob");
	if (object != 0)
		result = read_job(j, &l, r->body, object);
	if (result == 0 && url != NULL) {
		buf_init(&b, URL_MAX);
		(void)buf_reserve(&b, URL_MAX);
		value = tok_member(&l, r->body, object, "PreSignedUrl");
		if (is_text(&l.tok[value], value))
			(void)jtext_decode(&b, r->body + l.tok[value].start,
			    l.tok[value].end - l.tok[value].start);
		if (b.len > 0)
			*url = mem_dup(b.data, b.len);
		else
			result = -1;
		buf_wipe(&b);
	}
	tok_free(&l);
	return result;
}

static const struct aws_result *
call(const struct job_pool *p, const char *operation, const char *member, const char *value,
    const char *role)
{
	const struct aws_result *r;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, p->id, member, value, false);
	if (role != NULL) {
		body.len--;
		(void)buf_append_string(&body, ",\"CloudWatchLogsRoleArn\":");
		(void)jtext_string(&body, role, strlen(role));
		(void)buf_append_byte(&body, '}');
	}
	r = aws_call(p->client, operation, body.data, body.len);
	buf_free(&body);
	return r;
}

static enum prog_status
judge(const struct aws_result *r, struct job *j, char **url)
{
	struct job answered;

	if (r->outcome != AWS_OK) {
		diag_error("%s: %s", r->operation, r->message);
		return aws_status(r->outcome);
	}
	if (read_answer(&answered, r, url) != 0) {
		diag_error("%s: the answer has no job%s", r->operation,
		    url != NULL ? " with a URL" : "");
		return PROG_FAIL;
	}
	/* A new one has no id before. */
	if (url == NULL && strcmp(answered.id, j->id) != 0) {
		diag_error("%s: the answer is about another job", r->operation);
		return PROG_FAIL;
	}
	*j = answered;
	return PROG_OK;
}

enum prog_status
job_create(const struct job_pool *p, const char *name, const char *role, struct job *j,
    char **url)
{
	*url = NULL;
	return judge(call(p, "CreateUserImportJob", "JobName", name, role), j, url);
}

enum prog_status
job_describe(const struct job_pool *p, struct job *j)
{
	return judge(call(p, "DescribeUserImportJob", "JobId", j->id, NULL), j, NULL);
}

enum prog_status
job_start(const struct job_pool *p, struct job *j)
{
	const struct aws_result *r = call(p, "StartUserImportJob", "JobId", j->id, NULL);
	bool refused = strcmp(r->code, "PreconditionNotMetException") == 0;
	char *message;
	enum prog_status status;

	if (r->outcome == AWS_OK || (!refused && !r->uncertain))
		return judge(r, j, NULL);
	/* Of a call that was sent again the first may have been carried out. */
	message = mem_dup_string(r->message);
	status = refused ? PROG_TEMPORARY : aws_status(r->outcome);
	if (job_describe(p, j) == PROG_OK && j->status != JOB_CREATED)
		status = PROG_OK;
	else
		diag_error("StartUserImportJob: %s", message);
	free(message);
	return status;
}

struct listed {
	void (*seen)(void *arg, const struct job *j);
	void *arg;
	enum prog_status status;
};

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct listed *listed = arg;
	const struct tok *tok = page->list->tok;
	struct job j;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (read_job(&j, page->list, page->text, i) == 0)
			listed->seen(listed->arg, &j);
	}
	return true;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct listed *listed = arg;

	(void)why;
	listed->status = status;
}

enum prog_status
job_list(const struct job_pool *p, void (*seen)(void *arg, const struct job *j), void *arg)
{
	struct listed listed = { .seen = seen, .arg = arg };
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, p->id, NULL, NULL, false);
	body.len--;
	(void)buf_appendf(&body, ",%s}", list_limit);
	pager_start(p->client, &(struct pager_request){ .operation = "ListUserImportJobs",
	    .items = "UserImportJobs", .token = "PaginationToken", .body = body.data, .where = "",
	    .page = take_page, .done = take_end, .arg = &listed });
	aws_run(p->client, NULL);
	buf_free(&body);
	return listed.status;
}
