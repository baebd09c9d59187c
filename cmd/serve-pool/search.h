/* The Filter of ListUsers: NAME = "VALUE" or NAME ^= "VALUE". */
#ifndef SERVE_POOL_SEARCH_H
#define SERVE_POOL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "store.h"

enum search_field { SEARCH_ATTRIBUTE, SEARCH_USERNAME, SEARCH_USER_STATUS, SEARCH_ENABLED };

struct search {
	bool all;		/* the filter is empty */
	enum search_field field;
	const char *name;	/* SEARCH_ATTRIBUTE: which one; static */
	bool prefix;		/* ^= */
	bool fold;		/* ASCII letters count the same in both cases */
	struct buf value;	/* as a canonical JSON string, without its quotes */
};

/*
 * Parses the text of a filter (UTF-8).  The name may be quoted; in the value \" and \\ stand
 * for " and \.  Returns NULL, or AWS's message (static, or in the search).  search_free
 * afterwards either way.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
 */
const char *search_parse(struct search *s, const char *text, size_t len);

void search_free(struct search *s);

/* Whether the user is meant. */
bool search_matches(const struct search *s, const struct store_item *user);

/*
 * The attribute's value in the user's array, as the text between its quotes; NULL: the user has
 * none.  name is a canonical JSON string without its quotes.
 */
const char *search_attribute(const struct store_item *user, const char *name, size_t name_len,
    size_t *len);

#endif
