/*
 * The page as HTML: head, sections, key figures, notes.
 *
 * Markup is that of XML, too: every element is closed, every attribute quoted, no named character
 * beyond XML's own.  The namespace is left out: HTML does not need it, and so the page has no
 * address in it at all.
 */
#include "page_html.h"

#include "page_words.h"

void
html_escape(struct page *p, const char *s, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *to;

		switch (s[i]) {
		case '&': to = "&amp;"; break;
		case '<': to = "&lt;"; break;
		case '>': to = "&gt;"; break;
		case '"': to = "&quot;"; break;
		case '\'': to = "&#39;"; break;
		default: continue;
		}
		page_put_bytes(p, s + from, i - from);
		page_put(p, to);
		from = i + 1;
	}
	page_put_bytes(p, s + from, len - from);
}

/* A text between two marks that are put if it is read from right to left. */
static void
put_apart(struct page *p, const char *text, const char *before, const char *after)
{
	bool apart;

	words_visible(&p->work, text);
	apart = words_right_to_left(p->work.data, p->work.len);
	page_put(p, apart ? before : "");
	html_escape(p, p->work.data, p->work.len);
	page_put(p, apart ? after : "");
}

void
html_text(struct page *p, const char *text)
{
	put_apart(p, text, "<bdi>", "</bdi>");
}

void
html_plain(struct page *p, const char *text)
{
	/* FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE */
	put_apart(p, text, "\xe2\x81\xa8", "\xe2\x81\xa9");
}

void
html_paragraph(struct page *p, const char *kind, const char *text)
{
	if (text == NULL)
		return;
	page_putf(p, "<p class=\"%s\">", kind);
	html_text(p, text);
	page_put(p, "</p>\n");
}

static void
open_page(struct page *p, const struct page_head *head)
{
	/* A browser asks a server for an icon unless the page has one: "data:," is an empty one. */
	page_put(p, "<!DOCTYPE html>\n<html lang=\"en\" xml:lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\"/>\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\"/>\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	    "<meta name=\"referrer\" content=\"no-referrer\"/>\n"
	    "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>");
	html_plain(p, head->title);
	page_put(p, "</title>\n<link rel=\"icon\" href=\"data:,\"/>\n<style>\n");
	for (size_t i = 0; page_html_style[i] != NULL; i++)
		page_put(p, page_html_style[i]);
	page_put(p, "</style>\n</head>\n<body>\n<header>\n<h1>");
	html_text(p, head->title);
	page_put(p, "</h1>\n");
	html_paragraph(p, "subtitle", head->subtitle);
	if (head->n_facts > 0)
		page_put(p, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < head->n_facts; i++) {
		page_put(p, "<div><dt>");
		html_text(p, head->facts[i].label);
		page_put(p, "</dt><dd>");
		html_text(p, head->facts[i].text);
		page_put(p, "</dd></div>\n");
	}
	page_put(p, head->n_facts > 0 ? "</dl>\n</header>\n" : "</header>\n");
	p->at = &p->contents;
	page_put(p, "<nav aria-label=\"Contents\">\n<ol>\n");
}

static void
section(struct page *p, const char *title, const char *note)
{
	p->at = &p->contents;
	page_putf(p, "<li><a href=\"#s%u\">", p->sections);
	html_text(p, title);
	page_put(p, "</a></li>\n");
	p->at = &p->body;
	page_put(p, p->in_section ? "</section>\n" : "");
	page_putf(p, "<section id=\"s%u\" aria-labelledby=\"h%u\">\n<h2 id=\"h%u\">", p->sections,
	    p->sections, p->sections);
	html_text(p, title);
	page_put(p, "</h2>\n");
	html_paragraph(p, "about", note);
}

/* The number, and what follows it. */
static void
put_figure(struct page *p, const struct page_figure *f)
{
	char number[PAGE_NUMBER_SIZE];

	page_put(p, "<div><dt>");
	html_text(p, f->label);
	page_put(p, "</dt><dd>");
	page_put(p, f->text != NULL ? "<b class=\"words\">" : "<b>");
	html_text(p, f->text != NULL ? f->text : num_group(number, f->value));
	page_put(p, "</b>");
	if (f->text == NULL && f->of > 0) {
		page_put(p, " <span class=\"share\">");
		html_text(p, page_share(number, f->value, f->of));
		page_put(p, "</span>");
	}
	if (f->has_delta) {
		page_put(p, " <span class=\"delta\">");
		html_text(p, page_delta(number, f->delta));
		page_put(p, "</span>");
	}
	page_put(p, "</dd>");
	if (f->note != NULL) {
		page_put(p, "<dd class=\"more\">");
		html_text(p, f->note);
		page_put(p, "</dd>");
	}
	page_put(p, "</div>\n");
}

static void
figures(struct page *p, const struct page_figure *f, size_t n)
{
	page_put(p, "<dl class=\"figures\">\n");
	for (size_t i = 0; i < n; i++)
		put_figure(p, &f[i]);
	page_put(p, "</dl>\n");
}

static void
note(struct page *p, enum page_tone tone, const char *text)
{
	page_put(p, tone == PAGE_WARN ? "<p class=\"warn\"><strong>Attention:</strong> " :
	    "<p class=\"about\">");
	html_text(p, text);
	page_put(p, "</p>\n");
}

bool
html_chart_begin(struct page *p, const struct page_chart *chart, bool empty)
{
	page_put(p, "<figure>\n<figcaption>\n<h3>");
	html_text(p, chart->title);
	page_put(p, "</h3>\n");
	html_paragraph(p, "about", chart->about);
	page_put(p, "</figcaption>\n");
	if (empty)
		html_paragraph(p, "empty", page_empty(chart));
	return !empty;
}

void
html_chart_end(struct page *p)
{
	page_put(p, "</figure>\n");
}

static void
close_page(struct page *p)
{
	page_put(p, p->in_section ? "</section>\n" : "");
	page_put(p, "</main>\n</body>\n</html>\n");
	p->at = &p->contents;
	page_put(p, "</ol>\n</nav>\n<main>\n");
}

const struct page_ops page_html_ops = {
	.open = open_page,
	.section = section,
	.figures = figures,
	.bars = svg_bars,
	.series = svg_series,
	.stack = svg_stack,
	.table = html_table,
	.matrix = html_matrix,
	.note = note,
	.close = close_page
};
