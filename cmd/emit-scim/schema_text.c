#include "schema_text.h"

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

bool
schema_text_is_uri(const char *s, size_t len)
{
	size_t i = 0;

	if (len == 0 || !is_letter(s[0]))
		return false;
	while (i < len && (is_letter_or_digit(s[i]) || s[i] == '+' || s[i] == '-' || s[i] == '.'))
		i++;
	if (i + 1 >= len || s[i] != ':')
		return false;
	for (; i < len; i++) {
		if ((unsigned char)s[i] <= ' ' || s[i] == '\\' || s[i] == '"' || s[i] == '<' ||
		    s[i] == '>')
			return false;
	}
	return true;
}

bool
schema_text_is_tag(const char *s, size_t len)
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

bool
schema_text_is_country(const char *s, size_t len)
{
	return len == 2 && is_letter(s[0]) && is_letter(s[1]);
}
