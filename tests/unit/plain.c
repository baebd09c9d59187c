/* Where plain bytes end: block by block as byte by byte, on every byte and at every place. */
#include <stdlib.h>

#include "json/plain.h"
#include "tap.h"

enum { LONGEST = 3 * PLAIN_BLOCK + 5, ROUNDS = 4000 };

/* A small generator, the same everywhere. */
static unsigned
next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/* One way through the text, from each end on behind it, with a step of its own now and then. */
static bool
agrees(const char *text, size_t len, uint32_t *state)
{
	const char *p = text, *end = text + len;
	struct plain pl;

	plain_init(&pl, text, end);
	for (;;) {
		const char *want = plain_end_bytes(p, end);

		if (plain_end(&pl, p) != want)
			return false;
		if (want == end)
			return true;
		p = want + 1;
		if (p < end && next_random(state) % 3 == 0)
			p += next_random(state) % (unsigned)(end - p);
	}
}

static void
test_every_byte(void)
{
	bool good = true;

	for (unsigned c = 0; c < 256; c++) {
		char text[PLAIN_BLOCK + 1];
		struct plain pl;

		memset(text, 'a', sizeof text);
		text[PLAIN_BLOCK / 2] = (char)c;
		plain_init(&pl, text, text + sizeof text);
		good &= plain_end(&pl, text) == text + (plain_byte((char)c) ? sizeof text :
		    PLAIN_BLOCK / 2);
		good &= plain_byte((char)c) == (c >= ' ' && c < 0x7f && c != '"' && c != '\\');
	}
	ok(good, "each of the 256 bytes is plain or not");
}

static void
test_every_place(void)
{
	uint32_t state = 1;
	bool good = true;

	for (size_t len = 0; len <= LONGEST; len++) {
		/* Of the exact length, so that a sanitizer sees a read outside of it. */
		char *text = malloc(len > 0 ? len : 1);

		memset(text, 'a', len);
		good &= agrees(text, len, &state);
		for (size_t at = 0; at < len; at++) {
			text[at] = '"';
			good &= agrees(text, len, &state);
			text[at] = 'a';
		}
		free(text);
	}
	ok(good, "a quote at every place in texts of every length");
}

static void
test_mixed(void)
{
	static const char odd[] = "\"\\\n\x1f\x7f\x80\xc3\xff\0";
	uint32_t state = 7;
	bool good = true;

	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t len = next_random(&state) % LONGEST;
		unsigned rare = 2 + next_random(&state) % 60;
		char *text = malloc(len > 0 ? len : 1);

		for (size_t i = 0; i < len; i++) {
			text[i] = (char)(' ' + next_random(&state) % 95);
			if (next_random(&state) % rare == 0)
				text[i] = odd[next_random(&state) % sizeof odd];
		}
		good &= agrees(text, len, &state);
		free(text);
	}
	ok(good, "mixed texts, many bytes that are not plain and few");
}

int
main(void)
{
	test_every_byte();
	test_every_place();
	test_mixed();
	return tap_done();
}
