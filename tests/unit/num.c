/* base/num.h. */
#include "base/num.h"
#include "tap.h"

static void
good(const char *text, int64_t min, int64_t max, int64_t want)
{
	const char *why = NULL;
	int64_t n = 0;

	ok(num_parse(text, min, max, &n, &why) == 0 && n == want, text);
}

static void
bad(const char *text, int64_t min, int64_t max, const char *want)
{
	const char *why = NULL;
	int64_t n = 77;
	char title[100];

	snprintf(title, sizeof title, "\"%s\" is %s", text, want);
	ok(num_parse(text, min, max, &n, &why) == -1 && n == 77 && strcmp(why, want) == 0, title);
}

static void
good_decimal(const char *text, double min, double max, double want)
{
	const char *why = NULL;
	double n = 0;

	ok(num_parse_decimal(text, min, max, &n, &why) == 0 && n == want, text);
}

static void
bad_decimal(const char *text, double min, double max, const char *want)
{
	const char *why = NULL;
	double n = 77;
	char title[100];

	snprintf(title, sizeof title, "decimal \"%s\" is %s", text, want);
	ok(num_parse_decimal(text, min, max, &n, &why) == -1 && n == 77 && strcmp(why, want) == 0,
	    title);
}

static void
test_whole(void)
{
	good("0", 0, 0, 0);
	good("60", 1, 60, 60);
	good("1", 1, 60, 1);
	good("-5", -5, 5, -5);
	good("007", 0, 9, 7);
	good("9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX);
	good("-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN);
	bad("9223372036854775808", INT64_MIN, INT64_MAX, "too large");
	bad("-9223372036854775809", INT64_MIN, INT64_MAX, "too small");
	bad("99999999999999999999999", INT64_MIN, INT64_MAX, "too large");
	bad("-99999999999999999999999", INT64_MIN, INT64_MAX, "too small");
	bad("61", 1, 60, "too large");
	bad("0", 1, 60, "too small");
	bad("-1", 0, 60, "too small");
	bad("", 0, 9, "not a number");
	bad("-", 0, 9, "not a number");
	bad("+1", 0, 9, "not a number");
	bad(" 1", 0, 9, "not a number");
	bad("1 ", 0, 9, "not a number");
	bad("1e3", 0, 9999, "not a number");
	bad("0x1", 0, 9, "not a number");
	bad("--1", -9, 9, "not a number");
	bad("99999999999999999999999x", 0, 9, "not a number");
}

static void
test_decimal(void)
{
	good_decimal("12.5", 0, 100, 12.5);
	good_decimal("12", 0, 100, 12);
	good_decimal("-0.25", -1, 1, -0.25);
	good_decimal("0.1", 0.1, 1, 0.1);
	good_decimal("0.000001", 0, 1, 0.000001);
	good_decimal("999999999.999999", 0, 1e9, 999999999.999999);
	bad_decimal("100.000001", 0, 100, "too large");
	bad_decimal("-0.1", 0, 100, "too small");
	bad_decimal("99999999999999999999999999", 0, 1e300, "too large");
	bad_decimal("-99999999999999999999999999", -1e300, 0, "too small");
	bad_decimal("0.0000001", 0, 1, "too many decimals");
	bad_decimal("", 0, 1, "not a number");
	bad_decimal(".5", 0, 1, "not a number");
	bad_decimal("5.", 0, 9, "not a number");
	bad_decimal("1,5", 0, 9, "not a number");
	bad_decimal("1.5x", 0, 9, "not a number");
	bad_decimal("1e3", 0, 9999, "not a number");
	bad_decimal("nan", 0, 9, "not a number");
	bad_decimal("inf", 0, 9, "not a number");
}

static void
test_group(void)
{
	char text[NUM_GROUPED_SIZE];

	is(num_group(text, 0), "0", "no separator");
	is(num_group(text, 999), "999", "nor in three digits");
	is(num_group(text, 1000), "1,000", "one");
	is(num_group(text, 40000000), "40,000,000", "two");
	is(num_group(text, UINT64_MAX), "18,446,744,073,709,551,615", "the largest");
}

int
main(void)
{
	test_whole();
	test_decimal();
	test_group();
	return tap_done();
}
