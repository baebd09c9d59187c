/* What the answer to a BulkRequest says of each of its operations. */
#include "bulk_op.h"

#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/scim_batch.h"

static const char silence[] = "the server's BulkResponse does not say what became of it";

bool
bulk_op_creates(const struct bulk_op *op)
{
	return strcmp(op->method, "POST") == 0;
}

const char *
bulk_op_id(const struct bulk_op *op, size_t place, char out[BULK_ID_SIZE])
{
	if (!bulk_op_creates(op))
		return NULL;
	snprintf(out, BULK_ID_SIZE, "n%zu", place);
	return out;
}

/* The only answer about the operation, or NULL: of two, neither is believed. */
static const struct scim_batch_answer *
find(const struct bulk_op *op, size_t place, const struct scim_batch_answer *all, size_t count)
{
	const struct scim_batch_answer *found = NULL;
	char out[BULK_ID_SIZE];
	const char *id = bulk_op_id(op, place, out);

	for (size_t i = 0; i < count; i++) {
		if (!scim_batch_is_about(&all[i], op->method, op->path->data, id))
			continue;
		if (found != NULL)
			return NULL;
		found = &all[i];
	}
	return found != NULL && found->status != 0 ? found : NULL;
}

static bool
is_throttle(long status)
{
	return status == 408 || status == 429 || status == 503;
}

static bool
is_denial(long status)
{
	return status / 100 == 4 || status == 501 || status == 505;
}

/*
 * Whether a refusal may be meant for the operation in a Bulk only: not every server takes all
 * methods there, or tells an operation that it does not know from a resource.  Asked by itself, it
 * says.
 */
static bool
is_of_bulk(const struct bulk_op *op, long status)
{
	if (!is_denial(status) || status == 401 || status == 403)
		return false;
	return !bulk_op_creates(op) || status == 405 || status == 413 || status == 501 ||
	    status == 505;
}

/* That is no word of a failure: what became of it is asked. */
static void
take_silence(struct apply *a, const struct bulk_op *op)
{
	struct answer r = {
		.outcome = SCIM_TEMPORARY, .lost = true, .body = "", .id = "", .scim_type = "",
		.message = silence, .summary = silence
	};

	a->wrote = true;
	op->then(op->owner, &r);
}

static void
take_one(struct apply *a, const struct bulk_op *op, const struct scim_batch_answer *from)
{
	char summary[TASK_CODE_SIZE];
	struct buf message;
	struct answer r = {
		.outcome = SCIM_TEMPORARY, .status = from->status, .body = "", .id = from->id,
		.scim_type = from->scim_type, .summary = summary
	};

	snprintf(summary, sizeof summary, "%ld in a BulkResponse", from->status);
	buf_init(&message, SIZE_MAX);
	(void)buf_appendf(&message, "%ld%s%s: %s", from->status,
	    from->scim_type[0] != '\0' ? " " : "", from->scim_type, from->detail);
	r.message = buf_string(&message);
	if (from->status / 100 == 2)
		r.outcome = SCIM_OK;
	else if (is_denial(from->status) && !is_throttle(from->status))
		r.outcome = SCIM_DENIED;
	else
		r.lost = !is_throttle(from->status);
	/* Put off, it goes by itself, after waits: the answer to that counts. */
	if (!is_throttle(from->status))
		task_judge(a, &r, "/Bulk");
	a->wrote |= r.lost;
	/* What stands in between says so, too, of what was done behind it. */
	if (op->mine != NULL && is_throttle(from->status))
		*op->mine = true;
	if (!a->halted && (is_throttle(from->status) || is_of_bulk(op, from->status)))
		op->again(op->owner, is_throttle(from->status));
	else
		op->then(op->owner, &r);
	buf_free(&message);
}

/* Whether something is written: a refusal is no row's own as long as nothing was. */
static bool
has_written(const struct scim_batch_answer *all, size_t count)
{
	for (size_t i = 0; i < count && all != NULL; i++)
		if (all[i].status / 100 == 2)
			return true;
	return false;
}

void
bulk_take(struct apply *a, const struct bulk_op *ops, size_t count, const struct answer *r)
{
	size_t answers;
	struct scim_batch_answer *all = scim_batch_read(r->body, r->body_len, &answers);

	if (all == NULL)
		diag_warn("/Bulk: the answer is no BulkResponse: the server is asked");
	a->wrote |= has_written(all, answers);
	for (size_t i = 0; i < count; i++) {
		const struct scim_batch_answer *its = find(&ops[i], i, all, answers);

		*ops[i].alone = true;
		if (its != NULL)
			take_one(a, &ops[i], its);
		else
			take_silence(a, &ops[i]);
	}
	scim_batch_answers_free(all, answers);
}
