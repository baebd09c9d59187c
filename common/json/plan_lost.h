/*
 * What a run has not made, or not adopted, for the commands that carry out a plan: rows about it are
 * not begun.  Users are known by their Key, groups by their name.
 */
#ifndef JSON_PLAN_LOST_H
#define JSON_PLAN_LOST_H

#include <stdbool.h>

#include "base/keyset.h"
#include "json/plan_ledger.h"

struct plan_lost {
	struct keyset names[2];		/* of each kind; the number: a retry can help */
};

void plan_lost_init(struct plan_lost *l);

void plan_lost_free(struct plan_lost *l);

/* retryable: that of the row which should have made it. */
void plan_lost_add(struct plan_lost *l, enum plan_ledger_kind kind, const char *name,
    bool retryable);

/* Whether it was added; then *retryable is what was said last, and else it stays. */
bool plan_lost_has(struct plan_lost *l, enum plan_ledger_kind kind, const char *name,
    bool *retryable);

#endif
