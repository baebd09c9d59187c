/* The columns of a layout: from a list, from a line of a layout file, from the target's header. */
#ifndef JSON_LAYOUT_COLUMNS_H
#define JSON_LAYOUT_COLUMNS_H

#include "json/layout.h"
#include "json/layout_line.h"

/* Frees what the column points to. */
void layout_column_free(struct layout_column *c);

/*
 * Adds the columns of a list "Username,mail=email,custom:tenant", where a backslash stands before
 * a comma, an equals sign or a backslash that belongs to a name.  Returns NULL, or what is wrong
 * with it (static).
 */
const char *layout_add_list(struct layout *l, const char *list);

/*
 * Adds a column for the member of this name, of any name, under it as heading.  Returns NULL, or
 * what is wrong (static): there are too many.
 */
const char *layout_add_member(struct layout *l, const char *name);

/*
 * Adds the column of the words "column HEADING NAME [WORD...]" or "column HEADING constant TEXT".
 * Returns NULL, or what is wrong (static, or in why).
 */
const char *layout_add_line(struct layout *l, const struct line *line,
    char why[LAYOUT_REASON_SIZE]);

/*
 * Replaces the columns by those of a header: a file that holds a JSON list of headings, or an
 * object with such a list as CSVHeader.  Each is filled as the layout's column of that heading says
 * if there is one, else from the member of that name.  Returns 0, or -1 with the reason printed; a
 * required column whose heading is not in the header is one.
 */
int layout_take_header(struct layout *l, const char *path);

#endif
