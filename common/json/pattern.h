/* POSIX extended regular expressions that a whole cell must match, character by character. */
#ifndef JSON_PATTERN_H
#define JSON_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct pattern;

enum { PATTERN_WHY_SIZE = 120 };

/*
 * The expression ere, UTF-8, which is anchored at both ends.  Returns NULL with why set if it is
 * wrong or has a back-reference.
 */
struct pattern *pattern_new(const char *ere, char why[PATTERN_WHY_SIZE]);

/* NULL is fine. */
void pattern_free(struct pattern *p);

/* Whether all of the text, valid UTF-8 without a NUL, matches. */
bool pattern_matches(struct pattern *p, const char *s, size_t len);

#endif
