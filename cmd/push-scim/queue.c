#include "queue.h"

#include <poll.h>

#include "base/clock.h"

#include "bulk.h"
#include "members.h"
#include "send.h"

enum {
	OPERATION_SIZE = 160,	/* about what stands round a body in a BulkRequest */
	PAUSE_MS = 500, PAUSE_MAX_MS = 8000
};

void
queue_add(struct task *t)
{
	struct push *p = t->push;

	t->next = NULL;
	if (p->first == NULL)
		p->last = &p->first;
	*p->last = t;
	p->last = &t->next;
	p->queued++;
	p->queued_bytes += t->body.len + OPERATION_SIZE;
}

struct task *
queue_next(struct push *p)
{
	struct task *t = p->first;

	if (t == NULL)
		return NULL;
	p->first = t->next;
	p->queued--;
	p->queued_bytes -= t->body.len + OPERATION_SIZE;
	return t;
}

void
queue_again(struct task *t, const struct answer *a)
{
	struct answer last = *a;

	if (++t->tries < PUSH_TRIES) {
		queue_add(t);
		return;
	}
	last.outcome = SCIM_TEMPORARY;
	if (t->kind == TASK_MEMBERS)
		members_done(t, &last);
	else
		task_finish(t, OUTCOME_FAILED, &last, NULL);
}

/* Whether a BulkRequest can be filled. */
static bool
is_enough(const struct push *p)
{
	return p->queued >= p->bulk_operations || p->queued_bytes >= p->features.bulk_bytes;
}

static bool
goes_in_bulk(const struct push *p, const struct task *t)
{
	return p->bulk && !t->alone;
}

/* Servers that throttle single operations ask for no wait of a certain length: ours grow. */
static void
pause_if_throttled(struct push *p)
{
	if (!p->throttled) {
		p->pause_ms = PAUSE_MS;
		return;
	}
	p->throttled = false;
	clock_sleep_ms(p->pause_ms);
	p->pause_ms = p->pause_ms < PAUSE_MAX_MS / 2 ? p->pause_ms * 2 : PAUSE_MAX_MS;
}

/* all: the last BulkRequest may be smaller. */
static void
send(struct push *p, bool all)
{
	while (p->halt == PROG_OK && p->first != NULL) {
		if (goes_in_bulk(p, p->first)) {
			if (p->bulks >= PUSH_BULKS || !(all || is_enough(p)))
				return;
			pause_if_throttled(p);
			bulk_send(p);
		} else {
			if (p->singles >= p->in_flight)
				return;
			send_single(queue_next(p));
		}
	}
}

static void
wait_for_one(struct push *p)
{
	p->wake = false;
	if (p->halt == PROG_OK && scim_pending(p->client) > 0)
		scim_run(p->client, &p->wake);
}

void
queue_step(struct push *p)
{
	send(p, true);
	wait_for_one(p);
}

void
queue_room(struct push *p)
{
	for (;;) {
		send(p, false);
		if (p->halt != PROG_OK || p->first == NULL ||
		    (goes_in_bulk(p, p->first) && !is_enough(p)))
			return;
		wait_for_one(p);
	}
}

void
queue_settle(struct push *p)
{
	do {
		queue_step(p);
	} while (p->halt == PROG_OK && (p->first != NULL || scim_pending(p->client) > 0));
}

void
queue_meanwhile(struct push *p, int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };

	while (p->halt == PROG_OK && scim_pending(p->client) > 0 && poll(&waiting, 1, 0) == 0) {
		wait_for_one(p);
		send(p, false);
	}
}
