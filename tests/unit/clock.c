/* base/clock.h. */
#include "base/clock.h"
#include "tap.h"

#define DAY_MS INT64_C(86400000)
#define FIRST_MS INT64_C(-62167219200000)
#define LAST_MS INT64_C(253402300799999)
#define BAD INT64_C(-999)

static const struct {
	int64_t ms;
	const char *text;
} dates[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ -1000, "1969-12-31T23:59:59.000Z" },
	{ 1532531538091, "2018-07-25T15:12:18.091Z" },
	{ 951782400000, "2000-02-29T00:00:00.000Z" },
	{ 951868800000, "2000-03-01T00:00:00.000Z" },
	{ -2203891200000, "1900-03-01T00:00:00.000Z" },
	{ 4107542399000, "2100-02-28T23:59:59.000Z" },
	{ 4107542400000, "2100-03-01T00:00:00.000Z" },
	{ 1735689599999, "2024-12-31T23:59:59.999Z" },
	{ FIRST_MS, "0000-01-01T00:00:00.000Z" },
	{ LAST_MS, "9999-12-31T23:59:59.999Z" },
};

static const struct {
	const char *text;
	int64_t ms;
} epochs[] = {
	{ "0", 0 }, { "-0", 0 }, { "1682955829.578", 1682955829578 },
	{ "1689030181", 1689030181000 }, { "1.532531538091E9", 1532531538091 },
	{ "1.532531538091e+9", 1532531538091 }, { "15325315380910e-4", 1532531538091 },
	{ "1.5e9", 1500000000000 }, { "1e0", 1000 }, { "0.0005", 0 }, { "0.0019", 1 },
	{ "1689030181.0009999999999999999999999999999999999999", 1689030181000 },
	{ "0.000000000001689030181e21", 1689030181000 }, { "0000000000000000000000000001", 1000 },
	{ "-1.5", -1500 }, { "5e-99999999999999999999", 0 }, { "0e99999999999999999999", 0 },
	{ "253402300799.9999", LAST_MS }, { "-62167219200", FIRST_MS },
	{ "253402300800", BAD }, { "-62167219200.001", BAD }, { "1e99999999999999999999", BAD },
	{ "99999999999999999999999999999", BAD }, { "", BAD }, { "-", BAD }, { "+1", BAD },
	{ ".5", BAD }, { "1.", BAD }, { "1.e5", BAD }, { "1e", BAD }, { "1e+", BAD },
	{ " 1", BAD }, { "1 ", BAD }, { "0x10", BAD }, { "1.2.3", BAD }, { "nan", BAD },
	{ "1e5.5", BAD }, { "99999999999.99", 99999999999990 }, { "99999999999.x", BAD },
	{ "253402300800.0", BAD }, { "253402300799.0", LAST_MS - 999 }, { "12.5x", BAD },
	{ "1682955829.57", 1682955829570 }, { "1682955829.5789", 1682955829578 },
};

static const struct {
	const char *text;
	int64_t ms;
} rfc3339[] = {
	{ "2019-11-09T13:34:41Z", 1573306481000 }, { "2019-11-09t13:34:41z", 1573306481000 },
	{ "2019-11-09T13:34:41.5Z", 1573306481500 },
	{ "2019-11-09T13:34:41.0489999999Z", 1573306481048 },
	{ "2019-11-09T14:34:41+01:00", 1573306481000 },
	{ "2019-11-09T08:04:41.000-05:30", 1573306481000 },
	{ "2016-12-31T23:59:60Z", 1483228800000 }, { "2000-02-29T00:00:00Z", 951782400000 },
	{ "2100-02-29T00:00:00Z", BAD }, { "2019-02-29T00:00:00Z", BAD },
	{ "2019-00-01T00:00:00Z", BAD }, { "2019-13-01T00:00:00Z", BAD },
	{ "2019-04-31T00:00:00Z", BAD }, { "2019-04-00T00:00:00Z", BAD },
	{ "2019-11-09T24:00:00Z", BAD }, { "2019-11-09T13:60:00Z", BAD },
	{ "2019-11-09T13:34:61Z", BAD }, { "2019-11-09T13:34:41", BAD },
	{ "2019-11-09T13:34:41.Z", BAD }, { "2019-11-09 13:34:41Z", BAD },
	{ "2019-11-09T13:34:41+0100", BAD }, { "2019-11-09T13:34:41+24:00", BAD },
	{ "2019-11-09T13:34:41Zx", BAD }, { "2019-11-09", BAD }, { "", BAD },
	{ "0000-01-01T00:00:00+00:01", BAD }, { "9999-12-31T23:59:59-00:01", BAD },
};

