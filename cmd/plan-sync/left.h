/* --left FILE: what is left alone, and why, a record each. */
#ifndef PLAN_SYNC_LEFT_H
#define PLAN_SYNC_LEFT_H

#include "subject.h"

/* Why somebody is left alone whose key is not his alone. */
extern const char left_twice[];

/* A subject; why is a text for people. */
void left_subject(struct sync *s, const struct subject *p, const char *why);

/*
 * One of those whose key a side has more than once: a good record as it was read, len bytes at
 * text.
 */
void left_twin(struct sync *s, const struct subject *p, const char *text, size_t len);

/* A group by its number. */
void left_group(struct sync *s, uint32_t group, const char *why);

/* A membership of it. */
void left_member(struct sync *s, const struct subject *p, uint32_t group, const char *why);

/* An operation that was to be: what it would do, and why it cannot. */
void left_operation(struct sync *s, const struct view *v, const char *why);

/* A record of HAVE that has no key. */
void left_record(struct sync *s, const struct view *v, const char *why);

#endif
