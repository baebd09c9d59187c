/* Calls and their turns (turns.h). */
#include "net/turns.h"

#include "base/clock.h"

void
turns_init(struct turns *t)
{
	for (int i = 0; i < TURNS_LANES_MAX; i++)
		t->queues[i].end = &t->queues[i].first;
}

static void
release_all(const struct turns *t, struct turn *turn)
{
	while (turn != NULL) {
		struct turn *next = turn->next;

		t->release(turn);
		turn = next;
	}
}

void
turns_free(struct turns *t)
{
	for (int i = 0; i < TURNS_LANES_MAX; i++)
		release_all(t, t->queues[i].first);
	release_all(t, t->waiting);
	release_all(t, t->flying);
}

void
turns_add(struct turns *t, struct turn *turn)
{
	struct turn_queue *q = &t->queues[turn->lane];

	*q->end = turn;
	q->end = &turn->next;
	t->unsent++;
}

static struct turn *
take_first(struct turns *t, struct turn_queue *q)
{
	struct turn *turn = q->first;

	q->first = turn->next;
	if (q->first == NULL)
		q->end = &q->first;
	t->unsent--;
	return turn;
}

static struct turn *
take_ready(struct turns *t, int64_t now_ms, int64_t *wait_ms)
{
	struct turn *turn;
	int64_t wait;

	for (struct turn **link = &t->waiting; (turn = *link) != NULL; link = &turn->next) {
		wait = turn->due_ms - now_ms;
		if (wait <= 0)
			wait = t->pace(t->client, turn->lane, now_ms);
		if (wait <= 0) {
			*link = turn->next;
			t->unsent--;
			return turn;
		}
		if (*wait_ms > wait)
			*wait_ms = wait;
	}
	for (int i = 0; i < TURNS_LANES_MAX; i++) {
		if (t->queues[i].first == NULL)
			continue;
		wait = t->pace(t->client, i, now_ms);
		if (wait <= 0)
			return take_first(t, &t->queues[i]);
		if (*wait_ms > wait)
			*wait_ms = wait;
	}
	return NULL;
}

struct turn *
turns_next(struct turns *t, int64_t now_ms, int64_t *wait_ms)
{
	struct turn *turn = take_ready(t, now_ms, wait_ms);

	if (turn == NULL)
		return NULL;
	if (turn->first_ms == 0)
		turn->first_ms = clock_mono_ms();
	turn->next = t->flying;
	t->flying = turn;
	t->in_flight++;
	return turn;
}

void
turns_end(struct turns *t, struct turn *turn)
{
	struct turn **link = &t->flying;

	while (*link != turn)
		link = &(*link)->next;
	*link = turn->next;
	t->in_flight--;
}

void
turns_repeat(struct turns *t, struct turn *turn, int64_t due_ms)
{
	turns_end(t, turn);
	turn->due_ms = due_ms;
	turn->next = t->waiting;
	t->waiting = turn;
	t->unsent++;
}

struct turn *
turns_take_unsent(struct turns *t)
{
	struct turn *turn = t->waiting;

	if (turn != NULL) {
		t->waiting = turn->next;
		t->unsent--;
		return turn;
	}
	for (int i = 0; i < TURNS_LANES_MAX; i++)
		if (t->queues[i].first != NULL)
			return take_first(t, &t->queues[i]);
	return NULL;
}

/* Takes the first of a list that has this arg.  *end, where the list has one, stays its end. */
static struct turn *
take_of(struct turn **link, struct turn ***end, const void *arg)
{
	while (*link != NULL && (*link)->arg != arg)
		link = &(*link)->next;
	if (*link != NULL) {
		struct turn *turn = *link;

		*link = turn->next;
		if (end != NULL && turn->next == NULL)
			*end = link;
		return turn;
	}
	return NULL;
}

struct turn *
turns_take_of(struct turns *t, const void *arg, bool *flying)
{
	struct turn *turn = take_of(&t->flying, NULL, arg);

	*flying = turn != NULL;
	if (turn != NULL) {
		t->in_flight--;
		return turn;
	}
	turn = take_of(&t->waiting, NULL, arg);
	for (int i = 0; i < TURNS_LANES_MAX && turn == NULL; i++)
		turn = take_of(&t->queues[i].first, &t->queues[i].end, arg);
	t->unsent -= turn != NULL;
	return turn;
}
