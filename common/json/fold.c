#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <wctype.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/prog.h"
#include "json/fold.h"
#include "json/utf8.h"

/*
 * Debian's libc has C.UTF-8 built in; a libc without it knows ASCII's letters alone, and what is
 * then held to be different would be the same to the directory.
 */
static locale_t
unicode(void)
{
	static locale_t locale;

	if (locale == (locale_t)0)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (locale == (locale_t)0) {
		diag_error("the locale C.UTF-8 is missing, by which letter case is compared");
		exit(PROG_FAIL);
	}
	return locale;
}

void
fold_prepare(void)
{
	(void)unicode();
}

/* The code point of the character of n bytes at s. */
static uint32_t
code_point(const unsigned char *s, size_t n)
{
	static const unsigned char lead_mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = s[0] & lead_mask[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3f);
	return c;
}

/* The ASCII that the text begins with: *s goes behind it.  Returns 0, or -1 with b full. */
static int
append_ascii(struct buf *b, const char **s, const char *end)
{
	const char *from = *s;
	size_t at = b->len;

	while (*s < end && (unsigned char)**s < 0x80)
		(*s)++;
	if (buf_append(b, from, (size_t)(*s - from)) != 0)
		return -1;
	for (; at < b->len; at++) {
		if (b->data[at] >= 'A' && b->data[at] <= 'Z')
			b->data[at] = (char)(b->data[at] + ('a' - 'A'));
	}
	return 0;
}

/* The character that the text begins with: *s goes behind it.  Returns as fold_append. */
static int
append_character(struct buf *b, const char **s, const char *end, locale_t locale)
{
	size_t n = utf8_length(*s, end), folded;
	wint_t lower;
	char out[4];

	if (n == 0)
		return -1;
	lower = towlower_l(code_point((const unsigned char *)*s, n), locale);
	folded = utf8_put(out, (uint32_t)lower);
	*s += n;
	return buf_append(b, out, folded);
}

int
fold_append(struct buf *b, const char *s, size_t len)
{
	locale_t locale = unicode();
	const char *end = s + len;
	int failed = 0;

	/* Most names are ASCII, of which no table need be asked. */
	while (failed == 0 && s < end)
		failed = (unsigned char)*s < 0x80 ? append_ascii(b, &s, end) :
		    append_character(b, &s, end, locale);
	return failed;
}
