/*
 * All that is known under one key: of a person, or of a group.  It is gathered from the sorted
 * lines, which stand together:
 *
 *     U key 0 DATE              the state: absent since then
 *     U key 1 NUMBER RECORD     the ledger, in its order
 *     U key 2 RECORD            a user of WANT
 *     U key 3 RECORD            a user of HAVE
 *     U key 4 GROUP W NAME      a membership of WANT, GROUP encoded as keys are, NAME a JSON string
 *     U key 4 GROUP H RECORD    a membership of HAVE
 *
 * and the same with G for groups, where 4 is W or H: a membership of that side names it.
 *
 * If the key is not the name, then before all users stand, to find who has changed his key,
 *
 *     N name 2 KEY, N name 3 KEY     the key under which WANT, HAVE has that name
 *     S sub 1 KEY, S sub 3 KEY       the same of the ledger's and HAVE's sub
 */
#ifndef PLAN_SYNC_SUBJECT_H
#define PLAN_SYNC_SUBJECT_H

#include "sync.h"
#include "written.h"

enum line_type {
	LINE_STATE = '0', LINE_LEDGER = '1', LINE_WANT = '2', LINE_HAVE = '3', LINE_MEMBER = '4'
};

enum ledger_state { LEDGER_NONE, LEDGER_CREATING, LEDGER_CREATED, LEDGER_ADOPTED, LEDGER_DELETED };

/* What a side has under the key. */
struct half {
	uint64_t count;		/* records; of the first is the rest */
	struct buf text;
	struct tok_list list;
	struct view view;
};

struct belonging {
	uint32_t group;
	unsigned sides;		/* 1 << WANT, 1 << HAVE */
};

struct subject {
	char kind;		/* 'G', 'N', 'S' or 'U'; 0: nothing gathered yet */
	struct buf head;	/* the line's beginning that all of it share */
	struct buf key;
	bool tomb;
	struct buf since;
	enum ledger_state ledger;
	struct buf ledger_username, ledger_sub;	/* JSON strings; empty: not said */
	struct buf ledger_source;	/* likewise, an object */
	struct written written;		/* what the ledger says of his attributes */
	struct half half[SIDES];
	unsigned mentioned;	/* of a group: sides whose memberships name it */
	struct belonging *belonging;
	size_t count, cap;
	struct buf member;	/* a membership of HAVE */
	struct buf wanted_as;	/* the name in WANT's memberships, a JSON string; empty: not said */
	bool protected;		/* by --protect */
	bool several;		/* memberships have several people under the key */
	struct half of_member;	/* what it says of the user */
};

void subject_init(struct subject *p);
void subject_free(struct subject *p);

/* Begins a line: kind 'G' or 'U', the key, its type.  The caller appends the rest and ends it. */
void subject_line(struct sync *s, char kind, const struct buf *key, enum line_type type);

/* A line of the state or of the ledger is taken by these.  text: a canonical record. */
int subject_add_state(struct sync *s, char kind, const struct buf *key, const char *since);
int subject_add_ledger(struct sync *s, char kind, const struct buf *key, const char *text,
    size_t len);

/* A name or a sub (kind 'N' or 'S') that stands somewhere under the key. */
int subject_add_alias(struct sync *s, char kind, const struct buf *text, enum line_type type,
    const struct buf *key);

/*
 * Reads the sorted lines and hands over one subject after the other.  Returns 0, or -1 with the
 * reason printed.
 */
int subject_each(struct sync *s, int (*group)(struct sync *s, struct subject *p),
    int (*user)(struct sync *s, struct subject *p));

/* The index of a top-level member of a half, or 0. */
uint32_t half_member(const struct half *h, const char *name);

/* Whether the value at index is the string, or true, false. */
bool half_is(const struct half *h, uint32_t index, const char *text);

/* What HAVE says of the user: his record, or else a membership's; its count may be 0. */
const struct half *subject_have(const struct subject *p);

/* Whether what HAVE has under the key is ours, by the ledger. */
bool subject_is_ours(const struct subject *p);

#endif
