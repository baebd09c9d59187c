/* One operation for each of many items (each.h). */
#include "net/each.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"

enum { NAME_SIZE = 200 };

struct run;

/* A place of the window: an item that was asked for, and its answer once it is there. */
struct slot {
	struct run *run;
	bool answered;
	struct aws_result result;	/* its texts are copies */
	char *body, *code, *message;
};

/* The item with the number n has the place n modulo EACH_WINDOW. */
struct run {
	struct aws_client *client;
	const struct each *each;
	struct slot slots[EACH_WINDOW];
	size_t next, asked;	/* whose answer is handed out next; how many were asked for */
	bool stop;
	enum prog_status status;
	char *why;
	aws_done *on_answer;		/* asks for more, and is what an answer comes to */
};

static void
empty(struct slot *s)
{
	if (s->body != NULL)
		mem_wipe(s->body, s->result.body_len);
	free(s->body);
	free(s->code);
	free(s->message);
	s->body = s->code = s->message = NULL;
	s->answered = false;
}

static bool
is_answer(const struct each *e, const char *code)
{
	for (size_t i = 0; e->codes != NULL && e->codes[i] != NULL; i++)
		if (strcmp(e->codes[i], code) == 0)
			return true;
	return false;
}

static enum prog_status
hand_out(struct run *r, const struct slot *s)
{
	const struct each *e = r->each;
	char name[NAME_SIZE] = "";

	if (s->result.outcome == AWS_OK ||
	    (s->result.outcome == AWS_DENIED && is_answer(e, s->code)))
		return e->answer(e->arg, r->next, &s->result, r->why);
	if (e->name != NULL)
		e->name(e->arg, r->next, name, sizeof name);
	diag_error("%s: %s%s%s", e->operation, name, name[0] != '\0' ? ": " : "", s->message);
	snprintf(r->why, EACH_WHY_SIZE, "%s", s->message);
	return aws_status(s->result.outcome);
}

/* Asks for what the window has room for. */
static void
ask(struct run *r)
{
	struct buf body;

	buf_init(&body, EACH_REQUEST_MAX);
	while (r->asked < r->each->count && r->asked - r->next < EACH_WINDOW) {
		struct slot *s = &r->slots[r->asked % EACH_WINDOW];

		buf_clear(&body);
		r->each->request(r->each->arg, r->asked, &body);
		r->asked++;
		aws_submit(r->client, r->each->operation, buf_string(&body), body.len,
		    r->on_answer, s);
	}
	buf_free(&body);
}

static void
take_answer(void *arg, const struct aws_result *result)
{
	struct slot *s = arg;
	struct run *r = s->run;

	s->answered = true;
	s->result = *result;
	s->result.body = s->body = mem_dup(result->body, result->body_len);
	s->result.code = s->code = mem_dup_string(result->code);
	s->result.message = s->message = mem_dup_string(result->message);
	while (r->status == PROG_OK && r->next < r->asked &&
	    r->slots[r->next % EACH_WINDOW].answered) {
		s = &r->slots[r->next % EACH_WINDOW];
		r->status = hand_out(r, s);
		empty(s);
		r->next++;
	}
	r->stop = r->status != PROG_OK || r->next == r->each->count;
	if (!r->stop)
		ask(r);
}

enum prog_status
each_run(struct aws_client *client, const struct each *e, char why[EACH_WHY_SIZE])
{
	struct run r = { .client = client, .each = e, .status = PROG_OK, .why = why,
		.on_answer = take_answer };

	for (size_t i = 0; i < EACH_WINDOW; i++)
		r.slots[i].run = &r;
	ask(&r);
	if (e->count > 0)
		aws_run(client, &r.stop);
	for (size_t i = 0; i < EACH_WINDOW; i++) {
		aws_drop(client, &r.slots[i]);
		empty(&r.slots[i]);
	}
	return r.status;
}
