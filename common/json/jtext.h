/*
 * JSON strings and numbers as text: decoding, and writing in the canonical form of our records.
 *
 * Canonical is what jq -c prints: no white space; in strings only '"', '\\', the C0 controls and
 * DEL are escaped, as \" \\ \b \t \n \f \r and \u00XX in lower case.
 */
#ifndef JSON_JTEXT_H
#define JSON_JTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "json/tok.h"

struct buf;

/*
 * Decodes the escape at s (a backslash; the string that ends at end is grammatical) into out as
 * UTF-8; *used gets the bytes read.  Half a surrogate pair becomes U+FFFD.  Returns the bytes
 * written, at most 4.
 */
size_t jtext_escape(const char *s, const char *end, char out[4], size_t *used);

/*
 * Appends the meaning of a string token's text (len bytes between the quotes, grammatical) as
 * UTF-8.  Half a surrogate pair becomes U+FFFD; callers that must not accept one look at
 * TOK_LONE first.  Returns 0, or -1 if b would pass its maximum.
 */
int jtext_decode(struct buf *b, const char *s, size_t len);

/*
 * Appends len bytes of valid UTF-8 as a canonical JSON string, quotes included.  Returns 0, or -1
 * with b unchanged if it would pass its maximum.
 */
int jtext_string(struct buf *b, const char *s, size_t len);

/*
 * Appends a string token as a canonical JSON string, quotes included: a plain copy when it has no
 * escapes.  Returns 0, or -1 if b would pass its maximum.
 */
int jtext_string_token(struct buf *b, const struct tok *t, const char *text);

/*
 * Appends any value in canonical form: white space dropped, strings canonical, numbers verbatim,
 * key order kept.  Returns 0, or -1 if b would pass its maximum.
 */
int jtext_value(struct buf *b, const struct tok_list *l, const char *text, uint32_t index);

/*
 * Whether the number comes back with the same value from a double and its shortest text: no
 * integer beyond 2^53, at most 15 significant digits otherwise, no overflow or underflow.
 */
bool jtext_number_is_safe(const char *s, size_t len);

#endif
