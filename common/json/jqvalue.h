/*
 * Values of libjq (jv) out of tokens and into canonical text, without libjq's own parser and
 * printer, which go a byte at a time.
 *
 * What comes in and out is what jv_parse_sized and jv_dump_string of the linked libjq give, of
 * whatever version: what is not plain (a number that is no short integer, deep nesting, half a
 * surrogate pair) is left to these two.
 */
#ifndef JSON_JQVALUE_H
#define JSON_JQVALUE_H

#include <jv.h>
#include <stddef.h>

#include "json/tok.h"

struct buf;

/* What reading and printing remember from one value to the next: for one process and thread. */
struct jqvalue;

/* Never NULL; memory that is not there ends the program (mem.h). */
struct jqvalue *jqvalue_new(void);

/* NULL is fine. */
void jqvalue_free(struct jqvalue *q);

/*
 * The value of the len bytes at text, whose tokens are l.  The caller owns it.  Invalid if libjq
 * cannot read it: nested too deep for it, or len is above INT_MAX.
 *
 * Keys, and short values that come again under a key, are kept: at most 256 of up to 64 bytes
 * each.
 */
jv jqvalue_read(struct jqvalue *q, const struct tok_list *l, const char *text, size_t len);

/*
 * Appends v, which is borrowed, to b as jq -c prints it.  Returns NULL, or a static reason, and
 * then what b got is not to be used: a number that is not finite (libjq prints NaN as null and
 * infinity as a number), deeper than TOK_DEPTH_MAX, or longer than b may be.
 */
const char *jqvalue_print(struct jqvalue *q, jv v, struct buf *b);

#endif
