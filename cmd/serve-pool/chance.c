/* Chance that a seed decides (chance.h). */
#include "chance.h"

/* The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

uint64_t
chance(uint64_t seed, uint64_t stream, uint64_t n)
{
	return mix(mix(mix(seed) ^ stream) ^ n);
}
