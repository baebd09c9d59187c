/*
 * Calls and their turns: each waits in the queue of its lane until pacing lets it go, is under way,
 * and perhaps waits to be sent again.  A call is a struct of the client's that begins with a
 * struct turn.
 */
#ifndef NET_TURNS_H
#define NET_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TURNS_LANES_MAX = 16 };

struct turn {
	struct turn *next;
	int lane;		/* below TURNS_LANES_MAX */
	void *arg;		/* of the caller who asked for it */
	int64_t first_ms;	/* when first sent; clock_mono_ms; 0: not yet */
	int64_t due_ms;		/* while it waits to be sent again */
};

struct turns {
	/* The client's to fill. */
	int64_t (*pace)(void *client, int lane, int64_t now_ms);	/* 0: go; else wait */
	void (*release)(struct turn *turn);		/* frees the call */
	void *client;
	/* To be read. */
	size_t unsent;		/* calls that are in a queue or wait to be sent again */
	size_t in_flight;	/* calls that are under way */
	/* private */
	struct turn_queue {
		struct turn *first, **end;
	} queues[TURNS_LANES_MAX];
	struct turn *waiting, *flying;
};

void turns_init(struct turns *t);

/* Releases all calls. */
void turns_free(struct turns *t);

/* Puts a new call behind the others of its lane. */
void turns_add(struct turns *t, struct turn *turn);

/*
 * Takes the next call that may go now; it is under way from here on.  Those that are sent again
 * come before new ones.  NULL: none may, and *wait_ms is lowered to how long until one may.
 */
struct turn *turns_next(struct turns *t, int64_t now_ms, int64_t *wait_ms);

/* A call that is under way is to be sent again, not before due_ms. */
void turns_repeat(struct turns *t, struct turn *turn, int64_t due_ms);

/* Forgets a call that was under way; the client releases it. */
void turns_end(struct turns *t, struct turn *turn);

/* Takes any call that is not under way, or NULL; the client releases it. */
struct turn *turns_take_unsent(struct turns *t);

/* The same for any call with this arg; *flying: it was under way. */
struct turn *turns_take_of(struct turns *t, const void *arg, bool *flying);

#endif
