/*
 * The rows of a CSV file as they stand there: where each begins and ends, in bounded memory.
 *
 * A row ends at a line feed outside quotes; a CR before that belongs to the line end.  Quotes open
 * only where a cell begins, as RFC 4180 has it.  Behind a quote in a wrong place, which makes the
 * row wrong for whoever reads its cells, the row goes on to the next line feed outside quotes.
 */
#ifndef PARSE_CSV_ROWS_H
#define PARSE_CSV_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As long as a record may be (record.h): a row that is longer would hardly become one. */
enum { ROWS_ROW_MAX = 1024 * 1024 };

enum rows_result {
	ROWS_ROW,	/* a row: text, len, line and the flags are set */
	ROWS_LONG,	/* a row of more than ROWS_ROW_MAX bytes: line is set */
	ROWS_END,	/* the file is over, behind a line end or with nothing in it */
	ROWS_QUOTED,	/* it is over inside quotes; line: where that row begins */
	ROWS_ERROR	/* read(2) failed, reported with diag_error */
};

struct rows {
	int fd;
	const char *name;	/* for messages; borrowed */
	char delimiter;		/* the caller's to set, as is the next, at any time between rows */
	bool quotes;		/* quotes hold cells together; false: every line is a row */
	const char *text;	/* the row without its line end; borrowed until the next call */
	size_t len;
	uint64_t line;		/* on which the row begins, from 1 */
	uint64_t lines;		/* that it takes */
	bool bare;		/* it holds no quote at all */
	bool open;		/* no line end stands behind it: it is the last, and may be cut */
	void (*before_read)(void *arg);	/* called before a read(2), which may wait; or NULL */
	void *arg;
	/* private */
	char *data;
	size_t start, scanned, fill, cap;
	uint64_t next_line;
	int state;
	bool begun, eof, skipping;
};

/* Reads from fd, which stays the caller's; a byte order mark in front is passed over. */
void rows_open(struct rows *r, int fd, const char *name);

void rows_close(struct rows *r);

enum rows_result rows_next(struct rows *r);

#endif
