/* A checked resource written again, in the form in which it goes out. */
#ifndef EMIT_SCIM_RESOURCE_H
#define EMIT_SCIM_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "json/tok.h"

#include "schema.h"

struct resource_form {
	bool canonical;		/* the text is in canonical form: what stays goes out as it is */
	bool keep_null;		/* members that are null or empty, as good as absent, stay */
	bool keep_verified;	/* so does emails[].verified */
	const char *id;		/* goes in, in place of the resource's own; NULL: none */
	size_t id_len;
	bool compact;		/* private: no white space stands between the tokens */
};

/*
 * Appends the object, token 0, whose keys schema_check gave, in canonical form, schemas and id
 * first, without its members (of a group) and without the closing brace, behind which the caller
 * puts what it likes.  A schema without its extension is left out of schemas.  Returns 0, or -1 if b
 * would pass its maximum.
 */
int resource_write(struct buf *b, const struct tok_list *l, const char *text,
    const struct schema_keys *keys, const struct resource_form *form);

#endif
