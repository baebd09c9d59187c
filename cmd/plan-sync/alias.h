/* Names and subs that stand under several keys: who has another key by now (subject.h). */
#ifndef PLAN_SYNC_ALIAS_H
#define PLAN_SYNC_ALIAS_H

#include "subject.h"

/* Whether what is gathered is a name or a sub, of kind 'N' or 'S'. */
bool alias_is(const struct subject *p);

/* One of its lines, behind the type: a key under which it stands. */
void alias_take(struct subject *p, enum line_type type, const char *text, size_t len);

/* All of them are there: keys that are left alone go to s->moved, or to s->rekeyed. */
void alias_decide(struct sync *s, const struct subject *p);

#endif
