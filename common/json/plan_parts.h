/* What plan.c and plan_header.c use of each other; private to them. */
#ifndef JSON_PLAN_PARTS_H
#define JSON_PLAN_PARTS_H

#include "json/plan.h"

/* "NAME: WHAT" in reason, which is returned. */
const char *plan_say(char reason[RECORD_REASON_SIZE], const char *name, const char *what);

/* A text that can be a name: not empty, no NUL, not too long. */
bool plan_is_text(const struct tok *t);

/* The meaning of a string; heap. */
char *plan_decode(const struct tok *t, const char *text);

/*
 * Whether a member of the object stands there twice, which would hide one of them; or there are
 * more than a plan has.
 */
bool plan_has_twice(const struct tok_list *l, const char *text, uint32_t in,
    char reason[RECORD_REASON_SIZE]);

#endif
