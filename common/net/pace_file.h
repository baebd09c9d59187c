/*
 * The file through which the processes of one user on one machine share a bucket (pace.h).
 *
 * It lies in cognito-filters/ below $XDG_CACHE_HOME, else ~/.cache, else $XDG_RUNTIME_DIR: the
 * first that is there and ours.  The cache comes first because cron has no $XDG_RUNTIME_DIR, and a
 * cron job and a shell must find the same file.  Files are 0600 in a directory of 0700; no symbolic
 * link is followed to either, and a place that everybody may write to is not used.
 *
 * A file holds one record of fixed size for this boot of the machine.  One that is anything else
 * (another version's, cut, older than the boot, or a bucket that cannot be) counts as empty: at worst a burst too many.  It may
 * be removed at any time.
 */
#ifndef NET_PACE_FILE_H
#define NET_PACE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/pace.h"

enum {
	PACE_FILE_WHY_SIZE = 200,
	PACE_FILE_BOOT_SIZE = 40	/* a UUID as text, and what makes the record even */
};

struct pace_file {
	int fd;				/* -1: not open */
	char boot[PACE_FILE_BOOT_SIZE];	/* that clock_mono_ms counts from; empty: not known */
};

struct pace_record {
	struct pace pace;
	int64_t limit_ms;	/* when somebody last asked for pace.limit */
};

enum pace_file_state {
	PACE_FILE_READ,		/* locked, and the record is filled */
	PACE_FILE_EMPTY,	/* locked, and the record is the caller's to fill */
	PACE_FILE_BUSY,		/* somebody else has locked it */
	PACE_FILE_GONE,		/* not locked: it was removed and must be opened again */
	PACE_FILE_FAILED	/* not locked: it cannot be locked or read */
};

/* Files may have to be opened once the door is shut (base/sandbox.h): the helper does that then. */
void pace_file_announce(void);

/*
 * Opens or makes the file of that name, which consists of hexadecimal digits in lower case; it is
 * closed on exec.  Returns 0; or -1 with why set, which names no path.
 */
int pace_file_open(struct pace_file *f, const char *name, char why[PACE_FILE_WHY_SIZE]);

void pace_file_close(struct pace_file *f);

/* Locks the file and reads its record, without waiting for anybody. */
enum pace_file_state pace_file_lock(struct pace_file *f, int64_t now_ms, struct pace_record *r);

/* Writes the record and unlocks.  Returns 0, or -1 if it could not be written. */
int pace_file_unlock(struct pace_file *f, const struct pace_record *r);

#endif
