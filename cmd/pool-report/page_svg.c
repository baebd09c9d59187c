/*
 * Charts in rows: bars, and the parts of a whole.
 *
 * Nothing is scaled: lengths along the page are shares of its width, which the browser knows, type
 * and heights are pixels.  Names and numbers of bars stand in margins left and right of the
 * picture.  On a narrow page the style sheet moves them above the bars, and takes the shares away if
 * there are changes: it knows the margins, the width of the shares, the row, by --l, --r, --s, --i.
 */
#include "page_svg.h"

#include <stdio.h>

#include "page_html.h"
#include "page_number.h"
#include "page_words.h"

enum {
	ROW = 26,		/* from one row to the next: as in the style sheet */
	NAME_MAX_WIDTH = 230, NAME_MIN_WIDTH = 48, NAME_CUT_MIN = 90,
	NARROW = 368,		/* of a page of 400: names and numbers have to fit into one line */
	GAP = 14,		/* between columns */
	DIGIT = 8,
	STACK = 40, STACK_HEIGHT = 28,
	SHEET = 10,		/* bars in a picture: paper ends between two pictures, not in one */
	KEY = 28		/* the field with the number of a part */
};

void
svg_begin(struct page *p, const char *title, const char *kind, const char *style, size_t height)
{
	page_putf(p, "<svg role=\"img\" class=\"%s\" style=\"%s\" width=\"100%%\" height=\"%zu\" "
	    "aria-labelledby=\"t%u\" aria-describedby=\"d%u\">\n<title id=\"t%u\">", kind, style,
	    height, p->charts, p->charts, p->charts);
	html_plain(p, title);
	page_putf(p, "</title>\n<desc id=\"d%u\">", p->charts);
}

void
svg_desc_end(struct page *p)
{
	page_put(p, "</desc>\n");
}

/* How wide len digits and signs are. */
static size_t
width_of(size_t len)
{
	return len * DIGIT + GAP;
}

/* How wide names may be that have so much room, with the numbers behind them. */
static size_t
name_max(const struct svg_columns *c, size_t room)
{
	size_t numbers = GAP + c->value + (c->delta > 0 ? c->delta : c->share);
	size_t left = numbers + NAME_CUT_MIN < room ? room - numbers : NAME_CUT_MIN;

	return left < NAME_MAX_WIDTH ? left : NAME_MAX_WIDTH;
}

struct svg_columns
svg_columns_for(const struct page_chart *chart, const struct page_item *items, size_t n,
    size_t before)
{
	struct svg_columns c = { NAME_MIN_WIDTH, 0, 0, 0 };
	char number[PAGE_NUMBER_SIZE];
	size_t most;
	struct buf name;

	buf_init(&name, PAGE_MAX);
	for (size_t i = 0; i < n; i++) {
		size_t width;

		words_visible(&name, items[i].label);
		width = words_pixels(name.data, name.len);
		c.name = width > c.name ? width : c.name;
		width = width_of(strlen(num_group(number, items[i].value)));
		c.value = width > c.value ? width : c.value;
		if (items[i].has_delta) {
			width = width_of(strlen(page_delta(number, items[i].delta)));
			c.delta = width > c.delta ? width : c.delta;
		}
		if (chart->total > 0) {
			width = width_of(strlen(page_share(number, items[i].value, chart->total)));
			c.share = width > c.share ? width : c.share;
		}
	}
	buf_free(&name);
	most = name_max(&c, NARROW - before);
	c.name = (c.name < most ? c.name : most) + GAP;
	return c;
}

void
svg_say(struct page *p, const struct page_item *item, uint64_t total)
{
	char number[PAGE_NUMBER_SIZE];

	html_plain(p, item->label);
	page_putf(p, ": %s", num_group(number, item->value));
	if (total > 0) {
		page_put(p, " (");
		html_plain(p, page_share(number, item->value, total));
		page_put(p, ")");
	}
}

