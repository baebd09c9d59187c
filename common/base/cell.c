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

/*
 * Copies the cell and looks at it on the way, since to go over it once for either takes longer.
 * Returns whether it is free of special bytes.
 */
static bool
copy_bytes(const struct cell_format *f, char *to, const char *s, size_t len)
{
	bool special = false;

	for (size_t i = 0; i < len; i++) {
		to[i] = s[i];
		special |= f->special[(unsigned char)s[i]];
	}
	return !special;
}

#ifdef __SSE2__
/* The special bytes of a block. */
static inline __m128i
find_special(const struct cell_format *f, __m128i v)
{
	__m128i delimiter = _mm_cmpeq_epi8(v, _mm_set1_epi8(f->delimiter));
	__m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
	__m128i cr = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));
	__m128i lf = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'));

	return _mm_or_si128(_mm_or_si128(delimiter, quote), _mm_or_si128(cr, lf));
}

/* Eight to sixteen bytes: the first eight and the last, some of them twice. */
static inline __m128i
copy_short(const struct cell_format *f, char *to, const char *s, size_t len)
{
	__m128i first = _mm_loadl_epi64((const __m128i *)(const void *)s);
	__m128i last = _mm_loadl_epi64((const __m128i *)(const void *)(s + len - 8));

	_mm_storel_epi64((__m128i *)(void *)to, first);
	_mm_storel_epi64((__m128i *)(void *)(to + len - 8), last);
	return find_special(f, _mm_unpacklo_epi64(first, last));
}

/* More: what is no whole block is in the last one, with some bytes of the one before. */
static inline __m128i
copy_long(const struct cell_format *f, char *to, const char *s, size_t len)
{
	size_t last = len - 16;
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + last));
	__m128i special = find_special(f, v);

	_mm_storeu_si128((__m128i *)(void *)(to + last), v);
	for (size_t at = 0; at < last; at += 16) {
		v = _mm_loadu_si128((const __m128i *)(const void *)(s + at));
		_mm_storeu_si128((__m128i *)(void *)(to + at), v);
		special = _mm_or_si128(special, find_special(f, v));
	}
	return special;
}

static inline bool
copy_blocks(const struct cell_format *f, char *to, const char *s, size_t len)
{
	__m128i special;

	if (len < 8)
		return copy_bytes(f, to, s, len);
	special = len <= 16 ? copy_short(f, to, s, len) : copy_long(f, to, s, len);
	return _mm_movemask_epi8(special) == 0;
}
#endif

static inline bool
copy(const struct cell_format *f, char *to, const char *s, size_t len)
{
#ifdef __SSE2__
	return copy_blocks(f, to, s, len);
#else
	return copy_bytes(f, to, s, len);
#endif
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Whether some reader mistakes it without quotes, special bytes or not. */
static inline bool
is_mistaken(const char *s, size_t len)
{
	if (is_blank(s[0]) || is_blank(s[len - 1]))
		return true;
	if (s[0] == '\\' && len == 2 && s[1] == '.')
		return true;
	return s[0] == '\xef' && len >= 3 && s[1] == '\xbb' && s[2] == '\xbf';
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
	if (!is_mistaken(s, len) && copy(f, to, s, len))
		return len;
	return cell_quote(to, s, len);
}
