/* The only place that asks for the time or sleeps, and dates as text. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

enum {
	EPOCH_DAY = 719528,	/* days from 0000-01-01 to 1970-01-01 */
	DAY_SECONDS = 86400,
	FOUR_CENTURIES = 146097,	/* days */
	MARCH_DAYS = FOUR_CENTURIES - 60,	/* from 400 years before 0000-03-01 to 0000-01-01 */
	EXPONENT_MAX = 1000000,	/* far beyond any date; keeps the arithmetic small */
	PLAIN_WHOLE_MAX = 11,	/* digits of seconds that lie before the year 9999 */
	PLAIN_MAX = 15
};

#define FIRST_MS (-(int64_t)EPOCH_DAY * DAY_SECONDS * 1000)
#define LAST_MS 253402300799999 /* 9999-12-31T23:59:59.999Z */

struct date {
	int year, month, day, hour, minute, second;
};

/* What is left of a text. */
struct cursor {
	const char *s, *end;
};

/* Days in the months before month (1 to 12) of a year that is no leap year. */
static const int days_before_month[] = {
	0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365
};

static const char month_names[][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

static const char day_names[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

static int64_t
read_clock(clockid_t id)
{
	struct timespec t;

	/* Cannot fail: both clocks exist and t is valid. */
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	/* Not CLOCK_MONOTONIC: credentials end while the machine is suspended, too. */
	return read_clock(CLOCK_BOOTTIME);
}

void
clock_sleep_ms(int64_t ms)
{
	struct timespec t = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000
	};

	if (ms <= 0)
		return;
	while (nanosleep(&t, &t) == -1 && errno == EINTR)
		;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 0000-01-01 to January 1 of year; year 0 is a leap year. */
static int
days_before_year(int year)
{
	return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

static int
days_before(int year, int month)
{
	return days_before_month[month] + (month > 2 && is_leap(year));
}

static int
days_in_month(int year, int month)
{
	return days_before_month[month + 1] - days_before_month[month] +
	    (month == 2 && is_leap(year));
}

/*
 * In years that begin on March 1 the leap day is the last one, of its year and (but for one century
 * of four) of its century: each step is a division.  1461 days are four years, 153 days any five
 * months from March or August on.
 */
static struct date
date_of(int64_t seconds)
{
	uint64_t all = (uint64_t)(seconds + (int64_t)EPOCH_DAY * DAY_SECONDS);
	unsigned second = (unsigned)(all % DAY_SECONDS);
	unsigned day = (unsigned)(all / DAY_SECONDS) + MARCH_DAYS;
	unsigned century = (4 * day + 3) / FOUR_CENTURIES, year, month;

	day -= century * FOUR_CENTURIES / 4;
	year = (4 * day + 3) / 1461;
	day -= year * 1461 / 4;
	month = (5 * day + 2) / 153;
	return (struct date){
		.year = (int)(100 * century + year + (month >= 10)) - 400,
		.month = (int)(month >= 10 ? month - 9 : month + 3),
		.day = (int)(day - (153 * month + 2) / 5 + 1),
		.hour = (int)(second / 3600),
		.minute = (int)(second / 60 % 60),
		.second = (int)(second % 60)
	};
}

/* Returns 0 with *seconds set, or -1 if there is no such date. */
static int
seconds_of(const struct date *d, int64_t *seconds)
{
	int day;

	/* Second 60 is a leap second, which counts as the first one of the next minute. */
	if (d->month < 1 || d->month > 12 || d->day < 1 ||
	    d->day > days_in_month(d->year, d->month) || d->hour > 23 || d->minute > 59 ||
	    d->second > 60)
		return -1;
	day = days_before_year(d->year) + days_before(d->year, d->month) + d->day - 1 - EPOCH_DAY;
	*seconds = (int64_t)day * DAY_SECONDS + (int64_t)d->hour * 3600 +
	    (int64_t)d->minute * 60 + d->second;
	return 0;
}

static int64_t
clamp(int64_t ms)
{
	return ms < FIRST_MS ? FIRST_MS : ms > LAST_MS ? LAST_MS : ms;
}

/* Writes two digits of n at s; returns the place behind them. */
static inline char *
put_two(char *s, int n)
{
	static const char pairs[] =
	    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
	    "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
	    "828384858687888990919293949596979899";

	memcpy(s, pairs + 2 * (size_t)n, 2);
	return s + 2;
}

void
clock_rfc3339(int64_t ms, char out[CLOCK_RFC3339_SIZE])
{
	int64_t shifted = clamp(ms) - FIRST_MS;
	int thousandths = (int)(shifted % 1000);
	struct date d = date_of((shifted + FIRST_MS - thousandths) / 1000);
	char *s = put_two(put_two(out, d.year / 100), d.year % 100);

	*s++ = '-';
	s = put_two(s, d.month);
	*s++ = '-';
	s = put_two(s, d.day);
	*s++ = 'T';
	s = put_two(s, d.hour);
	*s++ = ':';
	s = put_two(s, d.minute);
	*s++ = ':';
	s = put_two(s, d.second);
	*s++ = '.';
	s = put_two(s, thousandths / 10);
	*s++ = (char)('0' + thousandths % 10);
	*s++ = 'Z';
	*s = '\0';
}

void
clock_amz(int64_t seconds, char out[CLOCK_AMZ_SIZE])
{
	int64_t first = FIRST_MS / 1000, last = LAST_MS / 1000;
	struct date d = date_of(seconds < first ? first : seconds > last ? last : seconds);
	char *s = put_two(put_two(out, d.year / 100), d.year % 100);

	s = put_two(s, d.month);
	s = put_two(s, d.day);
	*s++ = 'T';
	s = put_two(s, d.hour);
	s = put_two(s, d.minute);
	s = put_two(s, d.second);
	*s++ = 'Z';
	*s = '\0';
}

static bool
at_digit(const struct cursor *c)
{
	return c->s < c->end && *c->s >= '0' && *c->s <= '9';
}

/* Takes the byte a or b if it is next. */
static bool
take(struct cursor *c, char a, char b)
{
	if (c->s == c->end || (*c->s != a && *c->s != b))
		return false;
	c->s++;
	return true;
}

/* Takes exactly width digits. */
static bool
take_number(struct cursor *c, int width, int *n)
{
	for (*n = 0; width > 0; width--, c->s++) {
		if (!at_digit(c))
			return false;
		*n = *n * 10 + (*c->s - '0');
	}
	return true;
}

/* Takes any number of digits, at least one; *n gets the first three as thousandths. */
static bool
take_thousandths(struct cursor *c, int *n)
{
	int scale = 100;

	if (!at_digit(c))
		return false;
	for (*n = 0; at_digit(c); c->s++, scale /= 10)
		*n += (*c->s - '0') * scale;
	return true;
}

/* Takes a name of three letters from the table; *n gets its index. */
static bool
take_name(struct cursor *c, const char names[][4], int count, int *n)
{
	if (c->end - c->s < 3)
		return false;
	for (*n = 0; *n < count; ++*n)
		if (memcmp(c->s, names[*n], 3) == 0) {
			c->s += 3;
			return true;
		}
	return false;
}

/* Takes hours, minutes and seconds with colons between them. */
static bool
take_time(struct cursor *c, struct date *d)
{
	return take_number(c, 2, &d->hour) && take(c, ':', ':') && take_number(c, 2, &d->minute) &&
	    take(c, ':', ':') && take_number(c, 2, &d->second);
}

/* Takes an exponent, if there is one; its value saturates at EXPONENT_MAX. */
static bool
take_exponent(struct cursor *c, int *exponent)
{
	bool negative;

	*exponent = 0;
	if (!take(c, 'e', 'E'))
		return true;
	negative = take(c, '-', '-');
	if (!negative)
		take(c, '+', '+');
	if (!at_digit(c))
		return false;
	for (; at_digit(c); c->s++)
		if (*exponent < EXPONENT_MAX)
			*exponent = *exponent * 10 + (*c->s - '0');
	if (negative)
		*exponent = -*exponent;
	return true;
}

/* The first count digits from s, a point between them skipped, as one number; or -1. */
static int64_t
shifted_number(const char *s, const char *end, int64_t count)
{
	int64_t n = 0;

	for (; count > 0 && (s < end || n > 0); s += s < end) {
		if (s < end && *s == '.')
			continue;
		n = n * 10 + (s < end ? *s - '0' : 0);
		if (n > LAST_MS)
			return -1;
		count--;
	}
	return n;
}

/*
 * What the service sends, in one pass: digits, and perhaps a point with up to three behind it, too
 * few to leave the years.  Returns whether it is that.
 */
static bool
parse_plain(const char *text, size_t len, int64_t *ms)
{
	static const int scale[] = { 1000, 100, 10, 1 };
	size_t point = len, decimals;
	int64_t n = 0;

	if (len > PLAIN_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)text[i] - '0';

		if (digit <= 9)
			n = n * 10 + digit;
		else if (text[i] == '.' && point == len)
			point = i;
		else
			return false;
	}
	decimals = point < len ? len - point - 1 : 0;
	if (point == 0 || point > PLAIN_WHOLE_MAX || point + 1 == len || decimals > 3)
		return false;
	*ms = n * scale[decimals];
	return true;
}

int
clock_parse_epoch(const char *text, size_t len, int64_t *ms)
{
	struct cursor c = { text, text + len };
	bool negative = take(&c, '-', '-');
	const char *digits = c.s, *end;
	int64_t whole, n;
	int exponent;

	if (parse_plain(text, len, ms))
		return 0;
	while (at_digit(&c))
		c.s++;
	whole = c.s - digits;
	if (whole == 0)
		return -1;
	if (take(&c, '.', '.')) {
		if (!at_digit(&c))
			return -1;
		while (at_digit(&c))
			c.s++;
	}
	end = c.s;
	if (!take_exponent(&c, &exponent) || c.s != c.end)
		return -1;
	/* Three more digits before the point make thousandths of seconds. */
	n = shifted_number(digits, end, whole + exponent + 3);
	if (n == -1)
		return -1;
	if (negative)
		n = -n;
	if (n < FIRST_MS)
		return -1;
	*ms = n;
	return 0;
}

int
clock_parse_rfc3339(const char *text, size_t len, int64_t *ms)
{
	struct cursor c = { text, text + len };
	struct date d;
	int thousandths = 0, hours = 0, minutes = 0, sign = 0;
	int64_t seconds, n;

	if (!take_number(&c, 4, &d.year) || !take(&c, '-', '-') || !take_number(&c, 2, &d.month) ||
	    !take(&c, '-', '-') || !take_number(&c, 2, &d.day) || !take(&c, 'T', 't') ||
	    !take_time(&c, &d))
		return -1;
	if (take(&c, '.', '.') && !take_thousandths(&c, &thousandths))
		return -1;
	if (!take(&c, 'Z', 'z')) {
		if (take(&c, '+', '+'))
			sign = 1;
		else if (take(&c, '-', '-'))
			sign = -1;
		else
			return -1;
		if (!take_number(&c, 2, &hours) || !take(&c, ':', ':') ||
		    !take_number(&c, 2, &minutes) || hours > 23 || minutes > 59)
			return -1;
	}
	if (c.s != c.end || seconds_of(&d, &seconds) == -1)
		return -1;
	n = (seconds - (int64_t)sign * (hours * 60 + minutes) * 60) * 1000 + thousandths;
	if (n < FIRST_MS || n > LAST_MS)
		return -1;
	*ms = n;
	return 0;
}

int
clock_parse_http_date(const char *text, size_t len, int64_t *ms)
{
	struct cursor c = { text, text + len };
	struct date d;
	int64_t seconds;
	int weekday, month;

	if (!take_name(&c, day_names, 7, &weekday) || !take(&c, ',', ',') || !take(&c, ' ', ' ') ||
	    !take_number(&c, 2, &d.day) || !take(&c, ' ', ' ') ||
	    !take_name(&c, month_names, 12, &month) || !take(&c, ' ', ' ') ||
	    !take_number(&c, 4, &d.year) || !take(&c, ' ', ' ') || !take_time(&c, &d) ||
	    c.end - c.s != 4 || memcmp(c.s, " GMT", 4) != 0)
		return -1;
	d.month = month + 1;
	if (seconds_of(&d, &seconds) == -1 || seconds > LAST_MS / 1000)
		return -1;
	*ms = seconds * 1000;
	return 0;
}

int
clock_parse_amz(const char *text, size_t len, int64_t *seconds)
{
	struct cursor c = { text, text + len };
	struct date d;
	int64_t n;

	if (!take_number(&c, 4, &d.year) || !take_number(&c, 2, &d.month) ||
	    !take_number(&c, 2, &d.day) || !take(&c, 'T', 'T') || !take_number(&c, 2, &d.hour) ||
	    !take_number(&c, 2, &d.minute) || !take_number(&c, 2, &d.second) ||
	    !take(&c, 'Z', 'Z') || c.s != c.end || seconds_of(&d, &n) == -1 || n > LAST_MS / 1000)
		return -1;
	*seconds = n;
	return 0;
}
