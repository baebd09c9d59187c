/* TAP for the unit tests: ok() is one test, tap_done() the plan and the exit status. */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_tests, tap_failures;

/* One test: passes if condition holds. */
static inline bool
ok(bool condition, const char *title)
{
	tap_tests++;
	if (!condition)
		tap_failures++;
	printf("%sok %d - %s\n", condition ? "" : "not ", tap_tests, title);
	if (!condition)
		fprintf(stderr, "# not ok %d - %s\n", tap_tests, title);
	return condition;
}

/* One test: both strings are there and equal. */
static inline bool
is(const char *got, const char *want, const char *title)
{
	bool same = got != NULL && want != NULL && strcmp(got, want) == 0;

	if (!ok(same, title))
		printf("#  got: %s\n# want: %s\n", got != NULL ? got : "(null)",
		    want != NULL ? want : "(null)");
	return same;
}

/* Of how many cases one is to be tried: all (1), or one of sample under valgrind, which is thirty
 * times as slow; memcheck says so. */
static inline int
tap_one_of(int sample)
{
	return getenv("TAP_SAMPLE") != NULL ? sample : 1;
}

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures != 0;
}

#endif
