/* The page's calls: what both forms need is done here, the rest is theirs (page_parts.h). */
#include "page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/out.h"

#include "page_parts.h"

void
page_put_bytes(struct page *p, const char *s, size_t len)
{
	if (!p->too_large && buf_append(p->at, s, len) != 0)
		p->too_large = true;
}

void
page_put(struct page *p, const char *s)
{
	page_put_bytes(p, s, strlen(s));
}

void
page_putf(struct page *p, const char *fmt, ...)
{
	char text[512];		/* geometry and numbers; texts go through page_put */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof text)
		abort();
	page_put_bytes(p, text, (size_t)n);
}

const char *
page_empty(const struct page_chart *chart)
{
	return chart->empty != NULL ? chart->empty : "There is nothing to show.";
}

uint64_t
page_whole(const struct page_chart *chart, const struct page_item *items, size_t n)
{
	uint64_t sum = 0;

	if (chart->total > 0)
		return chart->total;
	for (size_t i = 0; i < n; i++)
		sum = items[i].value > UINT64_MAX - sum ? UINT64_MAX : sum + items[i].value;
	return sum;
}

uint64_t
page_largest(const struct page_item *items, size_t n)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < n; i++) {
		if (!items[i].rest && items[i].value > largest)
			largest = items[i].value;
	}
	return largest;
}

char *
page_period_name(char out[PAGE_NUMBER_SIZE], struct page_start start, size_t n)
{
	size_t months = (size_t)(start.month - 1) + n;

	if (start.period == PAGE_YEARS)
		snprintf(out, PAGE_NUMBER_SIZE, "%04zu", (size_t)start.year + n);
	else
		snprintf(out, PAGE_NUMBER_SIZE, "%04zu-%02zu", (size_t)start.year + months / 12,
		    months % 12 + 1);
	return out;
}

struct page *
page_open(struct out *o, enum page_format format, const struct page_head *head)
{
	struct page *p = mem_alloc(sizeof *p);

	p->out = o;
	p->ops = format == PAGE_HTML ? &page_html_ops : &page_text_ops;
	buf_init(&p->head, PAGE_MAX);
	buf_init(&p->contents, PAGE_MAX);
	buf_init(&p->body, PAGE_MAX);
	buf_init(&p->work, PAGE_MAX);
	p->at = &p->head;
	p->ops->open(p, head);
	p->at = &p->body;
	return p;
}

void
page_section(struct page *p, const char *title, const char *note)
{
	p->sections++;
	p->ops->section(p, title, note);
	p->in_section = true;
}

void
page_figures(struct page *p, const struct page_figure *figures, size_t n)
{
	if (n > 0)
		p->ops->figures(p, figures, n);
}

void
page_bars(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n,
    bool of_total)
{
	p->charts++;
	p->ops->bars(p, chart, items, n, of_total);
}

void
page_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n)
{
	p->charts++;
	p->ops->series(p, chart, start, counts, n);
}

void
page_stack(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n)
{
	p->charts++;
	p->ops->stack(p, chart, items, n);
}

void
page_table(struct page *p, const struct page_chart *chart, const struct page_column *columns,
    size_t n_columns, const char *const *cells, size_t rows)
{
	p->charts++;
	p->ops->table(p, chart, columns, n_columns, cells, rows);
}

void
page_matrix(struct page *p, const struct page_chart *chart, const char *const *labels,
    const uint64_t *counts, size_t n)
{
	p->charts++;
	p->ops->matrix(p, chart, labels, counts, n);
}

void
page_note(struct page *p, enum page_tone tone, const char *text)
{
	p->ops->note(p, tone, text);
}

int
page_close(struct page *p, uint64_t *bytes)
{
	const struct buf *parts[] = { &p->head, &p->contents, &p->body };
	int status = 0;

	p->ops->close(p);
	if (p->too_large) {
		diag_error("the page would have more than %d bytes", PAGE_MAX);
		status = -1;
	}
	for (size_t i = 0; status == 0 && i < sizeof parts / sizeof parts[0]; i++)
		status = out_write(p->out, parts[i]->data, parts[i]->len);
	*bytes = p->head.len + p->contents.len + p->body.len;
	page_free(p);
	return status;
}

void
page_free(struct page *p)
{
	if (p == NULL)
		return;
	buf_free(&p->head);
	buf_free(&p->contents);
	buf_free(&p->body);
	buf_free(&p->work);
	free(p);
}
