/*
 * Numbers: products and quotients, builtin functions, dates.
 *
 * What is an error in jq is NATIVE_DOUBT here, and so is what is no short integer.
 */
#include "json/native_function.h"

/* What has NATIVE_DIGITS_MAX digits is below it. */
static const int64_t limit = 1000000000000000;

static int
multiply(int64_t a, int64_t b, struct native_value *out)
{
	bool minus = (a < 0) != (b < 0);

	/* -0 has a text of its own. */
	if ((a == 0 || b == 0) && minus)
		return NATIVE_DOUBT;
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	if (a != 0 && b > (limit - 1) / a)
		return NATIVE_DOUBT;
	*out = native_int(minus ? -a * b : a * b);
	return NATIVE_ONE;
}

/*
 * a / b if that is an integer, or floor of it.  A double's quotient of such integers lies below the
 * next integer whenever the real one does: what is missing is at least 1 / b, and what is lost in
 * rounding at most a / b / 2^53.
 */
static int
divide(int64_t a, int64_t b, bool down, struct native_value *out)
{
	if (b == 0 || (a == 0 && b < 0) || (!down && a % b != 0))
		return NATIVE_DOUBT;
	*out = native_int(a / b - (a % b != 0 && (a < 0) != (b < 0)));
	return NATIVE_ONE;
}

int
native_calculate(struct native_arena *arena, char sign, const struct native_value *a,
    const struct native_value *b, struct native_value *out)
{
	if (sign == '*' && a->kind == TOK_OBJECT && b->kind == TOK_OBJECT)
		return native_merge(arena, *a, *b, NATIVE_DEPTH_MAX, out);
	/* Versions differ in how often a string is repeated. */
	if (a->kind != TOK_NUMBER || b->kind != TOK_NUMBER)
		return NATIVE_DOUBT;
	if (sign == '*')
		return multiply(a->u.number, b->u.number, out);
	if (sign != '%')
		return divide(a->u.number, b->u.number, sign == 'q', out);
	/* The sign of what remains of a negative number is a matter of versions. */
	if (a->u.number < 0 || b->u.number <= 0)
		return NATIVE_DOUBT;
	*out = native_int(a->u.number % b->u.number);
	return NATIVE_ONE;
}

/* Every number here is an integer. */
int
native_floor(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	(void)r;
	(void)arg;
	*out = *in;
	return in->kind == TOK_NUMBER ? NATIVE_ONE : NATIVE_DOUBT;
}

static int
f_tonumber(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	int64_t number = 0;

	(void)r;
	(void)arg;
	*out = *in;
	if (in->kind != TOK_STRING || in->n == 0 || in->n > NATIVE_DIGITS_MAX)
		return in->kind == TOK_NUMBER ? NATIVE_ONE : NATIVE_DOUBT;
	for (uint32_t i = 0; i < in->n; i++) {
		if (in->u.text[i] < '0' || in->u.text[i] > '9')
			return NATIVE_DOUBT;
		number = number * 10 + (in->u.text[i] - '0');
	}
	*out = native_int(number);
	return NATIVE_ONE;
}

/* The number of the digits s[0] to s[count - 1], or -1. */
static int
digits(const char *s, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		number = number * 10 + (s[i] - '0');
	}
	return number;
}

/* Days from 1970-01-01 to the first of March of a year that begins then, 1600 at least. */
static int64_t
days_to_march(int64_t year)
{
	int64_t y = year - 1600;

	return y * 365 + y / 4 - y / 100 + y / 400 - 135080;
}

/* Days before the month, the year beginning in March (month 0). */
static int64_t
days_before(int64_t month)
{
	return (month * 153 + 2) / 5;
}

/*
 * YYYY-MM-DDThh:mm:ssZ.  Days that a month does not have, leap seconds and years in which seconds
 * are negative are left to libjq and the C library.
 */
static int
f_fromdate(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	static const char shape[] = "....-..-..T..:..:..Z";
	static const char month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *s = in->u.text;
	int64_t days, part[6];
	bool leap;

	(void)r;
	(void)arg;
	if (in->kind != TOK_STRING || in->n != sizeof shape - 1)
		return NATIVE_DOUBT;
	for (size_t i = 0; i < sizeof shape - 1; i++) {
		if (shape[i] != '.' && shape[i] != s[i])
			return NATIVE_DOUBT;
	}
	part[0] = digits(s, 4);
	for (size_t i = 1; i < 6; i++)
		part[i] = digits(s + 2 + 3 * i, 2);
	leap = part[0] % 4 == 0 && (part[0] % 100 != 0 || part[0] % 400 == 0);
	if (part[0] < 1971 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
	    part[2] > month_days[part[1] - 1] + (leap && part[1] == 2) || part[3] < 0 ||
	    part[3] > 23 || part[4] < 0 || part[4] > 59 || part[5] < 0 || part[5] > 59)
		return NATIVE_DOUBT;
	days = days_to_march(part[0] - (part[1] < 3)) + days_before((part[1] + 9) % 12) +
	    part[2] - 1;
	*out = native_int(((days * 24 + part[3]) * 60 + part[4]) * 60 + part[5]);
	return NATIVE_ONE;
}

static void
put_digits(char *s, int count, int64_t number)
{
	while (count-- > 0) {
		s[count] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* The same back, of seconds up to the year 9999. */
static int
f_todate(struct native_run *r, const struct native_value *in, const struct native_value *arg,
    struct native_value *out)
{
	static const char shape[] = "....-..-..T..:..:..Z";
	int64_t seconds = in->u.number, days, year, month = 11;
	char *s;

	(void)arg;
	if (in->kind != TOK_NUMBER || seconds < 0 || seconds > 253402300799)
		return NATIVE_DOUBT;
	days = seconds / 86400;
	seconds %= 86400;
	/* The year that began in March before, or the one behind it. */
	for (year = 1970 + days / 366; days_to_march(year + 1) <= days; year++)
		continue;
	if (days_to_march(year) > days)
		year--;
	days -= days_to_march(year);
	while (days_before(month) > days)
		month--;
	s = native_alloc(r->arena, sizeof shape - 1);
	for (size_t i = 0; i < sizeof shape - 1; i++)
		s[i] = shape[i];
	put_digits(s, 4, month < 10 ? year : year + 1);
	put_digits(s + 5, 2, month < 10 ? month + 3 : month - 9);
	put_digits(s + 8, 2, days - days_before(month) + 1);
	put_digits(s + 11, 2, seconds / 3600);
	put_digits(s + 14, 2, seconds / 60 % 60);
	put_digits(s + 17, 2, seconds % 60);
	*out = native_text(s, sizeof shape - 1);
	return NATIVE_ONE;
}

const struct native_builtin native_number_rows[] = {
	{ "tonumber", 0, f_tonumber }, { "floor", 0, native_floor },
	{ "todate", 0, f_todate }, { "todateiso8601", 0, f_todate },
	{ "fromdate", 0, f_fromdate }, { "fromdateiso8601", 0, f_fromdate }, { NULL, 0, NULL }
};
