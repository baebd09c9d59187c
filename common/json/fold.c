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

int
fold_append(struct buf *b, const char *s, size_t len)
{
	locale_t locale = unicode();
	const char *end = s + len;

	while (s < end) {
		size_t n = utf8_length(s, end);
		size_t folded;
		wint_t lower;
		char out[4];

		if (n == 0)
			return -1;
		lower = towlower_l(code_point((const unsigned char *)s, n), locale);
		folded = utf8_put(out, (uint32_t)lower);
		if (buf_append(b, out, folded) != 0)
			return -1;
		s += n;
	}
	return 0;
}
