/*
 * A plan on its way in, for the commands that carry one out: it is read to its end and put aside
 * before anything is sent.  It must be whole (a good seal, which is that of a plan for its target,
 * and the rows that its header counts), for this target, neither too old nor of the future, without
 * a wrong line, in applying order; then the guard's limits are worked out again from its rows.
 * After that its operations are read once more, from a file that has no name.
 *
 *     plan_intake_init, the caller's members, plan_intake_read, plan_intake_trips, and what the
 *     caller itself finds wrong; then plan_intake_rewind and plan_intake_next to its end
 */
#ifndef JSON_PLAN_INTAKE_H
#define JSON_PLAN_INTAKE_H

#include "base/spool.h"
#include "json/filter.h"
#include "json/plan.h"
#include "json/plan_ledger.h"

struct plan_intake {
	/* The caller's, between plan_intake_init and plan_intake_read. */
	const char *target;		/* what the plan's Target has to be, byte for byte */
	int64_t max_age_ms;
	int64_t (*now_ms)(void *arg);	/* since the Epoch, by the target's clock if that is known */
	/*
	 * For the header, once it is for this target and of an age that may be; and for each
	 * operation, which reader stands on.  These may call plan_intake_halt.  Either may be
	 * NULL.
	 */
	void (*on_header)(void *arg);
	void (*on_row)(void *arg, const struct plan_row *row, const struct record_reader *reader);
	void *arg;
	/* What was read. */
	struct plan_header header;
	bool has_header;
	char *header_text;		/* its line, as it was */
	struct plan_sums sums;
	/* The rows once more. */
	struct record_reader reader;	/* stands on the row that plan_intake_next gave */
	/* private */
	struct filter filter;
	struct sink_options sealed;
	struct spool rows;
	bool has_rows, reading;
	uint64_t taken;
};

/*
 * All is borrowed.  files as in struct filter; sink was opened by the caller, who also closes it,
 * and its seal takes up what the plan's says; make it one of results by plan_intake_describe.
 */
void plan_intake_init(struct plan_intake *p, const struct sink_options *opts, char **files,
    struct sink *sink);

void plan_intake_free(struct plan_intake *p);

/* --max-age: "24h", "90m", "7d" in milliseconds; anything else is a usage error, which ends. */
int64_t plan_intake_age(const char *text);

/* For a command that shuts its door before it reads: what is still to be opened then. */
void plan_intake_announce(struct plan_intake *p);

/* For on_header and on_row: refuses the plan, for a reason that was printed and is why. */
void plan_intake_halt(struct plan_intake *p, enum prog_status status, const char *why);

/*
 * Reads it.  Returns PROG_OK: it is whole, and may be judged; or a failure with the reason printed
 * and in *why: PROG_FAIL (a wrong line, whatever --reject says; no temporary file), PROG_INCOMPLETE
 * and PROG_TEMPORARY as filter_run, PROG_GUARD (another target, too old, of the future), or what
 * plan_intake_halt said.
 */
enum prog_status plan_intake_read(struct plan_intake *p, const char **why);

/*
 * The guard: how many classes are beyond their limits, each printed.  None may be.  ledger has
 * been read, or has no path: the header's Managed counts for no more than is ours by it, was so
 * before the plan's deletions, or is adopted by the plan.
 */
size_t plan_intake_trips(struct plan_intake *p, const struct plan_ledger *ledger);

/* Makes the seal that of the plan's results: "TARGET/results". */
void plan_intake_describe(const struct plan_intake *p, struct seal *seal);

/* Before the first operation.  Returns 0, or -1 with the reason printed. */
int plan_intake_rewind(struct plan_intake *p);

/*
 * The next operation.  Returns 1, with *row set; 0 at the end, which is that of as many as were
 * read before; or -1, with *why set (static, or until the next call): what was put aside cannot
 * be read.
 */
int plan_intake_next(struct plan_intake *p, struct plan_row *row, const char **why);

#endif
