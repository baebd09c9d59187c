#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "json/escape.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A backslash kept as it is would escape a comma, the delimiter behind the cell included. */
static bool
is_before_comma(const char *s, const char *end)
{
	return s + 1 == end || s[1] == ',';
}

const char *
escape_check(enum layout_backslash backslash, const char *s, size_t len)
{
	const char *end = s + len;

	if (is_blank(s[0]) || is_blank(end[-1]))
		return "a blank at an end, which the importer would trim";
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return "a byte order mark in front";
	for (; s < end; s++) {
		if (*s == '\r' || *s == '\n')
			return "a line end, which this dialect cannot write";
		if (*s != '\\' || backslash == BACKSLASH_DOUBLE)
			continue;
		if (backslash == BACKSLASH_REJECT)
			return "a backslash, for which this dialect has no rule";
		if (is_before_comma(s, end))
			return "a backslash before a comma or at the end";
	}
	return NULL;
}

size_t
escape_write(enum layout_backslash backslash, char *to, const char *s, size_t len)
{
	char *start = to;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == ',' || (s[i] == '\\' && backslash == BACKSLASH_DOUBLE))
			*to++ = '\\';
		*to++ = s[i];
	}
	return (size_t)(to - start);
}

/* Whether the backslash at s escapes what follows, which then stands alone. */
static bool
is_escape(enum layout_backslash backslash, const char *s, const char *end)
{
	return s + 1 < end && (s[1] == ',' || (s[1] == '\\' && backslash == BACKSLASH_DOUBLE));
}

const char *
escape_read(enum layout_backslash backslash, struct buf *b, const char *s, size_t len,
    size_t *used)
{
	const char *start = s, *end = s + len;

	for (; s < end && *s != ','; s++) {
		if (*s == '\\' && is_escape(backslash, s, end))
			s++;
		else if (*s == '\\' && backslash != BACKSLASH_KEEP)
			return "a backslash that is not before a comma";
		if (buf_append_byte(b, *s) != 0)
			return "a row that is too long";
	}
	*used = (size_t)(s - start);
	return NULL;
}
