/* The memberships of one person. */
#ifndef PLAN_SYNC_MEMBERS_H
#define PLAN_SYNC_MEMBERS_H

#include "subject.h"

enum members_how {
	MEMBERS_COMPARE,	/* both ways */
	MEMBERS_KEEP,		/* nothing is done: absent, or left alone though ours */
	MEMBERS_STRANGER,	/* the same of somebody who is not ours */
	MEMBERS_REMOVE		/* of somebody who left the listed groups: all */
};

/* Returns 0, or -1 with the reason printed. */
int members_decide(struct sync *s, const struct subject *p, enum members_how how, bool created,
    bool *any);

/* Takes somebody out of a group that is to be deleted.  Returns as members_decide. */
int members_leave(struct sync *s, const struct subject *p, uint32_t group);

/* Whether a side says in which groups the user is. */
bool members_are_said(const struct sync *s, const struct subject *p, enum side_name side);

/* Puts into s->row who the user at the target is: Username, and sub if it is known. */
void members_put_target(struct sync *s, const struct subject *p, bool created);

/* And where he came from, if the ledger says so: of what is taken away because he is missing. */
void members_put_source(struct sync *s, const struct subject *p);

#endif
