/* Who somebody of the target is at the source, as the ledger remembers him. */
#ifndef PLAN_SYNC_ORIGIN_H
#define PLAN_SYNC_ORIGIN_H

#include "subject.h"

/*
 * Whether WANT's user is another than who was created, or adopted, under the key: the source has
 * deleted the one and made the other of the same name, who must not get what was the first one's.
 * Where the ledger or WANT has no sub of the source's, nobody knows.
 */
bool origin_is_another(const struct subject *p);

#endif
