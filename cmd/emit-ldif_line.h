/* Lines of LDIF (RFC 2849) and what may stand in them (RFC 4512, RFC 4514). */
#ifndef EMIT_LDIF_LINE_H
#define EMIT_LDIF_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Appends "name: value" with its LF: in base64 ("name:: ...") where the value is not what RFC 2849
 * calls a SAFE-STRING or ends with a blank, folded behind 76 columns.  Returns 0, or -1 if b would
 * pass its maximum.
 */
int line_append(struct buf *b, const char *name, const char *value, size_t len);

/*
 * Whether the text is an attribute description (RFC 4512, 2.5): a short name or an object
 * identifier, with options or none; and none of the words that LDIF itself puts there.
 */
bool line_is_name(const char *name);

/*
 * Whether the bytes are the string of a distinguished name (RFC 4514, 3) other than the empty one.
 * Blanks behind a comma or a plus sign are fine, as they were before that RFC.
 */
bool line_is_dn(const char *dn, size_t len);

#endif
