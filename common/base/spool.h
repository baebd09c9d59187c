/*
 * Bytes put aside in a file that has no name: nobody else can open it, and it goes with the
 * program.  It lies in TMPDIR, else in /tmp.  Who opens one behind the door says so before
 * (files_will_spool).
 *
 * Errors are sticky: the first is reported once and remembered.
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool {
	int fd;
	uint64_t len;		/* bytes appended so far */
	/* private */
	char *data;
	size_t buffered;
	bool failed;
};

/*
 * Opens such a file alone, for reading and writing, close-on-exec.  Returns its descriptor, or -1 with
 * the reason printed.
 */
int spool_file(void);

/* Opens an empty one.  Returns 0, or -1 with the reason printed and nothing to close. */
int spool_open(struct spool *s);

void spool_close(struct spool *s);

/* Appends len bytes.  Returns 0, or -1 once the spool has failed. */
int spool_append(struct spool *s, const void *data, size_t len);

/* Reads the len bytes at offset, all of which were appended.  Returns 0, or -1 on failure. */
int spool_read(struct spool *s, void *to, size_t len, uint64_t offset);

/* Replaces the len bytes at offset, all of which were appended.  Returns 0, or -1 on failure. */
int spool_write(struct spool *s, const void *from, size_t len, uint64_t offset);

/* Appends zeroes until len bytes are there; they take no room before they are replaced. */
int spool_extend(struct spool *s, uint64_t len);

/* Makes what was appended readable through fd, whose place is set to offset.  Returns 0 or -1. */
int spool_seek(struct spool *s, uint64_t offset);

#endif
