/*
 * A run of apply-scim: what all its parts share.
 *
 *   run       the plan row by row: operations of a kind side by side, kinds one after the other
 *   task      one row on its way; create, change, members are what becomes of each kind
 *   crowd     memberships of one group, and their requests
 *   bulk      requests of tasks and crowds in BulkRequests
 *   found     what the server has, against a row
 *   whole     groups that are written whole, by PUT
 *   names     whose ids are known
 *   result    a record for each row
 */
#ifndef APPLY_SCIM_APPLY_H
#define APPLY_SCIM_APPLY_H

#include "base/keyset.h"
#include "base/progress.h"
#include "json/plan_failed.h"
#include "json/plan_intake.h"
#include "json/plan_ledger.h"
#include "json/plan_lost.h"
#include "json/plan_result.h"
#include "json/plan_window.h"
#include "json/scim_resource.h"
#include "net/scim.h"

#include "names.h"

enum {
	APPLY_WINDOW = 32,		/* rows under way: twice what the client sends at once */
	APPLY_MEMBERS_WINDOW = 512,	/* of memberships, which go many at once */
	APPLY_TRIES = 4,		/* of a row whose answer is lost, or that was changed meanwhile */
	APPLY_FAILURES = 20,		/* for now, with no success between: the server's */
	APPLY_WHY_SIZE = SCIM_DETAIL_SIZE
};

struct apply {
	/* What was asked for. */
	struct sink_options *options;
	unsigned only;			/* bits of enum plan_op */
	bool dry_run;
	/* The plan. */
	struct sink sink;
	struct plan_intake plan;
	/* What it is held against. */
	struct scim_client *client;
	struct scim_features features;
	enum scim_dialect dialect;
	struct scim_rules rules;
	struct plan_ledger ledger;
	struct names users, groups;	/* ids, by key and by name */
	bool by_external;		/* the plan's Key is externalId */
	/* What is under way. */
	struct plan_window window;
	struct bulk *bulk, *sent;	/* the BulkRequest that is being filled; those under way */
	size_t bulk_operations;		/* in one at most */
	struct crowd *crowds;		/* memberships of one group, in the plan's order */
	bool wake;
	unsigned failures;		/* for now, since the last success */
	bool shows_members;		/* a look has shown who is in a group */
	struct keyset empty_groups;	/* by id, that were made in this run; the number: 1 as long as so */
	bool wrote;			/* something at the server is changed, or may be */
	bool conditional;		/* the server wants to be told which version is changed */
	bool halted;			/* nothing is begun any more */
	enum prog_status halt;		/* the status of a run that changed nothing */
	char why[APPLY_WHY_SIZE];
	/* What has become of it. */
	struct plan_lost lost;
	struct plan_failed failed;
	struct plan_tally tally;
	struct progress progress;
};

/* Nothing is begun any more, for that reason, which is printed; the first one stands. */
void apply_halt(struct apply *a, enum prog_status status, const char *where, const char *why);

/* Whether the plan's operations of that kind are asked for (--only). */
static inline bool
apply_wants(const struct apply *a, enum plan_op op)
{
	return (a->only >> op & 1) != 0;
}

#endif
