#include "cognito.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "net/pool.h"

#include "result.h"
#include "upload.h"
#include "verify.h"

enum {
	TOKENS_MAX = 64 * 1024,
	DIGITS = 16,			/* of the digest, in a job's name */
	WAIT_MS = 250, WAIT_MAX_MS = 30 * 1000,
	DETAIL_SIZE = 300,
	BYTES_MAX = 100 * 1000 * 1000, ROWS_MAX = 500 * 1000,
	HEADING_MAX = 64 * 1024
};

/* Where a file stands. */
struct state {
	char name[JOB_NAME_SIZE];	/* of its job */
	bool running;			/* there was one when we came */
	struct job job;
};

struct run {
	struct cognito *cognito;
	struct state *state;		/* by file */
	bool other_runs;
	struct job other;
	bool halted;			/* a job did not end well: no further one is begun */
};

static const char *
find_key(struct file *f, const struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(rows_text(r, i), "cognito:username") == 0) {
			f->key = i;
			return NULL;
		}
	return "no column cognito:username";
}

/* Developer guide, "Formatting the CSV file", and "Quotas": 100 MB, taken for the smaller one. */
const struct rules cognito_rules = {
	.cognito = true, .bytes_max = BYTES_MAX, .rows_max = ROWS_MAX, .row_max = 16000,
	.headings = find_key
};

static enum prog_status
fail(struct cognito *c, enum prog_status status, const char *why)
{
	c->push->why = why;
	return status;
}

/* Whether the file has exactly the columns that the pool's header has. */
static bool
has_columns(const struct file *f, const struct tok_list *l, const char *text, uint32_t header)
{
	bool good = true;
	size_t wanted = 0;
	struct buf b;

	buf_init(&b, HEADING_MAX);
	for (uint32_t i = header + 1; i < l->tok[header].next; i = l->tok[i].next, wanted++) {
		size_t k = 0;

		buf_clear(&b);
		(void)jtext_decode(&b, text + l->tok[i].start, l->tok[i].end - l->tok[i].start);
		while (k < f->headings && strcmp(f->heading[k], buf_string(&b)) != 0)
			k++;
		if (k == f->headings) {
			diag_error("%s: no column %s, and the pool's import wants all of its own "
			    "(get-csv-header, emit-csv --header-from)", f->path, buf_string(&b));
			good = false;
		}
	}
	buf_free(&b);
	/* No heading stands there twice, so a greater number is one that the pool does not have. */
	if (good && f->headings > wanted)
		diag_error("%s: %zu columns, %zu more than the pool's import has", f->path,
		    f->headings, f->headings - wanted);
	return good && f->headings == wanted;
}

static enum prog_status
compare_headers(struct cognito *c, const struct aws_result *r)
{
	const struct files *files = &c->push->files;
	enum prog_status status = PROG_OK;
	uint32_t header = 0;
	struct tok_list l;

	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, r->body, r->body_len) == TOK_OK && l.tok[0].type == TOK_OBJECT)
		header = tok_member(&l, r->body, 0, "CSVHeader");
	if (header == 0 || l.tok[header].type != TOK_ARRAY || l.tok[header].next == header + 1) {
		diag_error("GetCSVHeader: the answer has no list of columns");
		status = fail(c, PROG_FAIL, "the pool does not say what its files look like");
	}
	for (size_t i = 0; i < files->count && status == PROG_OK; i++)
		if (!has_columns(&files->file[i], &l, r->body, header))
			status = fail(c, PROG_FAIL, "a file has not the pool's columns");
	tok_free(&l);
	return status;
}

static enum prog_status
check_headers(struct cognito *c)
{
	const struct aws_result *r;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, c->pool.id, NULL, NULL, false);
	r = aws_call(c->pool.client, "GetCSVHeader", body.data, body.len);
	buf_free(&body);
	if (r->outcome == AWS_OK)
		return compare_headers(c, r);
	diag_error("GetCSVHeader: %s", r->message);
	return fail(c, aws_status(r->outcome), "the pool does not say what its files look like");
}

/* The name says what the file is, so that a job whose start nobody told us of is known again. */
static void
name_jobs(struct run *u)
{
	struct cognito *c = u->cognito;

	for (size_t i = 0; i < c->push->files.count; i++)
		snprintf(u->state[i].name, sizeof u->state[i].name, "%s-%.*s", c->name, DIGITS,
		    c->push->files.file[i].digest);
}

