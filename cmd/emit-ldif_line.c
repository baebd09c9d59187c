/* Lines of LDIF (emit-ldif_line.h). */
#include "emit-ldif_line.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

enum { COLUMNS = 76 };	/* of a line, the blank that continues one included */

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char digits[] = "0123456789";
static const char key_bytes[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

/*
 * A value that can stand as it is.  RFC 2849 lets most controls stand, but OpenLDAP's reader takes
 * those that are white space off the ends, and a terminal acts upon others.
 */
static bool
is_safe(const char *s, size_t len)
{
	if (len == 0)
		return true;
	if (s[0] == ' ' || s[0] == ':' || s[0] == '<' || s[len - 1] == ' ')
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < ' ' || c > '~')
			return false;
	}
	return true;
}

/* RFC 4648, section 4. */
static void
append_base64(struct buf *b, const char *s, size_t len)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned long bits = 0;
		char four[4];

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? (unsigned char)s[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			four[j] = alphabet[bits >> (18 - 6 * j) & 63U];
		if (n < 3)
			memcpy(four + n + 1, "==", 3 - n);
		buf_append(b, four, sizeof four);
	}
}

/* The bytes of b from start on are a line without its LF. */
static int
append_folded(struct buf *b, const char *line, size_t len)
{
	size_t at = len < COLUMNS ? len : COLUMNS;
	int result = buf_append(b, line, at);

	while (at < len) {
		size_t n = len - at < COLUMNS - 1 ? len - at : COLUMNS - 1;

		buf_append_string(b, "\n ");
		result |= buf_append(b, line + at, n);
		at += n;
	}
	return result | buf_append_byte(b, '\n');
}

int
line_append(struct buf *b, const char *name, const char *value, size_t len)
{
	struct buf line;
	int result;

	buf_init(&line, strlen(name) + 3 + 2 * len + 4);
	buf_append_string(&line, name);
	if (is_safe(value, len)) {
		buf_append_string(&line, ": ");
		buf_append(&line, value, len);
	} else {
		buf_append_string(&line, ":: ");
		append_base64(&line, value, len);
	}
	result = append_folded(b, line.data, line.len);
	buf_free(&line);
	return result;
}

/* Names. */

/* The length of the object identifier at s: numbers without leading zeroes, with dots; or 0. */
static size_t
oid_length(const char *s, size_t size)
{
	size_t at = 0, start, dots = 0;

	for (;;) {
		start = at;
		while (at < size && s[at] != '\0' && strchr(digits, s[at]) != NULL)
			at++;
		if (at == start || (s[start] == '0' && at > start + 1))
			return 0;
		if (at == size || s[at] != '.')
			return dots > 0 ? at : 0;
		dots++;
		at++;
	}
}

/* The length of the attribute type at s, or 0. */
static size_t
type_length(const char *s, size_t size)
{
	size_t at = 0;

	if (size == 0 || s[0] == '\0' || strchr(letters, s[0]) == NULL)
		return oid_length(s, size);
	while (at < size && s[at] != '\0' && strchr(key_bytes, s[at]) != NULL)
		at++;
	return at;
}

bool
line_is_name(const char *name)
{
	static const char *const reserved[] = { "dn", "changetype", "control" };
	size_t len = type_length(name, strlen(name));
	const char *s = name + len;

	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (len == strlen(reserved[i]) && strncasecmp(name, reserved[i], len) == 0)
			return false;
	while (len > 0 && *s == ';') {
		len = strspn(s + 1, key_bytes);
		s += 1 + len;
	}
	return len > 0 && *s == '\0';
}

/* Distinguished names. */

static bool
is_hex_pair(const char *s, size_t size)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	return size >= 2 && s[0] != '\0' && s[1] != '\0' && strchr(hex, s[0]) != NULL &&
	    strchr(hex, s[1]) != NULL;
}

/* The length of the pairs of hexadecimal digits behind the '#' at s, it included; or 0. */
static size_t
hex_length(const char *s, size_t size)
{
	size_t at = 1;

	while (is_hex_pair(s + at, size - at))
		at += 2;
	return at > 1 ? at : 0;
}

/* The length of the character at s in a value, 2 or 3 if it is escaped; 0 if it ends the value. */
static size_t
character_length(const char *s, size_t size)
{
	if (s[0] != '\\')
		return s[0] == '\0' || strchr("\"+,;<>", s[0]) != NULL ? 0 : 1;
	if (is_hex_pair(s + 1, size - 1))
		return 3;
	return size > 1 && s[1] != '\0' && strchr("\"+,;<> #=\\", s[1]) != NULL ? 2 : 0;
}

/* Skips a value; false if it is none, a blank that is not escaped at either end included. */
static bool
skip_value(const char *s, size_t size, size_t *at)
{
	bool blank = *at < size && s[*at] == ' ';
	size_t n;

	if (*at < size && s[*at] == '#') {
		n = hex_length(s + *at, size - *at);
		*at += n;
		return n > 0;
	}
	if (blank)
		return false;
	while (*at < size && (n = character_length(s + *at, size - *at)) > 0) {
		blank = n == 1 && s[*at] == ' ';
		*at += n;
	}
	return !blank;
}

bool
line_is_dn(const char *dn, size_t len)
{
	size_t at = 0;

	for (;;) {
		size_t n;

		while (at > 0 && at < len && dn[at] == ' ')
			at++;
		n = type_length(dn + at, len - at);
		at += n;
		if (n == 0 || at == len || dn[at] != '=')
			return false;
		at++;
		if (!skip_value(dn, len, &at))
			return false;
		if (at == len)
			return true;
		if (dn[at] != ',' && dn[at] != '+')
			return false;
		at++;
	}
}
