/* An operation of a BulkRequest: the request of a task or a crowd, and what becomes of it. */
#ifndef APPLY_SCIM_BULK_OP_H
#define APPLY_SCIM_BULK_OP_H

#include "task.h"

enum { BULK_ID_SIZE = 24 };

struct bulk_op {
	const char *method;		/* static */
	const struct buf *path, *body;	/* of the owner, who leaves them alone meanwhile */
	const char *version;		/* or NULL */
	bool *alone;			/* of the owner: in no BulkRequest any more */
	bool *mine;			/* of a task: it may have been carried out; or NULL */
	void *owner;
	/* By itself, as it is; a run that was halted ends it instead. */
	void (*send)(void *owner, const char *method);
	/* From its beginning, at once or after a while. */
	void (*again)(void *owner, bool wait);
	void (*then)(void *owner, const struct answer *r);
};

/* Whether the server makes something by it; else it is about what is there. */
bool bulk_op_creates(const struct bulk_op *op);

/* The bulkId of a creation at that place, or NULL: others have none. */
const char *bulk_op_id(const struct bulk_op *op, size_t place, char out[BULK_ID_SIZE]);

/* Hands out what the server says to a BulkRequest of these operations (outcome SCIM_OK). */
void bulk_take(struct apply *a, const struct bulk_op *ops, size_t count, const struct answer *r);

#endif
