#include "bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/scim_batch.h"

#include "members.h"
#include "queue.h"
#include "send.h"

/* A BulkRequest under way. */
struct bulk {
	struct push *push;
	struct scim_batch batch;
	struct task **task;
	char **path;
	size_t count;
};

static const char *
method_of(const struct task *t)
{
	return t->kind == TASK_CREATE ? "POST" : "PATCH";
}

/* Only a POST has one; NULL otherwise. */
static const char *
bulk_id(const struct task *t, char out[24])
{
	if (t->kind != TASK_CREATE)
		return NULL;
	snprintf(out, 24, "n%llu", (unsigned long long)t->serial);
	return out;
}

static void
bulk_free(struct bulk *b)
{
	for (int i = 0; i < PUSH_BULKS; i++)
		if (b->push->sent[i] == b)
			b->push->sent[i] = NULL;
	for (size_t i = 0; i < b->count; i++)
		free(b->path[i]);
	free(b->path);
	free(b->task);
	scim_batch_free(&b->batch);
	free(b);
}

/* All of them once more, fewer at once; what is too large by itself goes without a BulkRequest. */
static void
take_too_large(struct bulk *b)
{
	struct push *p = b->push;

	if (b->count > 1 && p->bulk_operations > (b->count + 1) / 2)
		p->bulk_operations = (b->count + 1) / 2;
	for (size_t i = 0; i < b->count; i++) {
		b->task[i]->alone = b->count == 1;
		queue_add(b->task[i]);
	}
}

/* The server knows no /Bulk, or not this one: one by one then. */
static void
take_refusal(struct bulk *b, const struct answer *a)
{
	struct push *p = b->push;

	if (a->status == 404 || a->status == 405 || a->status == 501) {
		diag_warn("/Bulk: %s: going on with single requests", a->summary);
		p->bulk = false;
	}
	for (size_t i = 0; i < b->count; i++) {
		b->task[i]->alone = true;
		queue_add(b->task[i]);
	}
}

/*
 * The server does not say what became of the operation.  What it may have carried out is sent again
 * all the same, but for a new group: two users of one name no server takes, two groups some do.
 * That counts as a try unless the server told of others.
 */
static void
take_silence(struct task *t, const struct answer *a, bool progress)
{
	t->lost |= t->kind == TASK_CREATE && t->resource == RESOURCE_GROUP &&
	    t->push->features.filter;
	if (progress)
		queue_add(t);
	else
		queue_again(t, a);
}

/*
 * The whole BulkRequest failed, or its answer was lost.  A PATCH can be repeated then, that of a
 * group before the group's others; what became of a POST is asked.
 */
static void
take_failure(struct bulk *b, const struct answer *a)
{
	for (size_t i = b->count; i-- > 0;) {
		struct task *t = b->task[i];

		if (a->lost && t->kind == TASK_MEMBERS)
			queue_first(t, a);
		else if (a->lost && t->kind == TASK_UPDATE)
			queue_again(t, a);
		else
			send_take(t, a);
	}
}

/* What the server says of one operation, as an answer to its task. */
static void
take_operation(struct task *t, const struct scim_batch_answer *from)
{
	char summary[120];
	struct buf message;
	struct answer a = {
		.status = from->status, .body = "", .id = "", .scim_type = from->scim_type,
		.summary = summary
	};

	snprintf(summary, sizeof summary, "%ld %.80s", from->status, from->scim_type);
	summary[strcspn(summary, "\r\n")] = '\0';
	buf_init(&message, SIZE_MAX);
	(void)buf_appendf(&message, "%ld%s%s: %s", from->status,
	    from->scim_type[0] != '\0' ? " " : "", from->scim_type, from->detail);
	a.message = message.data;
	if (from->status / 100 == 2) {
		a.outcome = SCIM_OK;
		a.id = from->id;
		send_take(t, &a);
	} else if (from->status == 0) {
		take_silence(t, &a, false);
	} else if (from->status == 429 || from->status / 100 == 5) {
		queue_again(t, &a);
	} else {
		a.outcome = SCIM_DENIED;
		send_take(t, &a);
	}
	buf_free(&message);
}

/* How many changes of the task's resource the BulkRequest has: of a group, more members each. */
static size_t
count_twins(const struct bulk *b, size_t i)
{
	size_t twins = 0;

	for (size_t k = 0; k < b->count; k++)
		twins += strcmp(b->path[k], b->path[i]) == 0;
	return b->task[i]->kind == TASK_CREATE ? 1 : twins;
}

/*
 * Whether it can be told which of several changes of a resource went well.  Answers name the
 * resource, those to failures perhaps not even that, and need not stand in order: only if all did.
 */
