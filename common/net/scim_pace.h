/*
 * How fast to ask a SCIM server: at most so many requests in any second and in any minute, as
 * Oracle states its limits, a cap of the caller's, and an adaptive limiter (pace.h) that starts
 * with the first throttle.  A wait that the server asks for holds all requests of the lane.
 * Pure: the time comes in.
 */
#ifndef NET_SCIM_PACE_H
#define NET_SCIM_PACE_H

#include <stddef.h>
#include <stdint.h>

#include "net/pace.h"

/* The last requests of one length of time. */
struct scim_window {
	int64_t *at;		/* when they were sent; the oldest at next */
	size_t size, next;	/* 0: not limited */
	int64_t length_ms;
};

struct scim_rates {
	int second, minute;	/* 0: not limited */
};

struct scim_pace {
	struct pace limiter;
	struct scim_window second, minute;
	int64_t held_ms;	/* nothing before this time */
};

/*
 * Oracle's limits of Bulk and of other requests for a type of identity domain.  Returns 0, or -1
 * for a name that is none.
 * https://docs.oracle.com/en-us/iaas/Content/Identity/sku/api-rate-limiting.htm
 */
int scim_pace_domain(const char *type, struct scim_rates *bulk, struct scim_rates *others);

/* max_rate: requests a second; 0: not capped. */
void scim_pace_init(struct scim_pace *p, struct scim_rates rates, double max_rate, int64_t now_ms);

void scim_pace_free(struct scim_pace *p);

/* 0: go, the request is counted; else the milliseconds to wait before asking again. */
int64_t scim_pace_take(struct scim_pace *p, int64_t now_ms);

/* The server throttled a request. */
void scim_pace_throttled(struct scim_pace *p, int64_t now_ms);

/* Nothing goes for the next wait_ms. */
void scim_pace_hold(struct scim_pace *p, int64_t now_ms, int64_t wait_ms);

#endif
