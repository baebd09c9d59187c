/*
 * Guards against formulas: cells that a spreadsheet would evaluate, marked so that it does not, and
 * the way back.  Both are exact: guard_strip gives what guard_write was given.
 *
 * GUARD_APOSTROPHE, as OWASP's page on CSV injection advises: one apostrophe in front of a text
 * that begins, behind any number of apostrophes, with one of = + - @ TAB CR LF.  A plain telephone
 * number (+ and 2 to 15 digits) is left alone.
 * GUARD_OCI, as Oracle's identity domains write and read it: apostrophes at both ends of a text
 * that begins with one of @ + - = | %.
 */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum guard { GUARD_NONE, GUARD_APOSTROPHE, GUARD_OCI, GUARD_REPORT };

enum guard_need {
	GUARD_CLEAR,		/* stays as it is */
	GUARD_NEEDED,		/* guard_write */
	GUARD_AMBIGUOUS		/* cannot be told from a guarded text, so it cannot be written */
};

/* What the text needs.  GUARD_REPORT: what it would need if it were GUARD_APOSTROPHE, but bare. */
enum guard_need guard_need(enum guard g, const char *s, size_t len);

/* Writes the guarded text to to, where len + 2 bytes are free, and returns its length. */
size_t guard_write(enum guard g, char *to, const char *s, size_t len);

/* Narrows s and len, a guarded text, to what it was.  Whether it was guarded at all. */
bool guard_strip(enum guard g, const char **s, size_t *len);

#endif
