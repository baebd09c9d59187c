/* What a SCIM server says of a failure: the Error message of RFC 7644 section 3.12, and its kin. */
#ifndef NET_SCIM_ERROR_H
#define NET_SCIM_ERROR_H

#include <stddef.h>

#include "net/scim.h"

enum { SCIM_CODE_SIZE = 65 };

struct scim_error {
	char type[SCIM_CODE_SIZE];	/* scimType, such as "uniqueness", or "" */
	char code[SCIM_CODE_SIZE];	/* Oracle's messageId, OAuth's error; or "" */
	char detail[SCIM_DETAIL_SIZE];	/* UTF-8, cut; or "" */
	bool page;			/* no JSON but a page of HTML or a text */
	/*
	 * It says of itself that it is an Error message, in schemas (AWS: schema, too): what stands
	 * between us and the server, and has a JSON of its own for what it does not know, does not.
	 */
	bool message;
};

/* Reads the body of an answer that is none of success.  Codes are identifiers or absent. */
void scim_error_parse(struct scim_error *e, const char *body, size_t len);

/*
 * Appends "409 uniqueness", "HTTP 404" or "400 invalidValue (error.common.validation)";
 * with_detail: and what the server said behind ": ".
 */
void scim_error_text(const struct scim_error *e, long status, bool with_detail, struct buf *b);

/* What to do about it, or NULL. */
const char *scim_error_hint(const struct scim_error *e, long status, enum scim_dialect dialect);

#endif
