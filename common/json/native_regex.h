/*
 * The regular expressions of a native program's test(), sub() and gsub(): those on which every
 * engine agrees.
 *
 * Understood are characters, [classes], ., groups (capturing or (?:...)), |, * + ? {m} {m,n},
 * \d \w \s (of ASCII), \xHH, ^ at the beginning and \z at the end of an alternative, and backslashes
 * before punctuation.  All others are for libjq.
 */
#ifndef JSON_NATIVE_REGEX_H
#define JSON_NATIVE_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "json/native_arena.h"

struct native_regex;

/* Compiles len bytes into the arena.  NULL for what is not understood. */
struct native_regex *native_regex_new(struct native_arena *arena, const char *s, size_t len);

/* 1 if the text matches somewhere, 0 if not, -1 for a text that this cannot judge. */
int native_regex_test(const struct native_regex *regex, const char *s, size_t len);

/*
 * The first match at or behind from, by the rules of engines that go back: the leftmost, and there
 * the first alternative, as much as possible.  1 with *start and *end, 0 for none, -1 as before.
 */
int native_regex_find(const struct native_regex *regex, const char *s, size_t len, size_t from,
    size_t *start, size_t *end);

/* Whether engines agree on where a match ends: not of (a*)*, where turns take nothing. */
bool native_regex_has_one_end(const struct native_regex *regex);

/* Whether there is a ^ in it. */
bool native_regex_asks_begin(const struct native_regex *regex);

#endif
