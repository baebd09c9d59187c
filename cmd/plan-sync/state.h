/*
 * --state: which runs there were, and who was missing in them since when.  NDJSON, always sealed:
 *
 *     {"State":"run","V":1,"Target":"…","Key":"Username","Fold":true,"Ledger":1234,"Protected":2}
 *     {"State":"kind","Kind":"users","Source":"…","Scope":"all","Ended":"…",
 *      "ScopeGroups":["g","h"]}
 *     {"State":"user","Key":"ana","Since":"…"}
 */
#ifndef PLAN_SYNC_STATE_H
#define PLAN_SYNC_STATE_H

#include "subject.h"

/* What the last run said of a kind. */
struct state_kind {
	char *source, *scope;		/* NULL: nothing */
	bool other_groups;		/* it was of other --scope-groups, */
	char *groups;			/* of these, as JSON; NULL: not said */
	int64_t ended;
};

struct state {
	bool there;			/* there is an old one */
	bool other;			/* of another target, key or case */
	bool counts;			/* the run is one that the next one builds on */
	uint64_t back;			/* who was missing, and is seen though the run does not count */
	struct buf groups;		/* --scope-groups as a list, sorted */
	struct spool next, kept;	/* who is missing: if there is a plan, and if there is none */
	uint64_t ledger_bytes;		/* that the ledger had */
	uint64_t protect_count;		/* records that the files of --protect had */
	struct state_kind kind[KINDS];
};

/* Opens the file that replaces it, before the door shuts.  Returns 0, or -1, reason printed. */
int state_open(struct sync *s);

/* Reads the old one.  Returns PROG_OK, or what sync_stop returned. */
enum prog_status state_read(struct sync *s);

/* Begins the new one, once the permits are known.  Returns 0, or -1 with the reason printed. */
int state_begin(struct sync *s);

/*
 * A subject that was missing: in a run that does not count it stays so, unless WANT has it (seen).
 * And one that is missing now.
 */
void state_keep(struct sync *s, enum kind kind, const struct subject *p, bool seen);
void state_missing(struct sync *s, enum kind kind, const struct subject *p);

/* Whether it was missing in an earlier whole run. */
bool state_confirms(const struct sync *s, enum kind kind, const struct subject *p);

/*
 * Writes the file, as far as that can fail, and puts it in its place, or drops it.  planned: there
 * is a plan.  If there is none, or the run does not count, the old state stays but for who is back.
 */
int state_settle(struct sync *s, bool planned);
int state_close(struct sync *s, bool good);

void state_free(struct sync *s);

#endif
