/* What is sent when: one by one with some in flight, or in BulkRequests. */
#ifndef PUSH_SCIM_QUEUE_H
#define PUSH_SCIM_QUEUE_H

#include "task.h"

/* Takes the task over. */
void queue_add(struct task *t);

/* Another try; after PUSH_TRIES the task ends as failed for now, with this answer. */
void queue_again(struct task *t, const struct answer *a);

/* Takes the first task out, NULL: there is none. */
struct task *queue_next(struct push *p);

/* Sends what can be sent and waits for one answer, if there is any to come. */
void queue_step(struct push *p);

/* Sends, and waits until another task can be taken over. */
void queue_room(struct push *p);

/* Sends, and waits until nothing is left or the run is over. */
void queue_settle(struct push *p);

/* Goes on with what is under way until nothing is or fd can be read. */
void queue_meanwhile(struct push *p, int fd);

#endif
