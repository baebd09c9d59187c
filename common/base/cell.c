#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/cell.h"

void
cell_format_init(struct cell_format *f, char delimiter)
{
	memset(f, 0, sizeof *f);
	f->delimiter = delimiter;
	f->special[(unsigned char)delimiter] = true;
	f->special['"'] = f->special['\r'] = f->special['\n'] = true;
}

const char *
cell_delimiter(const char *text, char *delimiter)
{
	if (strcmp(text, "\\t") == 0)
		text = "\t";
	if (text[0] == '\0' || text[1] != '\0')
		return "must be one ASCII character or \\t";
	if (text[0] != '\t' && (text[0] < ' ' || text[0] > '~'))
		return "must be one ASCII character or \\t";
	if (text[0] == '"')
		return "must not be a quote";
	*delimiter = text[0];
	return NULL;
}

static bool
has_special_bytes(const struct cell_format *f, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (f->special[(unsigned char)s[i]])
			return true;
	}
	return false;
}

#ifdef __SSE2__
static inline bool
has_special_block(const struct cell_format *f, __m128i v)
{
	__m128i delimiter = _mm_cmpeq_epi8(v, _mm_set1_epi8(f->delimiter));
	__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	__m128i cr = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));
	__m128i lf = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));

	return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(delimiter, quote),
	    _mm_or_si128(cr, lf))) != 0;
}

/* What is no whole block is looked at in the last one, some bytes twice. */
static inline bool
has_special_blocks(const struct cell_format *f, const char *s, size_t len)
{
	const char *last;

	if (len < 8)
		return has_special_bytes(f, s, len);
	if (len < 16) {
		last = s + len - 8;
		return has_special_block(f, _mm_unpacklo_epi64(
		    _mm_loadl_epi64((const __m128i *)(const void *)s),
		    _mm_loadl_epi64((const __m128i *)(const void *)last)));
	}
	last = s + len - 16;
	for (; s < last; s += 16) {
		if (has_special_block(f, _mm_loadu_si128((const __m128i *)(const void *)s)))
			return true;
	}
	return has_special_block(f, _mm_loadu_si128((const __m128i *)(const void *)last));
}
#endif

static inline bool
has_special(const struct cell_format *f, const char *s, size_t len)
{
#ifdef __SSE2__
	return has_special_blocks(f, s, len);
#else
	return has_special_bytes(f, s, len);
#endif
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
needs_quotes(const struct cell_format *f, const char *s, size_t len)
{
	if (is_blank(s[0]) || is_blank(s[len - 1]))
		return true;
	if (s[0] == '\\' && len == 2 && s[1] == '.')
		return true;
	if (s[0] == '\xef' && len >= 3 && s[1] == '\xbb' && s[2] == '\xbf')
		return true;
	return has_special(f, s, len);
}

/* Out of line, so that the cells without quotes, which are most, need no room for its registers. */
__attribute__((noinline)) size_t
cell_quote(char *to, const char *s, size_t len)
{
	const char *end = s + len;
	char *start = to;

	*to++ = '"';
	while (s < end) {
		const char *quote = memchr(s, '"', (size_t)(end - s));
		size_t n = (size_t)((quote != NULL ? quote + 1 : end) - s);

		memcpy(to, s, n);
		to += n;
		s += n;
		if (quote != NULL)
			*to++ = '"';
	}
	*to++ = '"';
	return (size_t)(to - start);
}

size_t
cell_write(const struct cell_format *f, char *to, const char *s, size_t len)
{
	if (len == 0)
		return 0;
	if (needs_quotes(f, s, len))
		return cell_quote(to, s, len);
	memcpy(to, s, len);
	return len;
}
