#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/http.h"
#include "net/pool.h"

/* Dates are cut to milliseconds, and set by more than one machine. */
enum { SLACK_MS = 1000, TOKENS_MAX = 64 * 1024, REQUEST_MAX = 16 * KEYSET_KEY_MAX };

struct question {
	struct verify *verify;
	struct rows *row;		/* as many as questions, kept from batch to batch */
	struct result result;
};

struct verify {
	struct cognito *cognito;
	const struct file *file;
	const struct job *job;
	struct question question[HTTP_IN_FLIGHT_MAX];
	enum prog_status status;
};

/* When the user was made; -1: the answer does not say. */
static int64_t
made_ms(const struct aws_result *r)
{
	struct tok_list l;
	uint32_t date = 0;
	int64_t ms = -1;

	tok_init(&l, TOKENS_MAX);
	if (tok_parse(&l, r->body, r->body_len) == TOK_OK && l.tok[0].type == TOK_OBJECT)
		date = tok_member(&l, r->body, 0, "UserCreateDate");
	if (date == 0 || clock_parse_epoch(r->body + l.tok[date].start,
	    l.tok[date].end - l.tok[date].start, &ms) != 0)
		ms = -1;
	tok_free(&l);
	return ms;
}

static void
take_answer(void *arg, const struct aws_result *r)
{
	struct question *q = arg;
	struct verify *v = q->verify;
	struct result *x = &q->result;

	*x = (struct result){ .code = "", .job = v->job->id };
	if (r->outcome == AWS_OK) {
		int64_t ms = v->job->started_ms != 0 ? made_ms(r) : -1;

		x->outcome = ms == -1 ? OUTCOME_UNKNOWN :
		    ms >= v->job->started_ms - SLACK_MS ? OUTCOME_DONE : OUTCOME_UNCHANGED;
		x->detail = ms == -1 ? "the user is there, and it is not said since "
		    "when, or since when the job ran" :
		    x->outcome == OUTCOME_DONE ? "the user is there since the job began" :
		    "the user was there before the job began";
	} else if (strcmp(r->code, "UserNotFoundException") == 0) {
		x->outcome = OUTCOME_FAILED;
		x->code = "UserNotFoundException";
		x->detail = "the user is not there after the job; the job's log says why";
	} else if (strcmp(r->code, "InvalidParameterException") == 0) {
		x->outcome = OUTCOME_FAILED;
		x->code = "InvalidParameterException";
		x->detail = "nobody can be called so in a pool";
	} else if (v->status == PROG_OK) {
		diag_error("AdminGetUser: %s", r->message);
		v->status = aws_status(r->outcome);
	}
}

static void
ask(struct verify *v, struct question *q)
{
	struct cognito *c = v->cognito;
	struct buf body;

	buf_init(&body, REQUEST_MAX);
	(void)pool_request(&body, c->pool.id, "Username", rows_text(q->row, v->file->key), false);
	aws_submit(c->pool.client, "AdminGetUser", body.data, body.len, take_answer, q);
	buf_free(&body);
}

/* Rows share the file; each question has a place of its own in it. */
static void
copy_place(struct rows *to, const struct rows *from)
{
	struct buf text = to->text;

	buf_clear(&text);
	(void)buf_append(&text, from->text.data, from->text.len);
	*to = *from;
	to->text = text;
}

static bool
answer_batch(struct verify *v, size_t n)
{
	aws_run(v->cognito->pool.client, NULL);
	for (size_t i = 0; i < n && v->status == PROG_OK; i++)
		result_row(v->cognito->push, v->file, v->question[i].row, &v->question[i].result);
	return v->status == PROG_OK && !v->cognito->push->sink.out.failed;
}

static void
ask_all(struct verify *v, struct rows *r)
{
	bool going = true;
	size_t n = 0;

	while (going && rows_next(r) == ROWS_ROW) {
		copy_place(v->question[n].row, r);
		ask(v, &v->question[n]);
		if (++n == HTTP_IN_FLIGHT_MAX) {
			going = answer_batch(v, n);
			n = 0;
		}
	}
	if (going)
		(void)answer_batch(v, n);
}

enum prog_status
verify_file(struct cognito *c, const struct file *f, const struct job *j)
{
	struct verify v = { .cognito = c, .file = f, .job = j };
	struct rows *r = mem_alloc(sizeof *r);

	rows_open(r, f->data, f->len, true);
	for (size_t i = 0; i < HTTP_IN_FLIGHT_MAX; i++) {
		v.question[i].verify = &v;
		v.question[i].row = mem_alloc(sizeof *r);
		rows_open(v.question[i].row, f->data, f->len, true);
	}
	(void)rows_next(r);
	ask_all(&v, r);
	for (size_t i = 0; i < HTTP_IN_FLIGHT_MAX; i++) {
		rows_close(v.question[i].row);
		free(v.question[i].row);
	}
	rows_close(r);
	free(r);
	return v.status;
}
