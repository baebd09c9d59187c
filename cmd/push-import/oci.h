/* push-import oci: an import job of the identity domain for each file, users before groups. */
#ifndef PUSH_IMPORT_OCI_H
#define PUSH_IMPORT_OCI_H

#include "net/scim.h"
#include "push.h"

/* Kinds of files, in the order in which they are imported: members must be there. */
enum { OCI_USERS, OCI_GROUPS, OCI_KINDS };

struct oci {
	struct push *push;
	struct scim_client *client;
	bool halted;			/* a job took in nothing: no further one is begun */
};

extern const struct rules oci_rules;

/*
 * Imports the checked files, those of users first, and writes the results.  The door is shut and
 * there is a token.  Returns a status, with push's why set if it is not a good end.
 */
enum prog_status oci_run(struct oci *o);

#endif
