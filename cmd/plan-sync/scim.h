/*
 * SCIM resources as the two sides: what emit-scim and list-scim write.  Each becomes a record of its
 * own kind, with the resource in it, so that all but the comparison goes its usual way:
 *
 *     {"Username":userName,"Enabled":active,"Attributes":{"sub":ID},"externalId":…,"Scim":{…}}
 *     {"GroupName":displayName,"Attributes":{"sub":ID},"Scim":{…}}              without members
 *
 * ID is the server's id; of WANT, where that is not there, the externalId.  Whose ids the members of
 * groups are is found by sorting, when a side is read.
 */
#ifndef PLAN_SYNC_SCIM_H
#define PLAN_SYNC_SCIM_H

#include "input.h"

struct scim {
	bool resources[SIDES], records[SIDES];	/* what the side has shown */
	bool server;			/* HAVE's seal is that of a SCIM server's list */
	struct order ids;		/* of the side that is read */
	struct buf group;		/* the id of its last group */
	struct record_reader record;	/* what take gets */
	struct buf name, value, line;	/* scratch */
};

void scim_init(struct sync *s);
void scim_free(struct sync *s);

/* Whether the row is a resource.  What the side shows is noted. */
bool scim_is_resource(struct input *in, const struct record_reader *r);

/*
 * Takes a resource: the record that it becomes goes to take.  Returns as input.row.
 */
const char *scim_take(struct input *in, const struct record_reader *r,
    const char *(*take)(struct input *in, const struct record_reader *r));

/* Whether the file, which has ended, is one of resources, or of a SCIM server's list. */
bool scim_is_file(const struct input *in, const struct seal *seal);

/* What a sealed file of resources is the whole of.  Returns PROG_OK, or what sync_stop returned. */
enum prog_status scim_end_file(struct input *in, const struct seal *seal);

/*
 * All files of the side are read: the members of its groups are found.  Returns PROG_OK, or what
 * sync_stop returned.
 */
enum prog_status scim_settle(struct sync *s, enum side_name side);

/* Whether the plan is one for a SCIM server. */
bool scim_plans(const struct sync *s);

#endif
