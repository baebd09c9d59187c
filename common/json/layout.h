/*
 * What the columns of a CSV file are and how the file is written: from --columns, or from a
 * layout file (emit-csv(1) has its grammar).
 */
#ifndef JSON_LAYOUT_H
#define JSON_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/guard.h"

struct pattern;

enum {
	LAYOUT_COLUMNS_MAX = 1000,	/* ten times the longest list of any importer we know */
	LAYOUT_FILE_MAX = 256 * 1024,	/* 1,000 columns of 200 bytes, and comments */
	LAYOUT_JOIN_MAX = 16,
	LAYOUT_REASON_SIZE = 160
};

enum layout_unique { UNIQUE_NO, UNIQUE_EXACT, UNIQUE_FOLDED };

struct layout_column {
	char *heading;
	char *name;		/* of the member it is filled from; NULL: constant */
	char *constant;
	char *fallback;		/* for an empty cell, or NULL */
	struct pattern *pattern;	/* of a cell that is not empty, or NULL */
	enum layout_unique unique;
	bool required;
	uint32_t min, max;	/* characters of a cell that is not empty; 0: no limit */
};

/* What becomes of a backslash in the Cognito dialect, which documents nothing about it. */
enum layout_backslash { BACKSLASH_REJECT, BACKSLASH_KEEP, BACKSLASH_DOUBLE };

struct layout {
	struct layout_column *columns;
	size_t count;
	char **preamble;	/* lines before the headings */
	size_t preamble_count;
	char *join;
	char delimiter;
	bool crlf, bom, no_header, quote_empty;
	bool cognito;		/* the dialect of Cognito's import, not RFC 4180's */
	enum layout_backslash backslash;
	enum guard guard;
	uint64_t max_rows, max_bytes;		/* of a file; 0: no limit, here and below */
	uint32_t max_row, max_cell;		/* characters */
};

/* No columns, a comma, ';' for lists, LF. */
void layout_init(struct layout *l);

void layout_free(struct layout *l);

/*
 * Sets what keyword names to the text: delimiter, join, dialect, guard, backslash, max-rows,
 * max-bytes, max-row, max-cell; or adds a preamble.  Returns NULL, or what is wrong (static).
 */
const char *layout_set(struct layout *l, const char *keyword, const char *text);

/* Reads the layout file at path.  Returns 0, or -1 with the reason printed. */
int layout_read(struct layout *l, const char *path);

/*
 * After all of it is known: whether its parts go together, and whether headings and constants can
 * be written at all.  Returns NULL, or what is wrong, in reason.
 */
const char *layout_check(const struct layout *l, char reason[LAYOUT_REASON_SIZE]);

/* How many bytes of a heading or name a message shows; it is cut between characters. */
int layout_shown(const char *heading);

#endif
