/* The page as text: head, sections, key figures, notes. */
#include "page_text.h"

#include "page_words.h"

enum { LABEL_MAX = 34 };	/* of key figures and facts */

void
text_fill(struct page *p, char c, size_t n)
{
	while (n-- > 0)
		page_put_bytes(p, &c, 1);
}

size_t
text_width(struct page *p, const char *text)
{
	words_visible(&p->work, text);
	return words_cells(p->work.data, p->work.len);
}

void
text_put(struct page *p, const char *text, size_t width, enum page_align align)
{
	size_t has = text_width(p, text), blank = has < width ? width - has : 0;

	if (align == PAGE_RIGHT)
		text_fill(p, ' ', blank);
	page_put_bytes(p, p->work.data, p->work.len);
	if (align == PAGE_LEFT)
		text_fill(p, ' ', blank);
}

size_t
text_line(const char **s, size_t *len, size_t width)
{
	size_t fits = words_fit(*s, *len, width, 0, words_cells), skip;

	if (fits < *len) {
		size_t at = fits;

		while (at > 0 && (*s)[at] != ' ')
			at--;
		/* A word that is longer than a line is cut, and what is wider than one is not. */
		if (at > 0)
			fits = at;
		else if (fits == 0)
			fits = *len;
	}
	skip = fits + (fits < *len && (*s)[fits] == ' ');
	*s += skip;
	*len -= skip;
	return fits;
}

void
text_flow(struct page *p, size_t at, const char *text)
{
	const char *s;
	size_t len;

	words_visible(&p->work, text);
	s = p->work.data;
	len = p->work.len;
	for (bool first = true; first || len > 0; first = false) {
		const char *line = s;
		size_t n = text_line(&s, &len, TEXT_WIDTH - at);

		text_fill(p, ' ', first ? 0 : at);
		page_put_bytes(p, line, n);
		page_put(p, "\n");
	}
}

void
text_paragraph(struct page *p, size_t indent, const char *text)
{
	if (text == NULL)
		return;
	text_fill(p, ' ', indent);
	text_flow(p, indent, text);
}

void
text_label(struct page *p, const char *label, size_t at, size_t width)
{
	if (text_width(p, label) > width) {
		text_flow(p, at, label);
		text_fill(p, ' ', at + width + 2);
	} else {
		text_put(p, label, width + 2, PAGE_LEFT);
	}
}

/* A heading, underlined as far as a line goes. */
static void
heading(struct page *p, const char *title, char line)
{
	size_t width = text_width(p, title);

	text_paragraph(p, 0, title);
	text_fill(p, line, width < TEXT_WIDTH ? width : TEXT_WIDTH);
	page_put(p, "\n");
}

static void
open_page(struct page *p, const struct page_head *head)
{
	size_t width = 0;

	heading(p, head->title, '=');
	text_paragraph(p, 0, head->subtitle);
	if (head->n_facts > 0)
		page_put(p, "\n");
	for (size_t i = 0; i < head->n_facts; i++) {
		size_t w = text_width(p, head->facts[i].label);

		width = w > width && w <= LABEL_MAX ? w : width;
	}
	for (size_t i = 0; i < head->n_facts; i++) {
		text_fill(p, ' ', TEXT_INDENT);
		text_label(p, head->facts[i].label, TEXT_INDENT, width);
		text_flow(p, TEXT_INDENT + width + 2, head->facts[i].text);
	}
}

static void
section(struct page *p, const char *title, const char *note)
{
	page_put(p, "\n\n");
	heading(p, title, '-');
	text_paragraph(p, 0, note);
}

/* The columns of key figures. */
struct widths {
	size_t label, value, share, delta;
};

static struct widths
measure(struct page *p, const struct page_figure *f, size_t n)
{
	struct widths w = { 0, 0, 0, 0 };
	char number[PAGE_NUMBER_SIZE];

	for (size_t i = 0; i < n; i++) {
		size_t label = text_width(p, f[i].label), width;

		w.label = label > w.label && label <= LABEL_MAX ? label : w.label;
		if (f[i].text == NULL) {
			width = strlen(num_group(number, f[i].value));
			w.value = width > w.value ? width : w.value;
		}
		width = f[i].of > 0 ? 2 + strlen(page_share(number, f[i].value, f[i].of)) : 0;
		w.share = width > w.share ? width : w.share;
		width = f[i].has_delta ? 2 + strlen(page_delta(number, f[i].delta)) : 0;
		w.delta = width > w.delta ? width : w.delta;
	}
	return w;
}

static void
put_figure(struct page *p, const struct page_figure *f, const struct widths *w)
{
	char number[PAGE_NUMBER_SIZE];

	text_fill(p, ' ', TEXT_INDENT);
	text_label(p, f->label, TEXT_INDENT, w->label);
	if (f->text != NULL) {
		text_flow(p, TEXT_INDENT + w->label + 2, f->text);
		if (f->has_delta)
			text_fill(p, ' ', TEXT_INDENT + w->label + 2 + w->value + w->share);
	} else {
		text_put(p, num_group(number, f->value), w->value, PAGE_RIGHT);
		if (f->of > 0)
			text_put(p, page_share(number, f->value, f->of), w->share, PAGE_RIGHT);
		else if (f->has_delta)
			text_fill(p, ' ', w->share);
	}
	if (f->has_delta)
		text_put(p, page_delta(number, f->delta), w->delta, PAGE_RIGHT);
	page_put(p, f->text == NULL || f->has_delta ? "\n" : "");
	text_paragraph(p, TEXT_INDENT + 2, f->note);
}

static void
figures(struct page *p, const struct page_figure *f, size_t n)
{
	struct widths w = measure(p, f, n);

	page_put(p, "\n");
	for (size_t i = 0; i < n; i++)
		put_figure(p, &f[i], &w);
}

static void
note(struct page *p, enum page_tone tone, const char *text)
{
	page_put(p, tone == PAGE_WARN ? "\n! Attention:\n" : "\n");
	text_paragraph(p, tone == PAGE_WARN ? 2 : 0, text);
}

bool
text_chart_begin(struct page *p, const struct page_chart *chart, bool empty)
{
	page_put(p, "\n");
	text_paragraph(p, 0, chart->title);
	text_paragraph(p, TEXT_INDENT, chart->about);
	if (empty) {
		page_put(p, "\n");
		text_paragraph(p, TEXT_INDENT, page_empty(chart));
	}
	return !empty;
}

static void
close_page(struct page *p)
{
	(void)p;
}

const struct page_ops page_text_ops = {
	.open = open_page,
	.section = section,
	.figures = figures,
	.bars = text_bars,
	.series = text_series,
	.stack = text_stack,
	.table = text_table,
	.matrix = text_matrix,
	.note = note,
	.close = close_page
};
