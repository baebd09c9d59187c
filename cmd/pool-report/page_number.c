/* Numbers, shares and scales; no locale. */
#include "page_number.h"

#include <stdio.h>

/* Above it, the top of an axis would not fit. */
static const uint64_t LARGEST = 1000000000000000000U;

enum { TIMES_MAX = 10000 };	/* no share is more */

char *
page_delta(char out[PAGE_NUMBER_SIZE], int64_t delta)
{
	char number[PAGE_NUMBER_SIZE];

	num_group(number, delta < 0 ? 0 - (uint64_t)delta : (uint64_t)delta);
	/* 25 bytes of number at most: 19 digits, six separators. */
	snprintf(out, PAGE_NUMBER_SIZE, "%s%.25s", delta < 0 ? "-" : delta > 0 ? "+" : "", number);
	return out;
}

char *
page_share(char out[PAGE_NUMBER_SIZE], uint64_t value, uint64_t of)
{
	char whole[PAGE_NUMBER_SIZE];
	uint64_t tenths;

	if (of == 0) {
		snprintf(out, PAGE_NUMBER_SIZE, "-");
		return out;
	}
	if (value / of >= TIMES_MAX) {
		snprintf(out, PAGE_NUMBER_SIZE, ">1,000,000%%");
		return out;
	}
	/* Both can be halved until 1,000 times the value fits: the share stays what it is. */
	while (value > UINT64_MAX / 2000) {
		value /= 2;
		of /= 2;
	}
	tenths = value * 1000 / of;
	if (value * 1000 % of >= of - of / 2)
		tenths++;
	if (tenths == 0 && value > 0)
		snprintf(out, PAGE_NUMBER_SIZE, "<0.1%%");
	else if (tenths == 1000 && value < of)
		snprintf(out, PAGE_NUMBER_SIZE, ">99.9%%");
	else
		snprintf(out, PAGE_NUMBER_SIZE, "%.26s.%u%%", num_group(whole, tenths / 10),
		    (unsigned)(tenths % 10));
	return out;
}

struct page_scale
page_scale_for(uint64_t largest)
{
	static const uint64_t factors[] = { 1, 2, 5 };
	struct page_scale scale = { 1, 1 };
	size_t i = 0;

	/* What is more than any count is as long as the axis. */
	if (largest > LARGEST)
		largest = LARGEST;
	/* The smallest step of which five suffice. */
	for (uint64_t power = 1; scale.step < largest / 5 + (largest % 5 > 0);) {
		i = (i + 1) % 3;
		power *= i == 0 ? 10 : 1;
		scale.step = power * factors[i];
	}
	if (largest > 0)
		scale.steps = (unsigned)((largest - 1) / scale.step + 1);
	return scale;
}

char *
page_scale_label(char out[PAGE_NUMBER_SIZE], struct page_scale scale, unsigned n)
{
	static const char units[] = "kMGTPE";
	uint64_t top = scale.step * scale.steps, unit = 1000;
	const char *name = units;

	if (n == 0 || top < 10000)
		return num_group(out, scale.step * n);
	for (; name[1] != '\0' && top / unit >= 1000; name++)
		unit *= 1000;
	/* A step is at least a fifth of the top and has one digit: tenths suffice. */
	if (scale.step * n % unit == 0)
		snprintf(out, PAGE_NUMBER_SIZE, "%u%c", (unsigned)(scale.step * n / unit), *name);
	else
		snprintf(out, PAGE_NUMBER_SIZE, "%u.%u%c", (unsigned)(scale.step * n / unit),
		    (unsigned)(scale.step * n % unit * 10 / unit), *name);
	return out;
}

double
page_part(uint64_t value, uint64_t whole, double extent, double least)
{
	double part;

	if (value == 0 || whole == 0)
		return 0;
	part = value < whole ? (double)value / (double)whole * extent : extent;
	return part > least ? part : least;
}
