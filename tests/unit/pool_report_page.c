/* Numbers, scales and texts of pool-report's page. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/pool-report/page_number.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/pool-report/page_words.c"	/* NOLINT(bugprone-suspicious-include) */

static char text[PAGE_NUMBER_SIZE];

static void
test_numbers(void)
{
	is(page_delta(text, 0), "0", "no change");
	is(page_delta(text, 1200), "+1,200", "more");
	is(page_delta(text, -3), "-3", "less");
	is(page_delta(text, INT64_MIN), "-9,223,372,036,854,775,808", "as little as can be");
	is(page_delta(text, INT64_MAX), "+9,223,372,036,854,775,807", "as much as can be");
}

static void
test_shares(void)
{
	is(page_share(text, 1, 0), "-", "of nobody");
	is(page_share(text, 0, 7), "0.0%", "nobody");
	is(page_share(text, 7, 7), "100.0%", "all");
	is(page_share(text, 1, 8), "12.5%", "an eighth");
	is(page_share(text, 1, 16), "6.3%", "half a tenth goes up");
	is(page_share(text, 2, 3), "66.7%", "rounded");
	is(page_share(text, 1, 2001), "<0.1%", "somebody is not nobody");
	is(page_share(text, 1, 2000), "0.1%", "which half a tenth is not");
	is(page_share(text, 9999, 10000), ">99.9%", "not all");
	is(page_share(text, 999, 1000), "99.9%", "nor this");
	is(page_share(text, 3, 2), "150.0%", "more than all");
	is(page_share(text, UINT64_MAX, UINT64_MAX), "100.0%", "all of the largest number");
	is(page_share(text, UINT64_MAX - 1, UINT64_MAX / 2), "200.0%", "twice as many");
	is(page_share(text, 1, UINT64_MAX), "<0.1%", "one of the largest number");
	is(page_share(text, 19999, 2), "999,950.0%", "very many times as many");
	is(page_share(text, UINT64_MAX, 1), ">1,000,000%", "which has an end");
}

/* Whether the scale for a value is right: round, high enough, and not twice as high as needed. */
static bool
scale_is_right(uint64_t value)
{
	struct page_scale s = page_scale_for(value);
	uint64_t first = s.step;

	while (first % 10 == 0)
		first /= 10;
	if (first != 1 && first != 2 && first != 5)
		return false;
	if (value == 0)
		return s.step == 1 && s.steps == 1;
	return s.steps >= 1 && s.steps <= 5 && s.step * s.steps >= value &&
	    s.step * (s.steps - 1) < value && (s.steps > 1 || s.step == 1);
}

static void
test_scales(void)
{
	struct page_scale s;
	size_t wrong = 0;

	for (uint64_t i = 0; i < 20000; i++)
		wrong += !scale_is_right(i);
	for (uint64_t i = 1; i < 1000000000000000000U; i = i * 7 / 4 + 1)
		wrong += !scale_is_right(i) + !scale_is_right(i * 1 + 12345 % i);
	ok(wrong == 0, "scales are round, high enough, and in two to five steps");
	s = page_scale_for(UINT64_MAX);
	ok(s.step * s.steps == 1000000000000000000U, "which end at 10^18");
	is(page_scale_label(text, page_scale_for(4100), 5), "5,000", "a label");
	is(page_scale_label(text, page_scale_for(9000), 0), "0", "that of nothing");
	is(page_scale_label(text, page_scale_for(40000000), 3), "30M", "millions");
	is(page_scale_label(text, page_scale_for(1000000), 1), "0.2M", "tenths of millions");
	is(page_scale_label(text, page_scale_for(12000), 3), "15k", "thousands");
	ok(page_part(0, 10, 100, 1) == 0, "nothing has no length");
	ok(page_part(1, 1000000, 100, 1) == 1, "something has");
	ok(page_part(20, 10, 100, 1) == 100, "and no more than all");
	ok(page_part(3, 0, 100, 1) == 0, "of nothing, nothing");
}

static struct buf b;

static const char *
visible(const char *s)
{
	words_visible(&b, s);
	return buf_string(&b);
}

static void
test_visible(void)
{
	is(visible("Z\xc3\xbcrich \xe5\x96\xb6"), "Z\xc3\xbcrich \xe5\x96\xb6", "letters stay");
	is(visible(""), "(empty)", "nothing is said to be nothing");
	is(visible(NULL), "(empty)", "so is what is not there");
	is(visible("a\tb\nc\x1b[m\x7f"), "a\\u0009b\\u000ac\\u001b[m\\u007f", "controls");
	is(visible("\xc2\x85\xc2\x9b"), "\\u0085\\u009b", "C1 controls");
	is(visible("\xe2\x80\xae\xe2\x81\xa6\xd8\x9c"), "\\u202e\\u2066\\u061c", "directions");
	is(visible("\xe2\x80\xa8\xe2\x80\x8b\xef\xbb\xbf\xc2\xad"), "\\u2028\\u200b\\ufeff\\u00ad",
	    "line ends, and what has no width");
	is(visible(" a b  c\xc2\xa0" "d "), "\\u0020a b\\u0020\\u0020c\\u00a0d\\u0020",
	    "blanks that would not be seen");
	is(visible(" "), "\\u0020", "or be alone");
	is(visible("\xf3\xa0\x81\xa1"), "\\U000e0061", "tags");
	is(visible("\xef\xbf\xbe\xf0\x9f\xbf\xbf"), "\\ufffe\\U0001ffff", "what is no character");
	is(visible("\xff" "a\xc0\xaf\xed\xa0\x80\xe2\x80"),
	    "\\xffa\\xc0\\xaf\\xed\\xa0\\x80\\xe2\\x80", "what is no UTF-8");
	is(visible("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80"),
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", "joined pictures stay");
	is(visible("e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85x\xcc\x81"),
	    "e\xcc\x81\xcc\x82\xcc\x83\\u0304\\u0305x\xcc\x81", "marks upon marks do not");
}

static void
test_widths(void)
{
	static const char mixed[] = "e\xcc\x81\xe5\x96\xb6" "ab";

	ok(words_cells("abc", 3) == 3, "cells of ASCII");
	ok(words_cells(mixed, strlen(mixed)) == 5, "of a mark and a wide letter");
	ok(words_fit(mixed, strlen(mixed), 5, 0, words_cells) == strlen(mixed), "all fits");
	ok(words_fit(mixed, strlen(mixed), 4, 0, words_cells) == 7, "all but one fits");
	ok(words_fit(mixed, strlen(mixed), 2, 0, words_cells) == 3, "half a letter does not");
	ok(words_fit(mixed, strlen(mixed), 3, 1, words_cells) == 3, "room for the rest");
	ok(words_fit(mixed, strlen(mixed), 0, 0, words_cells) == 0, "nothing fits");
	ok(words_pixels("WWWW", 4) > words_pixels("iiii", 4), "letters differ");
	ok(words_right_to_left("a\xd7\xa9", 3), "Hebrew");
	ok(words_right_to_left("\xd8\xb9", 2), "Arabic");
	ok(!words_right_to_left("Z\xc3\xbcrich \xe5\x96\xb6", 11), "neither");
}

int
main(void)
{
	buf_init(&b, 10000);
	test_numbers();
	test_shares();
	test_scales();
	test_visible();
	test_widths();
	buf_free(&b);
	return tap_done();
}
