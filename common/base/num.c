/* Numbers and durations with explicit bounds. */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/num.h"

enum {
	MAX_DECIMALS = 6,
	/* 9 digits before the point and 6 behind it are exact in a double. */
	MAX_WHOLE = 999999999
};

int
num_parse(const char *text, int64_t min, int64_t max, int64_t *value, const char **why)
{
	bool negative = *text == '-';
	bool overflow = false;
	int64_t n = 0;

	if (negative)
		text++;
	if (*text == '\0') {
		*why = "not a number";
		return -1;
	}
	for (; *text != '\0'; text++) {
		int64_t digit = *text - '0';

		if (digit < 0 || digit > 9) {
			*why = "not a number";
			return -1;
		}
		/* Counted downwards, because INT64_MIN has no positive twin. */
		if (n < (INT64_MIN + digit) / 10)
			overflow = true;
		else
			n = n * 10 - digit;
	}
	if (!negative && n == INT64_MIN)
		overflow = true;
	else if (!negative)
		n = -n;
	if ((overflow && !negative) || (!overflow && n > max)) {
		*why = "too large";
		return -1;
	}
	if (overflow || n < min) {
		*why = "too small";
		return -1;
	}
	*value = n;
	return 0;
}

int
num_parse_decimal(const char *text, double min, double max, double *value, const char **why)
{
	bool negative = *text == '-';
	int64_t whole = 0, part = 0, scale = 1;
	const char *start;
	int decimals = 0;
	double n;

	*why = "not a number";
	if (negative)
		text++;
	for (start = text; *text >= '0' && *text <= '9'; text++)
		if (whole <= MAX_WHOLE)
			whole = whole * 10 + (*text - '0');
	if (text == start)
		return -1;
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9'; text++)
			if (++decimals <= MAX_DECIMALS) {
				part = part * 10 + (*text - '0');
				scale *= 10;
			}
		if (decimals == 0)
			return -1;
	}
	if (*text != '\0')
		return -1;
	if (decimals > MAX_DECIMALS) {
		*why = "too many decimals";
		return -1;
	}
	n = (double)(whole * scale + part) / (double)scale;
	if (negative)
		n = -n;
	if (n > max || (whole > MAX_WHOLE && !negative)) {
		*why = "too large";
		return -1;
	}
	if (n < min || whole > MAX_WHOLE) {
		*why = "too small";
		return -1;
	}
	*value = n;
	return 0;
}

char *
num_group(char out[NUM_GROUPED_SIZE], uint64_t n)
{
	char digits[NUM_GROUPED_SIZE];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}
