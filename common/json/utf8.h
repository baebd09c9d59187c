/* UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef JSON_UTF8_H
#define JSON_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of the character that begins at s, 1 to 4 bytes, or 0 if it is not valid or does not
 * end before end.  s < end.
 */
size_t utf8_length(const char *s, const char *end);

/* How many of the len bytes at s are valid before the first byte that is not; len if all are. */
size_t utf8_valid(const char *s, size_t len);

/* How many characters the len bytes at s hold; s must be valid. */
size_t utf8_count(const char *s, size_t len);

/* Writes code point c (at most U+10FFFF, no surrogate) to out; returns the bytes used, 1 to 4. */
size_t utf8_put(char out[4], uint32_t c);

#endif
