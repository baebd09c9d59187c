#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/mem.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "json/utf8.h"

struct parser {
	struct tok_list *list;
	const char *text, *p, *end;
	enum tok_error error;
	unsigned depth;
	uint32_t open[TOK_DEPTH_MAX];	/* indices of the containers we are in */
};

void
tok_init(struct tok_list *l, size_t max)
{
	memset(l, 0, sizeof *l);
	l->max = max;
}

void
tok_free(struct tok_list *l)
{
	free(l->tok);
	tok_init(l, l->max);
}

static bool
fail(struct parser *ps, enum tok_error e)
{
	ps->error = ps->p >= ps->end && e == TOK_SYNTAX ? TOK_CUT : e;
	ps->list->error_at = (size_t)(ps->p - ps->text);
	return false;
}

static inline void
skip_space(struct parser *ps)
{
	while (ps->p < ps->end &&
	    (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\t' || *ps->p == '\r'))
		ps->p++;
}

static bool
grow(struct parser *ps)
{
	struct tok_list *l = ps->list;
	size_t cap = l->cap == 0 ? 256 : l->cap * 2;

	if (l->cap >= l->max)
		return fail(ps, TOK_MANY);
	if (cap > l->max)
		cap = l->max;
	l->tok = mem_resize(l->tok, cap, sizeof *l->tok);
	l->cap = cap;
	return true;
}

/* Adds a token that begins at start; next and end are right for a scalar that ends at ps->p. */
static inline bool
push(struct parser *ps, enum tok_type type, const char *start, unsigned flags)
{
	struct tok_list *l = ps->list;
	struct tok *t;

	if (l->count == l->cap && !grow(ps))
		return false;
	t = &l->tok[l->count++];
	t->start = (uint32_t)(start - ps->text);
	t->end = (uint32_t)(ps->p - ps->text);
	t->next = (uint32_t)l->count;
	t->type = (uint8_t)type;
	t->flags = (uint8_t)flags;
	return true;
}

/* The first byte from p on that is not plain: quote, backslash, control, DEL or not ASCII. */
static inline const char *
skip_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f), del = _mm_set1_epi8(0x7f);

	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i odd = _mm_or_si128(
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
		    _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, control), v),
		    _mm_cmpeq_epi8(v, del)));
		/* The top bit of v itself marks what is not ASCII. */
		int mask = _mm_movemask_epi8(_mm_or_si128(odd, v));

		if (mask != 0)
			return p + __builtin_ctz((unsigned)mask);
		p += 16;
	}
#endif
	while (p < end) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		p++;
	}
	return p;
}

