/* Dates the slow way: by the C library, there and back. */
#ifndef FUZZ_DATES_H
#define FUZZ_DATES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "tree.h"

/* The number that the digits "##" at s say; s moves on behind them and the byte that follows. */
static inline bool
date_take(const char **s, int width, int *n, const char *behind)
{
	*n = 0;
	for (; width > 0; width--, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*n = *n * 10 + (**s - '0');
	}
	if (*behind == '\0')
		return true;
	return **s != '\0' && strchr(behind, *(*s)++) != NULL;
}

/* RFC 3339 by timegm, which knows the days of every month when asked back. */
static inline bool
slow_rfc3339(const char *s, int64_t *ms)
{
	int y, mo, d, h, mi, se, oh = 0, om = 0, sign = 0, fraction = 0, scale = 100;
	struct tm tm = { 0 }, back;
	time_t t;

	if (!date_take(&s, 4, &y, "-") || !date_take(&s, 2, &mo, "-") ||
	    !date_take(&s, 2, &d, "Tt") || !date_take(&s, 2, &h, ":") ||
	    !date_take(&s, 2, &mi, ":") || !date_take(&s, 2, &se, ""))
		return false;
	if (*s == '.') {
		if (*++s < '0' || *s > '9')
			return false;
		for (; *s >= '0' && *s <= '9'; s++, scale /= 10)
			fraction += (*s - '0') * scale;
	}
	if (*s == '+' || *s == '-') {
		sign = *s++ == '+' ? 1 : -1;
		if (!date_take(&s, 2, &oh, ":") || !date_take(&s, 2, &om, "") || oh > 23 || om > 59)
			return false;
	} else if (*s++ != 'Z' && s[-1] != 'z') {
		return false;
	}
	if (*s != '\0' || mo < 1 || mo > 12 || d < 1 || h > 23 || mi > 59 || se > 60)
		return false;
	tm = (struct tm){ .tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d };
	t = timegm(&tm);
	check(gmtime_r(&t, &back) != NULL);
	if (back.tm_mday != d || back.tm_mon != mo - 1)
		return false;
	*ms = ((int64_t)t + h * 3600 + mi * 60 + se - sign * (oh * 3600 + om * 60)) * 1000 +
	    fraction;
	return *ms >= -62167219200000 && *ms <= 253402300799999;
}

/*
 * Seconds since the Epoch with any number of decimals and an exponent: the digits are written down,
 * the point moved among them, and what is behind thousandths cut off.
 */
static inline bool
slow_epoch(const char *s, int64_t *ms)
{
	static char digits[2048];
	bool negative = *s == '-', minus;
	long point, exponent = 0, count = 0;
	int64_t n = 0;

	s += negative;
	if (strlen(s) > sizeof digits / 4 || *s < '0' || *s > '9')
		return false;
	while (*s >= '0' && *s <= '9')
		digits[count++] = *s++;
	point = count;
	if (*s == '.') {
		if (*++s < '0' || *s > '9')
			return false;
		while (*s >= '0' && *s <= '9')
			digits[count++] = *s++;
	}
	if (*s == 'e' || *s == 'E') {
		minus = *++s == '-';
		s += *s == '-' || *s == '+';
		if (*s < '0' || *s > '9')
			return false;
		for (; *s >= '0' && *s <= '9'; s++)
			exponent = exponent < 100000 ? exponent * 10 + (*s - '0') : exponent;
		exponent = minus ? -exponent : exponent;
	}
	for (long i = 0; i < point + exponent + 3 && (i < count || n > 0); i++) {
		n = n * 10 + (i < count ? digits[i] - '0' : 0);
		if (n > 253402300799999)
			return false;
	}
	*ms = negative ? -n : n;
	return *s == '\0' && *ms >= -62167219200000;
}

#endif
