/*
 * The groups that either side mentions: a table in memory, since a pool has 10,000 at most, and
 * what is to be done about each.
 */
#ifndef PLAN_SYNC_GROUPS_H
#define PLAN_SYNC_GROUPS_H

#include "subject.h"
#include "sync.h"

/* The group's number; a new one is added. */
uint32_t groups_number(struct sync *s, const char *name, size_t len);

/* A side's membership names it.  Returns 0, or -1 with the reason printed. */
int groups_mention(struct sync *s, uint32_t number, enum side_name side);

/*
 * A user leaves the groups that are to be deleted: whoever applies the plan deletes none that
 * somebody is in.  any is set if he was in one.  Returns 0, or -1 with the reason printed.
 */
int groups_leave(struct sync *s, const struct subject *p, bool *any);

/*
 * All is decided: a group that is to be deleted is left alone while others are in it, and then
 * nobody leaves it.
 */
void groups_settle(struct sync *s);

/* Decides what is to be done about one.  Returns 0, or -1 with the reason printed. */
int groups_decide(struct sync *s, struct subject *g);

void groups_free(struct groups *g);

#endif
