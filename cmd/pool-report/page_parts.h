/* What the two forms of a page share (page.h). */
#ifndef POOL_REPORT_PAGE_PARTS_H
#define POOL_REPORT_PAGE_PARTS_H

#include "base/buf.h"

#include "page.h"

/* A form of the page; page.c hands each call on.  No text in it is NULL, but for those that may. */
struct page_ops {
	void (*open)(struct page *p, const struct page_head *head);
	void (*section)(struct page *p, const char *title, const char *note);
	void (*figures)(struct page *p, const struct page_figure *figures, size_t n);
	void (*bars)(struct page *p, const struct page_chart *chart, const struct page_item *items,
	    size_t n, bool of_total);
	void (*series)(struct page *p, const struct page_chart *chart, struct page_start start,
	    const uint64_t *counts, size_t n);
	void (*stack)(struct page *p, const struct page_chart *chart, const struct page_item *items,
	    size_t n);
	void (*table)(struct page *p, const struct page_chart *chart,
	    const struct page_column *columns, size_t n_columns, const char *const *cells,
	    size_t rows);
	void (*matrix)(struct page *p, const struct page_chart *chart, const char *const *labels,
	    const uint64_t *counts, size_t n);
	void (*note)(struct page *p, enum page_tone tone, const char *text);
	void (*close)(struct page *p);
};

extern const struct page_ops page_html_ops, page_text_ops;

struct page {
	struct out *out;
	const struct page_ops *ops;
	struct buf head, contents, body;	/* in this order on the page */
	struct buf *at;		/* the one that is written to */
	struct buf work;	/* a text on its way, for one function */
	unsigned sections, charts;
	bool in_section, too_large;
};

/* Append to p->at. */
void page_put(struct page *p, const char *s);
void page_put_bytes(struct page *p, const char *s, size_t len);
void page_putf(struct page *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A chart's words where none are given. */
const char *page_empty(const struct page_chart *chart);

/* The whole that a stack is drawn of. */
uint64_t page_whole(const struct page_chart *chart, const struct page_item *items, size_t n);

/* The largest value of what has a bar; 0 if nothing has one. */
uint64_t page_largest(const struct page_item *items, size_t n);

/* "2024-03" or "2024": the period that is n after start.  Returns out. */
char *page_period_name(char out[PAGE_NUMBER_SIZE], struct page_start start, size_t n);

#endif
