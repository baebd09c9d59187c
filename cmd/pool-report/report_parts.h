/* What the sections of the report share. */
#ifndef POOL_REPORT_REPORT_PARTS_H
#define POOL_REPORT_REPORT_PARTS_H

#include "base/buf.h"

#include "report.h"

/* Rows that are shown; what is more is added up, and said so. */
enum {
	BARS_SHOWN = 25,
	GROUPS_SHOWN = 40,
	MATRIX_SHOWN = 12,	/* page_matrix */
	PAIRS_SHOWN = 15
};

struct report {
	struct page *p;
	const struct figures *f;
	const struct targets *t;
	const struct totals *now, *before;
};

/* Sections, in their order on the page. */
void report_changes(struct report *r);
void report_users(struct report *r);
void report_dates(struct report *r);
void report_federation(struct report *r);
void report_groups(struct report *r);
void report_attributes(struct report *r);
void report_shared(struct report *r);
void report_targets(struct report *r);

/*
 * What makes the comparison doubtful: records without a seal beside others, or that may be missing.
 * Other pools and other parts of one are not compared at all (compared.h).
 */
void report_doubts(struct report *r);

/* A key figure of now and before, as a share of of (0: none). */
struct page_figure report_figure(const struct report *r, const char *label, uint64_t now,
    uint64_t before, uint64_t of);

/* A bar likewise. */
struct page_item report_item(const struct report *r, const char *label, uint64_t now,
    uint64_t before);

/* Bars of a tally, at most shown of them. */
void report_tally(struct report *r, const struct page_chart *chart, const struct tally *t,
    int figure, size_t shown);

/* Milliseconds since the Epoch of what the report calls now; -1: nothing is known of it. */
int64_t report_time(const struct totals *t);

/* Cells of a table, row by row; texts are copied.  All zero is an empty one. */
struct grid {
	char **cells;
	size_t count, cap;
};

void grid_text(struct grid *g, const char *text);	/* NULL: blank */
void grid_number(struct grid *g, uint64_t value);
void grid_share(struct grid *g, uint64_t value, uint64_t of);
void grid_delta(struct grid *g, uint64_t now, uint64_t before);

/* Shows the table, whose cells fill whole rows, and frees them. */
void grid_end(struct grid *g, struct report *r, const struct page_chart *chart,
    const struct page_column *columns, size_t n_columns);

/* Examples, as a list below a heading; total: how many there are in truth. */
void report_examples(struct report *r, const char *title, const struct examples *e,
    uint64_t total);

#endif
