/*
 * A run of apply-cognito: what all its parts share.
 *
 *   read      the plan, whole: checked, judged, put aside
 *   schema    what the pool says of its attributes (DescribeUserPool)
 *   run       the plan row by row: operations of a kind side by side, kinds one after the other
 *   task      one row on its way; users and groups are what becomes of each kind
 *   answer    who is there, by the service, against a row
 *   own       what is ours, written before it is made
 *   result    a record for each row, and the plan of what failed
 */
#ifndef APPLY_COGNITO_APPLY_H
#define APPLY_COGNITO_APPLY_H

#include "base/keyset.h"
#include "base/opt.h"
#include "base/progress.h"
#include "json/plan_failed.h"
#include "json/plan_intake.h"
#include "json/plan_ledger.h"
#include "json/plan_lost.h"
#include "json/plan_result.h"
#include "json/plan_window.h"
#include "net/aws.h"

#include "passwords.h"
#include "schema.h"

enum {
	APPLY_WINDOW = 32,		/* rows under way: twice what the client sends at once */
	APPLY_FAILURES = 20,		/* for now, with no success between: the service's */
	APPLY_BODY_MAX = 4 * RECORD_LINE_MAX,
	APPLY_WHY_SIZE = 300
};

struct apply {
	/* What was asked for. */
	struct sink_options *options;
	const char *pool;
	unsigned only;			/* bits of enum plan_op */
	bool passwords_asked;		/* of users who are created, too */
	bool dry_run, with_role_arn, blind;
	bool never_looks;		/* nothing is called but what changes something */
	int64_t max_age_ms;
	int64_t max_billable;		/* -1: as many as it is */
	int64_t allow_messages;		/* -1: not allowed */
	int64_t retry_ms;		/* how long a call is made again */
	char *target;			/* "https://…/POOL" */
	struct opt_list with_groups, add_attributes;
	/* The plan. */
	struct sink sink;
	struct plan_intake plan;
	struct keyset users;		/* whom it writes to: the larger of this and Cost counts */
	struct keyset moved;		/* groups that somebody joins or leaves */
	uint64_t messages;		/* operations that may send one */
	/* What it is held against. */
	struct aws_client *client;
	struct schema schema;
	struct passwords passwords;
	struct plan_ledger ledger;
	/* What is under way. */
	struct plan_window window;
	bool wake;
	struct plan_lost lost;
	unsigned failures;		/* for now, since the last success */
	bool wrote;			/* something at the service is changed, or may be */
	bool halted;			/* nothing is begun any more */
	enum prog_status halt;		/* the status of a run that changed nothing */
	char why[APPLY_WHY_SIZE];
	/* What has become of it. */
	struct plan_failed failed;
	struct plan_tally tally;
	uint64_t unreachable;		/* created, with nothing to recover by */
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
