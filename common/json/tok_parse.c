/*
 * The tokenizer's one pass over the bytes.
 *
 * What makes it fast: a position lives in a register and goes from function to function by value;
 * the common case of each is inlined, and what is rare (escapes, text beyond ASCII, numbers,
 * errors) lies in functions of its own, out of its way; where a string ends is told by plain.h.
 *
 * A scan takes the position where its piece begins and returns the one behind it, or NULL: then
 * the error is noted.
 */
#include <string.h>

#include "base/mem.h"
#include "json/plain.h"
#include "json/tok.h"
#include "json/utf8.h"

#define RARE __attribute__((noinline, cold))

struct parser {
	struct tok_list *list;
	const char *text, *end;
	struct plain plain;
	enum tok_error error;
	unsigned depth;
	bool object;			/* the innermost container is one */
	uint32_t open[TOK_DEPTH_MAX];	/* indices of the containers we are in */
};

/* Notes the error at p; a syntax error behind the last byte means that the text was cut. */
RARE static const char *
fail(struct parser *ps, const char *p, enum tok_error e)
{
	ps->error = p >= ps->end && e == TOK_SYNTAX ? TOK_CUT : e;
	ps->list->error_at = (size_t)(p - ps->text);
	return NULL;
}

RARE static const char *
skip_space(const struct parser *ps, const char *p)
{
	while (p < ps->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/*
 * Whether c is next; *p goes to it, over white space, or to what stands there instead.  Our own
 * records have no white space: to look for c first saves looking for that.
 */
static inline bool
is_next(const struct parser *ps, const char **p, char c)
{
	if (*p < ps->end && **p == c)
		return true;
	if (*p < ps->end && (unsigned char)**p <= ' ')
		*p = skip_space(ps, *p);
	return *p < ps->end && **p == c;
}

/* Returns NULL if the list is as long as it may be. */
RARE static const char *
grow(struct parser *ps, const char *p)
{
	struct tok_list *l = ps->list;
	size_t cap = l->cap == 0 ? 256 : l->cap * 2;

	if (l->cap >= l->max)
		return fail(ps, p, TOK_MANY);
	if (cap > l->max)
		cap = l->max;
	l->tok = mem_resize(l->tok, cap, sizeof *l->tok);
	l->cap = cap;
	return p;
}

/* Adds a token from start to end.  Returns end, or NULL. */
static inline const char *
push(struct parser *ps, enum tok_type type, const char *start, const char *end, unsigned flags)
{
	struct tok_list *l = ps->list;
	size_t i = l->count;

	if (i == l->cap && grow(ps, end) == NULL)
		return NULL;
	l->count = i + 1;
	l->tok[i] = (struct tok){ .start = (uint32_t)(start - ps->text),
	    .end = (uint32_t)(end - ps->text), .next = (uint32_t)(i + 1), .type = (uint8_t)type,
	    .flags = (uint8_t)flags };
	return end;
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

/* The escape \uXXXX whose u is at p, or two of them that are a pair; adds to *flags. */
static const char *
scan_unicode(struct parser *ps, const char *p, unsigned *flags)
{
	int c = hex4(p + 1, ps->end);

	if (c < 0)
		return fail(ps, p, TOK_SYNTAX);
	p += 5;
	if (c == 0)
		*flags |= TOK_NUL;
	if (c >= 0xd800 && c <= 0xdbff) {
		int low = ps->end - p >= 6 && p[0] == '\\' && p[1] == 'u' ?
		    hex4(p + 2, ps->end) : -1;

		if (low >= 0xdc00 && low <= 0xdfff)
			p += 6;
		else
			*flags |= TOK_LONE;
	} else if (c >= 0xdc00 && c <= 0xdfff) {
		*flags |= TOK_LONE;
	}
	return p;
}

/* The escape whose backslash is at p; adds to *flags. */
static inline const char *
scan_escape(struct parser *ps, const char *p, unsigned *flags)
{
	*flags |= TOK_ESCAPED;
	if (++p == ps->end)
		return fail(ps, p, TOK_SYNTAX);
	switch (*p) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return p + 1;
	case 'u':
		return scan_unicode(ps, p, flags);
	default:
		return fail(ps, p, TOK_SYNTAX);
	}
}

/* The characters beyond ASCII from p on, of which there is one at least: names come in runs. */
static inline const char *
scan_utf8(struct parser *ps, const char *p)
{
	do {
		/* Latin, Greek, Cyrillic, Hebrew, Arabic: two bytes, without a rule of their own. */
		bool two = ps->end - p >= 2 && (unsigned char)p[0] >= 0xc2 &&
		    (unsigned char)p[0] < 0xe0 && ((unsigned char)p[1] & 0xc0) == 0x80;
		size_t n = two ? 2 : utf8_length(p, ps->end);

		if (n == 0)
			return fail(ps, p, TOK_UTF8);
		p += n;
	} while (p < ps->end && (unsigned char)*p >= 0x80);
	return p;
}

/* The rest of a string from start on whose first byte that is not plain is at p. */
__attribute__((noinline)) static const char *
scan_odd_string(struct parser *ps, const char *start, const char *p)
{
	unsigned flags = 0;

	for (; p < ps->end && *p != '"'; p = plain_end(&ps->plain, p)) {
		if (*p == '\\') {
			p = scan_escape(ps, p, &flags);
		} else if (*p == 0x7f) {
			flags |= TOK_ESCAPED;
			p++;
		} else if ((unsigned char)*p < 0x20) {
			return fail(ps, p, TOK_SYNTAX);
		} else {
			p = scan_utf8(ps, p);
		}
		if (p == NULL)
			return NULL;
	}
	if (p == ps->end)
		return fail(ps, p, TOK_SYNTAX);
	ps->list->flags |= (uint8_t)flags;
	return push(ps, TOK_STRING, start, p, flags) != NULL ? p + 1 : NULL;
}

/* The string whose opening quote is at p. */
static inline const char *
scan_string(struct parser *ps, const char *p)
{
	const char *start = p + 1;

	p = plain_end(&ps->plain, start);
	if (p == ps->end || *p != '"')
		return scan_odd_string(ps, start, p);
	return push(ps, TOK_STRING, start, p, 0) != NULL ? p + 1 : NULL;
}

/* Returns p if there is no digit. */
static const char *
skip_digits(const struct parser *ps, const char *p)
{
	while (p < ps->end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* RFC 8259 section 6; the text is kept, its value never computed. */
static const char *
scan_number(struct parser *ps, const char *p)
{
	const char *start = p, *digits;

	if (*p == '-')
		p++;
	digits = p;
	p = p < ps->end && *p == '0' ? p + 1 : skip_digits(ps, p);
	if (p == digits)
		return fail(ps, p, TOK_SYNTAX);
	if (p < ps->end && *p == '.') {
		digits = p + 1;
		p = skip_digits(ps, digits);
		if (p == digits)
			return fail(ps, p, TOK_SYNTAX);
	}
	if (p < ps->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < ps->end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		p = skip_digits(ps, p);
		if (p == digits)
			return fail(ps, p, TOK_SYNTAX);
	}
	return push(ps, TOK_NUMBER, start, p, 0);
}

static inline const char *
scan_word(struct parser *ps, const char *p, const char *word, enum tok_type type)
{
	size_t len = strlen(word);

	if ((size_t)(ps->end - p) >= len && memcmp(p, word, len) == 0)
		return push(ps, type, p, p + len, 0);
	while (p < ps->end && *p == *word) {
		p++;
		word++;
	}
	return fail(ps, p, TOK_SYNTAX);
}

/* What is neither string nor container. */
__attribute__((noinline)) static const char *
scan_scalar(struct parser *ps, const char *p)
{
	if (p == ps->end)
		return fail(ps, p, TOK_SYNTAX);
	switch (*p) {
	case 't':
		return scan_word(ps, p, "true", TOK_TRUE);
	case 'f':
		return scan_word(ps, p, "false", TOK_FALSE);
	case 'n':
		return scan_word(ps, p, "null", TOK_NULL);
	default:
		return scan_number(ps, p);
	}
}

static inline const char *
open_container(struct parser *ps, const char *p, enum tok_type type)
{
	if (ps->depth == TOK_DEPTH_MAX)
		return fail(ps, p, TOK_DEPTH);
	ps->open[ps->depth++] = (uint32_t)ps->list->count;
	ps->object = type == TOK_OBJECT;
	return push(ps, type, p, p, 0) != NULL ? p + 1 : NULL;
}

/* The closing bracket is at p. */
static inline const char *
close_container(struct parser *ps, const char *p)
{
	struct tok *tok = ps->list->tok, *t = &tok[ps->open[--ps->depth]];

	t->end = (uint32_t)(p + 1 - ps->text);
	t->next = (uint32_t)ps->list->count;
	ps->object = ps->depth > 0 && tok[ps->open[ps->depth - 1]].type == TOK_OBJECT;
	return p + 1;
}

/* A key and its colon. */
static inline const char *
scan_key(struct parser *ps, const char *p)
{
	if (!is_next(ps, &p, '"'))
		return fail(ps, p, TOK_SYNTAX);
	p = scan_string(ps, p);
	if (p == NULL)
		return NULL;
	return is_next(ps, &p, ':') ? p + 1 : fail(ps, p, TOK_SYNTAX);
}

static inline char
closing_bracket(const struct parser *ps)
{
	return ps->object ? '}' : ']';
}

/*
 * Behind a value: closes what ends here and stops behind the comma, or behind the whole value when
 * nothing is open any more.
 */
static inline const char *
scan_behind(struct parser *ps, const char *p)
{
	while (ps->depth > 0) {
		if (is_next(ps, &p, ','))
			return p + 1;
		if (!is_next(ps, &p, closing_bracket(ps)))
			return fail(ps, p, TOK_SYNTAX);
		p = close_container(ps, p);
	}
	return p;
}

/* The whole text; all is well if ps->error says so. */
static void
scan_text(struct parser *ps)
{
	const char *p = ps->text;

	do {
		if (ps->object && (p = scan_key(ps, p)) == NULL)
			return;
		if (is_next(ps, &p, '"')) {
			p = scan_string(ps, p);
		} else if (p < ps->end && (*p == '{' || *p == '[')) {
			p = open_container(ps, p, *p == '{' ? TOK_OBJECT : TOK_ARRAY);
			if (p != NULL && !is_next(ps, &p, closing_bracket(ps)))
				continue;
		} else {
			p = scan_scalar(ps, p);
		}
		if (p == NULL || (p = scan_behind(ps, p)) == NULL)
			return;
	} while (ps->depth > 0);
	if (p < ps->end)
		p = skip_space(ps, p);
	if (p < ps->end)
		fail(ps, p, TOK_SYNTAX);
}

enum tok_error
tok_parse(struct tok_list *l, const char *text, size_t len)
{
	/*
	 * With -ftrivial-auto-var-init its 1 KiB of open containers would be cleared for each record,
	 * which is as much work as a short record; what is read of it has been set.
	 */
	struct parser ps __attribute__((uninitialized));

	l->count = 0;
	l->flags = 0;
	l->error_at = 0;
	if (len >= UINT32_MAX)
		return TOK_LONG;
	ps.list = l;
	ps.text = text;
	ps.end = text + len;
	plain_init(&ps.plain, ps.text, ps.end);
	ps.error = TOK_OK;
	ps.depth = 0;
	ps.object = false;
	scan_text(&ps);
	return ps.error;
}
