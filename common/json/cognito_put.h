/*
 * Inside the module of Cognito's records: what cognito.c, which makes them, and
 * cognito_attributes.c, which makes their Attributes, have in common.
 */
#ifndef JSON_COGNITO_PUT_H
#define JSON_COGNITO_PUT_H

#include <string.h>

#include "base/buf.h"
#include "json/cognito.h"
#include "json/jtext.h"

extern const char cognito_too_long[];

/*
 * buf_append, inlined: a user is made of some sixty pieces of a few bytes.  Without the NUL behind
 * them, which settle (cognito.c) puts there.
 */
static inline int
cognito_put(struct buf *b, const char *s, size_t len)
{
	if (len >= b->cap - b->len)
		return buf_append(b, s, len);
	memcpy(b->data + b->len, s, len);
	b->len += len;
	return 0;
}

/* jtext_string_token, likewise. */
static inline int
cognito_put_string(struct buf *b, const struct tok *t, const char *text)
{
	if ((t->flags & TOK_ESCAPED) != 0)
		return jtext_string_token(b, t, text);
	return cognito_put(b, text + t->start - 1, t->end - t->start + 2);	/* its quotes too */
}

/*
 * Appends ,"Attributes":{…} with those in names (NULL: all) from the array; array 0: there are
 * none.  Returns NULL or what is wrong.
 */
const char *cognito_put_attributes(struct buf *b, const struct tok_list *page, const char *text,
    uint32_t array, const struct cognito_names *names, size_t *replaced);

#endif
