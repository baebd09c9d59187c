#include "bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/scim_batch.h"

#include "create.h"

struct bulk {
	struct bulk *next;		/* of those under way */
	struct apply *apply;
	struct scim_batch batch;
	struct task **task;
	size_t count;
};

enum { ID_SIZE = 24 };

static void
id_of(size_t i, char out[ID_SIZE])
{
	snprintf(out, ID_SIZE, "n%zu", i);
}

static void
free_one(struct bulk *b)
{
	scim_batch_free(&b->batch);
	free(b->task);
	free(b);
}

/* One by one. */
static void
go_alone(struct bulk *b)
{
	for (size_t i = 0; i < b->count; i++) {
		b->task[i]->alone = true;
		create_begin(b->task[i]);
	}
}

/* What the server says of one operation; silence is an answer that was lost. */
static void
take_operation(struct task *t, const struct scim_batch_answer *from)
{
	struct apply *a = t->apply;
	char summary[TASK_CODE_SIZE + 32];
	struct buf message;
	struct answer r = {
		.outcome = SCIM_TEMPORARY, .lost = true, .body = "", .id = "", .scim_type = "",
		.message = "the server's BulkResponse does not mention it", .summary = summary
	};

	summary[0] = '\0';
	buf_init(&message, SIZE_MAX);
	if (from != NULL && from->status != 0) {
		r.status = from->status;
		r.scim_type = from->scim_type;
		(void)buf_appendf(&message, "%ld%s%s: %s", from->status,
		    from->scim_type[0] != '\0' ? " " : "", from->scim_type, from->detail);
		r.message = message.data;
		snprintf(summary, sizeof summary, "%ld", from->status);
		r.lost = from->status == 500;
		t->mine |= from->status == 503;
		if (from->status / 100 == 2)
			r.outcome = SCIM_OK;
		else if (from->status != 429 && from->status / 100 != 5)
			r.outcome = SCIM_DENIED;
		r.id = from->id;
	}
	t->alone = true;
	task_judge(a, &r, "/Bulk");
	a->wrote |= r.outcome == SCIM_OK || r.lost;
	if ((r.status == 429 || r.status == 503) && !a->halted && ++t->tries < APPLY_TRIES)
		task_wait(t, create_begin);
	else
		t->then(t, &r);
	buf_free(&message);
}

static void
take_answers(struct bulk *b, const struct answer *r)
{
	size_t count;
	struct scim_batch_answer *all = scim_batch_read(r->body, r->body_len, &count);

	/* What was carried out is found by externalId. */
	if (all == NULL)
		diag_warn("/Bulk: the answer is no BulkResponse: the server is asked");
	for (size_t i = 0; i < b->count; i++) {
		const struct scim_batch_answer *its = NULL;
		char id[ID_SIZE];

		id_of(i, id);
		for (size_t k = 0; k < count && its == NULL; k++)
			if (scim_batch_is_about(&all[k], "POST", b->task[i]->path.data, id))
				its = &all[k];
		take_operation(b->task[i], its);
	}
	scim_batch_answers_free(all, count);
}

static void
on_bulk(void *arg, const struct scim_result *result)
{
	struct bulk *b = arg;
	struct apply *a = b->apply;
	struct answer r = task_answer(result);

	a->wake = true;
	for (struct bulk **link = &a->sent; *link != NULL; link = &(*link)->next)
		if (*link == b) {
			*link = b->next;
			break;
		}
	if (r.outcome != SCIM_DENIED || r.status == 401 || r.status == 403)
		task_judge(a, &r, "/Bulk");
	a->wrote |= task_wrote(&r);
	for (size_t i = 0; i < b->count; i++)
		b->task[i]->mine |= r.uncertain;
	if (r.outcome == SCIM_OK) {
		take_answers(b, &r);
	} else if (r.outcome == SCIM_DENIED && r.status != 401 && r.status != 403) {
		if (r.status != 413)
			diag_warn("/Bulk: %s: going on with single requests", r.summary);
		/* Too large for it, or none that it knows. */
		if (r.status == 413 && a->bulk_operations > 2)
			a->bulk_operations /= 2;
		else
			a->features.bulk = false;
		go_alone(b);
	} else {
		for (size_t i = 0; i < b->count; i++) {
			b->task[i]->alone = true;
			b->task[i]->then(b->task[i], &r);
		}
	}
	free_one(b);
}

void
bulk_send(struct apply *a)
{
	struct bulk *b = a->bulk;

	if (b == NULL)
		return;
	a->bulk = NULL;
	/* One by one they end, if the run was halted. */
	if (b->count == 1 || a->halted) {
		go_alone(b);
		free_one(b);
		return;
	}
	scim_batch_end(&b->batch);
	b->next = a->sent;
	a->sent = b;
	scim_submit(a->client, "POST", "/Bulk", b->batch.text.data, b->batch.text.len, on_bulk, b);
}

bool
bulk_add(struct task *t, void (*then)(struct task *t, const struct answer *r))
{
	struct apply *a = t->apply;
	char id[ID_SIZE];

	if (t->alone || !a->features.bulk)
		return false;
	for (int tries = 0; tries < 2; tries++) {
		struct bulk *b = a->bulk;

		if (b == NULL) {
			b = a->bulk = mem_alloc(sizeof *b);
			b->apply = a;
			scim_batch_init(&b->batch, a->bulk_operations, a->features.bulk_bytes);
			b->task = mem_alloc(a->bulk_operations * sizeof(struct task *));
		}
		id_of(b->count, id);
		if (scim_batch_add(&b->batch, "POST", t->path.data, id, t->body.data,
		    t->body.len) == 0) {
			t->then = then;
			b->task[b->count++] = t;
			return true;
		}
		if (b->count == 0)
			break;
		bulk_send(a);
	}
	t->alone = true;
	return false;
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
