/*
 * --resume DIRECTORY: the users of each cell that was read to its end, in a file of its own,
 * sealed, for the run that comes after one that died.
 *
 * The seal says source, filter and proof; a file for which these differ, or that is not whole, or
 * in which rejects are missing, is as if it were not there.  The directory is locked while a run
 * uses it.
 */
#ifndef LIST_USERS_KEPT_H
#define LIST_USERS_KEPT_H

#include "base/prog.h"
#include "json/sink.h"

#include "asks.h"

struct kept {
	const char *directory;		/* NULL: nothing is kept */
	const char *source;
	uint64_t proof;			/* its id */
	int fd;				/* holds the lock; -1 before kept_open */
	char **doomed;			/* paths that kept_remove removes */
	size_t doomed_count;
};

/* A file in the making. */
struct kept_file {
	struct sink sink;
	struct sink_options opts;
	char *path;
};

/*
 * Makes the directory (0700) if need be, and locks it.  Reports what fails: also one that everybody
 * may write to.
 */
enum prog_status kept_open(struct kept *k);

void kept_close(struct kept *k);

/*
 * Says that the files of all these cells are for kept_remove: once the output is in its place,
 * nothing may fail any more for want of memory.
 */
void kept_doom(struct kept *k, const struct asks *asks);

/* Removes these files.  One that stays is out of date for the next run, or serves it. */
void kept_remove(const struct kept *k);

/* Whether the cell's users are there, all of them. */
bool kept_has(const struct kept *k, const struct ask *ask);

/* Begins the cell's file.  NULL with the reason printed. */
struct kept_file *kept_begin(const struct kept *k, const struct ask *ask);

/*
 * Ends it, whole or not: then nothing is left of it.  rejected: how many of the cell's records are
 * missing in it.  Returns 0, or -1 with the reason printed.
 */
int kept_end(struct kept_file *f, bool whole, uint64_t rejected);

/*
 * Gives the cell's users out.  Returns 0; -1 if the file is not what it was, or the output failed,
 * with the reason printed.
 */
int kept_give(const struct kept *k, const struct ask *ask, struct sink *sink);

#endif
