/*
 * BulkRequests (RFC 7644 section 3.7): operations packed by number and bytes, and what the answer
 * says of each.
 */
#ifndef JSON_SCIM_BATCH_H
#define JSON_SCIM_BATCH_H

#include "json/scim_resource.h"

enum { SCIM_BATCH_MAX = 64 * 1024 * 1024 };	/* of an answer, as net/scim.h takes one */

struct scim_batch {
	struct buf text;
	size_t count;
	size_t operations_max, bytes_max;
};

/* Begins an empty one for so many operations and bytes, envelope included. */
void scim_batch_init(struct scim_batch *b, size_t operations_max, size_t bytes_max);
void scim_batch_free(struct scim_batch *b);

/*
 * Adds an operation.  bulk_id may be NULL.  Returns 0, or -1 with nothing added if it does not fit
 * any more; if the batch is empty, it never will.
 */
int scim_batch_add(struct scim_batch *b, const char *method, const char *path, const char *bulk_id,
    const char *data, size_t len);

/*
 * The same of a resource's version, which the server compares (RFC 7644 section 3.7); NULL: without.
 * data may be NULL: a DELETE has none.
 */
int scim_batch_add_if(struct scim_batch *b, const char *method, const char *path,
    const char *bulk_id, const char *version, const char *data, size_t len);

/* Ends it: text is then the whole body. */
void scim_batch_end(struct scim_batch *b);

/* What the server says of one operation.  The texts are heap, never NULL. */
struct scim_batch_answer {
	long status;		/* 0: none that could be read */
	/* id: the response's, or the end of the location, if nothing is encoded in it. */
	char *method, *bulk_id, *location, *id, *scim_type, *detail;
};

/*
 * Reads a BulkResponse.  Returns the answers (scim_batch_answers_free), possibly none, with their
 * number in *count; or NULL if it is no BulkResponse.
 */
struct scim_batch_answer *scim_batch_read(const char *text, size_t len, size_t *count);

void scim_batch_answers_free(struct scim_batch_answer *a, size_t count);

/*
 * Whether an answer is about this operation: by its bulk_id (NULL: it has none), else by method
 * and the end of the location.
 */
bool scim_batch_is_about(const struct scim_batch_answer *a, const char *method, const char *path,
    const char *bulk_id);

#endif
