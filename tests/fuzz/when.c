/*
 * Any text as a date of each form, and as a number.  Compared with the C library: timegm, gmtime_r
 * and strtoll; every date that is read is written again as what it was.
 *
 * A line each; most bytes stand for those of dates.
 */
#include <errno.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/num.h"

#include "dates.h"
#include "tree.h"

enum { LINE_MAX_LEN = 60 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the date says, by the library. */
static void
check_written(int64_t ms)
{
	char ours[CLOCK_RFC3339_SIZE], amz[CLOCK_AMZ_SIZE], text[80];
	int64_t thousandths = ((ms % 1000) + 1000) % 1000, again;
	time_t t = (time_t)((ms - thousandths) / 1000);
	struct tm tm;

	check(gmtime_r(&t, &tm) != NULL);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)thousandths);
	clock_rfc3339(ms, ours);
	check(strcmp(ours, text) == 0);
	check(clock_parse_rfc3339(ours, strlen(ours), &again) == 0 && again == ms);
	snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	clock_amz((int64_t)t, amz);
	check(strcmp(amz, text) == 0);
	check(clock_parse_amz(amz, strlen(amz), &again) == 0 && again == (int64_t)t);
}

static void
try_dates(const char *text)
{
	int64_t ms, wanted = 0, seconds;
	char form[40];
	bool good;

	if (clock_parse_rfc3339(text, strlen(text), &ms) == 0) {
		check(slow_rfc3339(text, &wanted) && ms == wanted);
		check_written(ms);
	} else {
		check(!slow_rfc3339(text, &wanted));
	}
	/* The basic form is the same date with its signs taken out. */
	if (strlen(text) == 16) {
		snprintf(form, sizeof form, "%.4s-%.2s-%.5s:%.2s:%.2s%s", text, text + 4, text + 6,
		    text + 11, text + 13, text + 15);
		check((clock_parse_amz(text, 16, &seconds) == 0) == (text[8] == 'T' &&
		    text[15] == 'Z' && slow_rfc3339(form, &wanted)));
	}
	wanted = 0;
	good = slow_epoch(text, &wanted);
	check((clock_parse_epoch(text, strlen(text), &ms) == 0) == good);
	if (good) {
		check(ms == wanted);
		check_written(ms);
	}
	if (clock_parse_http_date(text, strlen(text), &ms) == 0)
		check(ms % 1000 == 0 && strlen(text) == 29);
}

static void
try_numbers(const char *text)
{
	static const int64_t bounds[][2] = { { INT64_MIN, INT64_MAX }, { 0, 100 }, { -5, 5 },
		{ 0, INT64_MAX / 2 } };
	const char *why, *digits = text + (*text == '-');
	bool is_number = *digits != '\0' && strspn(digits, "0123456789") == strlen(digits);
	int64_t n, wanted;
	double d;

	errno = 0;
	wanted = strtoll(text, NULL, 10);
	is_number = is_number && errno == 0;
	for (int i = 0; i < 4; i++) {
		bool good = is_number && wanted >= bounds[i][0] && wanted <= bounds[i][1];

		check((num_parse(text, bounds[i][0], bounds[i][1], &n, &why) == 0) == good);
		check(good ? n == wanted : why[0] != '\0');
	}
	if (num_parse_decimal(text, -1000, 1000, &d, &why) == 0)
		check(d == strtod(text, NULL) && d >= -1000 && d <= 1000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char meant[] = "0123456789012345678901234567890123456789-::TZ.+eE zt-";
	char line[LINE_MAX_LEN + 1];
	size_t len = 0;

	for (size_t i = 0; i <= size; i++) {
		if (i < size && data[i] != '\n' && len < LINE_MAX_LEN) {
			line[len++] = data[i] < 0x80 ? (char)data[i] :
			    meant[(data[i] - 0x80U) % (sizeof meant - 1)];
			continue;
		}
		line[len] = '\0';
		if (strlen(line) == len) {
			try_dates(line);
			try_numbers(line);
		}
		len = 0;
	}
	return 0;
}
