/* One group on its way from a listing into rows: its attributes, and its members as they come. */
#ifndef NET_SCIM_GROUP_H
#define NET_SCIM_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

#include "net/scim_seen.h"

struct scim_group {
	struct buf first;	/* its row without members and the closing brace */
	struct buf further;	/* of its other rows: schemas, id, externalId, displayName */
	struct buf members;	/* canonical, one behind the other */
	size_t *ends;		/* where each of them ends */
	size_t count, cap;
	struct scim_seen seen;	/* their values */
	bool known;		/* who is in it is known, if it is nobody */
};

void scim_group_init(struct scim_group *g);

void scim_group_free(struct scim_group *g);

/* Takes the attributes of the resource at index, all but members.  Returns 0, or -1: too long. */
int scim_group_read(struct scim_group *g, const struct tok_list *l, const char *text,
    uint32_t index);

/* What one reply says of a group's members. */
struct scim_share {
	size_t given;		/* members */
	size_t fresh;		/* whose value did not come before */
};

/*
 * Takes the members of the resource at index, each value once.  Returns NULL with *share filled,
 * and g->known set if there is the member "members"; or a static text that says what is wrong.
 */
const char *scim_group_take(struct scim_group *g, const struct tok_list *l, const char *text,
    uint32_t index, struct scim_share *share);

/*
 * Takes the resources of a ListResponse of users as members.  Returns as scim_group_take.
 */
const char *scim_group_take_users(struct scim_group *g, const struct tok_list *l, const char *text,
    struct scim_share *share);

/* Forgets the members. */
void scim_group_clear(struct scim_group *g);

/*
 * Gives the rows out, with at most piece members each, and none longer than RECORD_LINE_MAX.
 * Returns 0, or what row returned; *too_long: a row cannot be short enough.
 */
int scim_group_rows(struct scim_group *g, size_t piece,
    int (*row)(void *arg, const char *text, size_t len), void *arg, bool *too_long);

#endif
