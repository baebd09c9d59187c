/* The waits between attempts, as a table. */
#include "net/retry.h"
#include "tap.h"

#define ALL 0xffffffffU		/* the longest wait that chance can give */
#define HALF 0x80000000U

static const struct {
	struct retry_state state;
	int64_t wait;
	const char *title;
} table[] = {
	/* kind, failures, elapsed, budget, hint, answered, random */
	{ { RETRY_TRANSIENT, 1, 0, 300000, -1, true, HALF }, 25, "transient: half of 50 ms" },
	{ { RETRY_TRANSIENT, 2, 0, 300000, -1, true, HALF }, 50, "then of 100 ms" },
	{ { RETRY_TRANSIENT, 2, 0, 300000, -1, true, 0 }, 0, "full jitter begins at 0" },
	{ { RETRY_TRANSIENT, 60, 0, 300000, -1, true, ALL }, 19999, "at most 20 s" },
	{ { RETRY_THROTTLE, 1, 0, 300000, -1, true, HALF }, 500, "throttle: half of 1 s" },
	{ { RETRY_THROTTLE, 5, 0, 300000, -1, true, HALF }, 8000, "then 2, 4, 8, 16" },
	{ { RETRY_THROTTLE, 6, 0, 300000, -1, true, HALF }, 10000, "and 20 s" },
	{ { RETRY_THROTTLE, 1, 0, 300000, 3000, true, HALF }, 3000, "the service's own wait" },
	{ { RETRY_THROTTLE, 1, 0, 300000, 10, true, HALF }, 1000, "not shorter than ours" },
	{ { RETRY_THROTTLE, 1, 0, 300000, 3600000, true, HALF }, 6000, "nor 5 s longer" },
	{ { RETRY_TRANSIENT, 1, 300000, 300000, -1, true, HALF }, -1, "the budget is used up" },
	{ { RETRY_TRANSIENT, 1, 299990, 300000, -1, true, HALF }, 10, "or just not" },
	{ { RETRY_THROTTLE, 1, 299000, 300000, 5000, true, HALF }, -1,
	    "the service wants a longer wait than the budget allows" },
	{ { RETRY_TRANSIENT, 1, 0, 0, -1, true, 0 }, -1, "no budget, no retry" },
	{ { RETRY_TRANSIENT, 1000, 0, 300000, -1, true, 0 }, 0, "attempts are not counted" },
	{ { RETRY_UNREACHABLE, 1, 0, 300000, -1, false, HALF }, 250, "unreachable: tried again" },
	{ { RETRY_UNREACHABLE, 3, 0, 300000, -1, false, HALF }, 1000, "three times" },
	{ { RETRY_UNREACHABLE, 4, 0, 300000, -1, false, HALF }, -1, "not four" },
	{ { RETRY_UNREACHABLE, 1, 10000, 300000, -1, false, HALF }, -1, "nor after 10 s" },
	{ { RETRY_UNREACHABLE, 9, 60000, 300000, -1, true, HALF }, 10000,
	    "one that has answered before gets the whole budget" },
};

int
main(void)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int64_t got = retry_wait(&table[i].state);

		if (!ok(got == table[i].wait, table[i].title))
			printf("# got %lld\n", (long long)got);
	}
	return tap_done();
}
