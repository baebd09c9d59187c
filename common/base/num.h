/* Numbers and durations from options, environment and files, with explicit bounds. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>

/*
 * Parses the whole of text as a decimal number between min and max, both included.  No white
 * space, no sign but '-', no exponent.  Returns 0 with *value set, or -1 with *why set to a
 * static text such as "too large"; the caller prints.
 */
int num_parse(const char *text, int64_t min, int64_t max, int64_t *value, const char **why);

/*
 * The same for a decimal fraction such as "12.5": at most nine digits before the point and six
 * behind it, with a digit on both sides.
 */
int num_parse_decimal(const char *text, double min, double max, double *value, const char **why);

enum { NUM_GROUPED_SIZE = 32 };

/* Writes n as people read it, "12,000", into out.  Returns out. */
char *num_group(char out[NUM_GROUPED_SIZE], uint64_t n);

#endif
