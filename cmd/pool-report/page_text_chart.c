/* Charts of the text form: rows with bars of "#". */
#include "page_number.h"
#include "page_text.h"

enum {
	LABEL_MAX = 28, LABEL_MIN = 8,	/* longer ones have a line of their own */
	BAR_MIN = 8,
	ZEROS_MIN = 3		/* so many empty periods in a row are one line */
};

/* The columns of the rows; 0: there is none. */
struct widths {
	size_t label, bar, value, share, delta;
};

static void
widen(size_t *width, size_t to)
{
	if (to > *width)
		*width = to;
}

static struct widths
measure(struct page *p, const struct page_item *items, size_t n, uint64_t total)
{
	struct widths w = { 0, 0, 0, 0, 0 };
	char number[PAGE_NUMBER_SIZE];
	size_t used;

	for (size_t i = 0; i < n; i++) {
		size_t label = text_width(p, items[i].label);

		if (label <= LABEL_MAX)
			widen(&w.label, label);
		widen(&w.value, 2 + strlen(num_group(number, items[i].value)));
		if (total > 0)
			widen(&w.share, 2 + strlen(page_share(number, items[i].value, total)));
		if (items[i].has_delta)
			widen(&w.delta, 2 + strlen(page_delta(number, items[i].delta)));
	}
	/* Where numbers are long, bars give way to them, then labels. */
	used = TEXT_INDENT + 2 + w.value + w.share + w.delta;
	while (w.label > LABEL_MIN && used + w.label + BAR_MIN > TEXT_WIDTH)
		w.label--;
	used += w.label;
	w.bar = used + BAR_MIN < TEXT_WIDTH ? TEXT_WIDTH - used : BAR_MIN;
	return w;
}

/* What stands behind the bar, and the end of the line. */
static void
put_values(struct page *p, const struct page_item *item, uint64_t total, const struct widths *w)
{
	char number[PAGE_NUMBER_SIZE];

	text_put(p, num_group(number, item->value), w->value, PAGE_RIGHT);
	if (total > 0)
		text_put(p, page_share(number, item->value, total), w->share, PAGE_RIGHT);
	if (item->has_delta)
		text_put(p, page_delta(number, item->delta), w->delta, PAGE_RIGHT);
	page_put(p, "\n");
	text_paragraph(p, TEXT_INDENT + 2, item->note);
}

/* blank: what stands where the bar does not reach. */
static void
put_bar(struct page *p, uint64_t value, uint64_t longest, size_t width, char blank)
{
	size_t bar = (size_t)page_part(value, longest, (double)width, 1);

	text_fill(p, '#', bar);
	text_fill(p, blank, width - bar);
}

void
text_bars(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n,
    bool of_total)
{
	uint64_t longest = of_total ? chart->total : page_largest(items, n);
	struct widths w;

	if (!text_chart_begin(p, chart, n == 0))
		return;
	w = measure(p, items, n, chart->total);
	page_put(p, "\n");
	for (size_t i = 0; i < n; i++) {
		text_fill(p, ' ', TEXT_INDENT);
		text_label(p, items[i].label, TEXT_INDENT, w.label);
		if (items[i].rest)
			text_fill(p, ' ', w.bar);
		else
			put_bar(p, items[i].value, longest, w.bar, of_total ? '.' : ' ');
		put_values(p, &items[i], chart->total, &w);
	}
}

/* How many periods from the first of counts on are 0. */
static size_t
zeros(const uint64_t *counts, size_t n)
{
	size_t i = 0;

	while (i < n && counts[i] == 0)
		i++;
	return i;
}

void
text_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n)
{
	char name[PAGE_NUMBER_SIZE], number[PAGE_NUMBER_SIZE];
	uint64_t highest = 0;
	size_t width;

	if (!text_chart_begin(p, chart, n == 0))
		return;
	page_put(p, "\n");
	for (size_t i = 0; i < n; i++)
		highest = counts[i] > highest ? counts[i] : highest;
	width = strlen(num_group(number, highest)) + 2;
	for (size_t i = 0; i < n; i++) {
		size_t none = zeros(counts + i, n - i);
		size_t bar = TEXT_WIDTH - TEXT_INDENT - 9 - width;

		page_putf(p, "  %-9s", page_period_name(name, start, i));
		if (none >= ZEROS_MIN) {
			i += none - 1;
			page_putf(p, "to %-*s", (int)(bar - 3), page_period_name(name, start, i));
		} else {
			put_bar(p, counts[i], highest, bar, ' ');
		}
		text_put(p, num_group(number, counts[i]), width, PAGE_RIGHT);
		page_put(p, "\n");
	}
}

/* The sign of a part in the bar and in front of its name. */
static char
key_of(const struct page_item *items, size_t i)
{
	static const char keys[] = "123456789abcdefghijklmnopqrstuvwxyz";

	if (items[i].rest || i >= sizeof keys - 1)
		return '*';
	return keys[i];
}

/* The parts of a whole in one line. */
static void
put_parts(struct page *p, const struct page_item *items, size_t n, uint64_t whole)
{
	size_t width = TEXT_WIDTH - 2 * TEXT_INDENT, at = 0, parts = 0;
	uint64_t left = whole;
	char last = '.';

	for (size_t i = 0; i < n; i++)
		parts += items[i].value > 0;
	text_fill(p, ' ', TEXT_INDENT);
	for (size_t i = 0; i < n; i++) {
		size_t part = (size_t)(page_part(items[i].value, whole, (double)width, 1) + 0.5);
		size_t room;

		/* Each has a sign at least, as far as there is room: parts are those to come. */
		parts -= part > 0;
		room = at + parts < width ? width - at - parts : at < width;
		part = part < room ? part : room;
		text_fill(p, key_of(items, i), part);
		at += part;
		left -= items[i].value < left ? items[i].value : left;
		if (part > 0)
			last = key_of(items, i);
	}
	/* What is lacking was lost by rounding, or belongs to none of them. */
	if (left > 0)
		last = '.';
	text_fill(p, last, width - at);
	page_put(p, "\n");
}

void
text_stack(struct page *p, const struct page_chart *chart, const struct page_item *items, size_t n)
{
	uint64_t whole = page_whole(chart, items, n);
	struct widths w;

	if (!text_chart_begin(p, chart, n == 0 || whole == 0))
		return;
	page_put(p, "\n");
	put_parts(p, items, n, whole);
	page_put(p, "\n");
	w = measure(p, items, n, whole);
	for (size_t i = 0; i < n; i++) {
		page_putf(p, "  %c ", key_of(items, i));
		text_label(p, items[i].label, TEXT_INDENT + 2, w.label);
		put_values(p, &items[i], whole, &w);
	}
}
