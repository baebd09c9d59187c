/*
 * An output of one file, or of as many as limits want: each begins with a text, holds records with
 * a text between them, and ends with a text (emit-json, emit-ldif).
 */
#ifndef JSON_DOCUMENTS_H
#define JSON_DOCUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "json/filter.h"

/* The most that a limit may be: 1 TB, of which no sum overflows. */
#define DOCUMENTS_LIMIT_MAX INT64_C(1000000000000)

struct documents {
	struct filter *filter;	/* to whose sink they go; all down to split is the caller's to set */
	const char *begin, *between, *end;
	int64_t max_records, max_bytes;	/* of a file, 0: no limit */
	bool split;		/* a file that is full is followed by another */
	/* private */
	int64_t records, bytes;	/* of the file at hand */
	char reason[RECORD_REASON_SIZE];
};

/*
 * Opens the filter's sink (--split is a usage error without --output) and begins the first file.
 * Returns 0, or -1 with the reason printed and nothing to close.
 */
int documents_open(struct documents *d);

/*
 * The record r as text.  Returns NULL, or why it is wrong: it fits no file.  Without split the
 * filter is halted, with the reason printed, where a second file would be needed.
 */
const char *documents_add(struct documents *d, const struct record_reader *r, const char *text,
    size_t len);

/*
 * More of the record before, which is in the file at hand.  Returns NULL, or why it is wrong: the
 * file would pass max-bytes.
 */
const char *documents_go_on(struct documents *d, const char *text, size_t len);

/* Ends the last file. */
void documents_end(struct documents *d);

#endif
