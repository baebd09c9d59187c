/* The operations of STS that are served. */
#ifndef SERVE_POOL_STS_H
#define SERVE_POOL_STS_H

#include <stdbool.h>

struct exchange;

/* Sets x->operation from x->form. */
void sts_read_operation(struct exchange *x);

/* Whether an operation of this name is served. */
bool sts_knows(const char *operation);

/* Whether the operation is for callers without keys. */
bool sts_is_unsigned(const struct exchange *x);

/* Answers the operation for x->caller. */
void sts_answer(struct exchange *x);

#endif
