#include "queue.h"

#include <poll.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "net/retry.h"

#include "bulk.h"
#include "members.h"
#include "send.h"

enum {
	OPERATION_SIZE = 160,	/* about what stands round a body in a BulkRequest */
	DOUBLINGS = 3,		/* of a task's wait, 4 s at most: what is more is the server's */
	LOST_MS = 1000,		/* for a server to finish what it did not answer */
	LOST_TRIES = 8,		/* of one task, while nothing else goes on: 18 s of waiting */
	LOST_WAITS = 3,		/* such waits grow so often */
	TOGETHER_MS = 100	/* between what is due and what is queued along with it */
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

/* How long to wait after so many failures, or -1: no longer. */
static int64_t
wait_after(const struct push *p, bool throttled, int failures, int64_t elapsed_ms)
{
	struct retry_state s = {
		.kind = throttled ? RETRY_THROTTLE : RETRY_TRANSIENT, .failures = failures,
		.elapsed_ms = elapsed_ms, .budget_ms = p->retry_ms, .hint_ms = -1,
		.answered = true, .random = p->random
	};

	return retry_wait(&s);
}

static void
wait_till_due(struct task *t)
{
	struct push *p = t->push;

	if (p->waiting == NULL || t->due_ms < p->due_ms)
		p->due_ms = t->due_ms;
	t->next = p->waiting;
	p->waiting = t;
}

/* The task ends as failed for now. */
static void
give_up(struct task *t, const struct answer *a)
{
	struct answer last = *a;

	last.outcome = SCIM_TEMPORARY;
	if (t->kind == TASK_MEMBERS)
		members_done(t, &last);
	else
		task_finish(t, OUTCOME_FAILED, &last, NULL);
}

void
queue_again(struct task *t, const struct answer *a)
{
	struct push *p = t->push;
	int64_t now = clock_mono_ms(), wait = -1;
	int failures;
	bool throttled = push_is_throttle(a->status), away = a->lost && a->status != 500;

	if (t->failed_ms == 0)
		t->failed_ms = now;
	if (throttled || away)
		t->throttles++;
	else
		t->tries++;
	failures = (int)(t->tries + t->throttles);
	/* Those that failed together go together, in one BulkRequest. */
	if (p->waiting == NULL && RAND_bytes((unsigned char *)&p->random, sizeof p->random) != 1)
		p->random = UINT32_MAX;
	if (throttled || away || t->tries < PUSH_TRIES)
		wait = wait_after(p, throttled || a->lost, failures < DOUBLINGS ? failures :
		    DOUBLINGS, now - t->failed_ms);
	if (wait >= 0) {
		t->due_ms = now + wait;
		wait_till_due(t);
		return;
	}
	give_up(t, a);
}

void
queue_first(struct task *t, const struct answer *a)
{
	struct push *p = t->push;
	int64_t held;

	if (++t->losses >= LOST_TRIES) {
		give_up(t, a);
		return;
	}
	t->next = p->first;
	if (p->first == NULL)
		p->last = &t->next;
	p->first = t;
	p->queued++;
	p->queued_bytes += t->body.len + OPERATION_SIZE;
	held = clock_mono_ms() +
	    (int64_t)LOST_MS * (t->losses < LOST_WAITS ? t->losses : LOST_WAITS);
	if (p->held_ms < held)
		p->held_ms = held;
}

void
queue_pace(struct push *p, bool trouble, const char *where)
{
	int64_t wait;

	p->holds = trouble ? p->holds + 1 : 0;
	wait = trouble ? wait_after(p, true, p->holds, 0) : -1;
	if (wait < 0)
		return;
	diag_verbose(1, "%s: most fails for now: going on in %lld ms", where, (long long)wait);
	if (p->held_ms < clock_mono_ms() + wait)
		p->held_ms = clock_mono_ms() + wait;
}

/* Queues those again that are due, or almost. */
static void
wake_up(struct push *p)
{
	struct task *t = p->waiting;
	int64_t now;

	if (t == NULL || (now = clock_mono_ms()) < p->due_ms)
		return;
	p->waiting = NULL;
	while (t != NULL) {
		struct task *next = t->next;

		if (t->due_ms > now + TOGETHER_MS)
			wait_till_due(t);
		else
			queue_add(t);
		t = next;
	}
}

/* Nothing is under way: sleeps until something may be sent. */
static void
sleep_till_due(const struct push *p)
{
	if (p->first != NULL)
		clock_sleep_ms(p->held_ms - clock_mono_ms());
	else if (p->waiting != NULL)
		clock_sleep_ms(p->due_ms - clock_mono_ms());
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
	return p->bulk && !task_goes_alone(t);
}

/* all: the last BulkRequest may be smaller. */
static void
send(struct push *p, bool all)
{
	wake_up(p);
	while (p->halt == PROG_OK && p->first != NULL && p->held_ms <= clock_mono_ms() &&
	    !members_held(p->first, NULL)) {
		if (goes_in_bulk(p, p->first)) {
			if (p->bulks >= PUSH_BULKS || !(all || is_enough(p)))
				return;
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
	if (p->halt != PROG_OK)
		return;
	if (scim_pending(p->client) > 0)
		scim_run(p->client, &p->wake);
	else
		sleep_till_due(p);
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
		send(p, true);
		wait_for_one(p);
	} while (p->halt == PROG_OK &&
	    (p->first != NULL || p->waiting != NULL || scim_pending(p->client) > 0));
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
