/* Whether two snapshots can be compared: one pool, and the same part of it. */
#ifndef POOL_REPORT_COMPARED_H
#define POOL_REPORT_COMPARED_H

#include "figures.h"

/*
 * After both sides were read.  Returns false, with the reason printed, if the pools' own records
 * have different Ids, or the seals of both sides say different pools or scopes: whoever is on one
 * side alone is then neither new nor gone.  What a side does not say is no reason.
 *
 * A pool is known again by its id, whatever the endpoint; the scope of a list of groups does not
 * count beside that of their members.
 */
bool compared_possible(const struct figures *f);

/*
 * Whether the seal of a side, and the record of its pool (id, or NULL), name one pool only: who
 * merges lists of several has users of the one in no group of the other.
 */
bool compared_one_pool(const struct totals *t, const char *id);

/*
 * Of what the records are the whole, for people; borrowed.  The expression of a filter may name
 * somebody: it is told only if show_values.
 */
const char *compared_scope(const struct totals *t, bool show_values);

#endif