static void
take_job(void *arg, const struct job *j)
{
	struct run *u = arg;
	bool ours = false;

	if (!job_is_running(j))
		return;
	for (size_t i = 0; i < u->cognito->push->files.count; i++) {
		if (strcmp(u->state[i].name, j->name) != 0 || u->state[i].running)
			continue;
		u->state[i].running = ours = true;
		u->state[i].job = *j;
	}
	if (!ours) {
		u->other_runs = true;
		u->other = *j;
	}
}

static enum prog_status
look_for_jobs(struct run *u)
{
	struct cognito *c = u->cognito;
	enum prog_status status = job_list(&c->pool, take_job, u);

	if (status != PROG_OK)
		return fail(c, status, "the pool's jobs are not known");
	if (!u->other_runs)
		return PROG_OK;
	diag_error("import job %s (%s) is %s: the service runs one at a time; try again when it "
	    "is done", u->other.id, u->other.name, job_status_name(u->other.status));
	return fail(c, PROG_TEMPORARY, "another job is running");
}

/*
 * Looks at the job, which was started, until it ends, and every time after a longer wait.  That it
 * was started may be seen later.
 */
static enum prog_status
wait_for(struct cognito *c, const struct file *f, struct job *j)
{
	struct push *p = c->push;
	int64_t started = clock_mono_ms(), wait = WAIT_MS, left;
	enum prog_status status;

	for (;;) {
		status = job_describe(&c->pool, j);
		if (status != PROG_OK || (!job_is_running(j) && j->status != JOB_CREATED))
			break;
		progress_show(&p->progress, j->imported + j->skipped + j->failed, f->rows);
		left = p->timeout_ms - (clock_mono_ms() - started);
		if (left <= 0) {
			diag_error("%s: import job %s is still %s (--timeout); --resume %s waits "
			    "on", f->path, j->id, job_status_name(j->status), j->id);
			return fail(c, PROG_TEMPORARY, "a job is not done yet");
		}
		clock_sleep_ms(wait < left ? wait : left);
		wait = wait * 3 / 2 < WAIT_MAX_MS ? wait * 3 / 2 : WAIT_MAX_MS;
	}
	if (status == PROG_OK)
		return PROG_OK;
	diag_error("%s: import job %s was started; --resume %s asks again how it ended", f->path,
	    j->id, j->id);
	return fail(c, status, "it is not known how a job ended");
}

/* What the counts say of every row, if they leave no doubt.  Returns whether they do. */
static bool
is_certain(const struct file *f, const struct job *j, struct result *x)
{
	bool well = j->status == JOB_SUCCEEDED;
	uint64_t counted = j->imported + j->skipped + j->failed;

	if (j->imported == f->rows && counted == f->rows) {
		x->outcome = OUTCOME_DONE;
	} else if (j->skipped == f->rows && counted == f->rows) {
		x->outcome = OUTCOME_UNCHANGED;
		x->detail = "the user was there before";
	} else if (j->failed == f->rows && counted == f->rows) {
		x->outcome = OUTCOME_FAILED;
		x->code = "ImportFailed";
		x->detail = "the job's log says why";
	} else if (!well && counted == 0) {
		x->outcome = OUTCOME_FAILED;
		x->code = job_status_name(j->status);
		x->retryable = j->status != JOB_FAILED;
		x->detail = "the job took in no row";
	} else {
		return false;
	}
	return true;
}

static void
complain(struct run *u, const struct file *f, const struct job *j)
{
	diag_verbose(1, "%s: import job %s: %s: %" PRIu64 " imported, %" PRIu64 " skipped, %" PRIu64
	    " failed, of %" PRIu64, f->path, j->id, job_status_name(j->status), j->imported,
	    j->skipped, j->failed, f->rows);
	if (j->status == JOB_SUCCEEDED)
		return;
	u->halted = u->cognito->push->unwell = true;
	diag_error("%s: import job %s ended as %s%s%s", f->path, j->id, job_status_name(j->status),
	    j->message[0] != '\0' ? ": " : "", j->message);
}

/* The results of a file whose job is over. */
static enum prog_status
settle(struct run *u, struct file *f, const struct job *j)
{
	struct cognito *c = u->cognito;
	struct result x = { .code = "", .job = j->id };
	char detail[DETAIL_SIZE];
	enum prog_status status;

	complain(u, f, j);
	if (is_certain(f, j, &x))
		return result_all(c->push, f, &x);
	if (c->push->verify) {
		status = files_load(f);
		if (status == PROG_OK)
			status = verify_file(c, f, j);
		files_unload(f);
		if (status != PROG_OK)
			return fail(c, status, "the rows cannot be verified");
		return result_flush(c->push);
	}
	snprintf(detail, sizeof detail, "of %" PRIu64 " rows %" PRIu64 " were imported, %" PRIu64
	    " skipped since the user was there, and %" PRIu64 " failed; the job's log says which, "
	    "or --verify", f->rows, j->imported, j->skipped, j->failed);
	x.outcome = OUTCOME_UNKNOWN;
	x.detail = detail;
	return result_all(c->push, f, &x);
}

