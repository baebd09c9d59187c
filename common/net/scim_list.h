/*
 * All that a SCIM server has of one kind: every page, and every member of every group.
 *
 * Pages are asked for one after the other by startIndex and count.  The listing is whole when as
 * many different resources came as totalResults says on the last page; a resource that comes twice
 * (the set moved under the reader), a page without any before that, a total that shrank or grew:
 * the listing starts once more, and after SCIM_LIST_TRIES it fails as temporary.  Rows are given out
 * page by page on the way, so a caller that needs them whole keeps them until the good end; seen
 * ids are remembered (16 bytes each) so that none is given twice.
 *
 * Dialect aws pages by cursor and says no total: there the list is whole when no cursor follows,
 * and only a resource that comes twice shows that the set moved.  It ignores attributes.
 */
#ifndef NET_SCIM_LIST_H
#define NET_SCIM_LIST_H

#include "json/tok.h"
#include "net/scim.h"

enum { SCIM_LIST_TRIES = 3 };

struct scim_list {
	struct scim_client *client;
	const char *path;	/* "/Users" or "/Groups" */
	const char *filter;	/* as the user wrote it, or NULL */
	const char *attributes;	/* comma-separated, or NULL: the server's default */
	size_t page;		/* resources asked for at once; 0: what the server announced, at most 1000 */
	size_t piece;		/* members in one row, at least 1 */
	/*
	 * One resource in canonical form, len bytes.  A group's members come in rows of at most piece:
	 * each a Group resource with schemas, id, externalId, displayName and its part of members; the
	 * first row has all the other attributes too.  Returns 0, or -1 to end the listing.
	 */
	int (*row)(void *arg, const char *text, size_t len);
	/*
	 * The listing begins once more: all rows so far are void, and come again.  Returns 0, or -1
	 * to end the listing.  NULL: they stay, and only what is new comes.
	 */
	int (*again)(void *arg);
	void *arg;
	bool no_members;	/* of groups: not asked for, and left out where they come */
	uint64_t total;		/* set: what the server said */
	uint64_t count;		/* set: resources given out; from 0 after again */
};

/*
 * Lists.  Returns PROG_OK; or with the reason printed, and in why for the seal, PROG_FAIL (denied,
 * an answer that is no ListResponse), PROG_TEMPORARY, or PROG_FAIL silently if row ended it.
 */
enum prog_status scim_list_all(struct scim_list *l, char why[SCIM_DETAIL_SIZE]);

#endif
