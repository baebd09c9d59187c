#include "schema_value.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
is_letter_or_digit(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* A scheme, a colon, something behind it, no blanks (RFC 3986, loosely). */
static bool
is_uri(const char *s, size_t len)
{
	size_t i = 0;

	if (len == 0 || !is_letter(s[0]))
		return false;
	while (i < len && (is_letter_or_digit(s[i]) || s[i] == '+' || s[i] == '-' || s[i] == '.'))
		i++;
	if (i + 1 >= len || s[i] != ':')
		return false;
	for (; i < len; i++) {
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f || s[i] == '\\' || s[i] == '"' ||
		    s[i] == '<' || s[i] == '>')
			return false;
	}
	return true;
}

/* Subtags of one to eight letters and digits, the first of letters (RFC 5646, loosely). */
static bool
is_tag(const char *s, size_t len)
{
	size_t subtag = 0, first = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '-') {
			if (subtag == 0)
				return false;
			subtag = 0;
			first++;
		} else if (++subtag > 8 || !is_letter_or_digit(s[i]) ||
		    (first == 0 && !is_letter(s[i]))) {
			return false;
		}
	}
	return subtag > 0 && (first > 0 || subtag > 1);
}

/* The characters of IANA's names. */
static bool
is_zone(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && (is_letter_or_digit(s[i]) || memchr("/_+-", s[i], 4) != NULL))
		i++;
	return i == len;
}

/* "recovery" is an identity domain's own, which nobody else knows. */
static bool
is_canonical(const char *value, enum dialect dialect)
{
	return dialect == DIALECT_OCI || strcmp(value, "recovery") != 0;
}

static const char *
check_canonical(const struct tok *t, const char *text, const char *const *names,
    enum dialect dialect, char what[SCHEMA_VALUE_SIZE])
{
	size_t len = 0;

	for (size_t i = 0; names[i] != NULL; i++) {
		if (tok_is(t, text, names[i], strlen(names[i])) && is_canonical(names[i], dialect))
			return NULL;
	}
	for (size_t i = 0; names[i] != NULL; i++) {
		if (!is_canonical(names[i], dialect))
			continue;
		len += (size_t)snprintf(what + len, SCHEMA_VALUE_SIZE - len, "%s%s",
		    len > 0 ? ", " : "not one of ", names[i]);
	}
	return what;
}

static const char *
check_form(const char *s, size_t len, enum attribute_type type)
{
	if (type == TYPE_URI && !is_uri(s, len))
		return "not an absolute URI";
	if (type == TYPE_TAG && !is_tag(s, len))
		return "not a language tag such as en-US";
	if (type == TYPE_COUNTRY && (len != 2 || !is_letter(s[0]) || !is_letter(s[1])))
		return "not a country code of two letters";
	if (type == TYPE_ZONE && !is_zone(s, len))
		return "not a time zone such as America/Chicago";
	return NULL;
}

static const char *
check_string(const struct tok *t, const char *text, const struct attribute *a,
    enum dialect dialect, char what[SCHEMA_VALUE_SIZE])
{
	const char *wrong;
	struct buf decoded;
	size_t len = t->end - t->start;

	if (t->type != TOK_STRING)
		return "not a string";
	if (len == 0)
		return "empty";
	if (a->canonical != NULL)
		return check_canonical(t, text, a->canonical, dialect, what);
	if ((t->flags & TOK_ESCAPED) == 0 || a->type == TYPE_STRING)
		return check_form(text + t->start, len, a->type);
	/* Some programs write each slash as "\/". */
	buf_init(&decoded, 3 * len);
	(void)jtext_decode(&decoded, text + t->start, len);
	wrong = check_form(buf_string(&decoded), decoded.len, a->type);
	buf_free(&decoded);
	return wrong;
}

const char *
schema_value_check(const struct tok *t, const char *text, const struct attribute *a,
    enum dialect dialect, char what[SCHEMA_VALUE_SIZE])
{
	if (a->type != TYPE_BOOLEAN)
		return check_string(t, text, a, dialect, what);
	if (t->type != TOK_TRUE && t->type != TOK_FALSE)
		return "not a boolean";
	/* The only boolean that it asks for: of the one e-mail address. */
	if (t->type == TOK_FALSE && (a->flags & AWS_REQUIRED) != 0 && dialect == DIALECT_AWS)
		return "must be true";
	return NULL;
}
