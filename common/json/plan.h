/*
 * Plans (cognito-records(5)): what plan-sync writes and apply-cognito and apply-scim carry out.
 * Row 1 is the header, every further row one operation, in the order of enum plan_op.
 *
 * Read strictly, since what is read wrongly here is written to people: a member that is missing,
 * of another type, there twice or not known is an error that names it.  Of the header members that
 * are not known are passed over; a plan whose rows mean something else has another V.
 */
#ifndef JSON_PLAN_H
#define JSON_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/record.h"
#include "json/tok.h"

/* In applying order. */
enum plan_op {
	PLAN_CREATE_GROUP, PLAN_UPDATE_GROUP, PLAN_CREATE_USER, PLAN_LINK_PROVIDER,
	PLAN_SET_PASSWORD, PLAN_UPDATE_USER, PLAN_ENABLE_USER, PLAN_ADD_MEMBER,
	PLAN_REMOVE_MEMBER, PLAN_DISABLE_USER, PLAN_DELETE_USER, PLAN_DELETE_GROUP,
	PLAN_OPS
};

enum {
	PLAN_VERSION = 1,
	PLAN_KEY_MAX = 8000,		/* bytes of a key or a name; keyset.h takes a little more */
	PLAN_CLASSES_MAX = 20 * 1000,	/* twice as many as a pool can have groups */
	PLAN_MEMBERS_MAX = 64,		/* of a header; a row has eleven */
	PLAN_LIMIT = 500,		/* of a class, unless the caller names another one: the smaller */
	PLAN_LIMIT_PERCENT = 5,		/* of these two, */
	PLAN_LIMIT_LEAST = 5		/* but so many at least */
};

/* A class of the guard: what the plan does of that kind, and how much of it may be. */
struct plan_class {
	char *name;
	uint64_t count, limit, confirmed;
	bool has_limit, is_confirmed;	/* confirmed: that many, and no others, by name */
	bool is_typed;			/* the limit is one that the caller named (--max) */
	unsigned said;			/* in which of the header's objects; private */
};

struct plan_classes {
	struct plan_class *class;
	size_t count, cap;
};

struct plan_header {
	char *target, *key;		/* decoded */
	bool fold;
	int64_t made_ms;		/* since the Epoch */
	uint64_t managed_users, managed_groups, managed_members;
	uint64_t totals[PLAN_OPS];
	struct plan_classes classes;
	uint64_t billable, messages;	/* of Cost */
};

/* Where the members of an operation lie: indices of their values, 0 if absent. */
struct plan_row {
	enum plan_op op;
	uint32_t key, username, sub, id, group_name, before, after, source, why;
	uint32_t group_id;	/* of a membership: the id of its group, at a SCIM server */
};

/* What the rows add up to. */
struct plan_sums {
	uint64_t rows, totals[PLAN_OPS];
	uint64_t adopted_users, adopted_groups;
	struct plan_classes classes;
	/* private */
	enum plan_op last;
	char *last_key, *last_group;
	size_t removals;		/* the class of the last group that somebody was taken out of */
};

/* "create-user"; static. */
const char *plan_op_name(enum plan_op op);

/*
 * Reads the header, a parsed line.  Returns NULL, or what is wrong (static, or in reason); h is
 * released by plan_header_free in any case, and zeroed before.
 */
const char *plan_read_header(struct plan_header *h, const struct tok_list *l, const char *text,
    char reason[RECORD_REASON_SIZE]);

void plan_header_free(struct plan_header *h);

/* Reads an operation.  Returns NULL, or what is wrong (static, or in reason). */
const char *plan_read_row(struct plan_row *r, const struct tok_list *l, const char *text,
    char reason[RECORD_REASON_SIZE]);

/* A text of a row that was read, decoded; heap.  NULL: at is 0, it is not in the row. */
char *plan_row_text(const struct tok_list *l, const char *text, uint32_t at);

/* Whether a row that was read is an update of nothing: what it is about is adopted as it is. */
bool plan_is_bare(const struct plan_row *r, const struct tok_list *l, const char *text);

/*
 * Whether nobody has seen what was there before an update or a deletion of a user (Before is
 * {"Known":false}): of an update After then has all attributes that are wanted.
 */
bool plan_is_unseen(const struct plan_row *r, const struct tok_list *l, const char *text);

/*
 * Whether a row that was read makes what it is about ours: an update whose Why is "adopted", or
 * ends so behind the names of what differs.
 */
bool plan_adopts(const struct plan_row *r, const struct tok_list *l, const char *text);

/*
 * Adds a row that was read to s, which starts as zeroes.  Returns NULL, or why it cannot stand
 * there (static): out of order, or the same operation again.
 */
const char *plan_add(struct plan_sums *s, const struct plan_row *r, const struct tok_list *l,
    const char *text);

void plan_sums_free(struct plan_sums *s);

/* Whether the rows are those that the header counts; if not, *op is the first that differs. */
bool plan_adds_up(const struct plan_header *h, const struct plan_sums *s, enum plan_op *op);

/*
 * Holds Managed, what is ours by the header, against what is known to be ours: it counts for no
 * more than that, and than the memberships that so many can have.
 */
void plan_hold(struct plan_header *h, uint64_t users, uint64_t groups);

/*
 * The guard's arithmetic: every class that the header names or that the rows show, by the larger
 * of the two counts, against the default limit of what is managed, or the header's one if that is
 * lower, or was typed; a count that the caller of plan-sync confirmed exactly stands.  Of a single
 * group the header's limit stands up to the one for all memberships.  Calls trip (unless NULL) for
 * each class beyond its limit and returns how many there are.
 */
size_t plan_judge(const struct plan_header *h, const struct plan_sums *s,
    void (*trip)(void *arg, const char *class, uint64_t count, uint64_t limit), void *arg);

/* The class of that name, made if there is none; NULL: there are PLAN_CLASSES_MAX. */
struct plan_class *plan_class(struct plan_classes *c, const char *name, size_t len);

#endif
