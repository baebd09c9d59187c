/* User import jobs: the operations (imports.h). */
#include "imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "exchange.h"
#include "import_url.h"
#include "json/jtext.h"
#include "wire.h"
#include "write.h"

/* A job that nobody starts ends between 24 and 48 hours later. */
static const int64_t unstarted_ms = (int64_t)24 * 3600 * 1000;

void
imports_free(struct imports *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct import_job *j = &m->job[i];

		for (size_t c = 0; c < j->columns; c++)
			free(j->column[c]);
		free(j->column);
		free(j->file);
		free(j->name);
		free(j->role);
	}
	free(m->job);
}

static void
end(struct pool *p, struct import_job *j, enum import_status status, const char *completion)
{
	j->status = status;
	j->completion = completion;
	j->ended_ms = server_now_ms(p->server);
	free(j->file);
	j->file = NULL;
	p->imports.running = 0;
	atomic_store(&p->imports.busy, false);
}

static uint64_t
count_lines(const struct import_job *j)
{
	uint64_t n = 0;

	for (size_t i = 0; i < j->len; i++)
		n += j->file[i] == '\n';
	return n;
}

void
imports_step(struct pool *p)
{
	struct import_job *j = &p->imports.job[p->imports.running - 1];
	int more;

	if (j->status == IMPORT_STOPPING) {
		end(p, j, IMPORT_STOPPED, "StoppedByRequest");
		return;
	}
	more = imports_rows(p, j, j->status == IMPORT_PENDING ? count_lines(j) / 2 : UINT64_MAX);
	if (more == -1)
		end(p, j, IMPORT_FAILED, j->completion);
	else if (j->status == IMPORT_PENDING)
		j->status = IMPORT_IN_PROGRESS;
	else
		end(p, j, IMPORT_SUCCEEDED, "ImportJobCompletedSuccessfully");
}

void
imports_finish(struct pool *p)
{
	while (p->imports.running != 0)
		imports_step(p);
}

static void
put_date(struct buf *b, const char *name, int64_t ms)
{
	if (ms == 0)
		return;
	buf_appendf(b, ",\"%s\":", name);
	wire_put_epoch(b, ms);
}

static void
put_job(struct exchange *x, const struct import_job *j, const char *url)
{
	static const char *const names[] = { "Created", "Pending", "InProgress", "Stopping",
		"Expired", "Stopped", "Failed", "Succeeded" };
	struct buf *b = &x->answer.body;

	buf_appendf(b, "{\"JobName\":%s,\"JobId\":\"%s\",\"UserPoolId\":\"%s\"", j->name, j->id,
	    x->pool->id);
	if (url != NULL)
		buf_appendf(b, ",\"PreSignedUrl\":\"%s\"", url);
	put_date(b, "CreationDate", j->created_ms);
	put_date(b, "StartDate", j->started_ms);
	put_date(b, "CompletionDate", j->ended_ms);
	buf_appendf(b, ",\"Status\":\"%s\",\"CloudWatchLogsRoleArn\":%s,\"ImportedUsers\":%llu,"
	    "\"SkippedUsers\":%llu,\"FailedUsers\":%llu", names[j->status], j->role,
	    (unsigned long long)j->imported, (unsigned long long)j->skipped,
	    (unsigned long long)j->failed);
	if (j->completion != NULL)
		buf_appendf(b, ",\"CompletionMessage\":\"%s\"", j->completion);
	buf_append_byte(b, '}');
}

static void
answer_job(struct exchange *x, const struct import_job *j, const char *url)
{
	buf_append_string(&x->answer.body, "{\"UserImportJob\":");
	put_job(x, j, url);
	buf_append_byte(&x->answer.body, '}');
}

static void
age(const struct server *s, struct import_job *j)
{
	if (j->status != IMPORT_CREATED || server_now_ms(s) - j->created_ms < unstarted_ms)
		return;
	j->status = IMPORT_EXPIRED;
	free(j->file);
	j->file = NULL;
}

