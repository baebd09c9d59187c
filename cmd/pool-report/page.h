/*
 * A report as a page: one set of calls, two forms of it.
 *
 * PAGE_HTML is one document that needs nothing else: no network, no script, one style sheet inside,
 * charts as SVG that say in words what they show, the data of each in a table below it.  Its markup
 * is well-formed XML too.  PAGE_TEXT has the same content in 80 columns (numbers are never cut), in
 * ASCII but for the texts that come from outside: the same bytes whether a terminal reads them or a
 * file.
 *
 * The caller counts and sorts, and cuts long tails (item.rest); the page has the words round the
 * figures, the scales, the shares, and the escaping.  Calls come in the order of the page:
 * page_open, then sections, in each of them any number of figures, charts, tables and notes, then
 * page_close.  The same calls give the same bytes: time and locale are not asked.
 *
 * Texts are NUL-terminated, of any origin, and borrowed for the call only.  What steers a terminal
 * or a browser, cannot be seen (a blank at an end or beside another), or has the text read in
 * another order is shown as \uXXXX, bytes that are no UTF-8 as \xNN; in HTML, right-to-left text
 * is kept apart from what stands round it.  Long labels are cut with an ellipsis in a picture, and
 * are whole in its table; as text they are whole.  "" is shown as (empty), and so is a NULL where
 * none is allowed.
 *
 * Errors are those of the output (base/out.h), and a page of more than PAGE_MAX bytes; they are
 * sticky and printed once.  No call but page_close says anything about them.
 */
#ifndef POOL_REPORT_PAGE_H
#define POOL_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

struct out;
struct page;

enum page_format { PAGE_HTML, PAGE_TEXT };

/* A page is made in memory, since its list of contents comes first.  200 kB are usual. */
enum { PAGE_MAX = 64 * 1024 * 1024 };

/* A label and a text: the pool, the date of the snapshot, what was read. */
struct page_fact {
	const char *label, *text;
};

/* The head of the page. */
struct page_head {
	const char *title;		/* "Users of eu-west-1_abc"; that of the window, too */
	const char *subtitle;		/* NULL: none */
	const struct page_fact *facts;	/* n_facts of them, below the title */
	size_t n_facts;
};

/* One count of a chart. */
struct page_item {
	const char *label;
	uint64_t value;
	const char *note;	/* NULL: none; a few words, for the table and the text */
	bool has_delta;		/* there is a snapshot to compare with */
	int64_t delta;		/* more (or less) than then */
	bool rest;		/* all others together ("312 more groups"): has no bar */
};

/* One key figure: a count, or a text where there is none ("not known"). */
struct page_figure {
	const char *label;
	const char *text;	/* instead of value; NULL: value */
	uint64_t value;
	uint64_t of;		/* the whole of which value is a share; 0: no share is shown */
	const char *note;	/* NULL: none; a few words below */
	bool has_delta;
	int64_t delta;
};

/* What every chart has. */
struct page_chart {
	const char *title;	/* the heading: "Users by status" */
	const char *about;	/* NULL, or a sentence or two below it: what is counted */
	const char *item;	/* heading of the labels in the table: "Status" */
	const char *unit;	/* heading of the values: "Users" */
	const char *empty;	/* instead of an empty chart; NULL: "There is nothing to show." */
	uint64_t total;		/* the whole that shares are of; 0: no shares */
};

enum page_period { PAGE_MONTHS, PAGE_YEARS };

enum page_align { PAGE_LEFT, PAGE_RIGHT };	/* right: numbers */

struct page_column {
	const char *heading;	/* NULL: none */
	enum page_align align;
};

enum page_tone { PAGE_PLAIN, PAGE_WARN };

/*
 * Begins a page that goes to o, which stays the caller's and must live until page_close.  Never
 * NULL.
 */
struct page *page_open(struct out *o, enum page_format format, const struct page_head *head);

/*
 * Begins a section; what comes next belongs to it.  It stands in the list of contents.  note: NULL,
 * or a paragraph below the heading.
 */
void page_section(struct page *p, const char *title, const char *note);

/* Key figures side by side. */
void page_figures(struct page *p, const struct page_figure *figures, size_t n);

/*
 * Horizontal bars, in the order given.  of_total: a bar is as long as its share of chart->total
 * (rates of one whole each, such as how many users have an attribute); else the largest is the
 * longest.
 */
void page_bars(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n, bool of_total);

/* The first period of a series: the year, and for PAGE_MONTHS the month, 1 to 12. */
struct page_start {
	enum page_period period;
	int year, month;
};

/*
 * Columns over time: counts[i] belongs to the i-th period from start on.  Periods without anything
 * are there with 0.  Any number can be drawn; up to 120 are easily read.
 */
void page_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n);

/*
 * Parts of one whole in one bar, in the order given: chart->total, or the sum of all if that is 0.
 * What the parts lack of the total is left blank.  Up to six parts can be told apart at a glance.
 */
void page_stack(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n);

/*
 * A table: rows times n_columns cells, row by row; the first cell of a row is its heading.  A NULL
 * cell stays blank.  Numbers are made by num_group and page_share.  Of chart, title, about and
 * empty alone count.
 */
void page_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows);

/*
 * How n groups overlap: counts[i * n + j] are in both i and j, counts[i * n + i] in i; symmetric.
 * Up to 12 fit on a page.
 */
void page_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n);

/* A paragraph.  PAGE_WARN: something that the reader must know, marked so by a word, too. */
void page_note(struct page *p, enum page_tone tone, const char *text);

/*
 * Ends the page, writes it (out_write; the caller commits) and frees p; *bytes is its size.  Returns
 * 0, or -1 if it is not whole, with the reason printed.
 */
int page_close(struct page *p, uint64_t *bytes);

/* Frees a page that is not to be written; NULL is fine. */
void page_free(struct page *p);

/* For num_group ("40,000,000"), too. */
enum { PAGE_NUMBER_SIZE = NUM_GROUPED_SIZE };

/* "+12", "-3", "0", with separators.  Returns out. */
char *page_delta(char out[PAGE_NUMBER_SIZE], int64_t delta);

/*
 * "12.5%" of the whole; "<0.1%" and ">99.9%" where rounding would say none or all; "-" if of is 0;
 * ">1,000,000%" is the end.  Returns out.
 */
char *page_share(char out[PAGE_NUMBER_SIZE], uint64_t value, uint64_t of);

#endif
