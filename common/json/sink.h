/*
 * The one writer: rows counted, rejects kept, the seal written last.
 *
 * Every command with an output owns one sink.  emit-csv uses it too; its bytes are no records and
 * never sealed.
 */
#ifndef JSON_SINK_H
#define JSON_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/prog.h"
#include "json/seal.h"

/* The options that every command with an output shares. */
struct sink_options {
	const char *output;	/* -o, --output FILE */
	const char *reject;	/* --reject FILE */
	const char *stats;	/* --stats FILE */
	bool seal;		/* --seal, or COGNITO_SEAL=1 */
	bool if_changed;	/* --if-changed */
	int verbose;		/* -v, --verbose */
};

/* Their rows for opt_parse, bound to *opts.  The table is static: one a program. */
const struct opt_spec *sink_option_table(struct sink_options *opts);

/*
 * After opt_parse: takes COGNITO_SEAL from the environment (1 or empty, else a usage error),
 * hands the verbosity to diag.h, and refuses --if-changed without --output and two of output,
 * rejects and stats under one name ("-", or no --output, is standard output).
 */
void sink_options_finish(struct sink_options *opts);

struct sink {
	struct out out;
	struct seal seal;	/* source, scope, via, started, unknown are the caller's to fill */
	bool sealing;		/* --seal was given, or the input was sealed */
	uint64_t rows, bytes;	/* given out; of CSV the caller counts the rows itself */
	uint64_t rejected;	/* here; seal.rejected holds those of the stages before */
	/* private */
	const struct sink_options *opts;
	struct out reject, stats;
	bool records;
	int64_t started_ms;
};

/*
 * Opens --output, --reject and --stats.  records: the output is NDJSON records, which a seal may
 * follow.  Returns 0, or -1 with the reason printed and nothing to close.
 */
int sink_open(struct sink *s, const struct sink_options *opts, bool records);

/* One row: a canonical record of len bytes, without LF.  Returns 0, or -1 if the output failed. */
int sink_row(struct sink *s, const char *text, size_t len);

/*
 * A record that is wrong.  With --reject it is written there as
 *
 *     {"Reason":"…","Line":12,"Stream":"stdin","Record":…}
 *
 * (the record as it was if it is an object that a reader accepts, else as a string in which
 * invalid bytes became U+FFFD) and counted: returns 0.  Without --reject one line
 * "stream:line: reason" is printed: returns -1, and the command ends with PROG_FAIL.
 */
int sink_reject(struct sink *s, const char *stream, uint64_t line, const char *reason,
    const char *text, size_t len);

/*
 * Ends the output and returns the exit status of the command.
 *
 * status is how the work went, its message printed already; why (or NULL) is the reason that a
 * failed seal gives, as far as it is UTF-8.  On PROG_OK, which becomes PROG_REJECTED if there were
 * rejects, the rejects are committed, then the seal is written when sealing, then the output is
 * committed; the first of these that fails makes it PROG_FAIL.  On anything else a failed seal is
 * written when sealing (retryable for PROG_TEMPORARY), and the files stay as they were.  --stats is
 * written in any case; extra holds further members for it, JSON text behind a comma, or NULL.
 */
enum prog_status sink_close(struct sink *s, enum prog_status status, const char *why,
    const char *extra);

#endif