void
svg_label(struct page *p, const char *text, size_t width)
{
	static const char ellipsis[] = "\xe2\x80\xa6";
	size_t fits;

	words_visible(&p->work, text);
	fits = words_fit(p->work.data, p->work.len, width, 12, words_pixels);
	html_escape(p, p->work.data, fits);
	page_put(p, fits < p->work.len ? ellipsis : "");
}

void
svg_values(struct page *p, const struct page_item *item, uint64_t total,
    const struct svg_columns *c, const char *x, size_t dx, size_t y)
{
	char number[PAGE_NUMBER_SIZE];

	dx += c->value;
	page_putf(p, "<text class=\"num\" x=\"%s\" dx=\"%zu\" y=\"%zu\">%s</text>", x, dx, y,
	    num_group(number, item->value));
	dx += c->share;
	if (total > 0) {
		page_putf(p, "<text class=\"num share\" x=\"%s\" dx=\"%zu\" y=\"%zu\">", x, dx, y);
		html_plain(p, page_share(number, item->value, total));
		page_put(p, "</text>");
	}
	dx += c->delta;
	if (item->has_delta)
		page_putf(p, "<text class=\"num delta\" x=\"%s\" dx=\"%zu\" y=\"%zu\">%s</text>", x,
		    dx, y, page_delta(number, item->delta));
}

/* What bars say in words: how many, and the largest; for the first picture if there are several. */
static void
describe_bars(struct page *p, const struct page_chart *chart, const struct page_item *items,
    size_t n)
{
	const struct page_item *largest = NULL;
	char number[PAGE_NUMBER_SIZE];
	size_t bars = 0;

	for (size_t i = 0; i < n; i++) {
		bars += !items[i].rest;
		if (!items[i].rest && (largest == NULL || items[i].value > largest->value))
			largest = &items[i];
	}
	page_putf(p, bars == 1 ? "%s bar." : "%s bars.", num_group(number, bars));
	if (largest != NULL && largest->value > 0) {
		page_put(p, bars == 1 ? " " : " The largest: ");
		svg_say(p, largest, chart->total);
		page_put(p, ".");
	} else if (largest != NULL) {
		page_put(p, " All are 0.");
	}
	page_put(p, " All values are in the table below.");
}

static void
put_bar(struct page *p, const struct page_item *item, size_t row, uint64_t total, uint64_t longest,
    const struct svg_columns *c, bool track)
{
	page_putf(p, "<g class=\"row\" style=\"--i:%zu\" transform=\"translate(0 %zu)\"><title>",
	    row, row * ROW);
	svg_say(p, item, total);
	page_put(p, "</title>");
	if (!item->rest) {
		if (track)
			page_put(p, "<rect class=\"track\" y=\"6\" width=\"100%\" height=\"14\" "
			    "rx=\"2\"/>");
		page_putf(p, "<rect class=\"bar\" y=\"6\" width=\"%.3f%%\" height=\"14\" "
		    "rx=\"2\"/>", page_part(item->value, longest, 100, 0.4));
	}
	page_putf(p, "<text class=\"name%s\" dx=\"-%zu\" y=\"18\">", item->rest ? " rest" : "",
	    c->name);
	svg_label(p, item->label, c->name - GAP);
	page_put(p, "</text>");
	svg_values(p, item, total, c, "100%", 0, 18);
	page_put(p, "</g>\n");
}

/* The picture in which n bars from the first one on stand; its beginning. */
static void
begin_sheet(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n,
    size_t first, const struct svg_columns *c)
{
	const char *kind = c->delta > 0 ? "rows changes" : "rows";
	size_t rows = n - first < SHEET ? n - first : SHEET;
	char style[96];

	snprintf(style, sizeof style, "--l:%zupx;--r:%zupx;--s:%zupx;--n:%zu", c->name,
	    c->value + c->share + c->delta, c->share, rows);
	if (first == 0) {
		svg_begin(p, chart->title, kind, style, rows * ROW);
		describe_bars(p, chart, items, n);
		svg_desc_end(p);
	} else {
		page_putf(p, "</svg>\n<svg aria-hidden=\"true\" class=\"%s\" style=\"%s\" "
		    "width=\"100%%\" height=\"%zu\">\n", kind, style, rows * ROW);
	}
}

