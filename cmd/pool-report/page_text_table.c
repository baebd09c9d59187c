/* Tables of the text form. */
#include "page_text.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#include "page_words.h"

enum {
	NAME_MAX_WIDTH = 30,	/* of a group in the matrix, when its columns are counted out */
	CELL_MIN = 6,		/* what is left of a column that has to give way */
	HANG = 2,		/* how far the further lines of a cell are set in */
	BETWEEN = 2
};

/* A cell that is on its way to the page: what is left of it. */
struct cell {
	struct buf text;
	const char *left;
	size_t len;
};

static void
cell_set(struct cell *c, const char *text)
{
	buf_clear(&c->text);
	if (text != NULL)
		words_visible(&c->text, text);
	c->left = buf_string(&c->text);
	c->len = c->text.len;
}

/* The widths of the columns, made to fit: the widest gives way. */
static size_t *
measure(struct page *p, const struct page_column *columns, size_t n, const char *const *cells,
    size_t rows)
{
	size_t *widths = mem_alloc(n * sizeof *widths), used = TEXT_INDENT;

	for (size_t i = 0; i < n; i++) {
		widths[i] = columns[i].heading != NULL ? text_width(p, columns[i].heading) : 0;
		for (size_t r = 0; r < rows; r++) {
			const char *cell = cells[r * n + i];
			size_t width = cell != NULL ? text_width(p, cell) : 0;

			widths[i] = width > widths[i] ? width : widths[i];
		}
		used += widths[i] + (i > 0 ? BETWEEN : 0);
	}
	while (used > TEXT_WIDTH) {
		size_t widest = 0;

		for (size_t i = 1; i < n; i++) {
			if (widths[i] > widths[widest])
				widest = i;
		}
		if (widths[widest] <= CELL_MIN)
			break;
		widths[widest]--;
		used--;
	}
	return widths;
}

/* A row, in as many lines as its longest cell needs; that it is still the same shows at the left. */
static void
put_row(struct page *p, struct cell *row, const struct page_column *columns, const size_t *widths,
    size_t n)
{
	size_t hang = 0;

	for (bool more = true; more; hang = HANG) {
		size_t blank = TEXT_INDENT;

		more = false;
		for (size_t i = 0; i < n; i++) {
			size_t in = widths[i] > hang && columns[i].align == PAGE_LEFT ? hang : 0;
			const char *line = row[i].left;
			size_t len = text_line(&row[i].left, &row[i].len, widths[i] - in);
			size_t has = len > 0 ? words_cells(line, len) + in : 0;
			size_t before = has < widths[i] ? widths[i] - has : 0;

			/* Blanks at the end of a line are not written. */
			if (columns[i].align == PAGE_RIGHT)
				blank += before;
			if (len > 0) {
				text_fill(p, ' ', blank + in);
				page_put_bytes(p, line, len);
				blank = 0;
			}
			if (columns[i].align == PAGE_LEFT)
				blank += before;
			blank += BETWEEN;
			more |= row[i].len > 0;
		}
		page_put(p, "\n");
	}
}

static void
put_rule(struct page *p, const size_t *widths, size_t n)
{
	size_t blank = TEXT_INDENT;

	for (size_t i = 0; i < n; i++) {
		if (widths[i] > 0) {
			text_fill(p, ' ', blank);
			text_fill(p, '-', widths[i]);
			blank = 0;
		}
		blank += BETWEEN;
	}
	page_put(p, "\n");
}

static void
put_table(struct page *p, const struct page_column *columns, size_t n, const char *const *cells,
    size_t rows)
{
	struct cell *row = mem_alloc(n * sizeof *row);
	size_t *widths = measure(p, columns, n, cells, rows);

	page_put(p, "\n");
	for (size_t i = 0; i < n; i++) {
		buf_init(&row[i].text, PAGE_MAX);
		cell_set(&row[i], columns[i].heading);
	}
	put_row(p, row, columns, widths, n);
	put_rule(p, widths, n);
	for (size_t r = 0; r < rows; r++) {
		for (size_t i = 0; i < n; i++)
			cell_set(&row[i], cells[r * n + i]);
		put_row(p, row, columns, widths, n);
	}
	for (size_t i = 0; i < n; i++)
		buf_free(&row[i].text);
	free(row);
	free(widths);
}

void
text_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows)
{
	if (text_chart_begin(p, chart, rows == 0 || n_columns == 0))
		put_table(p, columns, n_columns, cells, rows);
}

/* A part of the matrix: all rows, the columns from first on. */
static void
put_block(struct page *p, const char *const *names, const uint64_t *counts, size_t n, size_t first,
    size_t width)
{
	char (*numbers)[PAGE_NUMBER_SIZE] = mem_alloc((n + 1) * width * sizeof *numbers);
	struct page_column *columns = mem_alloc((width + 1) * sizeof *columns);
	const char **cells = mem_alloc(n * (width + 1) * sizeof *cells);

	columns[0] = (struct page_column){ NULL, PAGE_LEFT };
	for (size_t j = 0; j < width; j++) {
		columns[j + 1].heading = num_group(numbers[n * width + j], first + j + 1);
		columns[j + 1].align = PAGE_RIGHT;
	}
	for (size_t i = 0; i < n; i++) {
		cells[i * (width + 1)] = names[i];
		for (size_t j = 0; j < width; j++)
			cells[i * (width + 1) + j + 1] =
			    num_group(numbers[i * width + j], counts[i * n + first + j]);
	}
	put_table(p, columns, width + 1, cells, n);
	free(cells);
	free(columns);
	free(numbers);
}

/* The names of the rows: the number of the column, and the label. */
static char **
make_names(const char *const *labels, size_t n)
{
	char **names = mem_alloc(n * sizeof *names);

	for (size_t i = 0; i < n; i++) {
		bool empty = labels[i] == NULL || labels[i][0] == '\0';
		const char *label = empty ? "(empty)" : labels[i];
		size_t size = strlen(label) + PAGE_NUMBER_SIZE;

		names[i] = mem_alloc(size);
		snprintf(names[i], size, "%zu %s", i + 1, label);
	}
	return names;
}

void
text_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n)
{
	char number[PAGE_NUMBER_SIZE];
	size_t name = 0, column = 2, block;
	char **names;

	if (!text_chart_begin(p, chart, n == 0))
		return;
	names = make_names(labels, n);
	for (size_t i = 0; i < n; i++) {
		size_t width = text_width(p, names[i]);

		name = width > name ? width : name;
		/* A group is not smaller than what it has in common with another. */
		width = strlen(num_group(number, counts[i * n + i]));
		column = width > column ? width : column;
	}
	name = name < NAME_MAX_WIDTH ? name : NAME_MAX_WIDTH;
	block = (TEXT_WIDTH - TEXT_INDENT - name) / (column + BETWEEN);
	for (size_t i = 0; i < n; i += block)
		put_block(p, (const char *const *)names, counts, n, i,
		    block < n - i ? block : n - i);
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}
