/*
 * pool-report's page: any calls with any texts and figures make markup that expat takes for XML,
 * and text without anything that a terminal acts upon.
 *
 * A byte says what is called, the next how many items; a text ends with \xff or after 40 bytes.
 *
 * With: cmd/pool-report/page*.c
 */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "json/utf8.h"

#include "pool-report/page_parts.h"

enum { ITEMS_MAX = 12, TEXT_MAX = 40, TEXTS_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *at, *end;
	char *texts[TEXTS_MAX];
	size_t n_texts;
};

static uint8_t
byte(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static uint64_t
number(struct input *in)
{
	uint8_t bytes = byte(in) % 9;
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | byte(in);
	return value;
}

/* A text, or NULL. */
static const char *
text(struct input *in)
{
	char *s;
	size_t len = 0;

	if (in->n_texts == TEXTS_MAX || in->at == in->end)
		return NULL;
	s = malloc(TEXT_MAX + 1);
	while (len < TEXT_MAX && in->at < in->end && *in->at != 0xff && *in->at != 0)
		s[len++] = (char)*in->at++;
	(void)byte(in);
	s[len] = '\0';
	in->texts[in->n_texts++] = s;
	return s;
}

static struct page_chart
chart(struct input *in)
{
	struct page_chart c = { text(in), text(in), text(in), text(in), text(in), number(in) };

	return c;
}

static void
call_items(struct page *p, struct input *in, uint8_t which, size_t n)
{
	struct page_chart c = chart(in);
	struct page_item items[ITEMS_MAX];

	for (size_t i = 0; i < n; i++) {
		uint8_t flags = byte(in);

		items[i] = (struct page_item){ text(in), number(in), text(in), flags & 1,
		    (int64_t)number(in), flags & 2 };
	}
	if (which == 0)
		page_stack(p, &c, items, n);
	else
		page_bars(p, &c, items, n, which == 1);
}

static void
call_numbers(struct page *p, struct input *in, uint8_t which, size_t n)
{
	struct page_chart c = chart(in);
	struct page_start start = { which == 0 ? PAGE_MONTHS : PAGE_YEARS, byte(in) * 20,
	    byte(in) % 12 + 1 };
	uint64_t counts[ITEMS_MAX * ITEMS_MAX];
	const char *labels[ITEMS_MAX];

	for (size_t i = 0; i < n * n; i++)
		counts[i] = number(in);
	for (size_t i = 0; i < n; i++)
		labels[i] = text(in);
	if (which == 2)
		page_matrix(p, &c, labels, counts, n);
	else
		page_series(p, &c, start, counts, n * n);
}

static void
call_table(struct page *p, struct input *in, size_t n)
{
	struct page_chart c = chart(in);
	struct page_column columns[ITEMS_MAX];
	const char *cells[ITEMS_MAX * ITEMS_MAX];
	size_t rows = byte(in) % ITEMS_MAX;

	for (size_t i = 0; i < n; i++)
		columns[i] = (struct page_column){ text(in), byte(in) % 2 };
	for (size_t i = 0; i < n * rows; i++)
		cells[i] = text(in);
	page_table(p, &c, columns, n, cells, rows);
}

static void
call_words(struct page *p, struct input *in, uint8_t which, size_t n)
{
	struct page_figure figures[ITEMS_MAX];

	for (size_t i = 0; which == 0 && i < n; i++) {
		uint8_t flags = byte(in);

		figures[i] = (struct page_figure){ text(in), flags & 1 ? text(in) : NULL,
		    number(in), number(in), text(in), flags & 2, (int64_t)number(in) };
	}
	if (which == 0)
		page_figures(p, figures, n);
	else if (which == 1)
		page_note(p, byte(in) % 2 ? PAGE_WARN : PAGE_PLAIN, text(in));
	else
		page_section(p, text(in), text(in));
}

/* That the parts together are XML. */
static void
check_markup(struct page *p)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");

	if (XML_Parse(parser, p->head.data, (int)p->head.len, 0) != XML_STATUS_OK ||
	    XML_Parse(parser, p->contents.data, (int)p->contents.len, 0) != XML_STATUS_OK ||
	    XML_Parse(parser, p->body.data, (int)p->body.len, 1) != XML_STATUS_OK)
		abort();
	XML_ParserFree(parser);
}

/* That it is UTF-8 without controls but line ends, none of C1, and no blanks at line ends. */
static void
check_text(const struct buf *b)
{
	if (utf8_valid(buf_string(b), b->len) != b->len)
		abort();
	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->data[i];

		if ((c < 0x20 && c != '\n') || c == 0x7f ||
		    (c == 0xc2 && (unsigned char)b->data[i + 1] < 0xa0) ||
		    (c == '\n' && i > 0 && b->data[i - 1] == ' '))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size, { NULL }, 0 };
	enum page_format format = byte(&in) % 2 ? PAGE_HTML : PAGE_TEXT;
	struct page_fact fact = { text(&in), text(&in) };
	struct page_head head = { text(&in), text(&in), &fact, byte(&in) % 2 };
	struct page *p = page_open(NULL, format, &head);

	while (in.at < in.end) {
		uint8_t what = byte(&in) % 10;
		size_t n = byte(&in) % ITEMS_MAX;

		if (what < 3)
			call_items(p, &in, what, n);
		else if (what < 6)
			call_numbers(p, &in, what - 3, n);
		else if (what < 7)
			call_table(p, &in, n);
		else
			call_words(p, &in, what - 7, n);
	}
	p->ops->close(p);
	if (format == PAGE_HTML)
		check_markup(p);
	else
		check_text(&p->head);
	if (format == PAGE_TEXT)
		check_text(&p->body);
	page_free(p);
	while (in.n_texts > 0)
		free(in.texts[--in.n_texts]);
	return 0;
}
