/* --held and --protect: whom nothing is done to. */
#ifndef PLAN_SYNC_HELD_H
#define PLAN_SYNC_HELD_H

#include "subject.h"

/* Reads the files of both options.  Returns PROG_OK, or what sync_stop returned. */
enum prog_status held_read(struct sync *s);

/* A side has a user, or a membership, of that key, or a group: both are being read. */
void held_meet(struct sync *s, char kind, const struct buf *key);

/* Both sides are read: who is in the reject files but on no side may be anybody. */
void held_settle(struct sync *s);

/* Whether a reject file has it, or (MEMBERS) one of its memberships. */
bool held_has(struct sync *s, enum kind kind, const struct subject *p);

/*
 * Whether it is protected: by key, or by a Username or sub that either side, or the ledger, has for
 * it.  To be asked of each subject once, since it counts whom --protect meets.
 */
bool held_protects(struct sync *s, const struct subject *p);

/* All were asked for: how many records of --protect are of nobody, and of no group, of either side. */
uint64_t held_unmet(const struct sync *s);

#endif