void
svg_bars(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n,
    bool of_total)
{
	if (html_chart_begin(p, chart, n == 0)) {
		struct svg_columns c = svg_columns_for(chart, items, n, 0);
		uint64_t longest = of_total ? chart->total : page_largest(items, n);

		for (size_t i = 0; i < n; i++) {
			if (i % SHEET == 0)
				begin_sheet(p, chart, items, n, i, &c);
			put_bar(p, &items[i], i % SHEET, chart->total, longest, &c, of_total);
		}
		page_put(p, "</svg>\n");
		html_data(p, chart, items, n);
	}
	html_chart_end(p);
}

/* How long the parts are, in percent; small ones are made visible at the cost of all. */
static double
stack_scale(const struct page_item *items, size_t n, uint64_t whole)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += page_part(items[i].value, whole, 100, 0.6);
	return sum > 100 ? 100 / sum : 1;
}

/* The names of the classes that colour a part and its number end so. */
static const char *
tone_of(const struct page_item *items, size_t i)
{
	static const char *const tones[] = { "1", "2", "3", "4", "5", "6" };

	return items[i].rest ? "rest" : tones[i % (sizeof tones / sizeof tones[0])];
}

static void
put_parts(struct page *p, const struct page_item *items, size_t n, uint64_t whole)
{
	double scale = stack_scale(items, n, whole), at = 0;

	page_putf(p, "<rect class=\"track\" width=\"100%%\" height=\"%d\"/>\n", STACK_HEIGHT);
	for (size_t i = 0; i < n; i++) {
		double width = page_part(items[i].value, whole, 100, 0.6) * scale;
		const char *tone = tone_of(items, i);

		if (width == 0)
			continue;
		page_put(p, "<g><title>");
		svg_say(p, &items[i], whole);
		page_putf(p, "</title><rect class=\"part t%s\" x=\"%.3f%%\" width=\"%.3f%%\" "
		    "height=\"%d\"/>", tone, at, width, STACK_HEIGHT);
		if (width >= 5)
			page_putf(p, "<text class=\"key k%s\" x=\"%.3f%%\" y=\"19\">%zu</text>",
			    tone, at + width / 2, i + 1);
		page_put(p, "</g>\n");
		at += width;
	}
}

/* What the numbers in the bar mean. */
static void
put_legend(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n,
    const struct svg_columns *c)
{
	for (size_t i = 0; i < n; i++) {
		const char *tone = tone_of(items, i);

		page_putf(p, "<g transform=\"translate(0 %zu)\"><rect class=\"part t%s\" y=\"3\" "
		    "width=\"20\" height=\"20\" rx=\"2\"/>"
		    "<text class=\"key k%s\" x=\"10\" y=\"18\">%zu</text><text x=\"%d\" y=\"18\">",
		    STACK + i * ROW, tone, tone, i + 1, KEY);
		svg_label(p, items[i].label, c->name - GAP);
		page_put(p, "</text>");
		svg_values(p, &items[i], chart->total, c, "0", KEY + c->name, 18);
		page_put(p, "</g>\n");
	}
}

void
svg_stack(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n)
{
	struct page_chart whole = *chart;

	/* A whole of nobody has no parts, whatever their names. */
	whole.total = page_whole(chart, items, n);
	if (html_chart_begin(p, chart, n == 0 || whole.total == 0)) {
		struct svg_columns c = svg_columns_for(&whole, items, n, KEY);
		char style[32];

		snprintf(style, sizeof style, "--s:%zupx", c.share);
		svg_begin(p, chart->title, c.delta > 0 ? "stack changes" : "stack", style,
		    STACK + n * ROW);
		for (size_t i = 0; i < n; i++) {
			svg_say(p, &items[i], whole.total);
			page_put(p, i + 1 < n ? "; " : ".");
		}
		svg_desc_end(p);
		put_parts(p, items, n, whole.total);
		put_legend(p, &whole, items, n, &c);
		page_put(p, "</svg>\n");
		html_data(p, &whole, items, n);
	}
	html_chart_end(p);
}
