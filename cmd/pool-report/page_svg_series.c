/* Columns over time. */
#include "page_html.h"
#include "page_number.h"
#include "page_svg.h"

enum {
	TOP = 20,		/* room for the number over the highest column */
	HEIGHT = 180,
	LABELS = 28, LINE = 16,	/* below: one line or two */
	LABELS_MAX = 14, LABELS_NARROW = 6,
	WIDTH_MAX = 8,		/* percent of the page that a column takes, even if it is alone */
	EDGE = 4,		/* percent, in which a number is not centred on its column */
	GAPS_MAX = 150		/* more columns have no gaps between them */
};

static const char *const month_names[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

/* How many periods there are from one label to the next. */
static size_t
label_step(enum page_period period, size_t n)
{
	static const size_t steps[] = { 1, 3, 6, 12, 24, 60, 120, 240, 600, 1200 };
	size_t i = 0, unit = period == PAGE_YEARS ? 12 : 1;

	/* Years are labelled as twelve months are. */
	while (i + 1 < sizeof steps / sizeof steps[0] &&
	    (steps[i] % unit != 0 || n * unit / steps[i] > LABELS_MAX))
		i++;
	return steps[i] / unit;
}

/* The label below the period at x; extra: a narrow page does without. */
static void
put_label(struct page *p, struct page_start start, size_t i, size_t step, bool first, bool extra,
    double x)
{
	size_t month = (size_t)(start.month - 1) + i;
	const char *kind = extra ? "tick extra" : "tick";
	int y = TOP + HEIGHT + 17;

	if (start.period == PAGE_YEARS) {
		page_putf(p, "<text class=\"%s\" x=\"%.3f%%\" y=\"%d\">%zu</text>\n", kind, x, y,
		    (size_t)start.year + i);
		return;
	}
	if (step < 12) {
		page_putf(p, "<text class=\"%s\" x=\"%.3f%%\" y=\"%d\">%s</text>\n", kind, x, y,
		    month_names[month % 12]);
		y += LINE;
	}
	if (step >= 12 || first || month % 12 == 0)
		page_putf(p, "<text class=\"%s\" x=\"%.3f%%\" y=\"%d\">%zu</text>\n", kind, x, y,
		    (size_t)start.year + month / 12);
}

static void
put_labels(struct page *p, struct page_start start, size_t n, size_t step, double slot)
{
	size_t labels = 0;
	size_t at = start.period == PAGE_YEARS ? (size_t)start.year : (size_t)(start.month - 1) +
	    12 * (size_t)start.year;

	for (size_t i = 0; i < n; i++) {
		/* Round years, the first month of a quarter, half or year. */
		if ((at + i) % step != 0 && n > 1)
			continue;
		put_label(p, start, i, step, labels == 0,
		    n / step > LABELS_NARROW && (at + i) / step % 2 == 1, ((double)i + 0.5) * slot);
		labels++;
	}
}

static void
put_axis(struct page *p, struct page_scale scale)
{
	char number[PAGE_NUMBER_SIZE];

	for (unsigned i = 0; i <= scale.steps; i++) {
		double y = TOP + HEIGHT - HEIGHT * (double)i / scale.steps;

		page_putf(p, "<line class=\"%s\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>"
		    "<text class=\"num tick\" dx=\"-8\" y=\"%.1f\">%s</text>\n",
		    i == 0 ? "axis" : "grid", y, y, y + 4, page_scale_label(number, scale, i));
	}
}

static void
put_columns(struct page *p, struct page_start start, const uint64_t *counts, size_t n,
    struct page_scale scale, double slot)
{
	double width = n > GAPS_MAX ? slot : slot * 0.78;
	char number[PAGE_NUMBER_SIZE];

	width = width < WIDTH_MAX ? width : WIDTH_MAX;
	for (size_t i = 0; i < n; i++) {
		double high = page_part(counts[i], scale.step * scale.steps, HEIGHT, 1.5);

		if (counts[i] == 0)
			continue;
		page_putf(p, "<rect class=\"bar\" x=\"%.3f%%\" y=\"%.1f\" width=\"%.3f%%\" "
		    "height=\"%.1f\">", (double)i * slot + (slot - width) / 2, TOP + HEIGHT - high,
		    width, high);
		page_putf(p, "<title>%s: ", page_period_name(number, start, i));
		page_putf(p, "%s</title></rect>\n", num_group(number, counts[i]));
	}
}

/* The number of the highest column, above it; where that is at an edge, on this side of it. */
static void
put_highest(struct page *p, uint64_t value, size_t i, struct page_scale scale, double slot)
{
	double x = ((double)i + 0.5) * slot;
	char number[PAGE_NUMBER_SIZE];

	page_putf(p, "<text class=\"peak%s\" x=\"%.3f%%\" y=\"%.1f\">%s</text>\n",
	    x < EDGE ? " start" : x > 100 - EDGE ? " end" : "", x < EDGE ? 0.0 :
	    x > 100 - EDGE ? 100.0 : x,
	    TOP + HEIGHT - page_part(value, scale.step * scale.steps, HEIGHT, 1.5) - 6,
	    num_group(number, value));
}

/* What the columns say in words.  Returns the first of the highest. */
static size_t
describe(struct page *p, struct page_start start, const uint64_t *counts, size_t n)
{
	char number[PAGE_NUMBER_SIZE];
	size_t highest = 0;

	for (size_t i = 1; i < n; i++) {
		if (counts[i] > counts[highest])
			highest = i;
	}
	page_putf(p, "Columns by %s from %s", start.period == PAGE_YEARS ? "year" : "month",
	    page_period_name(number, start, 0));
	page_putf(p, " to %s.", page_period_name(number, start, n - 1));
	if (counts[highest] > 0) {
		page_putf(p, " The highest: %s", page_period_name(number, start, highest));
		page_putf(p, ", %s.", num_group(number, counts[highest]));
	} else {
		page_put(p, " All are 0.");
	}
	page_put(p, " All values are in the table below.");
	return highest;
}

void
svg_series(struct page *p, const struct page_chart *chart, struct page_start start,
    const uint64_t *counts, size_t n)
{
	if (html_chart_begin(p, chart, n == 0)) {
		size_t step = label_step(start.period, n), highest;
		size_t lines = start.period == PAGE_YEARS || step >= 12 ? 0 : LINE;
		double slot = 100.0 / (double)n;
		struct page_scale scale;

		svg_begin(p, chart->title, "series", "", TOP + HEIGHT + LABELS + lines);
		highest = describe(p, start, counts, n);
		svg_desc_end(p);
		scale = page_scale_for(counts[highest]);
		put_axis(p, scale);
		put_columns(p, start, counts, n, scale, slot);
		put_labels(p, start, n, step, slot);
		if (counts[highest] > 0)
			put_highest(p, counts[highest], highest, scale, slot);
		else
			page_putf(p, "<text class=\"peak\" x=\"50%%\" y=\"%d\">All are 0.</text>\n",
			    TOP + HEIGHT / 2);
		page_put(p, "</svg>\n");
		html_series_data(p, chart, start, counts, n);
	}
	html_chart_end(p);
}
