/* Operations of the plan, one by one. */
#ifndef CONFIRM_ABSENT_ROWS_H
#define CONFIRM_ABSENT_ROWS_H

#include "json/plan.h"

/* The string at index, decoded, the caller frees; NULL: there is none. */
char *rows_decode(const struct tok_list *l, const char *text, uint32_t at);

/* Whether a group is deleted because it is missing, or somebody taken out of it for that. */
bool rows_is_of_group(const struct plan_row *r, const struct tok_list *l, const char *text);

/*
 * Whether something is taken away because somebody is missing.  A user is deleted, or disabled,
 * for no other reason but that WANT has him as disabled.
 */
bool rows_is_candidate(const struct plan_row *r, const struct tok_list *l, const char *text);

#endif
