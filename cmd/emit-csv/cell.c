#include <csv.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "cell.h"
#include "json/jtext.h"

static const char too_long[] = "a row that is too long";

void
cell_format_init(struct cell_format *f, char delimiter)
{
	memset(f, 0, sizeof *f);
	f->delimiter = delimiter;
	f->special[(unsigned char)delimiter] = true;
	f->special['"'] = f->special['\r'] = f->special['\n'] = true;
}

static bool
has_special(const struct cell_format *f, const char *s, size_t len)
{
	size_t i = 0;

#ifdef __SSE2__
	const __m128i delimiter = _mm_set1_epi8(f->delimiter), quote = _mm_set1_epi8('"');
	const __m128i cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n');

	for (; len - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
		__m128i hit = _mm_or_si128(
		    _mm_or_si128(_mm_cmpeq_epi8(v, delimiter), _mm_cmpeq_epi8(v, quote)),
		    _mm_or_si128(_mm_cmpeq_epi8(v, cr), _mm_cmpeq_epi8(v, lf)));

		if (_mm_movemask_epi8(hit) != 0)
			return true;
	}
#endif
	for (; i < len; i++) {
		if (f->special[(unsigned char)s[i]])
			return true;
	}
	return false;
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

size_t
cell_write(const struct cell_format *f, char *to, const char *s, size_t len)
{
	if (len == 0)
		return 0;
	if (needs_quotes(f, s, len))
		return csv_write2(to, cell_bound(len), s, len, '"');
	memcpy(to, s, len);
	return len;
}

/* A value that is no list, as a cell of its own or as an item of one. */
static const char *
append_item(struct buf *b, const struct tok_list *l, const char *text, uint32_t index)
{
	const struct tok *t = &l->tok[index];
	const char *s = text + t->start;
	size_t len = t->end - t->start;
	int failed;

	switch ((enum tok_type)t->type) {
	case TOK_NULL:
		return NULL;
	case TOK_STRING:
		if ((t->flags & TOK_NUL) != 0)
			return "a NUL";
		failed = jtext_decode(b, s, len);
		break;
	case TOK_ARRAY:
	case TOK_OBJECT:
		failed = jtext_value(b, l, text, index);
		break;
	default:
		failed = buf_append(b, s, len);
		break;
	}
	return failed != 0 ? too_long : NULL;
}

const char *
cell_value(struct buf *b, const struct tok_list *l, const char *text, uint32_t index,
    const char *join)
{
	const struct tok *tok = l->tok;
	size_t from = b->len;

	if (tok[index].type != TOK_ARRAY)
		return append_item(b, l, text, index);
	for (uint32_t i = index + 1; i < tok[index].next; i = tok[i].next) {
		bool last = tok[i].next == tok[index].next;
		const char *wrong = append_item(b, l, text, i), *found;
		size_t end = b->len;

		if (wrong != NULL)
			return wrong;
		if (!last && buf_append_string(b, join) != 0)
			return too_long;
		/*
		 * Who splits the cell from its left must find the first joiner behind the item: "xa"
		 * joined by "aa" fails too.  No NUL stops strstr, they were turned away.
		 */
		found = strstr(buf_string(b) + from, join);
		if (found != (last ? NULL : buf_string(b) + end))
			return "a list item that holds the joiner";
		from = b->len;
	}
	return NULL;
}
