/* The only place that asks for the time or sleeps, and dates as text. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

enum {
	CLOCK_RFC3339_SIZE = sizeof "2018-07-25T15:32:11.091Z",
	CLOCK_AMZ_SIZE = sizeof "20150830T123600Z"
};

/* Milliseconds since the Epoch, UTC. */
int64_t clock_wall_ms(void);

/*
 * Milliseconds of a clock that never goes back, from an unspecified start; it goes on while the
 * machine is suspended.
 */
int64_t clock_mono_ms(void);

/* Sleeps ms milliseconds, through interruptions by signals; ms <= 0 returns at once. */
void clock_sleep_ms(int64_t ms);

/*
 * Milliseconds since the Epoch as RFC 3339 UTC with three decimals.  Times outside the years 0 to
 * 9999 are clamped.
 */
void clock_rfc3339(int64_t ms, char out[CLOCK_RFC3339_SIZE]);

/* Seconds since the Epoch as the basic form that SigV4 uses, 20150830T123600Z; clamped as above. */
void clock_amz(int64_t seconds, char out[CLOCK_AMZ_SIZE]);

/*
 * Reads a decimal number of seconds since the Epoch with any number of decimals, as Cognito sends
 * dates ("1682955829.578", "1689030181", "1.532531538091E9"), from its text and never through a
 * float; digits behind the third decimal are dropped.  Returns 0 with *ms set, or -1 if the text
 * is not such a number or lies outside the years 0 to 9999.
 */
int clock_parse_epoch(const char *text, size_t len, int64_t *ms);

/*
 * Reads an RFC 3339 date and time ("2019-11-09T13:34:41Z", any number of decimals, Z or an
 * offset); digits behind the third decimal are dropped, a leap second counts as the second after
 * it.  Returns 0 with *ms set, or -1.
 */
int clock_parse_rfc3339(const char *text, size_t len, int64_t *ms);

/*
 * Reads an HTTP date (RFC 9110 section 5.6.7, IMF-fixdate only); whether the weekday belongs to
 * the date is not checked.  Returns 0 with *ms set, or -1.
 */
int clock_parse_http_date(const char *text, size_t len, int64_t *ms);

/* Reads the basic form 20150830T123600Z.  Returns 0 with *seconds set, or -1. */
int clock_parse_amz(const char *text, size_t len, int64_t *seconds);

#endif
