/* What the parts of plan-sync share: the options, the two sides, and the run. */
#ifndef PLAN_SYNC_SYNC_H
#define PLAN_SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/opt.h"
#include "base/order.h"
#include "base/out.h"
#include "base/prog.h"
#include "base/spool.h"
#include "json/scim_resource.h"
#include "json/sink.h"

#include "key.h"

enum side_name { WANT, HAVE, SIDES };
enum kind { USERS, GROUPS, MEMBERS, KINDS };

/* In the order in which they are applied. */
enum op {
	OP_CREATE_GROUP, OP_UPDATE_GROUP, OP_CREATE_USER, OP_LINK_PROVIDER, OP_UPDATE_USER,
	OP_ENABLE_USER, OP_ADD_MEMBER, OP_REMOVE_MEMBER, OP_DISABLE_USER, OP_DELETE_USER,
	OP_DELETE_GROUP, OPS
};

/* What the guard counts; member-remove of single groups is counted in their table. */
enum guard_class {
	CLASS_USER_DELETE, CLASS_USER_DISABLE, CLASS_MEMBER_REMOVE, CLASS_KEY_CHANGE,
	CLASS_LOGIN_CHANGE, CLASS_EMAIL_CHANGE, CLASS_PHONE_CHANGE, CLASS_ATTRIBUTE_CLEAR,
	CLASS_UPDATE, CLASS_GROUP_DELETE, CLASS_USER_ENABLE, CLASS_MEMBER_ADD, CLASSES
};

/* A list of names, as options give them. */
struct names {
	char **item;
	size_t count;
};

/* --max and --confirm: a class, or member-remove: and a group, and its number. */
struct limit {
	char *name;
	int64_t number;
	bool percent;
};

struct limits {
	struct limit *item;
	size_t count;
};

struct options {
	struct sink_options sink;
	struct opt_list files[SIDES], held, protect, scope_groups, with_groups, same_sources;
	struct key_rule key;
	struct names attributes, ignored, logins;
	struct scim_rules rules;	/* --dialect: how a SCIM server deviates */
	bool all_attributes;		/* --attributes was not given */
	bool have_ledger, no_disable, adopt, delete_users, delete_groups, disable_leavers, allow_empty, role_arn, idp_groups;
	const char *state, *ledger, *left, *target;
	struct limits max, confirm;
	int64_t max_billable;		/* -1: no limit */
	int64_t allow_messages;
	int share;			/* percent of the service's quotas */
};

/* What a side says of one kind. */
struct extent {
	bool there;			/* the side has this kind */
	uint64_t count;
	char *source, *scope;		/* of the seals; NULL: not said */
	bool via;			/* a stage may have dropped records */
	int64_t started, ended;		/* ms; 0: not said */
};

struct side {
	unsigned plain, sealed;		/* files */
	bool lists_members;		/* has records of memberships, not only users with Groups */
	uint64_t silent;		/* users without Groups */
	uint64_t flat;			/* without Attributes, but with other texts */
	uint64_t named_by_sub, named;	/* native users whose name is their sub, or another one */
	uint64_t with_members;		/* groups that list Members */
	char *stem;			/* of its sources, without the kind; NULL: not said */
	uint64_t rejected;		/* by the stages before, and here */
	uint64_t wrong;			/* here */
	uint64_t listed;		/* memberships within --scope-groups */
	struct extent extent[KINDS];
};

enum { PERMIT_WHY_SIZE = 160 };

/* Whether something of a kind may be taken away because WANT does not have it. */
struct permit {
	bool compared;			/* both sides have the kind */
	bool remove;
	bool remember;			/* --state goes on with this run */
	bool restart;			/* and what it says of earlier runs does not count */
	int64_t started, ended;		/* of what WANT's absence is read out of; 0: not said */
	char why[PERMIT_WHY_SIZE];	/* why not */
	uint64_t suppressed;		/* what would have been taken away */
};

/* A group that either side mentions. */
struct group {
	uint32_t entry;			/* its name, in the table */
	bool listed;			/* within --scope-groups */
	bool ours;
	bool frozen;			/* nothing of its memberships is touched */
	bool deleted;
	bool spared;			/* was to be deleted, and stays: nobody leaves it */
	bool set_aside;			/* left alone by its name, or by what --held and --protect say */
	bool made_by_cognito;		/* by its name: for who signs in through a provider */
	char *id;			/* at a SCIM server, a JSON string; NULL: not known */
	uint64_t members, removed;	/* of ours: at the target; to be taken out */
	uint64_t inside, strangers;	/* members who are ours; others, or not to be touched */
};

struct groups {
	struct keyset names;
	struct group *item;
	size_t count, cap;
	unsigned char *mentioned;	/* a bit for each side, by number */
};

struct totals {
	uint64_t ops[OPS];
	uint64_t classes[CLASSES];
	uint64_t managed[KINDS], left[KINDS];
	uint64_t calls_creation, calls_update, calls_recovery, calls_groups;
	uint64_t billable, messages;
	uint64_t waiting;		/* absent for the first time */
	uint64_t mute;			/* one side's record says in which groups, the other's not */
	uint64_t twice, federated, long_ones, strangers;
	uint64_t fixed;			/* members of groups that cannot be taken away */
	uint64_t unsettled;		/* missing, and not known to be ours */
	uint64_t unswitched;		/* Enabled differs, and stays (--no-disable) */
	uint64_t unfit;			/* operations that no plan may have */
	uint64_t moved, rekeyed, reborn;	/* left alone for that reason */
	uint64_t inhabited;		/* groups that are not deleted since others are in them */
	uint64_t unaddressed;		/* created, under names that are no addresses */
	uint64_t homeless;		/* memberships wanted in groups that are not ours */
	uint64_t made_by_cognito, in_made;	/* groups wanted that it makes; memberships in them */
};

struct sync {
	struct options o;
	struct sink sink;
	struct out left, state_out;
	struct side side[SIDES];
	struct permit permit[KINDS];
	struct permit disable;		/* of users by their own Enabled */
	struct order lines, members;
	struct groups groups;
	struct keyset held[KINDS], protect[KINDS], addresses[SIDES];
	bool held_unknown;		/* a held record is not known to be of anybody */
	/* Keys whose name, or sub, the other side (moved), or the ledger, has under another key. */
	struct keyset moved[SIDES], rekeyed;
	uint64_t held_count, protect_count;	/* records in the files */
	uint32_t protect_known;			/* those of --protect, each person's once */
	unsigned char *protect_met;		/* whether a side has him */
	size_t held_met;		/* keys in held that a side has */
	char *target;			/* without a kind */
	bool ledger_torn;
	uint64_t ledger_bytes, sequence;
	struct state *state;
	struct scim *scim;
	bool writes_state;
	struct spool spool[OPS];
	bool spooled[OPS];
	struct totals totals;
	struct buf row, key, text;	/* scratch */
	char why[RECORD_REASON_SIZE];	/* of a status that is not good; reported */
};

/* All of it, behind prog_start: the command's status. */
enum prog_status sync_run(int argc, char **argv);

/* Prints the line as diag_error does, keeps it for the seal, and returns status. */
enum prog_status sync_stop(struct sync *s, enum prog_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

bool names_have(const struct names *n, const char *text, size_t len);

/* The part of a side's name in messages: "WANT", "HAVE". */
extern const char *const side_names[SIDES];
extern const char *const kind_names[KINDS];

#endif
