/* Page tokens: opaque, bound to the parameters of the listing, ending after a while. */
#ifndef SERVE_POOL_PAGES_H
#define SERVE_POOL_PAGES_H

#include <stdint.h>

#include "opaque.h"

struct exchange;

/* Where a listing goes on. */
struct page_place {
	uint64_t at;		/* index of the next item */
	uint32_t step;		/* pages so far */
};

enum { PAGES_HIDDEN = 32, PAGES_TOKEN_SIZE = OPAQUE_SIZE(PAGES_HIDDEN) };

/*
 * The place that the request's token means, or the beginning without one.  Returns 0, or -1
 * with the refusal answered.
 */
int pages_open(struct exchange *x, struct page_place *place);

/* The token for a place in the listing that x asks for. */
void pages_token(const struct exchange *x, const struct page_place *place,
    char out[PAGES_TOKEN_SIZE]);

#endif
