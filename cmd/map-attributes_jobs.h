/*
 * map-attributes --jobs N: worker processes that map blocks of records, and the order kept.
 *
 * Records are handed out in blocks, the first to the first worker, the second to the second and so
 * on round; results are taken in the same order.  Blocks lie, with the tokens of their records, in
 * memory that is shared with the worker; results come through a pipe.  A worker has a few blocks at
 * most, and what it has written and nobody has taken waits in its pipe, and the worker with it, so
 * that nothing here grows with the input.
 */
#ifndef MAP_ATTRIBUTES_JOBS_H
#define MAP_ATTRIBUTES_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/filter.h"

enum { JOBS_MAX = 64 };

/* What a worker does. */
struct jobs_work {
	/*
	 * Maps the len bytes at text, a good record, whose tokens are list.  Returns NULL, and
	 * *rows is what came out, each with its LF; or the reason why it is wrong, and *wrong_arg
	 * whether a variable of the program is.  All stays valid until the next call.
	 */
	const char *(*map)(void *arg, const struct tok_list *list, const char *text, size_t len,
	    const struct buf **rows, bool *wrong_arg);
	void *arg;
};

struct jobs;

/*
 * Starts count workers.  Call it before any temporary file is there, and after what they share was
 * made.  Returns NULL with the reason printed.
 */
struct jobs *jobs_start(unsigned count, const struct jobs_work *work);

/* Ends those that are left, whatever they do.  NULL is fine. */
void jobs_free(struct jobs *j);

/*
 * For the row and wrong of a filter: hands the record out; with a reason (else NULL) it is wrong
 * already and only takes its place among the others.  Results that are there are taken: rows go to
 * f's sink; a reject that ends the run, an output that fails, and a worker that dies, which is
 * reported, halt f.
 */
void jobs_add(struct jobs *j, struct filter *f, const struct record_reader *r, const char *reason);

/* For before_read: while there is nothing to read from fd, results are taken. */
void jobs_wait(struct jobs *j, struct filter *f, int fd);

/* Takes all results.  Returns PROG_OK, or what f was halted with. */
enum prog_status jobs_settle(struct jobs *j, struct filter *f);

/* The good end of the workers.  Returns PROG_OK, or PROG_FAIL with the reason printed. */
enum prog_status jobs_end(struct jobs *j);

/* How many records gave no row so far. */
uint64_t jobs_dropped(const struct jobs *j);

#endif
