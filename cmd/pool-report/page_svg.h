/* What the charts of the HTML form share. */
#ifndef POOL_REPORT_PAGE_SVG_H
#define POOL_REPORT_PAGE_SVG_H

#include "page_parts.h"

/*
 * The beginning of a picture: the chart's title is its name; what svg_desc_end ends is its
 * description, to be written in between.  kind is its class.  Then the picture, and </svg>.
 */
void svg_begin(struct page *p, const char *title, const char *kind, const char *style,
    size_t height);
void svg_desc_end(struct page *p);

/* The columns of the rows of a chart: how wide they are, in pixels; 0: there is none. */
struct svg_columns {
	size_t name, value, share, delta;
};

/* Those for the items; before is what stands before the names. */
struct svg_columns svg_columns_for(const struct page_chart *chart, const struct page_item *items,
    size_t n, size_t before);

/* "NAME: 1,234 (12.3%)", as plain text. */
void svg_say(struct page *p, const struct page_item *item, uint64_t total);

/* A label, cut to width, as the content of a <text>. */
void svg_label(struct page *p, const char *text, size_t width);

/*
 * The number, share and change of an item, each ending where its column does; the first one begins
 * dx behind x.  y is the line that they stand on.
 */
void svg_values(struct page *p, const struct page_item *item, uint64_t total,
    const struct svg_columns *c, const char *x, size_t dx, size_t y);

#endif
