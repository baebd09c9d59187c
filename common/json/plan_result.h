/*
 * What has become of the rows of a plan, for the commands that carry one out: a record for each,
 * and the count of them.
 *
 *     {"Op":"add-member","Key":"ana","Result":"done","Code":"","Retryable":false,"GroupName":"g",
 *      "Username":"ana","sub":"…","Detail":"…"}                           (one line)
 */
#ifndef JSON_PLAN_RESULT_H
#define JSON_PLAN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/plan.h"

enum plan_outcome {
	OUTCOME_DONE, OUTCOME_UNCHANGED, OUTCOME_SKIPPED, OUTCOME_FAILED, OUTCOME_PLANNED,
	OUTCOME_UNASKED			/* skipped, as the caller wanted: no fault */
};

/*
 * Decoded texts; NULL: left out, but for code, which is empty then.  May be cut within a
 * character.
 */
struct plan_result {
	enum plan_op op;
	enum plan_outcome outcome;
	bool retryable;			/* skipped or failed, and the same row may do better later */
	const char *key, *code, *group, *username, *sub, *detail;
	const char *extra;		/* further members, JSON text behind a comma; or NULL */
	size_t extra_len;
};

/* later: failed or skipped (later_skipped of them), and a retry can help; not in the others. */
struct plan_tally {
	uint64_t done, unchanged, skipped, failed, later, later_skipped, planned, unasked;
};

/* Appends the record, without LF. */
void plan_result_put(struct buf *b, const struct plan_result *r);

void plan_tally_add(struct plan_tally *n, enum plan_outcome outcome, bool retryable);

/* Whether all is done, or was so, or was not asked for. */
bool plan_tally_is_good(const struct plan_tally *n);

/* Whether nothing was done, and a retry can help for all that was asked for and is not so already. */
bool plan_tally_is_temporary(const struct plan_tally *n);

/* What a person has to know, on standard error; and with -v the counts. */
void plan_tally_complain(const struct plan_tally *n);

/* Members for --stats, each behind a comma. */
void plan_tally_json(const struct plan_tally *n, struct buf *b);

#endif
