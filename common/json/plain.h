/*
 * The inside of JSON strings: where the plain bytes end.
 *
 * Plain is what stands for itself, in any string and in the canonical form too: ASCII but for the
 * quote, the backslash, the controls and DEL.  Most of every record is plain, so this is the loop
 * that a filter's speed hangs on, and the reason for its place in a header: it must be inlined.
 *
 * A block of 64 bytes is looked at once and remembered as a word of 64 bits, in which the end of
 * each string of the block is a shift and a count away: a block holds several, and to look at each
 * string by itself, 16 bytes at a time, was slower by a tenth of emit-csv's time, since how many
 * such steps a string takes cannot be foreseen.
 *
 * There are two ways to the same answer.  tests/unit/plain.c holds them against each other.
 */
#ifndef JSON_PLAIN_H
#define JSON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool
plain_byte(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 0x20 && u < 0x7f && u != '"' && u != '\\';
}

/* The first byte from p on that is not plain, or end: a byte at a time. */
static inline const char *
plain_end_bytes(const char *p, const char *end)
{
	while (p < end && plain_byte(*p))
		p++;
	return p;
}

/* A text, and where in a block of it the bytes lie that are not plain. */
struct plain {
	const char *text, *end;
	const char *block;
	uint64_t stops;		/* a bit for each byte of the block, the first one's lowest */
};

enum { PLAIN_BLOCK = 64 };

static inline void
plain_init(struct plain *pl, const char *text, const char *end)
{
	pl->text = pl->block = text;
	pl->end = end;
	pl->stops = 0;
}

#ifdef __SSE2__
/* A bit for each of the 16 bytes at p that is not plain. */
static inline uint64_t
plain_stops_16(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i mark = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
	/*
	 * One step up, as signed bytes, puts all others below '!': DEL becomes the least number,
	 * what is not ASCII stays negative or becomes 0, the controls end at the blank.
	 */
	__m128i other = _mm_cmplt_epi8(_mm_add_epi8(v, _mm_set1_epi8(1)), _mm_set1_epi8('!'));

	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(mark, other));
}

static inline void
plain_take_block(struct plain *pl, const char *block)
{
	pl->block = block;
	pl->stops = plain_stops_16(block) | plain_stops_16(block + 16) << 16 |
	    plain_stops_16(block + 32) << 32 | plain_stops_16(block + 48) << 48;
}

/*
 * plain_end where the block at hand does not tell.  The text's last block may begin before p.
 * Out of line, so that the rest of plain_end is small enough to be inlined wherever it is used.
 */
__attribute__((noinline, unused)) static const char *
plain_end_blocks(struct plain *pl, const char *p)
{
	uint64_t stops;

	for (; pl->end - p >= PLAIN_BLOCK; p += PLAIN_BLOCK) {
		plain_take_block(pl, p);
		if (pl->stops != 0)
			return p + (unsigned)__builtin_ctzll(pl->stops);
	}
	if (pl->end - pl->text < PLAIN_BLOCK || p == pl->end)
		return plain_end_bytes(p, pl->end);
	plain_take_block(pl, pl->end - PLAIN_BLOCK);
	stops = pl->stops >> (p - pl->block);
	return stops != 0 ? p + (unsigned)__builtin_ctzll(stops) : pl->end;
}
#endif

/*
 * The first byte from p on that is not plain, or the end.  p never goes back: it is the one that
 * was returned last, or lies behind it.
 */
static inline const char *
plain_end(struct plain *pl, const char *p)
{
#ifdef __SSE2__
	size_t at = (size_t)(p - pl->block);

	if (at < PLAIN_BLOCK && pl->stops >> at != 0)
		return p + (unsigned)__builtin_ctzll(pl->stops >> at);
	return plain_end_blocks(pl, p);
#else
	return plain_end_bytes(p, pl->end);
#endif
}

#endif
