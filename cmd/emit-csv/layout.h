/*
 * What the columns of a CSV file are and how the file is written: from --columns, or from a
 * layout file (emit-csv(1) has its grammar).
 */
#ifndef EMIT_CSV_LAYOUT_H
#define EMIT_CSV_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LAYOUT_COLUMNS_MAX = 1000,	/* ten times the longest list of any importer we know */
	LAYOUT_FILE_MAX = 256 * 1024,	/* 1,000 columns of 200 bytes, and comments */
	LAYOUT_JOIN_MAX = 16
};

struct layout_column {
	char *heading;
	char *name;		/* of the member it is filled from; NULL: constant */
	char *constant;
	char *fallback;		/* for an empty cell, or NULL */
	bool required;
	uint32_t min, max;	/* characters of a cell that is not empty; 0: no limit */
};

struct layout {
	struct layout_column *columns;
	size_t count;
	char **preamble;	/* lines before the headings */
	size_t preamble_count;
	char *join;
	char delimiter;
	bool crlf, bom, no_header, quote_empty;
};

/* No columns, a comma, ';' for lists, LF. */
void layout_init(struct layout *l);

void layout_free(struct layout *l);

/*
 * Adds the columns of a list "Username,mail=email,custom:tenant", where a backslash stands before
 * a comma, an equals sign or a backslash that belongs to a name.  Returns NULL, or what is wrong
 * with it (static).
 */
const char *layout_add_list(struct layout *l, const char *list);

/* One ASCII character, or "\t".  Returns NULL, or what is wrong with it (static). */
const char *layout_set_delimiter(struct layout *l, const char *text);

/* Returns NULL, or what is wrong with it (static). */
const char *layout_set_join(struct layout *l, const char *text);

/* Reads the layout file at path.  Returns 0, or -1 with the reason printed. */
int layout_read(struct layout *l, const char *path);

#endif
