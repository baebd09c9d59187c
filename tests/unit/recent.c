/* The table of names seen lately. */
#include <stdio.h>

#include "base/recent.h"
#include "tap.h"

int
main(void)
{
	const struct hash_key key = { 1, 2 }, other = { 3, 4 };
	struct recent r;
	unsigned twice = 0;
	char name[32];

	recent_init(&r);
	ok(!recent_seen(&r, &key, "ana", 3), "new");
	ok(recent_seen(&r, &key, "ana", 3), "seen");
	ok(!recent_seen(&r, &key, "an", 2) && !recent_seen(&r, &other, "ana", 3),
	    "another name, another key");
	for (int i = 0; i < 100000; i++) {
		int len = snprintf(name, sizeof name, "user-%d", i);

		twice += recent_seen(&r, &key, name, (size_t)len);
	}
	ok(twice == 0, "a hundred thousand names that differ are not taken for each other");
	ok(recent_seen(&r, &key, "user-99999", 10), "the last one is still known");
	recent_free(&r);
	return tap_done();
}
