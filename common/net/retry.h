/*
 * When to ask again: a pure function of what happened so far.
 *
 * A listing must outlive a busy minute, so a time budget decides and not a count of attempts.
 * Waits double from 50 ms (1 s for throttles) up to 20 s and are drawn from the whole range below
 * ("full jitter"), so that clients that failed together do not come back together; the last try is
 * at the budget's end.  A wait that the service itself asks for (x-amz-retry-after) is kept, within
 * 5 s of ours.
 *
 * An endpoint that has not answered once in this run is most likely mistyped or not there: it
 * gets RETRY_DEAD_TRIES tries or RETRY_DEAD_MS, whichever ends first.
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

enum retry_kind {
	RETRY_TRANSIENT,	/* 5xx, reset, cut answer, time-out */
	RETRY_THROTTLE,
	RETRY_UNREACHABLE	/* no connection, no such host */
};

enum {
	RETRY_TRANSIENT_MS = 50,
	RETRY_THROTTLE_MS = 1000,
	RETRY_UNREACHABLE_MS = 500,
	RETRY_WAIT_MAX_MS = 20 * 1000,
	RETRY_HINT_MORE_MS = 5000,
	RETRY_DEAD_TRIES = 4,
	RETRY_DEAD_MS = 10 * 1000,
	RETRY_BUDGET_S = 300		/* --retry-seconds' default */
};

struct retry_state {
	enum retry_kind kind;
	int failures;		/* of this call so far, the one just seen included: 1 or more */
	int64_t elapsed_ms;	/* since its first attempt was sent */
	int64_t budget_ms;
	int64_t hint_ms;	/* what the service asks for; -1: nothing */
	bool answered;		/* anything has come from this endpoint in this run */
	uint32_t random;	/* even over the whole range */
};

/* Milliseconds to wait before the next attempt, or -1: give up. */
int64_t retry_wait(const struct retry_state *s);

#endif
