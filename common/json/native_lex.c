#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/native_lex.h"
#include "json/tok.h"

static const char *const signs[] = {
	"?//=", "?//", "!=", "==", "//=", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", "..",
};

/* By hand: strspn makes a table of the set each time, and the helpers have thousands of names. */
static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
}

static size_t
name_span(const char *s)
{
	size_t n = 0;

	while (is_name_byte(s[n]))
		n++;
	return n;
}

static size_t
name_length(const char *s)
{
	return *s >= '0' && *s <= '9' ? 0 : name_span(s);
}

static void
skip_space(struct native_lex *l)
{
	for (;;) {
		while (*l->p == ' ' || *l->p == '\n' || *l->p == '\t' || *l->p == '\r')
			l->p++;
		if (*l->p != '#')
			return;
		l->p += strcspn(l->p, "\n");
	}
}

static void
take(struct native_lex *l, enum native_word word, size_t before, size_t len)
{
	l->word = word;
	l->start = l->p + before;
	l->len = len;
	l->p += before + len;
}

static size_t
number_length(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (s[n] == '.')
		n += 1 + strspn(s + n + 1, "0123456789");
	if ((s[n] == 'e' || s[n] == 'E') && n > 0) {
		size_t sign = s[n + 1] == '+' || s[n + 1] == '-';

		n += 1 + sign + strspn(s + n + 1 + sign, "0123456789");
	}
	return n;
}

void
native_lex_next(struct native_lex *l)
{
	const char *s;

	skip_space(l);
	s = l->p;
	if (*s == '\0') {
		take(l, NW_END, 0, 0);
	} else if (name_length(s) > 0) {
		size_t n = name_length(s);

		/* module::name */
		take(l, s[n] == ':' && s[n + 1] == ':' ? NW_ODD : NW_NAME, 0, n);
	} else if ((*s == '.' || *s == '$') && name_length(s + 1) > 0) {
		take(l, *s == '.' ? NW_FIELD : NW_VARIABLE, 1, name_length(s + 1));
	} else if ((*s >= '0' && *s <= '9') || (*s == '.' && s[1] >= '0' && s[1] <= '9')) {
		take(l, NW_NUMBER, 0, number_length(s));
	} else if (*s == '"') {
		take(l, NW_QUOTE, 0, 1);
	} else if (*s == '@') {
		take(l, NW_FORMAT, 1, name_span(s + 1));
	} else if (strchr("$?=;,:|+-*/%[]{}()<>.!", *s) != NULL) {
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
			if (*s == *signs[i] && strncmp(s, signs[i], strlen(signs[i])) == 0) {
				take(l, NW_SIGN, 0, strlen(signs[i]));
				return;
			}
		}
		take(l, NW_SIGN, 0, 1);
	} else {
		take(l, NW_ODD, 0, 1);
	}
}

bool
native_lex_is(const struct native_lex *l, const char *text)
{
	return *l->start == *text && (l->word == NW_SIGN || l->word == NW_NAME) &&
	    strncmp(l->start, text, l->len) == 0 && text[l->len] == '\0';
}

/* Checks the escape at s as far as jtext_escape wants it checked; its length, or 0. */
static size_t
escape_length(const char *s)
{
	if (s[1] != '\0' && strchr("\"\\/bfnrt", s[1]) != NULL)
		return 2;
	/* NUL, and pairs of surrogates, which are better not taken apart here. */
	if (s[1] != 'u' || strspn(s + 2, "0123456789abcdefABCDEF") < 4 ||
	    strncmp(s + 2, "0000", 4) == 0 || s[2] == 'd' || s[2] == 'D')
		return 0;
	return 6;
}

char
native_lex_string(struct native_lex *l, struct buf *b)
{
	for (;;) {
		size_t n = strcspn(l->p, "\"\\"), used;
		char c[4];

		if (buf_append(b, l->p, n) != 0)
			return '\0';
		l->p += n;
		if (*l->p == '\0')
			return '\0';
		if (*l->p == '"' || l->p[1] == '(') {
			char end = *l->p == '"' ? '"' : '(';

			l->p += end == '"' ? 1 : 2;
			return end;
		}
		n = escape_length(l->p);
		if (n == 0 || buf_append(b, c, jtext_escape(l->p, l->p + n, c, &used)) != 0)
			return '\0';
		l->p += n;
	}
}
