/* From a request that is all there to its answer. */
#ifndef SERVE_POOL_FRONT_H
#define SERVE_POOL_FRONT_H

struct exchange;

/* Fills x->answer, the time that it takes included, and logs. */
void front_answer(struct exchange *x);

#endif
