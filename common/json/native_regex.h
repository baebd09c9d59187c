/*
 * The regular expressions of a native program's test(): those on which every engine agrees.
 *
 * Understood are characters, [classes], ., groups (capturing or (?:...)), |, * + ? {m} {m,n},
 * \d \w \s (of ASCII), \xHH, ^ at the beginning and \z at the end of an alternative, and backslashes
 * before punctuation.  All others are for libjq.
 */
#ifndef JSON_NATIVE_REGEX_H
#define JSON_NATIVE_REGEX_H

#include <stddef.h>

#include "json/native_arena.h"

struct native_regex;

/* Compiles len bytes into the arena.  NULL for what is not understood. */
struct native_regex *native_regex_new(struct native_arena *arena, const char *s, size_t len);

/* 1 if the text matches somewhere, 0 if not, -1 for a text that this cannot judge. */
int native_regex_test(const struct native_regex *regex, const char *s, size_t len);

#endif
