/*
 * Where the rows of a CSV file go: into one file as long as it holds them, into the next when a
 * limit of rows or bytes would be passed, or into a file for each group.  Every file is complete,
 * with preamble and headings.
 */
#ifndef EMIT_CSV_FILES_H
#define EMIT_CSV_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/sink.h"

enum {
	/* What a file name holds (255 bytes) less -o's own name, the temporary's and ~NNN. */
	FILES_LABEL_MAX = 180
};

struct files {
	uint64_t max_rows, max_bytes;	/* 0: no limit */
	bool split;		/* a file that is full is followed by another */
	bool grouped;		/* rows come with the name of a group each */
	struct buf head;	/* what every file begins with */
	/* private */
	uint64_t rows, bytes;	/* of the file at hand */
	char *label;		/* its group's, or NULL: there is no file yet */
	struct label *labels;	/* those that were there */
	size_t label_count;
};

/* Begins the first file; with grouped that waits for the first row.  Returns 0 or -1, reported. */
int files_begin(struct files *f, struct sink *sink);

void files_free(struct files *f);

/*
 * Why no file can hold a row of len bytes, its line end included, or have the name of its group
 * (UTF-8, or NULL); NULL if one can.  Static.
 */
const char *files_check(const struct files *f, size_t len, const char *group);

/*
 * A row that files_check let pass.  Returns 0; or -1 if the run must end: *why is set (static), or
 * NULL if the reason was printed.
 */
int files_row(struct files *f, struct sink *sink, const char *row, size_t len, const char *group,
    const char **why);

#endif
