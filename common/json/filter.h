/*
 * The loop of a filter: FILE operands like cat (each whole by itself) or standard input, a
 * function per record, a sink, and the verdict on the whole.
 */
#ifndef JSON_FILTER_H
#define JSON_FILTER_H

#include "base/prog.h"
#include "json/record.h"
#include "json/sink.h"

struct filter {
	const struct sink_options *opts;
	char **files;		/* operands, NULL-terminated; none, or "-": standard input */
	const int *fds;		/* of the files, opened by the caller, who also closes them; or NULL */
	/*
	 * Shuts the door once the first input is open (files_shut with NULL): nothing but what was
	 * announced is opened later.
	 */
	bool shut;
	bool survey;		/* a pass before the one that counts: wrong records are passed over */
	struct sink *sink;	/* opened by the caller, who also closes it */
	/*
	 * Handles one good record and writes rows to the sink.  Returns NULL, or the reason why the
	 * record is wrong (static, or held until the next call); sink_reject then decides.
	 */
	const char *(*row)(void *arg, const struct record_reader *r, struct sink *sink);
	/*
	 * For a row that hands records on and does not wait for what becomes of them.  wrong takes a
	 * wrong record in place of sink_reject; settle is called at the end of each input, before it
	 * is judged, and returns PROG_OK or a reported failure with why set (filter_halt).  Or NULL.
	 */
	void (*wrong)(void *arg, const struct record_reader *r, const char *reason);
	enum prog_status (*settle)(void *arg);
	/* Called once after all inputs turned out whole; PROG_OK or a reported failure; or NULL. */
	enum prog_status (*end)(void *arg, struct sink *sink);
	/* Called before a read(2), which may wait, from the descriptor; or NULL. */
	void (*before_read)(void *arg, int fd);
	void *arg;
	/* These may set it, with the reason reported and in why: the run ends with this status. */
	enum prog_status halt;
	char why[RECORD_REASON_SIZE];
	uint64_t taken;		/* records of the inputs before the one at hand, wrong ones too */
};

/* For row: ends the run with status, for the reason why, which the caller has reported. */
void filter_halt(struct filter *f, enum prog_status status, const char *why);

/*
 * Runs the loop.  An output in place of an input is a usage error (sink_keep_input), before anything
 * is read.  Returns PROG_OK; PROG_FAIL (a wrong record without --reject, a file that cannot
 * be read, an output that failed); PROG_INCOMPLETE (a stream that is cut, --seal and no seal,
 * sealed and plain inputs mixed); PROG_TEMPORARY (the writer sealed a failure that is
 * retryable) – each reported.  *why gets the reason for sink_close, which
 * lies in f.
 *
 * The sink's seal has then taken up what the inputs' seals say, and sink->sealing is set if they
 * were sealed.
 */
enum prog_status filter_run(struct filter *f, const char **why);

/*
 * For a command that shuts its door by itself, before filter_run: announces the files, so that each
 * is still opened when its turn comes, and refuses outputs in place of them.
 */
void filter_announce(const struct filter *f);

#endif
