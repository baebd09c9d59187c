/*
 * The options of the commands that carry out a plan: --ledger, --failed, --only, --max-age and
 * --dry-run.  For these commands alone: what is wrong is a usage error, which ends.
 */
#ifndef JSON_PLAN_OPTIONS_H
#define JSON_PLAN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/opt.h"
#include "json/sink.h"

/* As given, NULL: not given; zeroed before opt_parse. */
struct plan_options {
	const char *ledger, *failed, *only, *max_age;
	bool dry_run;
};

/* The rows for opt_parse, which store into o; static. */
const struct opt_spec *plan_option_table(struct plan_options *o);

/*
 * After opt_parse and sink_options_finish: one plan at most, a ledger unless nothing is changed, and
 * files that are not each other.  files: the operands, a NULL behind them.
 */
void plan_options_finish(const struct plan_options *o, const struct sink_options *sink,
    char **files);

/*
 * What is read, or grows, must not be replaced at the end: refuses it for a file of the caller's
 * (place_keep_input).  NULL: there is none.
 */
void plan_options_keep(const struct plan_options *o, const struct sink_options *sink,
    const char *path);

/*
 * --only as bits of enum plan_op; all of them if it was not given.  without: bits of those for which
 * the command has no word.
 */
unsigned plan_options_only(const struct plan_options *o, unsigned without);

/* --max-age in milliseconds; a day if it was not given. */
int64_t plan_options_max_age(const struct plan_options *o);

#endif
