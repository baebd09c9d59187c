/* Texts from outside (page_words.h). */
#include "page_words.h"

#include <stdint.h>
#include <string.h>

#include "json/utf8.h"

/* Marks on one letter that writing systems need; more cover what stands above and below. */
enum { MARKS_MAX = 3 };

struct range {
	uint32_t first, last;
};

/* What a terminal or a browser acts upon, does not show at all, or shows as a blank. */
static const struct range hidden[] = {
	{ 0x0, 0x1f }, { 0x7f, 0xa0 }, { 0xad, 0xad }, { 0x61c, 0x61c }, { 0x115f, 0x1160 },
	{ 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200b },
	{ 0x200e, 0x200f }, { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 },
	{ 0x3164, 0x3164 }, { 0xfdd0, 0xfdef },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }
};

/* What stands on the character before it; of the scripts that are met most. */
static const struct range marks[] = {
	{ 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd }, { 0x5bf, 0x5bf }, { 0x5c1, 0x5c2 },
	{ 0x5c4, 0x5c5 }, { 0x5c7, 0x5c7 }, { 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x670, 0x670 },
	{ 0x6d6, 0x6dc }, { 0x6df, 0x6e4 }, { 0x6e7, 0x6e8 }, { 0x6ea, 0x6ed }, { 0x900, 0x902 },
	{ 0x93c, 0x93c }, { 0x941, 0x948 }, { 0x94d, 0x94d }, { 0xe31, 0xe31 }, { 0xe34, 0xe3a },
	{ 0xe47, 0xe4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200c, 0x200d },
	{ 0x20d0, 0x20ff }, { 0x302a, 0x302d }, { 0x3099, 0x309a }, { 0xfe00, 0xfe0f },
	{ 0xfe20, 0xfe2f }
};

/* Two columns of a terminal: East Asian Width W and F, emoji among them. */
static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x23e9, 0x23ec }, { 0x25fd, 0x25fe },
	{ 0x2614, 0x2615 }, { 0x2648, 0x2653 }, { 0x26aa, 0x26ab }, { 0x26bd, 0x26be },
	{ 0x2705, 0x2705 }, { 0x270a, 0x270b }, { 0x2728, 0x2728 }, { 0x274c, 0x274c },
	{ 0x274e, 0x274e }, { 0x2753, 0x2757 }, { 0x2795, 0x2797 }, { 0x2b1b, 0x2b1c },
	{ 0x2b50, 0x2b55 }, { 0x2e80, 0x303e }, { 0x3041, 0x4dbf }, { 0x4e00, 0xa4cf },
	{ 0xa960, 0xa97f }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe10, 0xfe19 },
	{ 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x16fe0, 0x18aff },
	{ 0x1b000, 0x1b2ff }, { 0x1f18e, 0x1f19a }, { 0x1f200, 0x1f64f }, { 0x1f680, 0x1f6ff },
	{ 0x1f7e0, 0x1f7eb }, { 0x1f900, 0x1f9ff }, { 0x1fa70, 0x1faff }, { 0x20000, 0x3fffd }
};

static const struct range right_to_left[] = {
	{ 0x590, 0x8ff }, { 0xfb1d, 0xfdff }, { 0xfe70, 0xfefe }, { 0x10800, 0x10fff },
	{ 0x1e800, 0x1efff }
};

#define IS_IN(ranges, c) in_ranges(ranges, sizeof(ranges) / sizeof((ranges)[0]), c)

static bool
in_ranges(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n && r[i].first <= c; i++) {
		if (c <= r[i].last)
			return true;
	}
	return false;
}

/* Whether a blank at s would be lost to the eye: one at an end, or beside another. */
static bool
is_lost_blank(const char *s, const char *from)
{
	return s[0] == ' ' && (s == from || s[-1] == ' ' || s[1] == ' ' || s[1] == '\0');
}

/* The character of n bytes at s. */
static uint32_t
decode(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c = n < 2 ? p[0] : p[0] & (0x7fU >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

void
words_visible(struct buf *b, const char *text)
{
	const char *from, *end;
	unsigned in_a_row = 0;
	int full = 0;

	buf_clear(b);
	if (text == NULL || text[0] == '\0')
		text = "(empty)";
	from = text;
	end = text + strlen(text);
	for (size_t n; full == 0 && text < end; text += n) {
		uint32_t c;

		n = utf8_length(text, end);
		if (n == 0) {
			full = buf_appendf(b, "\\x%02x", (unsigned)(unsigned char)text[0]);
			n = 1;
			continue;
		}
		c = decode(text, n);
		in_a_row = IS_IN(marks, c) ? in_a_row + 1 : 0;
		/* The last two of every plane are no characters, and no text of XML. */
		if (in_a_row <= MARKS_MAX && !IS_IN(hidden, c) && (c & 0xfffe) != 0xfffe &&
		    !is_lost_blank(text, from))
			full = buf_append(b, text, n);
		else
			full = buf_appendf(b, c > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)c);
	}
}

/* The next character of what words_visible made; moves *s behind it. */
static uint32_t
next(const char **s, const char *end)
{
	size_t n = utf8_length(*s, end);
	uint32_t c;

	if (n == 0)
		n = 1;
	c = decode(*s, n);
	*s += n;
	return c;
}

size_t
words_cells(const char *s, size_t len)
{
	const char *end = s + len;
	size_t cells = 0;

	while (s < end) {
		uint32_t c = next(&s, end);

		cells += IS_IN(marks, c) ? 0 : IS_IN(wide, c) ? 2 : 1;
	}
	return cells;
}

size_t
words_pixels(const char *s, size_t len)
{
	const char *end = s + len;
	size_t tenths = 0;	/* of a pixel, at 13 pixels a line */

	while (s < end) {
		uint32_t c = next(&s, end);

		if (c < 0x80 && strchr("fijlrt.,:;'|!()[]/\\ ", (int)c) != NULL)
			tenths += 45;
		else if (c < 0x80 && strchr("mwMW@%<>=+~&#", (int)c) != NULL)
			tenths += 125;
		else if ((c >= 'A' && c <= 'Z') || (c >= 0x80 && c < 0x2e80 && !IS_IN(marks, c)))
			tenths += 90;
		else if (!IS_IN(marks, c))
			tenths += c < 0x80 ? 75 : 140;
	}
	return (tenths + 9) / 10;
}

size_t
words_fit(const char *s, size_t len, size_t width, size_t rest,
    size_t (*measure)(const char *s, size_t len))
{
	const char *end = s + len, *p = s;
	size_t fits = 0, used = 0;

	if (measure(s, len) <= width)
		return len;
	while (p < end) {
		const char *from = p;

		(void)next(&p, end);
		used += measure(from, (size_t)(p - from));
		if (used + rest > width)
			break;
		fits = (size_t)(p - s);
	}
	return fits;
}

bool
words_right_to_left(const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		if (IS_IN(right_to_left, next(&s, end)))
			return true;
	}
	return false;
}
