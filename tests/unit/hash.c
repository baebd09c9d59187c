/* SipHash-1-3 with a key of zeroes, against CPython's hash of bytes (PYTHONHASHSEED=0). */
#include "base/hash.h"
#include "tap.h"

int
main(void)
{
	static const struct { const char *text; uint64_t want; } rows[] = {
		{ "a", 4644417185603328019U }, { "1234567", 11762668945129975425U },
		{ "12345678", 3785724242978802311U },
		{ "the quick brown fox jumps", 56729954816557122U }
	};
	const struct hash_key zero = { 0, 0 };
	struct hash_key a = hash_key_random(), b = hash_key_random();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ok(hash_bytes(&zero, rows[i].text, strlen(rows[i].text)) == rows[i].want,
		    rows[i].text);
	ok(memcmp(&a, &b, sizeof a) != 0, "random keys differ");
	ok(hash_bytes(&a, "x", 1) != hash_bytes(&b, "x", 1), "and so do their hashes");
	return tap_done();
}
