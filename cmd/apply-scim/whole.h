/*
 * Groups that are written whole, by PUT: whoever is in one and is not named in it is out.
 * Servers may show members only to who asks for them, or never, and leave out a list that is empty.
 */
#ifndef APPLY_SCIM_WHOLE_H
#define APPLY_SCIM_WHOLE_H

#include "found.h"

/* Why a group is not written. */
extern const char whole_hidden[];

/* Whether a look at a group shows all who are in it. */
bool whole_shows(struct apply *a, const struct found *f);

/* What stands behind the path of a group to ask for its members. */
extern const char whole_asks[];

/* The group, to be kept meanwhile.  Heap. */
char *whole_keep(const struct found *f);

/*
 * Joins what was kept and the answer about the members: *shown is then the group as it is, and
 * so is r's body.  Returns false if its members are not known: none are shown, and nothing says
 * that there are none.  An answer that is a failure stays as it is.
 */
bool whole_join(struct apply *a, char **shown, const char *id, struct answer *r);

/* The group with that id was made in this run, and has no members; or it may have some by now. */
void whole_note(struct apply *a, const char *id, bool empty);

#endif
