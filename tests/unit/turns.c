/* Calls and their turns: order, lanes, repeats, and what is taken out. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/turns.h"

#include "tap.h"

struct call {
	struct turn turn;
	char name;
};

static char left[16];			/* what was released, in order */
static int64_t pause_of[TURNS_LANES_MAX];	/* of each lane */

static int64_t
pace(void *client, int lane, int64_t now_ms)
{
	(void)client;
	(void)now_ms;
	return pause_of[lane];
}

static void
release(struct turn *turn)
{
	if (turn != NULL)
		left[strlen(left)] = ((struct call *)turn)->name;
	free(turn);
}

static void
add(struct turns *t, char name, int lane, void *arg)
{
	struct call *call = mem_alloc(sizeof *call);

	call->name = name;
	call->turn.lane = lane;
	call->turn.arg = arg;
	turns_add(t, &call->turn);
}

/* The name of the call that may go now, or '-'. */
static char
next(struct turns *t, int64_t now_ms, int64_t *wait_ms, struct turn **turn)
{
	*turn = turns_next(t, now_ms, wait_ms);
	if (*turn == NULL)
		return '-';
	return ((struct call *)*turn)->name;
}

static void
take_out(struct turns *t, void *arg, const char *want)
{
	struct turn *turn;
	bool flying;

	memset(left, 0, sizeof left);
	while ((turn = turns_take_of(t, arg, &flying)) != NULL) {
		if (flying)
			left[strlen(left)] = '*';
		release(turn);
	}
	is(left, want, "taken out by arg");
}

/* Who is next, of calls a to d; d is under way at the end, and a waits to be sent again. */
static void
test_order(struct turns *t, int *one, int *two)
{
	int64_t wait = 1000;
	struct turn *a = NULL, *b = NULL, *c = NULL;

	ok(next(t, 0, &wait, &a) == '-' && wait == 1000, "nothing to do");
	add(t, 'a', 1, one);
	add(t, 'b', 1, two);
	add(t, 'c', 0, one);
	pause_of[0] = 30;
	ok(next(t, 0, &wait, &a) == 'a' && next(t, 0, &wait, &b) == 'b', "first come");
	ok(next(t, 0, &wait, &c) == '-' && wait == 30, "a lane that must wait");
	ok(t->in_flight == 2 && t->unsent == 1, "two under way, one is not");

	turns_repeat(t, a, 500);
	add(t, 'd', 1, two);
	wait = 1000;
	ok(next(t, 400, &wait, &c) == 'd', "what is due later does not hold others up");
	ok(next(t, 400, &wait, &c) == '-' && wait == 30, "the shortest wait counts");
	ok(next(t, 500, &wait, &c) == 'a' && c == a, "what is due goes first");
	ok(a->first_ms > 0, "when it was sent first is known");

	turns_end(t, b);
	release(b);
	turns_repeat(t, a, 900);
}

/* Calls taken out by their arg; h waits to be sent again at the end. */
static void
test_taking_out(struct turns *t, int *one, int *two)
{
	int64_t wait = 1000;
	struct turn *c = NULL;

	add(t, 'e', 0, one);
	add(t, 'f', 0, two);
	add(t, 'g', 0, one);
	ok(t->in_flight == 1 && t->unsent == 5, "counts");
	take_out(t, one, "aceg");
	ok(t->in_flight == 1 && t->unsent == 1, "counts behind that");
	add(t, 'h', 0, one);
	pause_of[0] = 0;
	ok(next(t, 0, &wait, &c) == 'f', "who was left in a queue");
	ok(next(t, 0, &wait, &c) == 'h', "who came when its last had been taken out");
	take_out(t, two, "*f*d");
	ok(t->in_flight == 1 && t->unsent == 0, "one is left");
	turns_repeat(t, c, 0);
}

int
main(void)
{
	struct turns t = { .pace = pace, .release = release };
	int64_t wait = 1000;
	struct turn *c = NULL;
	int one, two;

	turns_init(&t);
	test_order(&t, &one, &two);
	test_taking_out(&t, &one, &two);
	add(&t, 'i', 2, &one);
	add(&t, 'j', 0, &one);
	memset(left, 0, sizeof left);
	while ((c = turns_take_unsent(&t)) != NULL)
		release(c);
	is(left, "hji", "all that is not under way");
	ok(t.unsent == 0 && t.in_flight == 0, "nothing is left");

	add(&t, 'k', 3, &one);
	add(&t, 'l', 3, &one);
	(void)next(&t, 0, &wait, &c);
	memset(left, 0, sizeof left);
	turns_free(&t);
	is(left, "lk", "the end releases all");
	return tap_done();
}
