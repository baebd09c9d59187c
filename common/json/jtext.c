#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/utf8.h"

static int
hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static uint32_t
hex4(const char *p)
{
	return (uint32_t)(hex_digit(p[0]) << 12 | hex_digit(p[1]) << 8 | hex_digit(p[2]) << 4 |
	    hex_digit(p[3]));
}

size_t
jtext_escape(const char *s, const char *end, char out[4], size_t *used)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	uint32_t c;

	if (s[1] != 'u') {
		*used = 2;
		out[0] = to[strchr(from, s[1]) - from];
		return 1;
	}
	*used = 6;
	c = hex4(s + 2);
	if (c >= 0xd800 && c <= 0xdfff) {
		uint32_t low = c <= 0xdbff && end - s >= 12 && s[6] == '\\' && s[7] == 'u' ?
		    hex4(s + 8) : 0;

		if (low >= 0xdc00 && low <= 0xdfff) {
			*used = 12;
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
		} else {
			c = 0xfffd;
		}
	}
	return utf8_put(out, c);
}

int
jtext_decode(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		const char *slash = memchr(s, '\\', (size_t)(end - s));
		char c[4];
		size_t used, n;

		if (buf_append(b, s, (size_t)((slash != NULL ? slash : end) - s)) != 0)
			return -1;
		if (slash == NULL)
			break;
		n = jtext_escape(slash, end, c, &used);
		if (buf_append(b, c, n) != 0)
			return -1;
		s = slash + used;
	}
	return 0;
}

/* The letter behind the backslash for the bytes that need one, 'u' for \u00XX, else 0. */
static char
escape_letter(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return c < 0x20 || c == 0x7f ? 'u' : '\0';
	}
}

int
jtext_string(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len, *run = s;
	size_t was = b->len;

	if (buf_append_byte(b, '"') != 0)
		return -1;
	for (; s < end; s++) {
		char letter = escape_letter((unsigned char)*s);
		int failed;

		if (letter == '\0')
			continue;
		failed = buf_append(b, run, (size_t)(s - run)) != 0 ||
		    (letter == 'u' ? buf_appendf(b, "\\u%04x", (unsigned)*s & 0xff) :
		    buf_append(b, (char[]){ '\\', letter }, 2)) != 0;
		if (failed)
			goto over;
		run = s + 1;
	}
	if (buf_append(b, run, (size_t)(end - run)) == 0 && buf_append_byte(b, '"') == 0)
		return 0;
over:
	b->len = was;
	return -1;
}

/* Whether the string's escapes are the short ones alone: then it is canonical as it stands. */
static bool
is_canonical(const char *s, const char *end)
{
	for (; s < end; s++) {
		if (*s == 0x7f)
			return false;
		if (*s != '\\')
			continue;
		s++;
		if (*s == 'u' || *s == '/')
			return false;
	}
	return true;
}

int
jtext_string_token(struct buf *b, const struct tok *t, const char *text)
{
	struct buf decoded;
	size_t len = t->end - t->start;
	int result;

	if ((t->flags & TOK_ESCAPED) == 0 || is_canonical(text + t->start, text + t->end))
		return buf_append(b, text + t->start - 1, len + 2);	/* its quotes too */
	buf_init(&decoded, len * 3);	/* a \uXXXX of six bytes gives three at most */
	result = jtext_decode(&decoded, text + t->start, len);
	if (result == 0)
		result = jtext_string(b, buf_string(&decoded), decoded.len);
	buf_free(&decoded);
	return result;
}

/* What stands before the token at i inside its container: a comma, a colon or nothing. */
static int
append_separator(struct buf *b, bool first, bool value_of_key)
{
	if (value_of_key)
		return buf_append_byte(b, ':');
	return first ? 0 : buf_append_byte(b, ',');
}

int
jtext_value(struct buf *b, const struct tok_list *l, const char *text, uint32_t index)
{
	struct { uint32_t end; bool object; uint32_t seen; } open[TOK_DEPTH_MAX];
	unsigned depth = 0;
	uint32_t i = index, end = l->tok[index].next;

	while (i < end || depth > 0) {
		const struct tok *t = &l->tok[i];

		if (depth > 0 && i == open[depth - 1].end) {
			if (buf_append_byte(b, open[--depth].object ? '}' : ']') != 0)
				return -1;
			continue;
		}
		if (depth > 0) {
			uint32_t seen = open[depth - 1].seen++;

			if (append_separator(b, seen == 0,
			    open[depth - 1].object && seen % 2 == 1) != 0)
				return -1;
		}
		i++;
		if (t->type == TOK_STRING) {
			if (jtext_string_token(b, t, text) != 0)
				return -1;
		} else if (t->type == TOK_OBJECT || t->type == TOK_ARRAY) {
			bool object = t->type == TOK_OBJECT;

			if (buf_append_byte(b, object ? '{' : '[') != 0)
				return -1;
			open[depth].end = t->next;
			open[depth].object = object;
			open[depth++].seen = 0;
		} else if (buf_append(b, text + t->start, t->end - t->start) != 0) {
			return -1;
		}
	}
	return 0;
}

/* Integers: every one up to 2^53 is a double, and the first one that is not lies right behind. */
static bool
integer_is_safe(const char *digits, size_t len)
{
	static const char limit[] = "9007199254740992";

	if (len != sizeof limit - 1)
		return len < sizeof limit - 1;
	return memcmp(digits, limit, len) <= 0;
}

bool
jtext_number_is_safe(const char *s, size_t len)
{
	char copy[64];
	size_t i = len > 0 && s[0] == '-', significant = 0;
	double value;

	if (memchr(s, '.', len) == NULL && memchr(s, 'e', len) == NULL &&
	    memchr(s, 'E', len) == NULL)
		return integer_is_safe(s + i, len - i);
	/* Any decimal of up to 15 significant digits survives the way through a double (DBL_DIG). */
	for (; i < len && s[i] != 'e' && s[i] != 'E'; i++)
		significant += s[i] != '.' && (significant > 0 || s[i] != '0');
	if (significant > 15 || len >= sizeof copy)
		return false;
	memcpy(copy, s, len);
	copy[len] = '\0';
	value = fabs(strtod(copy, NULL));
	/* Below DBL_MIN a double has fewer digits. */
	return isfinite(value) && (significant == 0 || value >= DBL_MIN);
}
