/*
 * --state: which runs there were, and who was missing in them since when.  NDJSON, always sealed:
 *
 *     {"State":"run","V":1,"Target":"…","Key":"Username","Fold":true,"Ledger":1234}
 *     {"State":"kind","Kind":"users","Source":"…","Scope":"all","Ended":"…"}
 *     {"State":"user","Key":"ana","Since":"…"}
 */
#ifndef PLAN_SYNC_STATE_H
#define PLAN_SYNC_STATE_H

#include "subject.h"

/* What the last run said of a kind. */
struct state_kind {
	char *source, *scope;		/* NULL: nothing */
	int64_t ended;
};

struct state {
	bool other;			/* of another target, key or case */
	uint64_t ledger_bytes;		/* that the ledger had */
	struct state_kind kind[KINDS];
};

/* Opens the file that replaces it, before the door shuts.  Returns 0, or -1, reason printed. */
int state_open(struct sync *s);

/* Reads the old one.  Returns PROG_OK, or what sync_stop returned. */
enum prog_status state_read(struct sync *s);

/* Begins the new one, once the permits are known. */
void state_begin(struct sync *s);

/* A subject of a kind that the run does not count for, or one that is missing in it. */
void state_keep(struct sync *s, enum kind kind, const struct subject *p);
void state_missing(struct sync *s, enum kind kind, const struct subject *p);

/* Whether it was missing in an earlier whole run. */
bool state_confirms(const struct sync *s, enum kind kind, const struct subject *p);

/* Ends the file, as far as that can fail; and puts it in its place, or drops it. */
int state_settle(struct sync *s);
int state_close(struct sync *s, bool good);

void state_free(struct sync *s);

#endif
