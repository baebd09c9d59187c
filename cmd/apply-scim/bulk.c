#include "bulk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/scim_batch.h"

#include "bulk_op.h"

enum {
	HOLD_MS = 2000,	/* an operation waits for others no longer: its look grows old */
	REPEAT_MS = 400		/* for a server that has too much to do */
};

struct bulk {
	struct bulk *next;		/* of those under way */
	struct apply *apply;
	struct scim_batch batch;
	struct bulk_op *op;
	size_t count, max;
	bool looked;			/* an operation of it follows a look */
	int64_t due_ms;
};

static void
free_one(struct bulk *b)
{
	scim_batch_free(&b->batch);
	free(b->op);
	free(b);
}

/* All of them from the beginning. */
static void
begin_again(struct bulk *b, bool alone)
{
	for (size_t i = 0; i < b->count; i++) {
		*b->op[i].alone = alone;
		b->op[i].again(b->op[i].owner, false);
	}
}

static void
take_all(struct bulk *b, const struct answer *r)
{
	for (size_t i = 0; i < b->count; i++) {
		*b->op[i].alone = true;
		b->op[i].then(b->op[i].owner, r);
	}
}

/* It was too much for the server. */
static void
shrink(struct bulk *b)
{
	struct apply *a = b->apply;
	size_t half = (b->count + 1) / 2;

	if (a->bulk_operations > half)
		a->bulk_operations = half;
	a->features.bulk = a->features.bulk && a->bulk_operations > 1;
}

/* The server does not take it.  Such a status says that nothing of it was done. */
static bool
is_of_request(long status)
{
	return status == 400 || status == 404 || status == 405 || status == 413 || status == 415 ||
	    status == 501 || status == 505;
}

static void
take_refusal(struct bulk *b, const struct answer *r)
{
	struct apply *a = b->apply;
	struct answer lost = *r;

	if (r->status == 413) {
		shrink(b);
		begin_again(b, false);
		return;
	}
	diag_warn("/Bulk: %s: going on with single requests", r->summary);
	a->features.bulk = false;
	if (is_of_request(r->status)) {
		begin_again(b, true);
		return;
	}
	a->wrote = true;
	lost.outcome = SCIM_TEMPORARY;
	lost.lost = true;
	take_all(b, &lost);
}

static void
on_bulk(void *arg, const struct scim_result *result)
{
	struct bulk *b = arg;
	struct apply *a = b->apply;
	struct answer r = task_answer(result);
	bool refused = r.outcome == SCIM_DENIED && r.status != 0 && r.status != 401 &&
	    r.status != 403;

	a->wake = true;
	for (struct bulk **link = &a->sent; *link != NULL; link = &(*link)->next)
		if (*link == b) {
			*link = b->next;
			break;
		}
	if (!refused)
		task_judge(a, &r, "/Bulk");
	a->wrote |= r.outcome != SCIM_OK && task_wrote(&r);
	/* An earlier try of it may have been carried out, whatever is said to this one. */
	for (size_t i = 0; i < b->count; i++)
		if (r.uncertain && b->op[i].mine != NULL)
			*b->op[i].mine = true;
	if (r.outcome == SCIM_OK) {
		bulk_take(a, b->op, b->count, &r);
	} else if (refused) {
		take_refusal(b, &r);
	} else {
		/* It may have taken too long for something in between. */
		if (r.lost)
			shrink(b);
		take_all(b, &r);
	}
	free_one(b);
}

static void
send_off(struct apply *a)
{
	struct bulk *b = a->bulk;

	a->bulk = NULL;
	/* One by one they end, if the run was halted. */
	if (b->count == 1 || a->halted) {
		for (size_t i = 0; i < b->count; i++)
			b->op[i].send(b->op[i].owner, b->op[i].method);
		free_one(b);
		return;
	}
	scim_batch_end(&b->batch);
	b->next = a->sent;
	a->sent = b;
	scim_submit(a->client, "POST", "/Bulk", b->batch.text.data, b->batch.text.len, on_bulk, b);
}

/* Whether a request other than those of Bulks is under way, or waits for its turn. */
static bool
others_pending(const struct apply *a)
{
	size_t bulks = 0;

	for (const struct bulk *b = a->sent; b != NULL; b = b->next)
		bulks++;
	return scim_pending(a->client) > bulks;
}

bool
bulk_wake(struct apply *a, int64_t *next)
{
	struct bulk *b = a->bulk;

	if (b == NULL)
		return false;
	if (b->looked && !a->halted && others_pending(a) && clock_mono_ms() < b->due_ms) {
		if (*next == 0 || b->due_ms < *next)
			*next = b->due_ms;
		return false;
	}
	send_off(a);
	return true;
}

