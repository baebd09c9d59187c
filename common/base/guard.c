#include <string.h>

#include "base/guard.h"

enum { PHONE_DIGITS_MIN = 2, PHONE_DIGITS_MAX = 15 };	/* E.164 */

static bool
is_risky(char c)
{
	return c != '\0' && strchr("=+-@\t\r\n", c) != NULL;
}

static bool
is_risky_at_oracle(char c)
{
	return c != '\0' && strchr("@+-=|%", c) != NULL;
}

/* Nothing that it could call or compute. */
static bool
is_phone(const char *s, size_t len)
{
	if (s[0] != '+' || len < 1 + PHONE_DIGITS_MIN || len > 1 + PHONE_DIGITS_MAX)
		return false;
	for (size_t i = 1; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

static size_t
count_apostrophes(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] == '\'')
		n++;
	return n;
}

/* As guard_write gives it with GUARD_OCI. */
static bool
is_wrapped(const char *s, size_t len)
{
	return len >= 3 && s[0] == '\'' && s[len - 1] == '\'' && is_risky_at_oracle(s[1]);
}

enum guard_need
guard_need(enum guard g, const char *s, size_t len)
{
	size_t n;

	if (g == GUARD_NONE || len == 0)
		return GUARD_CLEAR;
	if (g == GUARD_OCI) {
		if (is_wrapped(s, len))
			return GUARD_AMBIGUOUS;
		return is_risky_at_oracle(s[0]) ? GUARD_NEEDED : GUARD_CLEAR;
	}
	n = g == GUARD_APOSTROPHE ? count_apostrophes(s, len) : 0;
	if (n == len || !is_risky(s[n]) || (n == 0 && is_phone(s, len)))
		return GUARD_CLEAR;
	return GUARD_NEEDED;
}

size_t
guard_write(enum guard g, char *to, const char *s, size_t len)
{
	to[0] = '\'';
	memcpy(to + 1, s, len);
	if (g == GUARD_APOSTROPHE)
		return len + 1;
	to[len + 1] = '\'';
	return len + 2;
}

bool
guard_strip(enum guard g, const char **s, size_t *len)
{
	size_t n;

	if (g == GUARD_OCI) {
		if (!is_wrapped(*s, *len))
			return false;
		*s += 1;
		*len -= 2;
		return true;
	}
	n = g == GUARD_APOSTROPHE ? count_apostrophes(*s, *len) : 0;
	if (n == 0 || n == *len || !is_risky((*s)[n]))
		return false;
	*s += 1;
	*len -= 1;
	return true;
}
