/*
 * The seal: the one line of a stream that says that it is whole (cognito-records(5)).
 *
 *     {"~end":{"v":1,"ok":true,"rows":2,"bytes":64,"rejected":0,"source":"…","scope":"all",
 *      "via":[],"started":"…","ended":"…"}}                        (one line)
 *
 * Parsed strictly: v, ok, rows and bytes are required, every member that we know must have its
 * type and stand there once, the line has no other top-level key and is no longer than
 * SEAL_LINE_MAX.  A line with the key "~end"
 * that is not such a seal is an error, never an end.
 */
#ifndef JSON_SEAL_H
#define JSON_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json/tok.h"

struct buf;

enum {
	SEAL_MAX = 64 * 1024,		/* a text of it: names and a list of groups; longer is not ours */
	SEAL_LINE_MAX = 8 * SEAL_MAX	/* the whole: its texts as JSON; below RECORD_LINE_MAX */
};

struct seal {
	bool ok;
	uint64_t rows, bytes, rejected;
	char *source, *scope;		/* decoded UTF-8; NULL: not said */
	char *started, *ended;		/* RFC 3339 */
	char *reason;			/* of a failed seal */
	bool retryable;			/* of a failed seal */
	char **via;			/* names of the stages that dropped records */
	size_t via_count;
	char *unknown;			/* further members as JSON text, each behind a comma, or NULL */
};

/* An empty seal: ok, nothing counted, nothing known. */
void seal_init(struct seal *s);

void seal_free(struct seal *s);

/* Replaces a text member (&s->source and so on) by a copy of value; NULL removes it. */
void seal_set(char **member, const char *value);

/* Adds a stage's name to via unless it stands there. */
void seal_add_via(struct seal *s, const char *stage);

/*
 * Reads a parsed line.  Returns 1 if it is a seal (s, initialised, is replaced), 0 if the line has
 * no top-level key "~end", -1 if it has one but is not a valid seal.
 */
int seal_parse(struct seal *s, const struct tok_list *l, const char *text);

/* Appends the seal as one line with its LF.  Returns 0, or -1 if b would pass its maximum. */
int seal_write(const struct seal *s, struct buf *b);

/*
 * Takes up what an input's seal says into the seal of an output that is made from it: source,
 * scope, via, started (the earliest), ended (the latest), further members (of the first that has
 * any); rejected is added up.  rows and bytes are not touched.  A source or scope that differs
 * from what is there is appended behind " + ".
 */
void seal_merge(struct seal *into, const struct seal *from);

#endif
