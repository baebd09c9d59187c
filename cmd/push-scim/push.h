/*
 * A run of push-scim: what all its parts share.
 *
 *   known     what the server has: index, texts, memberships
 *   plan      a line of the input against that: nothing to do, a conflict, or a task
 *   send      tasks become requests, their answers results; bulk does so in BulkRequests
 *   members   at the end: who is missing in the groups
 *   result    a record for each on the sink, and the count of them
 */
#ifndef PUSH_SCIM_PUSH_H
#define PUSH_SCIM_PUSH_H

#include "base/progress.h"
#include "base/spool.h"
#include "json/filter.h"
#include "json/scim_resource.h"
#include "net/scim.h"

#include "index.h"
#include "pairs.h"

enum {
	PUSH_TRIES = 4,			/* of one task, throttles and the client's own not counted */
	PUSH_BULKS = 2,			/* BulkRequests under way: one works, one is on its way */
	PUSH_IN_FLIGHT = 4,		/* single requests; --in-flight's default */
	PUSH_FAILURES = 20,		/* for now, with no success between: the server's */
	PUSH_BODY_MAX = SCIM_BODY_MAX
};

enum task_kind { TASK_CREATE, TASK_UPDATE, TASK_MEMBERS };

/* One request to come, and what it is about. */
struct task {
	struct task *next;		/* in the queue */
	struct task **link, *other;	/* of all there are: what leads here, the next one */
	struct push *push;
	enum task_kind kind;
	enum scim_resource_kind resource;
	uint32_t entry;
	uint64_t serial;		/* its bulkId */
	char *text;			/* the input's line; NULL: members */
	size_t len;
	const char *stream;		/* where the line is from, borrowed */
	uint64_t line;
	struct buf body;
	size_t from, to;		/* members: part of push.wanted */
	unsigned tries, throttles;	/* throttles: and answers lost on the way */
	unsigned losses;		/* of memberships: answers lost, each waited for by all */
	int64_t failed_ms;		/* for the first time, for now; 0: never */
	int64_t due_ms;			/* while it waits */
	bool alone;			/* never in a BulkRequest again */
	bool lost;			/* it may have been created: the server is asked first */
	bool looking;			/* the server is asked */
	bool reading;			/* the server's resource is read for a change */
};

/* A group's memberships in the input. */
struct crowd {
	char *name;			/* displayName as a JSON string; NULL: not in the input */
	const char *stream;
	uint64_t line;
	uint64_t named, there, added, missing, failed;
	uint64_t left;			/* tasks that are not done, and one while they are made */
	unsigned denials;
	const void *holder;		/* the request under way that changes the group, or NULL */
	bool final;			/* something failed for good */
	char code[64];			/* of the last failure */
	char detail[SCIM_DETAIL_SIZE];
};

struct tally {
	uint64_t created, updated, unchanged, planned, conflict, failed, later;
};

struct push {
	/* What was asked for. */
	struct sink_options *options;
	struct scim_client *client;
	struct scim_features features;
	enum scim_dialect dialect;
	struct scim_rules rules;
	bool adopt, dry_run, bulk;
	bool conditional;		/* the server wants to know what a PATCH changes */
	size_t in_flight;
	/* What the server has. */
	struct index users, groups;
	struct spool texts;
	struct pairs pairs;
	/* The input. */
	struct sink sink;
	struct filter filter;
	struct progress progress;
	uint64_t lines;
	struct buf key, name, folded;	/* of the line at hand */
	uint64_t *wanted;		/* memberships to add */
	size_t wanted_count, wanted_cap;
	struct crowd *crowd;		/* by the group's number */
	size_t crowds;
	/* What is under way. */
	struct task *tasks;		/* all, waiting or sent */
	struct task *first, **last;	/* the queue */
	struct task *waiting;		/* to be queued again when they are due */
	int64_t due_ms;			/* the first of them */
	struct bulk *sent[PUSH_BULKS];
	size_t queued, queued_bytes, singles, bulks;
	size_t bulk_operations;		/* less than announced after a 413 */
	uint64_t serial;
	bool wake;			/* an answer has come */
	bool wrote;			/* one write has worked */
	int64_t retry_ms;		/* how long one task is tried again */
	uint32_t random;		/* the part of a wait's upper end that is waited */
	int64_t held_ms;		/* nothing of the queue before this time */
	int holds;			/* in a row */
	unsigned failures;		/* for now, since the last success */
	int64_t failing_ms;		/* since when writes are lost; 0: they are not */
	enum prog_status halt;		/* the whole cannot go on; reported */
	char why[SCIM_DETAIL_SIZE];
	struct tally tally[3];		/* by enum scim_resource_kind; of memberships, by group */
	uint64_t members_added;
};

static inline struct index *
push_index(struct push *p, enum scim_resource_kind kind)
{
	return kind == RESOURCE_USER ? &p->users : &p->groups;
}

static inline const char *
push_path(enum scim_resource_kind kind)
{
	return kind == RESOURCE_USER ? "/Users" : "/Groups";
}

static inline bool
push_is_throttle(long status)
{
	return status == 429 || status == 503;
}

/* The run is over: says why, once. */
void push_halt(struct push *p, enum prog_status status, const char *where, const char *why);

#endif
