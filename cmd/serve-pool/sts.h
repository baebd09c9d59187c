/* The operations of STS that are served: AssumeRole and GetCallerIdentity. */
#ifndef SERVE_POOL_STS_H
#define SERVE_POOL_STS_H

struct exchange;

/* Sets x->operation from the form in the body. */
void sts_read_operation(struct exchange *x);

/* Answers the operation for x->caller. */
void sts_answer(struct exchange *x);

#endif
