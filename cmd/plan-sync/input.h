/* A file of records, read to its end and judged. */
#ifndef PLAN_SYNC_INPUT_H
#define PLAN_SYNC_INPUT_H

#include "sync.h"

struct input {
	struct sync *s;
	const char *path;
	enum side_name side;
	bool rejects;		/* wrong records go to --reject; else they stop the run */
	bool may_miss, may_tear;	/* no such file; a last line without its end is dropped */
	/*
	 * A record.  Returns NULL, or why it is wrong; sets failed for what is not the record's
	 * fault and is reported.
	 */
	const char *(*row)(struct input *in, const struct record_reader *r);
	/* The whole of it; r->seal holds if it is sealed. */
	enum prog_status (*end)(struct input *in, const struct record_reader *r, bool sealed);
	bool failed;
	enum prog_status stop;	/* set by row: ends the run with it, reported; else PROG_OK */
	/* What came of it. */
	bool missing, torn, saw[KINDS];
	uint64_t rows, wrong;
};

/* Returns PROG_OK, or what sync_stop returned. */
enum prog_status input_read(struct input *in);

/* Replaces to by the string of a top-level member.  Returns false if there is none. */
bool input_text(const struct record_reader *r, const char *name, struct buf *to);

#endif
