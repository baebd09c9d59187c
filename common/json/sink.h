/*
 * The one writer: rows counted, rejects kept, the seal written last.
 *
 * Every command with an output owns one sink.  emit-csv, emit-json and emit-ldif use it too; their
 * bytes are no records and never sealed.
 *
 * Rejects are counted by reason, 64 of them told apart; what a reason says in a last parenthesis
 * with a digit ("not JSON (byte 12)") belongs to the record and is not a part of it.  A run that
 * ends with PROG_REJECTED says on standard error how many there were for each of the ten most
 * frequent, a line a reason, and for all others together; --stats has them all.
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
 * After opt_parse: takes COGNITO_SEAL from the environment (1 or empty, else a usage error) and,
 * without --stats, COGNITO_STATS (a directory, in which they become NAME.PID.json, which sink_open
 * makes, or NAME.PID-2.json and so on; a usage error if it is not there), hands the verbosity to
 * diag.h, and refuses --if-changed without --output and two of output, rejects and stats in one
 * place ("-", or no --output, is standard output).
 */
void sink_options_finish(struct sink_options *opts);

/* Whether the output, the rejects or the stats go to path, written as for sink_options_finish. */
bool sink_goes_to(const struct sink_options *opts, const char *path);

/*
 * Refuses the output, the rejects or the stats in place of an input (place_keep_input).  filter_run
 * and filter_announce do so for their files; a command that reads others by itself calls it for
 * each, before it begins.
 */
void sink_keep_input(const struct sink_options *opts, const char *input);

/* The same for all operands, a NULL behind them; none is standard input. */
void sink_keep_operands(const struct sink_options *opts, char *const *files);

struct sink {
	struct out out;
	struct seal seal;	/* source, scope, via, started, unknown are the caller's to fill */
	bool sealing;		/* --seal was given, or the input was sealed */
	uint64_t rows, bytes;	/* given out; of CSV the caller counts the rows itself */
	uint64_t rejected;	/* here; seal.rejected holds those of the stages before */
	struct sink_reasons *reasons;	/* of those; NULL: none */
	/* private */
	const struct sink_options *opts;
	struct out reject, stats;
	struct sink_parts *parts;	/* NULL: one output */
	bool records;
	int64_t started_ms;
};

/*
 * Opens --output, --reject and --stats.  records: the output is NDJSON records, which a seal may
 * follow.  Returns 0, or -1 with the reason printed and nothing to close.
 */
int sink_open(struct sink *s, const struct sink_options *opts, bool records);

/*
 * The same for an output that may need several files: --output dir/users.csv becomes
 * dir/users-001.csv, dir/users-002.csv and so on, but stays dir/users.csv if it is one part only.
 * With labels the parts are dir/users-LABEL.csv, however few there are, and where a label has
 * several, dir/users-LABEL~002.csv and so on.  From 1000 on numbers have more digits.
 *
 * All parts take their places at the good end, the first of the numbered ones last and after its
 * old file was taken away: what a crash leaves lacks that one, so that it does not look whole.
 * (Those of labels have no such sign; only the good end says that all are there.)  FILE that was
 * replaced by parts, and numbered parts without a gap that an earlier run left beyond them or in
 * place of them, or behind the last one of a label, are removed, since an import would take them
 * for a part of this output.  What other labels left stays.  --if-changed leaves each part
 * untouched that is equal.
 *
 * Each part keeps a descriptor open until then (temp.h says how many that can be).  --output must
 * be no symbolic link.  No --output (or "-") is a usage error: standard output has no parts.
 * --output is not opened until sink_part; without one a good end removes what stands there.  A seal
 * (records) goes into the last part, for all of them.
 */
int sink_open_parts(struct sink *s, const struct sink_options *opts, bool records);

/*
 * Ends the part at hand, if there is one, and begins the next; s->out is it from then on.  label:
 * a text that can stand in a file name and has no "~" (the caller sees to that), one that no part
 * of this run had; or NULL for the next number, of the label at hand if there is one.  A run whose
 * first part has no label has none at all.  Returns 0, or -1 with
 * the reason printed; s->out has failed then, and sink_close is still to be called.
 */
int sink_part(struct sink *s, const char *label);

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
 * written in any case, before the others as far as memory, writing and syncing can fail, so that no
 * output takes its place in a run that fails for that; extra holds further members for it, JSON
 * text behind a comma, or NULL.
 */
enum prog_status sink_close(struct sink *s, enum prog_status status, const char *why,
    const char *extra);

#endif
