/*
 * Bytes put aside: in memory while they are few, beyond that in a file without a name
 * (base/spool.h), so that memory stays flat however many come.
 *
 * Errors are sticky: the first is reported once and remembered.
 */
#ifndef EXPAND_MEMBERS_STASH_H
#define EXPAND_MEMBERS_STASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/spool.h"

enum { STASH_KEPT = 4 * 1024 * 1024 };	/* what a command with one or two of them keeps */

struct stash {
	uint64_t len;		/* bytes appended so far */
	/* private */
	struct buf kept;
	struct spool spool;
	bool spilled;		/* the spool has them */
	bool failed;
	struct buf window;	/* what was read last */
	uint64_t window_at;
};

/* An empty one, which keeps at most so many bytes in memory. */
void stash_init(struct stash *s, size_t kept);

/* It is as after stash_init. */
void stash_free(struct stash *s);

/* Returns 0, or -1 once the stash has failed. */
int stash_append(struct stash *s, const void *data, size_t len);

/*
 * The len bytes at offset at, all of which were appended; borrowed until the next call.  Where the
 * file has to be asked, ahead bytes behind them are read at once, as far as they are there.  NULL
 * on failure.
 */
const char *stash_read(struct stash *s, uint64_t at, size_t len, size_t ahead);

#endif
