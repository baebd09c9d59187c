/* What the files of the HTML form share. */
#ifndef POOL_REPORT_PAGE_HTML_H
#define POOL_REPORT_PAGE_HTML_H

#include "page_parts.h"

/*
 * The style sheet, in pieces, NULL behind them; no "<", "&" or "]]>" in it, so that it is the same
 * as HTML and as XML.
 */
extern const char *const page_html_style[];

/* Bytes of what words_visible made, escaped for text and attributes. */
void html_escape(struct page *p, const char *s, size_t len);

/* A text as content of an element: kept apart if it is read from right to left. */
void html_text(struct page *p, const char *text);

/* A text where no elements can be (attributes, titles): kept apart by characters. */
void html_plain(struct page *p, const char *text);

/* <p class="kind">text</p>; NULL: nothing. */
void html_paragraph(struct page *p, const char *kind, const char *text);

/*
 * The beginning of a chart or table: its heading, what it is about, and if it is empty the words
 * that say so.  Returns whether there is something to draw.  Then html_chart_end.
 */
bool html_chart_begin(struct page *p, const struct page_chart *chart, bool empty);
void html_chart_end(struct page *p);

/* The table behind a chart: folded away, to be opened. */
void html_data(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n);
void html_series_data(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n);

/* page_html_table.c, page_svg.c, page_svg_series.c: page_ops */
void html_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows);
void html_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n);
void svg_bars(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n, bool of_total);
void svg_stack(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n);
void svg_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n);

#endif
