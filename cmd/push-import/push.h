/* What the parts of push-import share. */
#ifndef PUSH_IMPORT_PUSH_H
#define PUSH_IMPORT_PUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/progress.h"
#include "json/sink.h"

#include "files.h"
#include "rows.h"

/* What an importer takes.  Sources: aws-api and Oracle's pages, named in push-import(1). */
struct rules {
	bool cognito;
	size_t bytes_max;
	uint64_t rows_max;
	size_t row_max;			/* characters; 0: no limit */
	/* Finds key and kind from the headings at hand.  NULL, or what is wrong (static). */
	const char *(*headings)(struct file *f, const struct rows *r);
};

struct counts {
	uint64_t done, unchanged, failed, unknown, skipped, planned;
};

struct push {
	const struct rules *rules;
	struct files files;
	bool dry_run, verify, whole;
	int64_t rows;			/* --rows; -1: not said */
	int64_t timeout_ms;		/* for a job */
	const char *resume;		/* a job's id, or NULL */
	struct keyset keys;		/* of rows, in all files of a kind */
	struct sink sink;
	struct progress progress;
	enum progress_mode progress_mode;
	struct counts counts;
	uint64_t jobs;
	bool unwell;			/* a job did not end well, whatever became of its rows */
	const char *why;		/* for a failed seal; static */
};

#endif
