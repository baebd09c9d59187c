#include "json/plan_lost.h"

#include <string.h>

void
plan_lost_init(struct plan_lost *l)
{
	keyset_init(&l->names[LEDGER_USER]);
	keyset_init(&l->names[LEDGER_GROUP]);
}

void
plan_lost_free(struct plan_lost *l)
{
	keyset_free(&l->names[LEDGER_USER]);
	keyset_free(&l->names[LEDGER_GROUP]);
}

void
plan_lost_add(struct plan_lost *l, enum plan_ledger_kind kind, const char *name, bool retryable)
{
	struct keyset *lost = &l->names[kind];
	struct keyset_key k;

	keyset_key(&k, name, strlen(name));
	keyset_set_number(lost, keyset_add(lost, &k), retryable ? 1 : 0);
}

bool
plan_lost_has(struct plan_lost *l, enum plan_ledger_kind kind, const char *name, bool *retryable)
{
	struct keyset *lost = &l->names[kind];
	struct keyset_key k;
	uint32_t entry;

	if (lost->count == 0)
		return false;
	keyset_key(&k, name, strlen(name));
	entry = keyset_find(lost, &k);
	if (entry == 0)
		return false;
	*retryable = keyset_number(lost, entry) != 0;
	return true;
}
