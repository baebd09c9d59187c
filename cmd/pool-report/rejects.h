/* What a target would reject, by reason: reject files (cognito-records(5)). */
#ifndef POOL_REPORT_REJECTS_H
#define POOL_REPORT_REJECTS_H

#include "base/opt.h"
#include "base/prog.h"
#include "json/record.h"
#include "json/sink.h"
#include "json/sink_summary.h"

#include "figures.h"

/* Of one target. */
struct target {
	char *name;
	uint64_t rejects;
	uint64_t others;		/* groups and memberships, which are not among these */
	struct sink_reasons *reasons;	/* NULL: none */
	struct examples *examples;	/* by number of the reason; NULL: not asked for */
};

struct targets {
	struct target *list;	/* in the order of the options */
	size_t count;
	/* private */
	const char **paths;	/* of each option: its file, and whose it is */
	size_t *owners, files;
	bool show_values;
	size_t at;		/* target that is read */
	struct sink *sink;
};

/*
 * Takes TARGET=FILE options; what is not of that form, and an output in place of such a file, is a
 * usage error.  Announces the files.
 */
void targets_init(struct targets *t, const struct opt_list *options,
    const struct sink_options *outputs, bool show_values);
void targets_free(struct targets *t);

/*
 * Reads all files.  Returns PROG_OK, or what filter_run does, with *why, which lies in why_buffer.
 */
enum prog_status targets_read(struct targets *t, const struct sink_options *options,
    struct sink *sink, const char **why, char why_buffer[RECORD_REASON_SIZE]);

#endif
