/* What the sections of the report share (report_parts.h). */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

struct page_figure
report_figure(const struct report *r, const char *label, uint64_t now, uint64_t before,
    uint64_t of)
{
	return (struct page_figure){
		.label = label, .value = now, .of = of, .has_delta = r->f->compared,
		.delta = (int64_t)(now - before)
	};
}

struct page_item
report_item(const struct report *r, const char *label, uint64_t now, uint64_t before)
{
	return (struct page_item){
		.label = label, .value = now, .has_delta = r->f->compared,
		.delta = (int64_t)(now - before)
	};
}

/* The rows that are not shown, together. */
static struct page_item
add_up(const struct report *r, const struct tally *t, int figure, const size_t *order, size_t n,
    const char *label)
{
	uint64_t sum[SIDES] = { 0, 0 };
	struct page_item item;

	for (int s = 0; s < SIDES; s++)
		for (size_t i = 0; i < n; i++)
			sum[s] += t->rows[order[i]].count[s][figure];
	item = report_item(r, label, sum[NOW], sum[BEFORE]);
	item.rest = true;
	return item;
}

void
report_tally(struct report *r, const struct page_chart *chart, const struct tally *t, int figure,
    size_t shown)
{
	size_t n, count = 0, *order = tally_sort(t, figure, &n);
	struct page_item *items = mem_alloc((shown + 2) * sizeof *items);
	const struct tally_row *others = &t->rows[t->count];
	char more[40];

	while (count < n && count < shown) {
		const struct tally_row *row = &t->rows[order[count]];

		items[count++] = report_item(r, row->name, row->count[NOW][figure],
		    row->count[BEFORE][figure]);
	}
	if (count < n) {
		snprintf(more, sizeof more, "%zu more", n - count);
		items[count] = add_up(r, t, figure, order + count, n - count, more);
		count++;
	}
	if (t->beyond) {
		items[count] = report_item(r, "with names that are not told apart",
		    others->count[NOW][figure], others->count[BEFORE][figure]);
		items[count++].rest = true;
	}
	page_bars(r->p, chart, items, count, chart->total != 0);
	free(items);
	free(order);
}

int64_t
report_time(const struct totals *t)
{
	int64_t ms;

	if (t->sealed && t->seal.ended != NULL &&
	    clock_parse_rfc3339(t->seal.ended, strlen(t->seal.ended), &ms) == 0)
		return ms;
	return t->newest > 0 ? t->newest : -1;
}

void
grid_text(struct grid *g, const char *text)
{
	if (g->count == g->cap) {
		g->cap += g->cap + 64;
		g->cells = mem_resize(g->cells, g->cap, sizeof *g->cells);
	}
	g->cells[g->count++] = mem_dup_string(text);
}

void
grid_number(struct grid *g, uint64_t value)
{
	char text[PAGE_NUMBER_SIZE];

	grid_text(g, num_group(text, value));
}

void
grid_share(struct grid *g, uint64_t value, uint64_t of)
{
	char text[PAGE_NUMBER_SIZE];

	grid_text(g, page_share(text, value, of));
}

void
grid_delta(struct grid *g, uint64_t now, uint64_t before)
{
	char text[PAGE_NUMBER_SIZE];

	grid_text(g, page_delta(text, (int64_t)(now - before)));
}

void
grid_end(struct grid *g, struct report *r, const struct page_chart *chart,
    const struct page_column *columns, size_t n_columns)
{
	page_table(r->p, chart, columns, n_columns, (const char *const *)g->cells,
	    g->count / n_columns);
	for (size_t i = 0; i < g->count; i++)
		free(g->cells[i]);
	free(g->cells);
	*g = (struct grid){ .cells = NULL };
}

void
report_examples(struct report *r, const char *title, const struct examples *e, uint64_t total)
{
	static const struct page_column columns[] = { { "Example", PAGE_LEFT } };
	struct grid g = { .cells = NULL };
	char about[80];

	if (e == NULL || e->count == 0)
		return;
	if (total > e->count)
		snprintf(about, sizeof about, "%zu of %" PRIu64 " are shown.", e->count, total);
	for (size_t i = 0; i < e->count; i++)
		grid_text(&g, e->text[i]);
	grid_end(&g, r, &(struct page_chart){
		.title = title, .about = total > e->count ? about : NULL
	}, columns, 1);
}
