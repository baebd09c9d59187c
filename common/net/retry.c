/* When to ask again. */
#include "net/retry.h"

/* The upper end of the wait after this many failures. */
static int64_t
ceiling(enum retry_kind kind, int failures)
{
	static const int64_t base[] = {
		[RETRY_TRANSIENT] = RETRY_TRANSIENT_MS,
		[RETRY_THROTTLE] = RETRY_THROTTLE_MS,
		[RETRY_UNREACHABLE] = RETRY_UNREACHABLE_MS
	};
	int64_t wait = base[kind];

	for (int i = 1; i < failures && wait < RETRY_WAIT_MAX_MS; i++)
		wait *= 2;
	return wait < RETRY_WAIT_MAX_MS ? wait : RETRY_WAIT_MAX_MS;
}

int64_t
retry_wait(const struct retry_state *s)
{
	int64_t most = ceiling(s->kind, s->failures);
	int64_t wait = (int64_t)(((uint64_t)most * s->random) >> 32);

	if (s->kind == RETRY_UNREACHABLE && !s->answered &&
	    (s->failures >= RETRY_DEAD_TRIES || s->elapsed_ms >= RETRY_DEAD_MS))
		return -1;
	if (s->elapsed_ms >= s->budget_ms)
		return -1;
	if (wait > s->budget_ms - s->elapsed_ms)
		wait = s->budget_ms - s->elapsed_ms;	/* the last try is at the budget's end */
	if (s->hint_ms >= 0) {
		wait = s->hint_ms;
		if (wait < most)
			wait = most;
		if (wait > most + RETRY_HINT_MORE_MS)
			wait = most + RETRY_HINT_MORE_MS;
	}
	return s->elapsed_ms + wait <= s->budget_ms ? wait : -1;
}
