/* A record for each row of the files: what became of it, as far as the service says. */
#ifndef PUSH_IMPORT_RESULT_H
#define PUSH_IMPORT_RESULT_H

#include "push.h"

enum outcome { OUTCOME_DONE, OUTCOME_UNCHANGED, OUTCOME_FAILED, OUTCOME_UNKNOWN, OUTCOME_SKIPPED,
	OUTCOME_PLANNED };

struct result {
	enum outcome outcome;
	const char *code;		/* "" for none */
	bool retryable;
	const char *job;		/* its id, or NULL */
	const char *detail;		/* or NULL */
};

/* Writes and counts the record of the row at hand. */
void result_row(struct push *p, const struct file *f, const struct rows *r,
    const struct result *x);

/*
 * The same for each row: say fills in what becomes of it, rows counted from 0.  say may also keep
 * the row for later and return false.  The file is loaded already.  Returns PROG_OK, or PROG_FAIL:
 * the output failed.
 */
enum prog_status result_each(struct push *p, const struct file *f,
    bool (*say)(void *arg, uint64_t number, const struct rows *r, struct result *x), void *arg);

/*
 * Gives out what was written: who reads along sees it before the next job, and when nobody reads
 * any more no further one is begun.  Returns PROG_OK, or PROG_FAIL: the output failed.
 */
enum prog_status result_flush(struct push *p);

/* The same result for all rows of a file; it is loaded and unloaded. */
enum prog_status result_all(struct push *p, struct file *f, const struct result *x);

/* Members for --stats, each behind a comma. */
void result_stats(const struct push *p, struct buf *b);

/* The status of a run that came to its end. */
enum prog_status result_status(const struct push *p);

/* Says on standard error what a person has to know of a run that came to its end; the last word. */
void result_tell(const struct push *p);

#endif
