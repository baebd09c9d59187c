/*
 * The ledger: what is ours at the target, one line for each thing that happened to it.  Whoever is
 * about to be created is in it before the service is asked, so that nothing is ours without its
 * knowing it, however a run ends.
 *
 *     {"Ledger":"user","Target":"https://…","Key":"ana","Username":"ana","sub":"…","Source":{…},
 *      "State":"created","Time":"…"}                                      (one line)
 *
 * The last line of a key counts; of a user who is ours it may say besides
 *
 *     "Enabled":true        null: that is about to change, or may have
 *     "Digest":"SALT:HEX"   of the attributes as they were written (plan_digest.h)
 *     "Names":["email",…]   of attributes that are, or are about to be, written
 *     "Cleared":["name",…]  of attributes that were taken away
 *
 * What it does not say of these, and of Source, is as the lines before had it since the user became
 * ours; but a line without Enabled ends what an earlier Digest said.  So a line with neither is written
 * and synced before attributes are, and one with the Digest behind it.
 *
 * It is a file that grows at its end, locked while a run uses it; a
 * last line that a kill has torn is taken off.
 */
#ifndef JSON_PLAN_LEDGER_H
#define JSON_PLAN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/keyset.h"
#include "base/prog.h"

enum plan_ledger_kind { LEDGER_USER, LEDGER_GROUP };

/* LEDGER_REFUSED: was about to be made, and turned out to be somebody else's, or not to be made. */
enum plan_ledger_state {
	LEDGER_NONE, LEDGER_CREATING, LEDGER_CREATED, LEDGER_ADOPTED, LEDGER_DELETED, LEDGER_REFUSED
};

struct plan_ledger {
	int fd;				/* -1: there is none */
	const char *path, *target;
	bool read_only;
	struct keyset states;		/* of kind and key: state, and when (creating: at first) */
	struct keyset tries;		/* of kind and key: when creating was noted last, if again */
	struct keyset subs;		/* of kind, key and sub of what is, or was, ours: its life */
	struct keyset lives;		/* of kind and key: how often it was made again */
	uint64_t ours[2], deleted[2];	/* keys of each kind; private */
	struct buf pending;
	bool unsynced, failed;
};

/* What a line says of Enabled. */
enum plan_ledger_enabled {
	ENABLED_UNSAID, ENABLED_UNKNOWN, ENABLED_NO, ENABLED_YES
};

/* A line that is to be written.  NULL: left out. */
struct plan_ledger_line {
	enum plan_ledger_kind kind;
	enum plan_ledger_state state;
	const char *key;		/* decoded */
	const char *name;		/* Username or GroupName, decoded; NULL: none */
	const char *sub;		/* decoded; NULL: none */
	const char *source;		/* JSON; NULL: none */
	size_t source_len;
	enum plan_ledger_enabled enabled;
	const char *digest;		/* plan_digest_make's; NULL: none */
	const char *names, *cleared;	/* members of a JSON array; NULL: none */
	bool bare;			/* a user, created, who has no password yet: "Password":false */
};

/*
 * Opens the file, made if need be (0600), and locks it; read_only: neither.  path NULL: there is no
 * ledger.  target, "https://…/POOL", is borrowed.  Returns PROG_OK, or a reported failure:
 * PROG_TEMPORARY, another run has it.
 */
enum prog_status plan_ledger_open(struct plan_ledger *l, const char *path, const char *target,
    bool read_only);

void plan_ledger_close(struct plan_ledger *l);

/*
 * Reads it, once.  Returns PROG_OK, or PROG_FAIL, or PROG_USAGE for the ledger of another target,
 * with the reason printed.
 */
enum prog_status plan_ledger_read(struct plan_ledger *l);

/*
 * The state of a key, and when it was noted, in whole seconds since the Epoch: first and last are
 * the same but for what was about to be made more than once.
 */
enum plan_ledger_state plan_ledger_find(struct plan_ledger *l, enum plan_ledger_kind kind,
    const char *key, int64_t *first, int64_t *last);

/* Whether the user of that key is noted as created without a password, and has got none since. */
bool plan_ledger_is_bare(struct plan_ledger *l, const char *key);

/* How many of the kind are ours; and of those who were so and are deleted, so many at most. */
uint64_t plan_ledger_count(const struct plan_ledger *l, enum plan_ledger_kind kind,
    uint64_t deleted_most);

/*
 * Whether what has that key and sub was made or adopted by us; so it was, too, if a line about that
 * told no sub.
 */
bool plan_ledger_has_sub(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    const char *sub);

/*
 * Whether that sub is one of before: since a line with it the key was deleted, or about to be made
 * again, and is so again.
 */
bool plan_ledger_is_former(struct plan_ledger *l, enum plan_ledger_kind kind, const char *key,
    const char *sub);

/*
 * Adds a line, at the time now_ms; it is safe after plan_ledger_sync.  Of one that is read_only, it
 * is known, and not written.
 */
void plan_ledger_note(struct plan_ledger *l, const struct plan_ledger_line *line, int64_t now_ms);

/*
 * Writes and syncs what was added.  Returns 0, or -1 once that has failed, with the reason
 * printed.
 */
int plan_ledger_sync(struct plan_ledger *l);

#endif
