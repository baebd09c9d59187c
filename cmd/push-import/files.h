/*
 * The CSV files: opened before the door shuts, read whole into memory one at a time, and twice:
 * once to be checked, once to be sent.  What is sent has the digest of what was checked.
 */
#ifndef PUSH_IMPORT_FILES_H
#define PUSH_IMPORT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/prog.h"
#include "net/sigv4.h"

enum { FILES_MAX = 200 };		/* Cognito has room for 1,000 jobs in a pool, ever */

struct file {
	const char *path;
	int fd;
	char *data;			/* while it is loaded, a NUL behind it */
	size_t len;
	char digest[SIGV4_HEX_SIZE];	/* SHA-256; "" before it was loaded first */
	/* what the check found (check.h) */
	char **heading;			/* heap */
	size_t headings;
	uint64_t rows;
	size_t key;			/* the column that names a row */
	int kind;			/* of oci: which import it is for */
};

struct files {
	struct file *file;
	size_t count;
};

/*
 * Opens them all.  Returns PROG_OK; or with one line printed PROG_FAIL: one is not there, no
 * regular file, or too large for the target (max bytes).
 */
enum prog_status files_open_all(struct files *f, char **paths, size_t max);

/*
 * Reads it.  Returns PROG_OK, or PROG_FAIL with one line printed: not readable, or not any more
 * what it was.
 */
enum prog_status files_load(struct file *f);

void files_unload(struct file *f);

void files_close(struct files *f);

#endif