/* A new job, with its file. */
static enum prog_status
make_job(struct run *u, struct file *f, struct state *s)
{
	struct cognito *c = u->cognito;
	enum prog_status status = files_load(f);
	char *url = NULL;

	if (status != PROG_OK)
		return fail(c, status, "a file cannot be read");
	status = job_create(&c->pool, s->name, c->role, &s->job, &url);
	if (status == PROG_OK) {
		c->push->jobs++;
		diag_verbose(1, "%s: import job %s (%s) for %" PRIu64 " users", f->path, s->job.id,
		    s->job.name, f->rows);
		status = upload_file(c->pool.client, url, f);
	}
	mem_wipe_free(url);
	files_unload(f);
	return status == PROG_OK ? status : fail(c, status, "a file was not sent");
}

static enum prog_status
import_file(struct run *u, size_t i)
{
	struct cognito *c = u->cognito;
	struct file *f = &c->push->files.file[i];
	struct state *s = &u->state[i];
	enum prog_status status = PROG_OK;

	if (f->rows == 0) {
		diag_verbose(1, "%s: nobody is in it", f->path);
		return PROG_OK;
	}
	if (u->halted)
		return result_all(c->push, f, &(struct result){ .outcome = OUTCOME_SKIPPED,
		    .code = "", .retryable = true, .detail = "the job before did not end well" });
	if (s->running) {
		diag_verbose(1, "%s: import job %s is %s already", f->path, s->job.id,
		    job_status_name(s->job.status));
	} else {
		status = make_job(u, f, s);
		if (status == PROG_OK && (status = job_start(&c->pool, &s->job)) != PROG_OK)
			(void)fail(c, status, "a job was not started");
	}
	if (status == PROG_OK)
		status = wait_for(c, f, &s->job);
	return status == PROG_OK ? settle(u, f, &s->job) : status;
}

/* The jobs that run already first: until they end no other can be started. */
static enum prog_status
import_all(struct run *u)
{
	enum prog_status status = PROG_OK;

	for (int running = 1; running >= 0; running--)
		for (size_t i = 0; i < u->cognito->push->files.count && status == PROG_OK; i++)
			if (u->state[i].running == (running == 1))
				status = import_file(u, i);
	return status;
}

static enum prog_status
resume(struct run *u)
{
	struct cognito *c = u->cognito;
	struct state *s = &u->state[0];
	const struct file *f = &c->push->files.file[0];
	size_t len;
	enum prog_status status;

	snprintf(s->job.id, sizeof s->job.id, "%s", c->push->resume);
	status = job_describe(&c->pool, &s->job);
	if (status != PROG_OK)
		return fail(c, status, "the job is not known");
	len = strlen(s->job.name);
	if (len < DIGITS || strncmp(s->job.name + len - DIGITS, f->digest, DIGITS) != 0) {
		diag_error("--resume %s: that job was not made for this file: its name, %s, does "
		    "not end in %.*s", s->job.id, s->job.name, DIGITS, f->digest);
		return fail(c, PROG_FAIL, "the job was made for another file");
	}
	if (s->job.status == JOB_CREATED) {
		diag_error("--resume %s: that job was never started, and whether its file came is "
		    "not known; without --resume another one is made", s->job.id);
		return fail(c, PROG_FAIL, "the job was never started");
	}
	s->running = true;
	return import_file(u, 0);
}

/* What would be done; everything was looked at, and nothing is sent. */
static enum prog_status
rehearse(struct run *u)
{
	struct push *p = u->cognito->push;
	enum prog_status status = PROG_OK;

	for (size_t i = 0; i < p->files.count && status == PROG_OK; i++)
		status = result_all(p, &p->files.file[i], &(struct result){
		    .outcome = OUTCOME_PLANNED, .code = "" });
	return status;
}

enum prog_status
cognito_run(struct cognito *c)
{
	struct run u = { .cognito = c };
	enum prog_status status = check_headers(c);

	if (status != PROG_OK)
		return status;
	u.state = mem_alloc(c->push->files.count * sizeof *u.state);
	name_jobs(&u);
	if (c->push->resume != NULL) {
		status = resume(&u);
	} else {
		status = look_for_jobs(&u);
		if (status == PROG_OK)
			status = c->push->dry_run ? rehearse(&u) : import_all(&u);
	}
	free(u.state);
	return status == PROG_OK ? result_status(c->push) : status;
}
