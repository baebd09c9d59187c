/* What the files of the text form share.  Columns are those of a terminal. */
#ifndef POOL_REPORT_PAGE_TEXT_H
#define POOL_REPORT_PAGE_TEXT_H

#include "page_parts.h"

enum { TEXT_WIDTH = 80, TEXT_INDENT = 2 };

/* n times c. */
void text_fill(struct page *p, char c, size_t n);

/* How many columns a text has as it is shown. */
size_t text_width(struct page *p, const char *text);

/* A text in a column of width, at one of its edges; one that is wider runs over. */
void text_put(struct page *p, const char *text, size_t width, enum page_align align);

/*
 * The next line of the len bytes at *s, which words_visible made: as much as fits into width
 * columns, up to a space if there is one.  Returns its length and moves *s and *len behind it.
 */
size_t text_line(const char **s, size_t *len, size_t width);

/* A text from the current column, at, on, and in as many lines as it needs; then the line ends. */
void text_flow(struct page *p, size_t at, const char *text);

/* A paragraph with a margin of indent columns; NULL: nothing. */
void text_paragraph(struct page *p, size_t indent, const char *text);

/*
 * A label from the current column, at, on, and up to two blanks behind its column of width; a
 * longer label has lines of its own before that.
 */
void text_label(struct page *p, const char *label, size_t at, size_t width);

/* As html_chart_begin: the heading of a chart or table.  Whether there is something to draw. */
bool text_chart_begin(struct page *p, const struct page_chart *chart, bool empty);

/* page_text_chart.c, page_text_table.c: page_ops */
void text_bars(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n, bool of_total);
void text_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n);
void text_stack(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n);
void text_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows);
void text_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n);

#endif
