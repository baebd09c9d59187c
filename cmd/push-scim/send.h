/*
 * Single requests, and what every answer means.
 *
 * A create whose answer was lost, or that the server refuses because somebody has the name
 * (409 uniqueness), is looked up by externalId before anything else: what is there is ours.
 */
#ifndef PUSH_SCIM_SEND_H
#define PUSH_SCIM_SEND_H

#include "task.h"

/* The answer to a whole request; its texts are the result's. */
struct answer send_answer(const struct scim_result *r);

/* Sends the task's request by itself. */
void send_single(struct task *t);

/* Asks the server for the task's resource by externalId. */
void send_look(struct task *t);

/*
 * Whether the answer to a whole request ends the run: the server is away, or lets nothing through.
 * Then it is halted.
 */
void send_judge(struct push *p, const struct answer *a, const char *where);

/* What an answer means for its task, which it ends, queues again or sends on. */
void send_take(struct task *t, const struct answer *a);

#endif
