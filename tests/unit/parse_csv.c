/* Dates of birth in every order; cells of Cognito's dialect there and back. */
#include <stdio.h>

#include "json/escape.h"

/* A command's helpers are in no archive. */
#include "../../cmd/parse-csv/cells.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/parse-csv/make.c"	/* NOLINT(bugprone-suspicious-include) */

#include "tap.h"

static bool
is_day(enum make_order order, const char *text, unsigned year, unsigned month, unsigned number)
{
	unsigned day[3];

	return make_day(order, text, strlen(text), day) && day[0] == year && day[1] == month &&
	    day[2] == number;
}

/* By counting the days from the first one of all: a day that is missing or too many ends elsewhere. */
static void
test_calendar(void)
{
	unsigned days = 0, wrong = 0;
	char text[40];

	for (unsigned year = 1583; year <= 2400; year++) {
		for (unsigned month = 0; month <= 13; month++) {
			for (unsigned day = 0; day <= 32; day++) {
				bool there;

				snprintf(text, sizeof text, "%u/%u/%04u", month, day, year);
				there = is_day(ORDER_MDY, text, year, month, day);
				days += there;
				snprintf(text, sizeof text, "%02u.%02u.%04u", day, month, year);
				wrong += there != is_day(ORDER_DMY, text, year, month, day);
				snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
				wrong += there != is_day(ORDER_YMD, text, year, month, day);
				wrong += there != is_day(ORDER_DMY, text, year, month, day);
			}
		}
	}
	/* 2 * 146,097 days of 400 years, and 18 years with the leap years 1584 to 1600. */
	ok(days == 2 * 146097 + 18 * 365 + 5, "as many days as the calendar has");
	ok(wrong == 0, "in every order");
}

static void
test_no_days(void)
{
	static const char *const none[] = {
		"", "1", "1/2", "1/2/", "/2/2000", "1//2000", "1/2/20000", "1/2/200", "001/2/2000",
		"1/2/2000 ", " 1/2/2000", "1/2.2000", "1 2 2000", "+1/2/2000", "1/2/2000/3", "a/b/cccc",
		"2000/1", "20000/1/1", "1/2/2000\n", "2000-1/1", "99999999999/1/1"
	};
	unsigned day[3], wrong = 0;

	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		wrong += make_day(ORDER_MDY, none[i], strlen(none[i]), day);
	ok(wrong == 0, "what is no day");
	ok(!make_day(ORDER_MDY, "1/2\0" "2000", 8, day), "a NUL");
}

/* Every text of up to six of these, if it can be written at all, among others in a row. */
static void
test_escapes(void)
{
	static const char letters[] = { ',', '\\', 'a', '"' };
	unsigned written = 0, wrong = 0;

	for (unsigned mode = BACKSLASH_REJECT; mode <= BACKSLASH_DOUBLE; mode++) {
		for (unsigned n = 0; n < 7 * 4096; n++) {
			char text[8], row[32] = "x,";
			size_t len = n / 4096, row_len = 2, used, at;
			struct buf b;

			for (size_t i = 0; i < len; i++)
				text[i] = letters[n % 4096 >> 2 * i & 3];
			if (len > 0 && escape_check(mode, text, len) != NULL)
				continue;
			if (len > 0)
				row_len += escape_write(mode, row + 2, text, len);
			memcpy(row + row_len, ",y", 2);
			buf_init(&b, sizeof row);
			wrong += escape_read(mode, &b, row, row_len + 2, &used) != NULL || used != 1;
			buf_clear(&b);
			at = used + 1;
			wrong += escape_read(mode, &b, row + at, row_len + 2 - at, &used) != NULL ||
			    b.len != len || memcmp(buf_string(&b), text, len) != 0 ||
			    at + used != row_len;
			written++;
			buf_free(&b);
		}
	}
	ok(written > 10000, "texts were written");
	ok(wrong == 0, "and read back");
}

int
main(void)
{
	test_calendar();
	test_no_days();
	test_escapes();
	return tap_done();
}
