/*
 * Text from outside on its way to a terminal: what a terminal would act upon, or show in another
 * order than it stands, becomes \uXXXX.  In JSON, where such characters stand in strings alone,
 * that means the same text.
 *
 *   C0 controls and DEL (but tab, line feed, and carriage return before it), C1 controls
 *   U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: directions
 *   U+2028, U+2029: line ends
 *   bytes that are no UTF-8: as \xNN
 */
#ifndef BASE_SCREEN_H
#define BASE_SCREEN_H

#include <stddef.h>

struct buf;

/* What a text that comes in pieces has left: the beginning of a character, or a carriage return. */
struct screen {
	char held[4];
	size_t held_len;
};

/* Appends the next piece to b, whose maximum must leave six bytes for each of text and held. */
void screen_append(struct screen *s, struct buf *b, const char *text, size_t len);

/* Appends what is left: there are no more pieces. */
void screen_end(struct screen *s, struct buf *b);

#endif
