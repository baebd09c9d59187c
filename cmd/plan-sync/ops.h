/*
 * The operations: each is written to a file of its kind, in the order of keys, and all of them are
 * read back behind the header, in the order in which they are applied.
 */
#ifndef PLAN_SYNC_OPS_H
#define PLAN_SYNC_OPS_H

#include "subject.h"

extern const char *const op_names[OPS];

/* Begins the row of an operation in s->row: Op and Key. */
void ops_begin(struct sync *s, enum op op, const struct subject *p);

/* Members, each behind a comma. */
void ops_text(struct sync *s, const char *name, const char *text, size_t len);
void ops_json(struct sync *s, const char *name, const char *json, size_t len);
/* The string token of a half, if it is there. */
void ops_token(struct sync *s, const char *name, const struct half *h, uint32_t index);

/*
 * Ends it with why.  Returns 0; 1 if it is longer, or deeper, than a record may be, or else nothing
 * that a plan may have, and left out and counted; or -1 with the reason printed.
 */
int ops_end(struct sync *s, enum op op, const char *why);

/* The same of a membership in the group. */
int ops_end_member(struct sync *s, enum op op, const struct subject *p, uint32_t group,
    const char *why);

/* Gives all out, in order.  Returns 0, or -1 with the reason printed. */
int ops_write(struct sync *s);

void ops_free(struct sync *s);

#endif
