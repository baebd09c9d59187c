/* The statistics of stages, as they were read, and what they come to together. */
#ifndef MERGE_STATS_STAGES_H
#define MERGE_STATS_STAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/tok.h"

enum {
	STAGES_MAX = 100000,	/* a hundred pools with as many stages as any of ours ten times over */
	NAMES_MAX = 1000	/* operations, and reasons, of all stages together */
};

/* Counts by name, in the order of the names. */
struct counts {
	struct count {
		char *name;
		uint64_t n;
	} *all;
	size_t size;
};

struct figures {
	uint64_t records, rejected, bytes, calls, retries, throttles, bytes_in, bytes_out;
};

struct stage {
	char *text;		/* the object in canonical form */
	char *command;
	long status;
	int64_t started_ms, ended_ms, ms;
	struct figures figures;
};

struct stages {
	struct stage *all;
	size_t count, cap;
	struct counts operations, reasons;
	long status;		/* of the run, if somebody knows it; -1: stages_finish finds it */
	struct figures sums;
	int64_t started_ms, ended_ms;	/* of the first and of the last */
	int64_t ms;		/* between them, by stages_finish */
	bool any;		/* something was taken, if only a report without stages */
	struct stage cause;	/* whose status says most; its text, command and figures are not set */
	struct buf text;	/* of the stage at hand */
};

void stages_init(struct stages *s);
void stages_free(struct stages *s);

/*
 * Takes the statistics of a stage, or the stages and the status of a report, from the object that
 * is the list's first token.  Returns NULL, or why it is none (static); then nothing, or a part,
 * was taken.
 */
const char *stages_take(struct stages *s, const struct tok_list *l, const char *text);

/*
 * Puts them in the order of their start, then of their names, then of their texts.  The status,
 * unless it is set, is the first by its start that tells of a failure of its own, then 4 (the echo
 * of a failure before it), then 141 (the echo of one behind it), then 3, then 0.  What a report
 * said of its run counts in place of the statuses of its stages: who wrote it may have known more.
 */
void stages_finish(struct stages *s);

#endif