/* Four hexadecimal digits at p, or -1. */
static int
hex4(const char *p, const char *end)
{
	int value = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
		    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* Steps over the escape at ps->p (a backslash) and adds to *flags. */
static bool
scan_escape(struct parser *ps, unsigned *flags)
{
	int c;

	*flags |= TOK_ESCAPED;
	if (++ps->p == ps->end)
		return fail(ps, TOK_SYNTAX);
	if (*ps->p != 'u') {
		if (*ps->p == '\0' || strchr("\"\\/bfnrt", *ps->p) == NULL)
			return fail(ps, TOK_SYNTAX);
		ps->p++;
		return true;
	}
	c = hex4(ps->p + 1, ps->end);
	if (c < 0)
		return fail(ps, TOK_SYNTAX);
	ps->p += 5;
	if (c == 0)
		*flags |= TOK_NUL;
	if (c >= 0xd800 && c <= 0xdbff) {
		int low = ps->end - ps->p >= 6 && ps->p[0] == '\\' && ps->p[1] == 'u' ?
		    hex4(ps->p + 2, ps->end) : -1;

		if (low >= 0xdc00 && low <= 0xdfff)
			ps->p += 6;
		else
			*flags |= TOK_LONE;
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		*flags |= TOK_LONE;
	}
	return true;
}

/* The string whose opening quote is at ps->p. */
static bool
scan_string(struct parser *ps)
{
	const char *start = ++ps->p;
	unsigned flags = 0;

	for (;;) {
		ps->p = skip_plain(ps->p, ps->end);
		if (ps->p == ps->end)
			return fail(ps, TOK_SYNTAX);
		if (*ps->p == '"')
			break;
		if (*ps->p == '\\') {
			if (!scan_escape(ps, &flags))
				return false;
		} else if (*ps->p == 0x7f) {
			flags |= TOK_ESCAPED;
			ps->p++;
		} else if ((unsigned char)*ps->p < 0x20) {
			return fail(ps, TOK_SYNTAX);
		} else {
			size_t n = utf8_length(ps->p, ps->end);

			if (n == 0)
				return fail(ps, TOK_UTF8);
			ps->p += n;
		}
	}
	ps->list->flags |= (uint8_t)flags;
	if (!push(ps, TOK_STRING, start, flags))
		return false;
	ps->p++;
	return true;
}

static inline bool
skip_digits(struct parser *ps)
{
	const char *start = ps->p;

	while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
		ps->p++;
	return ps->p > start;
}

/* RFC 8259 section 6; the text is kept, its value never computed. */
static bool
scan_number(struct parser *ps)
{
	const char *start = ps->p;

	if (*ps->p == '-')
		ps->p++;
	if (ps->p < ps->end && *ps->p == '0')
		ps->p++;
	else if (!skip_digits(ps))
		return fail(ps, TOK_SYNTAX);
	if (ps->p < ps->end && *ps->p == '.') {
		ps->p++;
		if (!skip_digits(ps))
			return fail(ps, TOK_SYNTAX);
	}
	if (ps->p < ps->end && (*ps->p == 'e' || *ps->p == 'E')) {
		ps->p++;
		if (ps->p < ps->end && (*ps->p == '+' || *ps->p == '-'))
			ps->p++;
		if (!skip_digits(ps))
			return fail(ps, TOK_SYNTAX);
	}
	return push(ps, TOK_NUMBER, start, 0);
}

static bool
scan_word(struct parser *ps, const char *word, enum tok_type type)
{
	const char *start = ps->p;

	for (; *word != '\0'; word++, ps->p++) {
		if (ps->p == ps->end || *ps->p != *word)
			return fail(ps, TOK_SYNTAX);
	}
	return push(ps, type, start, 0);
}

static bool
open_container(struct parser *ps, enum tok_type type)
{
	if (ps->depth == TOK_DEPTH_MAX)
		return fail(ps, TOK_DEPTH);
	ps->open[ps->depth++] = (uint32_t)ps->list->count;
	if (!push(ps, type, ps->p, 0))
		return false;
	ps->p++;
	return true;
}

static void
close_container(struct parser *ps)
{
	struct tok *t = &ps->list->tok[ps->open[--ps->depth]];

	ps->p++;
	t->end = (uint32_t)(ps->p - ps->text);
	t->next = (uint32_t)ps->list->count;
}

/* A key and its colon. */
static bool
scan_key(struct parser *ps)
{
	skip_space(ps);
	if (ps->p == ps->end || *ps->p != '"')
		return fail(ps, TOK_SYNTAX);
	if (!scan_string(ps))
		return false;
	skip_space(ps);
	if (ps->p == ps->end || *ps->p != ':')
		return fail(ps, TOK_SYNTAX);
	ps->p++;
	return true;
}

/*
 * A scalar, or the opening of a container up to where its first value begins.  *complete tells
 * whether a whole value was read.
 */
static inline bool
scan_value(struct parser *ps, bool *complete)
{
	char closing = ']';

	skip_space(ps);
	*complete = true;
	if (ps->p == ps->end)
		return fail(ps, TOK_SYNTAX);
	switch (*ps->p) {
	case '"':
		return scan_string(ps);
	case 't':
		return scan_word(ps, "true", TOK_TRUE);
	case 'f':
		return scan_word(ps, "false", TOK_FALSE);
	case 'n':
		return scan_word(ps, "null", TOK_NULL);
	case '{':
		closing = '}';
		if (!open_container(ps, TOK_OBJECT))
			return false;
		break;
	case '[':
		if (!open_container(ps, TOK_ARRAY))
			return false;
		break;
	default:
		return scan_number(ps);
	}
	skip_space(ps);
	if (ps->p < ps->end && *ps->p == closing) {
		close_container(ps);
		return true;
	}
	*complete = false;
	return closing == ']' || scan_key(ps);
}

/* Behind a complete value: closes what ends here and stops where the next value begins. */
static inline bool
scan_behind(struct parser *ps)
{
	while (ps->depth > 0) {
		bool object = ps->list->tok[ps->open[ps->depth - 1]].type == TOK_OBJECT;

		skip_space(ps);
		if (ps->p == ps->end)
			return fail(ps, TOK_SYNTAX);
		if (*ps->p == ',') {
			ps->p++;
			return !object || scan_key(ps);
		}
		if (*ps->p != (object ? '}' : ']'))
			return fail(ps, TOK_SYNTAX);
		close_container(ps);
	}
	return true;
}

enum tok_error
tok_parse(struct tok_list *l, const char *text, size_t len)
{
	struct parser ps;
	bool complete;

	ps.list = l;
	ps.text = ps.p = text;
	ps.end = text + len;
	ps.error = TOK_OK;
	ps.depth = 0;
	l->count = 0;
	l->flags = 0;
	l->error_at = 0;
	if (len >= UINT32_MAX)
		return TOK_LONG;
	do {
		if (!scan_value(&ps, &complete))
			return ps.error;
		if (complete && !scan_behind(&ps))
			return ps.error;
	} while (ps.depth > 0);
	skip_space(&ps);
	if (ps.p < ps.end)
		fail(&ps, TOK_SYNTAX);
	return ps.error;
}

const char *
tok_error_text(enum tok_error e)
{
	switch (e) {
	case TOK_OK:
		return "good JSON";
	case TOK_SYNTAX:
		return "not JSON";
	case TOK_CUT:
		return "JSON cut off";
	case TOK_UTF8:
		return "invalid UTF-8";
	case TOK_DEPTH:
		return "nested deeper than 256 levels";
	case TOK_MANY:
		return "too many JSON values";
	case TOK_LONG:
		return "4 GiB or longer";
	}
	return "unknown error";
}

bool
tok_is(const struct tok *t, const char *text, const char *s, size_t len)
{
	const char *p = text + t->start, *end = text + t->end;

	if (t->type != TOK_STRING)
		return false;
	if ((t->flags & TOK_ESCAPED) == 0)
		return (size_t)(end - p) == len && memcmp(p, s, len) == 0;
	while (p < end) {
		char c[4];
		size_t used = 1, n = 1;

		c[0] = *p;
		if (*p == '\\')
			n = jtext_escape(p, end, c, &used);
		if (n > len || memcmp(c, s, n) != 0)
			return false;
		p += used;
		s += n;
		len -= n;
	}
	return len == 0;
}

uint32_t
tok_member(const struct tok_list *l, const char *text, uint32_t object, const char *key)
{
	const struct tok *t = l->tok;
	size_t len = strlen(key);
	uint32_t found = 0;

	if (t[object].type != TOK_OBJECT)
		return 0;
	for (uint32_t i = object + 1; i < t[object].next; i = t[i + 1].next) {
		if (tok_is(&t[i], text, key, len))
			found = i + 1;
	}
	return found;
}