/* The job that is asked for, or NULL with the error answered. */
static struct import_job *
find_job(struct exchange *x)
{
	struct imports *m = &x->pool->imports;

	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->job[i].id, buf_string(&x->params.name)) == 0) {
			age(x->server, &m->job[i]);
			return &m->job[i];
		}
	answer_error(&x->answer, 400, "ResourceNotFoundException",
	    "User import job %s does not exist.", buf_string(&x->params.name));
	return NULL;
}

static char *
take_text(struct exchange *x, uint32_t token)
{
	char *text;
	struct buf b;

	buf_init(&b, EXCHANGE_TEXT_MAX);
	jtext_string_token(&b, &x->params.list.tok[token], buf_string(&x->body));
	text = mem_dup(b.data, b.len);
	buf_free(&b);
	return text;
}

void
imports_create(struct exchange *x)
{
	struct server *s = x->server;
	struct imports *m = &x->pool->imports;
	char url[IMPORT_URL_SIZE];
	struct import_job *j;

	if (m->count == IMPORTS_JOBS_MAX) {
		answer_error(&x->answer, 400, "LimitExceededException",
		    "Exceeded limit on number of import jobs for a user pool");
		return;
	}
	m->job = mem_resize(m->job, m->count + 1, sizeof *m->job);
	j = &m->job[m->count++];
	memset(j, 0, sizeof *j);
	j->created_ms = server_now_ms(s);
	import_url_name(s, j->id);
	j->name = take_text(x, x->params.write.job);
	j->role = take_text(x, x->params.write.role);
	if (import_url_make(x, j, url) != 0) {
		write_refuse(x, "The request has no Host");
		return;
	}
	answer_job(x, j, url);
}

void
imports_start(struct exchange *x)
{
	struct imports *m = &x->pool->imports;
	struct import_job *j = find_job(x);
	const char *why = NULL;

	if (j == NULL)
		return;
	if (j->status != IMPORT_CREATED)
		why = "The job is not in a state in which it can be started";
	else if (j->file == NULL)
		why = "No file was uploaded for the job";
	else if (m->running != 0)
		why = "Another import job is running";
	if (why != NULL) {
		answer_error(&x->answer, 400, "PreconditionNotMetException", "%s", why);
		return;
	}
	j->status = IMPORT_PENDING;
	j->started_ms = server_now_ms(x->server);
	m->running = (size_t)(j - m->job) + 1;
	atomic_store(&m->busy, true);
	answer_job(x, j, NULL);
}

void
imports_stop(struct exchange *x)
{
	struct import_job *j = find_job(x);

	if (j == NULL)
		return;
	if (j->status != IMPORT_PENDING && j->status != IMPORT_IN_PROGRESS) {
		answer_error(&x->answer, 400, "PreconditionNotMetException",
		    "The job is not running");
		return;
	}
	j->status = IMPORT_STOPPING;
	answer_job(x, j, NULL);
}

void
imports_describe(struct exchange *x)
{
	struct imports *m = &x->pool->imports;
	struct import_job *j = find_job(x);

	if (j == NULL)
		return;
	answer_job(x, j, NULL);
	if (m->running == (size_t)(j - m->job) + 1)
		imports_step(x->pool);
}

/* The newest first; the token says how many were shown. */
void
imports_list(struct exchange *x)
{
	const struct server *s = x->server;
	struct imports *m = &x->pool->imports;
	struct buf *b = &x->answer.body, *token = &x->params.token;
	char next[OPAQUE_SIZE(sizeof(uint64_t))];
	uint64_t shown = 0;

	if (x->params.has_token && opaque_show(s->token_key, token->data, token->len, &shown,
	    sizeof shown) != 0) {
		write_refuse(x, "Invalid pagination token");
		return;
	}
	buf_append_string(b, "{\"UserImportJobs\":[");
	for (int n = 0; n < x->params.limit && shown < m->count; n++) {
		struct import_job *j = &m->job[m->count - ++shown];

		age(s, j);
		buf_append_string(b, n > 0 ? "," : "");
		put_job(x, j, NULL);
	}
	buf_append_byte(b, ']');
	if (shown < m->count) {
		opaque_hide(s->token_key, &shown, sizeof shown, next);
		buf_appendf(b, ",\"PaginationToken\":\"%s\"", next);
	}
	buf_append_byte(b, '}');
}