static bool
is_told_apart(const struct bulk *b, size_t i, const struct scim_batch_answer *answers, size_t count)
{
	size_t twins = count_twins(b, i), good = 0;

	for (size_t k = 0; k < count && twins > 1; k++)
		good += answers[k].status / 100 == 2 && scim_batch_is_about(&answers[k],
		    method_of(b->task[i]), b->path[i], NULL);
	return twins == 1 || good == twins;
}

/* The first answer that nobody has taken and that is about the task, or count. */
static size_t
find_answer(const struct bulk *b, size_t i, const struct scim_batch_answer *answers, size_t count,
    const bool *taken)
{
	char id[24];

	if (!is_told_apart(b, i, answers, count))
		return count;
	for (size_t k = 0; k < count; k++)
		if (!taken[k] && scim_batch_is_about(&answers[k], method_of(b->task[i]), b->path[i],
		    bulk_id(b->task[i], id)))
			return k;
	/* Some servers say too little; where every operation is listed, its place tells. */
	if (count == b->count && !taken[i] && answers[i].bulk_id[0] == '\0' &&
	    (answers[i].method[0] == '\0' ||
	    strcmp(answers[i].method, method_of(b->task[i])) == 0))
		return i;
	return count;
}

static void
take_answers(struct bulk *b, const struct answer *a)
{
	struct answer missing = *a;
	struct scim_batch_answer *answers;
	size_t count, throttled = 0, told = 0;
	bool *taken;

	answers = scim_batch_read(a->body, a->body_len, &count);
	if (answers == NULL) {
		push_halt(b->push, PROG_FAIL, "/Bulk", "the answer is no BulkResponse");
		for (size_t i = 0; i < b->count; i++)
			task_free(b->task[i]);
		return;
	}
	missing.message = missing.summary = "the server's BulkResponse does not mention it";
	taken = mem_alloc(count + 1);
	for (size_t i = 0; i < b->count; i++) {
		size_t k = find_answer(b, i, answers, count, taken);

		if (k == count)
			continue;
		taken[k] = true;
		told++;
		throttled += push_is_throttle(answers[k].status);
		take_operation(b->task[i], &answers[k]);
		b->task[i] = NULL;
	}
	for (size_t i = 0; i < b->count; i++)
		if (b->task[i] != NULL) {
			/* By itself each has an answer of its own. */
			b->task[i]->alone |= count_twins(b, i) > 1;
			take_silence(b->task[i], &missing, told > 0);
		}
	queue_pace(b->push, throttled > b->count / 2, "/Bulk");
	free(taken);
	scim_batch_answers_free(answers, count);
}

static void
on_bulk(void *arg, const struct scim_result *r)
{
	struct bulk *b = arg;
	struct push *p = b->push;
	struct answer a = send_answer(r);
	bool refused = r->outcome == SCIM_DENIED && r->status != 0 && r->status != 401 &&
	    r->status != 403;

	p->bulks--;
	p->wake = true;
	for (size_t i = 0; i < b->count; i++)
		members_release(b->task[i], b);
	send_judge(p, &a, "/Bulk");
	if (r->outcome == SCIM_OK)
		take_answers(b, &a);
	else if (r->status == 413)
		take_too_large(b);
	else if (refused)
		take_refusal(b, &a);
	else
		take_failure(b, &a);
	bulk_free(b);
}

void
bulk_send(struct push *p)
{
	struct bulk *b = mem_alloc(sizeof *b);
	struct task *t;

	b->push = p;
	scim_batch_init(&b->batch, p->bulk_operations, p->features.bulk_bytes);
	b->task = mem_alloc(p->bulk_operations * sizeof(struct task *));
	b->path = mem_alloc(p->bulk_operations * sizeof(char *));
	while ((t = p->first) != NULL && !task_goes_alone(t) && !members_held(t, b)) {
		char id[24], *path = task_path(t);

		if (scim_batch_add(&b->batch, method_of(t), path, bulk_id(t, id), t->body.data,
		    t->body.len) != 0) {
			free(path);
			break;
		}
		(void)queue_next(p);
		members_hold(t, b);
		b->path[b->count] = path;
		b->task[b->count++] = t;
	}
	if (b->count == 0) {
		if (t != NULL)
			t->alone = true;
		bulk_free(b);
		return;
	}
	scim_batch_end(&b->batch);
	p->bulks++;
	for (int i = 0; i < PUSH_BULKS; i++)
		if (p->sent[i] == NULL) {
			p->sent[i] = b;
			break;
		}
	scim_submit(p->client, "POST", "/Bulk", b->batch.text.data, b->batch.text.len, on_bulk, b);
}

void
bulk_free_all(struct push *p)
{
	for (int i = 0; i < PUSH_BULKS; i++)
		if (p->sent[i] != NULL)
			bulk_free(p->sent[i]);
}