static const struct {
	const char *text;
	int64_t ms;
} http[] = {
	{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777000 },
	{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 }, { "Sun, 06 Nov 1994 08:49:37 UTC", BAD },
	{ "Sunday, 06-Nov-94 08:49:37 GMT", BAD }, { "Sun Nov  6 08:49:37 1994", BAD },
	{ "Sun, 6 Nov 1994 08:49:37 GMT", BAD }, { "Sun, 06 nov 1994 08:49:37 GMT", BAD },
	{ "Sun, 31 Nov 1994 08:49:37 GMT", BAD }, { "Sun, 06 Nov 1994 08:49:37 GMT ", BAD },
	{ "Su", BAD }, { "", BAD },
};

#define COUNT(table) (sizeof (table) / sizeof *(table))

/* One test for one text; NULs behind the length must not be looked at. */
static void
parse(int (*function)(const char *, size_t, int64_t *), const char *text, int64_t want)
{
	char exact[128], title[160];
	size_t len = strlen(text);
	int64_t got = BAD;
	int status;

	memset(exact, '7', sizeof exact);
	memcpy(exact, text, len);
	status = function(exact, len, &got);
	snprintf(title, sizeof title, "\"%s\" %s", text, want == BAD ? "is refused" : "is read");
	if (!ok(status == (want == BAD ? -1 : 0) && got == want, title))
		printf("# status %d, got %lld\n", status, (long long)got);
}

static void
test_format(void)
{
	char text[CLOCK_RFC3339_SIZE];

	for (size_t i = 0; i < COUNT(dates); i++) {
		clock_rfc3339(dates[i].ms, text);
		is(text, dates[i].text, "the date is written");
		parse(clock_parse_rfc3339, dates[i].text, dates[i].ms);
	}
	clock_rfc3339(INT64_MIN, text);
	is(text, "0000-01-01T00:00:00.000Z", "the far past is clamped");
	clock_rfc3339(INT64_MAX, text);
	is(text, "9999-12-31T23:59:59.999Z", "the far future is clamped");
}

/* The days follow each other as a calendar counted by hand, over all 10000 years. */
static void
test_every_day(void)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	char text[CLOCK_RFC3339_SIZE], want[64];
	int64_t ms = FIRST_MS, back;
	int wrong = 0, tried = 0, one_of = tap_one_of(61);

	for (int y = 0; y <= 9999; y++)
		for (int m = 1; m <= 12; m++) {
			bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
			int days = lengths[m - 1] + (m == 2 && leap);

			for (int d = 1; d <= days; d++, ms += DAY_MS) {
				if (tried++ % one_of != 0)
					continue;
				snprintf(want, sizeof want, "%04d-%02d-%02dT12:34:56.789Z", y, m,
				    d);
				clock_rfc3339(ms + 45296789, text);
				wrong += strcmp(text, want) != 0 ||
				    clock_parse_rfc3339(text, strlen(text), &back) == -1 ||
				    back != ms + 45296789;
			}
		}
	ok(wrong == 0, "every day of 10000 years is written and read back");
	ok(ms == LAST_MS + 1, "and they are as many as there should be");
}

static void
test_amz(void)
{
	char text[CLOCK_AMZ_SIZE];

	clock_amz(1440938160, text);
	is(text, "20150830T123600Z", "the basic form");
	clock_amz(INT64_MAX, text);
	is(text, "99991231T235959Z", "the far future is clamped");
	clock_amz(INT64_MIN, text);
	is(text, "00000101T000000Z", "the far past is clamped");
	parse(clock_parse_amz, "20150830T123600Z", 1440938160);
	parse(clock_parse_amz, "20150830T123600", BAD);
	parse(clock_parse_amz, "20150830 123600Z", BAD);
	parse(clock_parse_amz, "20150830T123600ZZ", BAD);
	parse(clock_parse_amz, "20151330T123600Z", BAD);
	parse(clock_parse_amz, "", BAD);
}

int
main(void)
{
	int64_t start = clock_mono_ms();

	test_format();
	test_every_day();
	test_amz();
	for (size_t i = 0; i < COUNT(epochs); i++)
		parse(clock_parse_epoch, epochs[i].text, epochs[i].ms);
	for (size_t i = 0; i < COUNT(rfc3339); i++)
		parse(clock_parse_rfc3339, rfc3339[i].text, rfc3339[i].ms);
	for (size_t i = 0; i < COUNT(http); i++)
		parse(clock_parse_http_date, http[i].text, http[i].ms);
	clock_sleep_ms(-1);
	clock_sleep_ms(2);
	ok(clock_mono_ms() >= start + 2, "the steady clock goes on through a sleep");
	ok(clock_wall_ms() > INT64_C(1600000000000), "the wall clock is after 2020");
	return tap_done();
}
