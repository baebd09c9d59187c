/*
 * Where bytes go: a buffered descriptor, either standard output or a file that is replaced only
 * when the run ended well.
 *
 * A named file is written as a temporary beside it (O_EXCL, 0600, ".NAME.XXXXXX.tmp"), synced,
 * and renamed by out_commit; the directory is synced too.  Until then the old file stays as it
 * was.  Exit handlers, and handlers for SIGINT, SIGTERM and SIGHUP where these have their default
 * action, remove the temporary and let the signal end the program.  Temporaries of the same file
 * that dead runs left behind (nobody holds their lock) are removed when the file is opened.
 *
 * A new file gets mode 0600.  An old one keeps its mode and group; if the group cannot be kept,
 * the group's permissions go.  A symbolic link stays and the file that it leads to is replaced;
 * one that leads nowhere, or to where standard output or error go (/dev/stderr), is refused.
 *
 * Where standard output is a terminal, what it would act upon does not reach it (screen.h).
 *
 * Errors are sticky: the first failure is reported once (diag_error) and remembered; later
 * writes fail silently.  EPIPE on standard output ends the program by prog_reader_gone.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen;

struct out {
	int fd;
	char *data;		/* OUT_BUFFER bytes, or more while one write needs it */
	size_t len, cap;
	bool failed;
	bool if_changed;	/* out_commit leaves an equal old file untouched */
	bool settled, unchanged;
	struct screen *screen;	/* NULL: no terminal */
	char *path;		/* NULL: standard output */
	char *temporary;	/* NULL: standard output */
	const char *name;	/* for messages: path or "stdout" */
};

enum { OUT_BUFFER = 128 * 1024 };

/*
 * Opens path, or standard output for NULL or "-".  Returns 0, or -1 with the reason printed and
 * nothing to release: the directory cannot be written, path exists and is no regular file (FIFOs
 * and devices are refused), or no more files can be open (temp.h).
 */
int out_open(struct out *o, const char *path, bool if_changed);

/* Room for n more bytes in one piece; returns where, never NULL.  Then out_advance. */
char *out_reserve(struct out *o, size_t n);

/* Says that n of the reserved bytes were written. */
static inline void
out_advance(struct out *o, size_t n)
{
	o->len += n;
}

/* Appends len bytes.  Returns 0, or -1 once the output has failed. */
int out_write(struct out *o, const void *s, size_t len);

/* Writes what is buffered.  Returns 0 or -1. */
int out_flush(struct out *o);

/*
 * The good end: flush, sync, close, rename (or checked close of standard output).  Returns 0, or
 * -1 with the reason printed.  The struct is released either way.
 */
int out_commit(struct out *o);

/*
 * Writes and syncs what there is, compares it with the old file (if_changed: o->unchanged says),
 * takes over the old file's mode and gives up the buffer: what is left is to commit or abandon it.
 * For outputs of many files, which all take their places at the end.  The descriptor stays open,
 * since its lock keeps the temporary (temp.h).  A file only, never standard output.  Returns 0, or
 * -1 with the reason printed.
 */
int out_settle(struct out *o);

/*
 * Another place for a file that is neither settled nor committed: in the same directory, or -1
 * with the reason printed.
 */
int out_rename(struct out *o, const char *path);

/*
 * Takes the old file away from the place of a settled one, so that for the time being there is
 * none: out_commit puts the new one there, or the old one again if it is unchanged.  Returns 0, or
 * -1 with the reason printed.
 */
int out_withdraw(struct out *o);

/*
 * The bad end: what is buffered for standard output is still written (rows that were good stay
 * good, and the absent seal tells); a named file's temporary is removed.  Prints nothing further
 * and returns even if the reader is gone.  The struct is released.
 */
void out_abandon(struct out *o);

#endif
