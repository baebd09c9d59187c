/*
 * What becomes of the columns of a file: which member of a record each cell fills, by the headings,
 * by a layout or list that says so, and by what the caller renames.
 */
#ifndef PARSE_CSV_COLUMNS_H
#define PARSE_CSV_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "json/layout.h"

#include "cells.h"

enum columns_kind { KIND_USER = 1, KIND_GROUP = 2, KIND_MEMBERSHIP = 4, KIND_FLAT = 8 };

/* What becomes of a column that nothing is known of. */
enum columns_unknown { UNKNOWN_ERROR, UNKNOWN_IGNORE, UNKNOWN_ATTRIBUTE };

/* How a cell becomes a value. */
enum columns_type {
	TYPE_NAME,		/* a name: not empty */
	TYPE_TEXT,		/* a string, which may be empty */
	TYPE_WORD,		/* a string, absent if empty; below likewise */
	TYPE_BOOL,		/* true or false */
	TYPE_FLAG,		/* the same as a string */
	TYPE_NUMBER,
	TYPE_DATE,		/* RFC 3339 */
	TYPE_BIRTHDATE,		/* a string: a day, in the order that the caller names */
	TYPE_LIST		/* of strings */
};

struct columns_rules {
	const struct layout *layout;	/* headings of --columns or --layout; without any: all */
	bool listed;			/* they come from --columns: all of them must be there */
	const struct layout *renames;	/* further ones, which go before */
	const char *key;		/* the heading of the Username, or NULL */
	unsigned kind;			/* enum columns_kind, or 0: by what there is */
	enum columns_unknown unknown;
};

/* One member of the record, in the order in which it has them. */
struct column {
	size_t index;		/* of the cell */
	enum columns_type type;
	char *heading;
	char *name;		/* of the member */
	char *key;		/* the same as JSON, with its colon */
	size_t key_len;
	int order;
	bool explicit;		/* the caller gave it this name */
	bool attribute;		/* it stands in Attributes */
};

struct columns {
	struct column *column;
	size_t count;
	size_t cells;		/* that a row must have */
	enum columns_kind kind;
};

enum { COLUMNS_WHY_SIZE = 320 };

/*
 * From the row of headings.  Returns NULL, or what is wrong, in why: a heading that is empty,
 * stands there twice, is not known or is missing, two for the same member, no name.  columns_free
 * either way.
 */
const char *columns_make(struct columns *c, const struct columns_rules *rules,
    const struct cells *headings, char why[COLUMNS_WHY_SIZE]);

void columns_free(struct columns *c);

#endif
