/* The queries of a listing: filter, attributes, whose members are asked for how, and cursors. */
#ifndef NET_SCIM_QUERY_H
#define NET_SCIM_QUERY_H

#include "net/scim_members.h"

/* Of AWS IAM Identity Center, which knows cursors only. */
enum { SCIM_CURSOR_PAGE_MAX = 100 };

/*
 * Pages in a row with nothing new in them, each with a cursor to the next: one that filters may give
 * some, one that leads round in circles gives them for ever.
 */
enum { SCIM_VAIN_PAGES_MAX = 1000 };

/* How the members of the listing's groups come. */
enum scim_ask scim_query_members(const struct scim_list *l);

/*
 * Appends what all pages share: "/Users?filter=...&", without members if asked to.  Returns 0, or
 * -1 if it is too long.
 */
int scim_query_path(const struct scim_list *l, bool without_members, struct buf *path);

/* Appends "cursor" for the first page, with its value for others.  Returns 0, or -1: too long. */
int scim_query_cursor(struct buf *path, const struct buf *cursor);

/*
 * Reads nextCursor of a ListResponse (RFC 9865), its name in any case, into next.  Returns 1; 0 if
 * there is none, so that the page is the last; -1 if it is no text, or the cursor that led here.
 */
int scim_query_next(const struct tok_list *l, const char *text, const struct buf *cursor,
    struct buf *next);

/* The next page's cursor becomes this one's. */
void scim_query_turn(struct buf *cursor, struct buf *next);

#endif
