/* What the report says: counted record by record (gather.h), and of sorted lines (sorted.h). */
#ifndef POOL_REPORT_FIGURES_H
#define POOL_REPORT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/seal.h"

#include "tally.h"

/* Names that are told apart; beyond them is what no pool can have, so that memory is bounded. */
enum {
	STATUSES_MAX = 64,	/* Cognito has eight */
	ATTRIBUTES_MAX = 256,	/* COGNITO_ATTRIBUTES_MAX */
	PROVIDERS_MAX = 1000,	/* the largest quota of identity providers in a pool */
	GROUPS_MAX = 10000,	/* the quota of groups in a pool */
	METHODS_MAX = 16,	/* of a second factor: Cognito has three */
	OVERLAP_GROUPS = 40	/* the largest groups, whose pairs are counted */
};

/* Days from 2000-01-01 to 2099-12-31; Cognito's user pools began in 2014. */
enum {
	DAYS = 36525,
	FIGURES_DAY_MS = 24 * 60 * 60 * 1000,
	FIGURES_FIRST_DAY = 10957	/* of them, from the Epoch */
};

/* What an attribute of yes or no says of another one: of e-mail, of telephone number. */
enum proof { PROOF_NONE, PROOF_UNVERIFIED, PROOF_VERIFIED, PROOFS };

enum factor { FACTOR_UNKNOWN, FACTOR_OFF, FACTOR_ON, FACTORS };

/* Figures of tallies: of attributes, providers, groups, and what only counts records. */
enum { ATTRIBUTE_FILLED, ATTRIBUTE_EMPTY, ATTRIBUTE_LONGEST };
enum { PROVIDER_PROFILES, PROVIDER_LINKED };
enum { GROUP_MEMBERS, GROUP_JOINED, GROUP_LEFT };
enum { COUNTED };

/* Marks of tallies. */
enum { MARK_SEEN = 1, MARK_LISTED = 2, MARK_DECLARED = 4, MARK_REQUIRED = 8 };

/* How many groups users are in: none, 1, 2, 3, 4, 5 to 9, 10 or more. */
enum { GROUP_STEPS = 7 };

/* What two users may have in common by mistake. */
enum shared {
	SHARED_NAME, SHARED_NAME_CASE, SHARED_EMAIL, SHARED_PHONE, SHARED_PREFERRED,
	SHARED_IDENTITY, SHARED_SUB, SHARED_KINDS
};

struct shared_count {
	uint64_t values;	/* that several users have */
	uint64_t users;		/* who have one of these */
	uint64_t most;		/* users of one value */
	uint64_t cased;		/* values that differ in case */
	uint64_t verified;	/* values that several users have verified */
	uint64_t native;	/* values that several users have who are no federated profiles */
};

struct totals {
	uint64_t records, users, groups;
	uint64_t enabled, disabled;
	uint64_t email[PROOFS], phone[PROOFS], factor[FACTORS];
	uint64_t profiles, linked;	/* federated profiles; native users with an identity */
	uint64_t days[DAYS];		/* of their creation */
	uint64_t undated, other_days;
	int64_t newest;			/* date in the records, in ms; 0: none */
	bool listed;			/* there are memberships, or Members of groups */
	bool groups_known;		/* that, or Groups of users */
	/* Of sorted lines. */
	uint64_t by_groups[GROUP_STEPS];
	uint64_t memberships;		/* each once, in whatever form it came */
	uint64_t unasked;		/* users without Groups where there are no lists */
	uint64_t members;		/* users in any group */
	uint64_t strays;		/* memberships of users who are not among the records */
	uint64_t joined, left;		/* memberships; NOW only */
	uint64_t joined_new, left_gone;	/* of those, of users who are new, or gone */
	struct shared_count shared[SHARED_KINDS];
	/* What the seal said. */
	bool sealed;
	struct seal seal;
};

/* Between the snapshots. */
struct changes {
	uint64_t fresh, gone, changed, same;
	uint64_t moved[STATUSES_MAX + 1][STATUSES_MAX + 1];	/* status before, now */
	uint64_t fresh_by[STATUSES_MAX + 1], gone_by[STATUSES_MAX + 1];
	uint64_t switched_on, switched_off, renamed, factor_on, factor_off, factor_other;
	/* By attribute, the others last. */
	uint64_t set[ATTRIBUTES_MAX + 1], altered[ATTRIBUTES_MAX + 1], cleared[ATTRIBUTES_MAX + 1];
};

/* The record of the pool itself. */
struct pool {
	bool known;
	char *name, *id, *mfa, *estimated;	/* NULL: not said */
	char *id_before;			/* of the other snapshot's record */
	bool case_sensitive, case_known;
};

/* How the largest groups overlap. */
struct overlap {
	size_t n;
	size_t group[OVERLAP_GROUPS];				/* numbers of rows */
	uint64_t both[OVERLAP_GROUPS * OVERLAP_GROUPS];		/* both[i * n + j] */
};

enum {
	EXAMPLES_MAX = 10,
	EXAMPLE_LENGTH = 200	/* bytes: two lines or three of a table */
};

/* Texts for --show-values. */
struct examples {
	char *text[EXAMPLES_MAX];
	size_t count;
};

struct figures {
	bool compared;		/* there is a snapshot of before */
	bool show_values;
	struct totals side[SIDES];
	struct tally statuses, attributes, providers, groups, methods;
	struct changes changes;
	struct pool pool;
	struct overlap overlap;
	struct examples shared[SHARED_KINDS];
	uint64_t rejected;	/* records that were wrong */
};

void figures_init(struct figures *f);
void figures_free(struct figures *f);

void examples_free(struct examples *e);

/*
 * Adds an example, cut at EXAMPLE_LENGTH.  In the order of their bytes, the first EXAMPLES_MAX
 * stay, whatever the order of their coming.
 */
void examples_add(struct examples *e, const char *text, size_t len);

#endif
