/* Tables of the HTML form: those of the report, those behind charts, and the matrix. */
#include "page_html.h"
#include "page_number.h"
#include "page_words.h"

enum { WORD_MAX = 24 };

/* A table can be wider than a screen, and is moved then by itself, by keys too. */
static void
table_begin(struct page *p, const char *title, const char *kind)
{
	page_put(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	html_plain(p, title);
	page_putf(p, "\">\n<table class=\"%s\">\n<caption>", kind);
	html_text(p, title);
	page_put(p, "</caption>\n");
}

static void
table_end(struct page *p)
{
	page_put(p, "</tbody>\n</table>\n</div>\n");
}

/* Whether it has a word that is too long for a column of a table, and has to be broken. */
static bool
is_long(struct page *p, const char *text)
{
	size_t longest = 0;

	words_visible(&p->work, text);
	for (const char *s = p->work.data; *s != '\0';) {
		size_t word = strcspn(s, " ");

		longest = word > longest ? word : longest;
		s += word + strspn(s + word, " ");
	}
	return longest > WORD_MAX;
}

/* The class of a cell, as an attribute. */
static const char *
kind_of(struct page *p, const char *text, enum page_align align)
{
	if (text != NULL && is_long(p, text))
		return align == PAGE_RIGHT ? " class=\"n long\"" : " class=\"long\"";
	return align == PAGE_RIGHT ? " class=\"n\"" : "";
}

static void
put_heading(struct page *p, const char *text, enum page_align align)
{
	if (text == NULL) {
		page_put(p, "<td></td>");
		return;
	}
	page_putf(p, "<th scope=\"col\"%s>", kind_of(p, text, align));
	html_text(p, text);
	page_put(p, "</th>");
}

static void
put_row_heading(struct page *p, const char *text)
{
	page_putf(p, "<tr><th scope=\"row\"%s>", kind_of(p, text, PAGE_LEFT));
	html_text(p, text);
	page_put(p, "</th>");
}

static void
put_cell(struct page *p, const char *text, enum page_align align)
{
	page_putf(p, "<td%s>", kind_of(p, text, align));
	if (text != NULL)
		html_text(p, text);
	page_put(p, "</td>");
}

/* What begins the table behind a chart. */
static void
data_begin(struct page *p, const struct page_chart *chart, const char *first)
{
	page_put(p, "<details>\n<summary>As a table<span class=\"hidden\">: ");
	html_text(p, chart->title);
	page_put(p, "</span></summary>\n");
	table_begin(p, chart->title, "data");
	page_put(p, "<thead><tr>");
	put_heading(p, chart->item != NULL ? chart->item : first, PAGE_LEFT);
	put_heading(p, chart->unit != NULL ? chart->unit : "Count", PAGE_RIGHT);
}

static void
data_end(struct page *p)
{
	table_end(p);
	page_put(p, "</details>\n");
}

void
html_data(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n)
{
	bool delta = false, note = false;
	char number[PAGE_NUMBER_SIZE];

	for (size_t i = 0; i < n; i++) {
		delta |= items[i].has_delta;
		note |= items[i].note != NULL;
	}
	data_begin(p, chart, "Name");
	if (chart->total > 0)
		put_heading(p, "Share", PAGE_RIGHT);
	if (delta)
		put_heading(p, "Change", PAGE_RIGHT);
	if (note)
		put_heading(p, "Note", PAGE_LEFT);
	page_put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const struct page_item *it = &items[i];

		put_row_heading(p, it->label);
		put_cell(p, num_group(number, it->value), PAGE_RIGHT);
		if (chart->total > 0)
			put_cell(p, page_share(number, it->value, chart->total), PAGE_RIGHT);
		if (delta)
			put_cell(p, it->has_delta ? page_delta(number, it->delta) : NULL,
			    PAGE_RIGHT);
		if (note)
			put_cell(p, it->note, PAGE_LEFT);
		page_put(p, "</tr>\n");
	}
	data_end(p);
}

void
html_series_data(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n)
{
	char number[PAGE_NUMBER_SIZE];

	data_begin(p, chart, start.period == PAGE_YEARS ? "Year" : "Month");
	page_put(p, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		put_row_heading(p, page_period_name(number, start, i));
		put_cell(p, num_group(number, counts[i]), PAGE_RIGHT);
		page_put(p, "</tr>\n");
	}
	data_end(p);
}

void
html_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows)
{
	if (html_chart_begin(p, chart, rows == 0 || n_columns == 0)) {
		table_begin(p, chart->title, "table");
		page_put(p, "<thead><tr>");
		for (size_t i = 0; i < n_columns; i++)
			put_heading(p, columns[i].heading, columns[i].align);
		page_put(p, "</tr></thead>\n<tbody>\n");
		for (size_t r = 0; r < rows; r++) {
			put_row_heading(p, cells[r * n_columns]);
			for (size_t i = 1; i < n_columns; i++)
				put_cell(p, cells[r * n_columns + i], columns[i].align);
			page_put(p, "</tr>\n");
		}
		table_end(p);
	}
	html_chart_end(p);
}

/* One field: the darker, the more of the smaller group of both. */
static void
put_field(struct page *p, const uint64_t *counts, size_t n, size_t row, size_t column)
{
	uint64_t both = counts[row * n + column], a = counts[row * n + row];
	uint64_t b = counts[column * n + column], smaller = a < b ? a : b;
	char number[PAGE_NUMBER_SIZE];

	if (row == column)
		page_put(p, "<td class=\"n self\">");
	else
		page_putf(p, "<td class=\"n q%u\">", (unsigned)page_part(both, smaller, 5, 1));
	html_text(p, num_group(number, both));
	page_put(p, "</td>");
}

void
html_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n)
{
	if (html_chart_begin(p, chart, n == 0)) {
		table_begin(p, chart->title, "matrix");
		page_put(p, "<thead><tr>");
		put_heading(p, NULL, PAGE_LEFT);
		for (size_t i = 0; i < n; i++) {
			page_putf(p, "<th scope=\"col\" class=\"n\">%zu"
			    "<span class=\"hidden\"> ", i + 1);
			html_text(p, labels[i]);
			page_put(p, "</span></th>");
		}
		page_put(p, "</tr></thead>\n<tbody>\n");
		for (size_t i = 0; i < n; i++) {
			page_putf(p, "<tr><th scope=\"row\"%s><span class=\"key\">%zu</span> ",
			    kind_of(p, labels[i], PAGE_LEFT), i + 1);
			html_text(p, labels[i]);
			page_put(p, "</th>");
			for (size_t j = 0; j < n; j++)
				put_field(p, counts, n, i, j);
			page_put(p, "</tr>\n");
		}
		table_end(p);
	}
	html_chart_end(p);
}
