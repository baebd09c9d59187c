/* What is sent when: one by one with some in flight, or in BulkRequests. */
#ifndef PUSH_SCIM_QUEUE_H
#define PUSH_SCIM_QUEUE_H

#include "task.h"

/* Takes the task over. */
void queue_add(struct task *t);

/*
 * Another try, after a wait that grows from try to try, while others go on.  A task that is
 * throttled is tried for --retry-seconds, others PUSH_TRIES times within them; then it ends as
 * failed for now, with this answer.
 */
void queue_again(struct task *t, const struct answer *a);

/*
 * Another try before all that is queued, after a while: the answer was lost, and the server may
 * still be at work on it, and on the same group no other.  A task whose answer is lost again and
 * again is what brings the server down, and ends as failed for now; not after PUSH_TRIES, which a
 * bad connection reaches.
 */
void queue_first(struct task *t, const struct answer *a);

/*
 * How the server is: with trouble nothing of the queue is sent for a while, which grows from call
 * to call until one without; where names it in a message.
 */
void queue_pace(struct push *p, bool trouble, const char *where);

/* Takes the first task out, NULL: there is none. */
struct task *queue_next(struct push *p);

/* Sends, and waits until another task can be taken over. */
void queue_room(struct push *p);

/* Sends, and waits until nothing is left or the run is over. */
void queue_settle(struct push *p);

/* Goes on with what is under way until nothing is or fd can be read. */
void queue_meanwhile(struct push *p, int fd);

#endif
