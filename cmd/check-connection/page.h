/* Pages of a listing, one after the other, for as long as the caller wants more. */
#ifndef PAGE_H
#define PAGE_H

#include "json/tok.h"

#include "check.h"

struct page {
	const char *text;		/* the answer; borrowed until the next call */
	struct tok_list list;		/* its tokens */
	uint32_t array;			/* the index of its items */
	size_t items;
	bool last;
	/* private */
	struct aws_client *client;
	const char *operation;
	struct buf request, token;
};

/*
 * Begins a chain of ListUsers, ListGroups or ListUsersInGroup; member and value, or NULL, are one
 * more member of the request.
 */
void page_start(struct page *p, const struct check *c, int operation, const char *member,
    const char *value);

/*
 * Asks for the next page.  Returns NULL, or the result of the call if it failed; one with the code
 * "" and a text of ours if it is no page.
 */
const struct aws_result *page_next(struct page *p);

void page_end(struct page *p);

#endif
