/* What plan_ledger.c tells plan_ledger_index.c; private to them. */
#ifndef JSON_PLAN_LEDGER_PARTS_H
#define JSON_PLAN_LEDGER_PARTS_H

#include "json/plan_ledger.h"

/* A state besides: created, without a password.  For others it is LEDGER_CREATED. */
enum { LEDGER_BARE = LEDGER_REFUSED + 1 };

/* A line about the key, of len bytes, says that state, at those seconds since the Epoch. */
void plan_ledger_set(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key, size_t len,
    int state, int64_t seconds);

/* What has the key was, or is, ours, and had that sub; empty: the line told none. */
void plan_ledger_add_sub(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    size_t len, const char *sub, size_t sub_len);

#endif
