/*
 * The lines that are sorted: what users may share, who is in which group, and who was there before.
 *
 *   KEY 0xFF SPELLING 0xFF SIDE FLAGS [USERNAME]
 *
 * KEY begins with a byte for the kind and is folded where case does not tell users apart; SPELLING
 * is the text itself where that differs.  0xFF stands in no UTF-8; a NUL in a text is 0xFE there.
 * So lines of one key come together, and in them those of one spelling.
 */
#ifndef POOL_REPORT_LINES_H
#define POOL_REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/order.h"

#include "tally.h"

/* Kinds of keys. */
enum {
	LINE_EMAIL = 'e', LINE_IDENTITY = 'i', LINE_NAME = 'n', LINE_PHONE = 'p',
	LINE_PREFERRED = 'q', LINE_SUB = 's'
};

/*
 * What stands behind SIDE.  LINE_NAME: LINE_MEMBER and the group's number in four digits (of one
 * that has none 'ffff' and its name), or LINE_USER, and LINE_ASKED if his groups are known.
 * LINE_SUB: status and so on, see changes.c.  Others: '0' and the flags.
 */
enum { LINE_MEMBER = 'G', LINE_USER = 'U' };
enum { FLAG_VERIFIED = 1, FLAG_FEDERATED = 2, FLAG_ASKED = 4 };

enum { LINE_END = 0xff, LINE_NUL = 0xfe };

/* Appends a text of any bytes but 0xFF: NULs become LINE_NUL. */
void lines_text(struct buf *b, const char *text, size_t len);

/*
 * Begins a line with key, both spellings and the side; the caller appends the rest and ends it
 * (order_end_line).
 */
void lines_begin(struct order *o, char kind, bool folded, const char *text, size_t len,
    enum side side);

/* A line in its parts, borrowed from the order. */
struct line {
	char kind;
	const char *key, *spelling, *rest;	/* key behind its kind */
	size_t key_len, spelling_len, rest_len;
	enum side side;
};

/* Takes the order's line apart.  Returns false if it is none of ours. */
bool lines_parse(const struct order *o, struct line *l);

#endif
