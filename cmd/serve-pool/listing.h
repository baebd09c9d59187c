/* Pages: the one way in which all listing operations answer. */
#ifndef SERVE_POOL_LISTING_H
#define SERVE_POOL_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search.h"
#include "store.h"

struct exchange;

struct listing {
	const struct store_table *table;
	const uint32_t *list;		/* the items' numbers, in order */
	size_t count;
	const uint32_t *tail;		/* and more behind them */
	size_t tail_count;
	const char *member;		/* what the page is called: "Users" */
	bool users;			/* which faults strike */
	const struct search *search;	/* NULL: all */
};

/* Answers the page that x asks for. */
void listing_answer(struct exchange *x, const struct listing *l);

#endif
