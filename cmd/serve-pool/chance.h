/* Chance that a seed decides: the same numbers in every run. */
#ifndef SERVE_POOL_CHANCE_H
#define SERVE_POOL_CHANCE_H

#include <stdint.h>

/*
 * The nth number of a stream: a well-mixed function of its arguments and of nothing else, so that
 * requests that arrive in another order do not change what happens to each.
 */
uint64_t chance(uint64_t seed, uint64_t stream, uint64_t n);

#endif
