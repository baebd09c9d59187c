/*
 * A helper process, forked before the door shuts (sandbox.h), that does for its parent what the
 * parent then cannot do itself: open a file, rename another, run a program.  files.h and sorter.h
 * are built on this.
 *
 * What it does is a set of services, functions that are registered before it starts and run in it;
 * each judges for itself whether what is asked is among what was announced before, since who asks
 * may have been taken over by a hostile record.  It starts before the first record is read, so that
 * nothing of one is in its memory, keeps none of its parent's descriptors but standard error, and
 * has a door of its own.
 *
 * It ends with its parent, however that ends, and removes its parent's temporaries (temp.h) then; a
 * terminal's keys and signals to the process group do not end it.  Where it ends before its parent,
 * each call fails with ECHILD.
 */
#ifndef BASE_BROKER_H
#define BASE_BROKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/sandbox.h"

enum {
	BROKER_MESSAGE_MAX = 160 * 1024,	/* a request or an answer; sockets take 200 KiB */
	BROKER_FDS = 2,
	BROKER_SERVICES_MAX = 16
};

struct broker_answer {
	struct buf data;
	int fd[BROKER_FDS];	/* open descriptors, or -1 */
};

/*
 * Registers a service, before broker_start.  Returns its number, which is 1 or more.
 *
 * serve is called in the helper with the request, and with an empty answer whose data takes
 * BROKER_MESSAGE_MAX bytes less a few; it returns 0 or an errno, and the answer goes back in either
 * case.  The descriptors in it are closed there once sent.  Requests come one at a time.  It may be
 * ended at any moment by SIGUSR1, which it may block; other signals are blocked.
 */
int broker_add(int (*serve)(void *arg, const void *request, size_t len,
    struct broker_answer *answer), void *arg);

/* Whether a service was registered: without one no helper is needed. */
bool broker_is_wanted(void);

/*
 * Forks the helper, whose door is shut by *door, or stays open for NULL; before other threads.
 * Returns 0, or -1 with the reason printed.
 */
int broker_start(const struct sandbox *door);

/* Whether this process has a helper, or had one. */
bool broker_runs(void);

/* For struct sandbox; 0 without a helper. */
int broker_channel(void);

void broker_answer_init(struct broker_answer *a);

/* Frees it; what its data held is wiped.  Descriptors in it are the caller's. */
void broker_answer_free(struct broker_answer *a);

/*
 * Asks, and waits.  From any thread; other callers wait.  Returns what serve returned: 0 or an
 * errno; or ECHILD if the helper is no more, EMSGSIZE if the request is too long, EMFILE if there
 * are descriptors in the answer and none can be opened here.
 */
int broker_call(int service, const void *request, size_t len, struct broker_answer *answer);

/*
 * Ends the helper, if there is one, and waits for that: all temporaries are gone then.  Exit does
 * so too.  Async-signal-safe; calls fail from here on.
 */
void broker_end(void);

#endif