/*
 * "bulkId:" in a value means a resource of the same Bulk to the server, which puts its id there;
 * who is called so is not to be called otherwise.
 */
static bool
has_reference(const struct buf *body)
{
	static const char mark[] = "bulkid:";

	for (size_t i = 0; i + sizeof mark - 1 <= body->len; i++) {
		size_t at = 0;

		while (mark[at] != '\0' && (body->data[i + at] | 0x20) == (mark[at] | 0x20))
			at++;
		if (mark[at] == '\0')
			return true;
	}
	return false;
}

/* What is too large for any BulkRequest is not to end the one that is being filled. */
static bool
may_join(const struct apply *a, const struct bulk_op *op)
{
	return op->body->len + op->path->len < a->features.bulk_bytes && !has_reference(op->body);
}

static struct bulk *
begin(struct apply *a, bool creates)
{
	struct bulk *b = mem_alloc(sizeof *b);

	b->apply = a;
	b->max = a->bulk_operations;
	if (!creates && b->max > BULK_LOOKED_MAX)
		b->max = BULK_LOOKED_MAX;
	b->looked = !creates;
	b->due_ms = clock_mono_ms() + HOLD_MS;
	scim_batch_init(&b->batch, b->max, a->features.bulk_bytes);
	b->op = mem_alloc(b->max * sizeof *b->op);
	return b;
}

static bool
add(struct apply *a, const struct bulk_op *op)
{
	if (*op->alone || !a->features.bulk)
		return false;
	for (int tries = 0; tries < 2 && may_join(a, op); tries++) {
		struct bulk *b = a->bulk;
		char id[BULK_ID_SIZE];

		if (b == NULL)
			b = a->bulk = begin(a, bulk_op_creates(op));
		if (scim_batch_add_if(&b->batch, op->method, op->path->data,
		    bulk_op_id(op, b->count, id), op->version,
		    op->body->len > 0 ? op->body->data : NULL, op->body->len) == 0) {
			b->op[b->count++] = *op;
			return true;
		}
		if (b->count == 0) {
			a->bulk = NULL;
			free_one(b);
			break;
		}
		send_off(a);
	}
	*op->alone = true;
	return false;
}

static void
send_task(void *owner, const char *method)
{
	struct task *t = owner;

	task_send(t, method, t->then);
}

static void
repeat_task(void *owner, bool wait)
{
	struct task *t = owner;

	if (wait)
		task_wait(t, t->again);
	else
		t->again(t);
}

static void
tell_task(void *owner, const struct answer *r)
{
	struct task *t = owner;

	t->then(t, r);
}

bool
bulk_add(struct task *t, const char *method, void (*again)(struct task *t),
    void (*then)(struct task *t, const struct answer *r))
{
	struct bulk_op op = {
		.method = method, .path = &t->path, .body = &t->body, .version = t->version,
		.alone = &t->alone, .mine = &t->mine, .owner = t, .send = send_task,
		.again = repeat_task, .then = tell_task
	};

	t->again = again;
	t->then = then;
	return add(t->apply, &op);
}

static void
send_crowd(void *owner, const char *method)
{
	struct crowd *c = owner;

	(void)method;
	/* As it is its turn again. */
	c->alone = true;
	c->due_ms = clock_mono_ms();
}

static void
repeat_crowd(void *owner, bool wait)
{
	struct crowd *c = owner;

	c->due_ms = clock_mono_ms() + (wait ? REPEAT_MS : 0);
}

static void
tell_crowd(void *owner, const struct answer *r)
{
	struct crowd *c = owner;

	c->then(c, r);
}

bool
bulk_add_crowd(struct crowd *c, void (*then)(struct crowd *c, const struct answer *r))
{
	struct bulk_op op = {
		.method = "PATCH", .path = &c->path, .body = &c->body, .version = c->version,
		.alone = &c->alone, .owner = c, .send = send_crowd, .again = repeat_crowd,
		.then = tell_crowd
	};

	c->then = then;
	return add(c->apply, &op);
}

size_t
bulk_window(const struct apply *a, bool creations)
{
	size_t most = a->bulk_operations;

	if (!creations && most > BULK_LOOKED_MAX)
		most = BULK_LOOKED_MAX;
	return 2 * most > APPLY_WINDOW ? 2 * most : APPLY_WINDOW;
}

void
bulk_free(struct apply *a)
{
	if (a->bulk != NULL)
		free_one(a->bulk);
	a->bulk = NULL;
	while (a->sent != NULL) {
		struct bulk *b = a->sent;

		a->sent = b->next;
		free_one(b);
	}
}
