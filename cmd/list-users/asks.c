/* What a run with shards asks (asks.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#include "asks.h"

static const char digits[] = "0123456789abcdef";

/* The two kinds apart, until the slice is cut. */
struct draft {
	struct asks cells, sentinels;
};

static void
add(struct draft *d, bool known, char first, char second, bool whole)
{
	struct asks *a = known ? &d->cells : &d->sentinels;

	a->ask = mem_resize(a->ask, a->count + 1, sizeof *a->ask);
	a->ask[a->count++] = (struct ask){
		.prefix = { first, second, '\0' }, .whole = whole, .sentinel = !known
	};
}

/* What begins with a character that the proof knows, two characters deep. */
static void
add_second(struct draft *d, const struct proof *proof, char first)
{
	add(d, proof_knows(proof, &first, 1, 2), first, '\0', true);
	for (int i = PROOF_FIRST; i <= PROOF_LAST; i++) {
		char start[] = { first, (char)i };

		if (proof_can_ask(start[1]))
			add(d, proof_knows(proof, start, 2, 2), first, start[1], false);
	}
}

static void
add_proved(struct draft *d, const struct proof *proof, int depth)
{
	for (int i = PROOF_FIRST; i <= PROOF_LAST; i++) {
		char c = (char)i;

		if (!proof_can_ask(c))
			continue;
		if (depth == 2 && proof_first(proof, c) > 0)
			add_second(d, proof, c);
		else
			add(d, proof_first(proof, c) > 0, c, '\0', false);
	}
}

static void
add_digits(struct draft *d, int depth)
{
	for (const char *first = digits; *first != '\0'; first++) {
		for (const char *second = digits; depth == 2 && *second != '\0'; second++)
			add(d, true, *first, *second, false);
		if (depth == 1)
			add(d, true, *first, '\0', false);
	}
}

/* Appends block index of so many to a. */
static void
cut(struct asks *a, const struct asks *from, int index, int of)
{
	size_t first = from->count * (size_t)(index - 1) / (size_t)of;
	size_t end = from->count * (size_t)index / (size_t)of;

	if (end == first)
		return;
	a->ask = mem_resize(a->ask, a->count + (end - first), sizeof *a->ask);
	memcpy(a->ask + a->count, from->ask + first, (end - first) * sizeof *a->ask);
	a->count += end - first;
}

void
asks_make(struct asks *a, const struct proof *proof, int shards, int index, int of)
{
	struct draft d = { { NULL, 0, 0 }, { NULL, 0, 0 } };

	*a = (struct asks){ .depth = shards <= ASKS_DEPTH_ONE ? 1 : 2 };
	if (proof != NULL)
		add_proved(&d, proof, a->depth);
	else
		add_digits(&d, a->depth);
	cut(a, &d.cells, index, of);
	cut(a, &d.sentinels, index, of);
	free(d.cells.ask);
	free(d.sentinels.ask);
}

void
asks_free(struct asks *a)
{
	free(a->ask);
}

void
asks_filter(const struct ask *ask, char filter[ASKS_FILTER_SIZE])
{
	snprintf(filter, ASKS_FILTER_SIZE, "sub %s \"%s\"", ask->whole ? "=" : "^=", ask->prefix);
}

bool
asks_means(const struct ask *ask, const char *sub, size_t len)
{
	size_t n = strlen(ask->prefix);

	return (ask->whole ? len == n : len >= n) && strncasecmp(sub, ask->prefix, n) == 0;
}

bool
asks_is_own(const struct ask *ask, const char *sub)
{
	return memcmp(sub, ask->prefix, strlen(ask->prefix)) == 0;
}
