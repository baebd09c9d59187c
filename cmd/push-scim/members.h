/*
 * Who is to be added to which group: gathered from the input, sent at its end, when every user and
 * group has an id that is going to get one.
 */
#ifndef PUSH_SCIM_MEMBERS_H
#define PUSH_SCIM_MEMBERS_H

#include "task.h"

/* Takes up the members of a line whose group, with p->key for externalId, is in the index. */
void members_take(struct push *p, const struct record_reader *reader, const struct json *top,
    const struct scim_resource *r);

/* Adds them and writes a result for each group that has members in the input. */
void members_send(struct push *p);

/* The group of a task got its answer. */
void members_done(struct task *t, const struct answer *a);

/*
 * Two requests must not change the same group at once: many servers read it, change it and write
 * it, and the one would undo the other.
 *
 * members_held: whether the task's group is held by another request than this (NULL: by any).
 * members_hold: the request changes the group from now on.  members_release: it is answered.
 */
bool members_held(const struct task *t, const void *request);
void members_hold(const struct task *t, const void *request);
void members_release(const struct task *t, const void *request);

/* Another try in two halves.  Returns false, with the task untouched, if it cannot be halved. */
bool members_halve(struct task *t);

/* The JSON of a task's members, separated by commas. */
int members_append(const struct task *t, struct buf *b);

void members_free(struct push *p);

#endif
