#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/place.h"
#include "base/progress.h"
#include "json/jtext.h"
#include "json/record.h"
#include "json/sink.h"
#include "json/sink_parts.h"
#include "json/sink_summary.h"
#include "json/utf8.h"

const struct opt_spec *
sink_option_table(struct sink_options *opts)
{
	static struct opt_spec table[7];
	const struct opt_spec rows[7] = {
		{ "output", 'o', OPT_VALUE, &opts->output },
		{ "if-changed", 0, OPT_FLAG, &opts->if_changed },
		{ "reject", 0, OPT_VALUE, &opts->reject },
		{ "seal", 0, OPT_FLAG, &opts->seal },
		{ "stats", 0, OPT_VALUE, &opts->stats },
		{ "verbose", 'v', OPT_COUNT, &opts->verbose },
		{ NULL, 0, OPT_FLAG, NULL }
	};

	memcpy(table, rows, sizeof table);
	return table;
}

/* "-" is standard output, and no place. */
static bool
is_same(const char *a, const char *b)
{
	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
		return strcmp(a, b) == 0;
	return place_is_same(a, b);
}

/* Of two files in one place the later would replace the earlier.  output NULL: standard output. */
static void
refuse_same(const char *output, const struct sink_options *opts)
{
	const char *reject = opts->reject, *stats = opts->stats;

	if (output == NULL)
		output = "-";
	if (reject != NULL && is_same(reject, output))
		opt_usage_error("--reject: goes where the output goes");
	if (stats != NULL && (is_same(stats, output) || (reject != NULL && is_same(stats, reject))))
		opt_usage_error("--stats: goes where the output or the rejects go");
}

bool
sink_goes_to(const struct sink_options *opts, const char *path)
{
	return is_same(path, opts->output != NULL ? opts->output : "-") ||
	    (opts->reject != NULL && is_same(path, opts->reject)) ||
	    (opts->stats != NULL && is_same(path, opts->stats));
}

void
sink_keep_input(const struct sink_options *opts, const char *input)
{
	place_keep_input(opts->output, input);
	place_keep_input(opts->reject, input);
	place_keep_input(opts->stats, input);
}

void
sink_keep_operands(const struct sink_options *opts, char *const *files)
{
	size_t i = 0;

	do {
		sink_keep_input(opts, files[i]);
	} while (files[i] != NULL && files[++i] != NULL);
}

/* Where COGNITO_STATS sends them, or "". */
static char stats_path[PATH_MAX];

/*
 * COGNITO_STATS=DIR: statistics of each command, whoever started it, go to DIR/NAME.PID.json; or
 * to DIR/NAME.PID-2.json, where a command of that number, which is in use again (or is that of
 * another container), has left its own.  Returns whether the name fits.
 */
static bool
name_stats(const char *directory, int turn)
{
	char again[16] = "";
	int n;

	if (turn > 1)
		snprintf(again, sizeof again, "-%d", turn);
	n = snprintf(stats_path, sizeof stats_path, "%s/%s.%ld%s.json", directory, prog_name(),
	    (long)getpid(), again);
	return n >= 0 && (size_t)n < sizeof stats_path;
}

/*
 * Makes the first of them that is free, so that nobody else can have it: an empty file, which the
 * statistics replace.  Returns 0, or -1 with the reason printed.
 */
static int
claim_stats(const char *directory)
{
	int fd = -1;

	for (int i = 1; fd == -1 && name_stats(directory, i); i++) {
		fd = open(stats_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd == -1 && errno != EEXIST)
			break;
	}
	if (fd == -1) {
		diag_error("COGNITO_STATS: %s: cannot create: %s", stats_path, strerror(errno));
		return -1;
	}
	close(fd);
	return 0;
}

static const char *
stats_in(const char *directory)
{
	struct stat st;

	if (stat(directory, &st) != 0 || !S_ISDIR(st.st_mode))
		opt_value_error("COGNITO_STATS: %s: not a directory", directory);
	if (!name_stats(directory, 1))
		opt_value_error("COGNITO_STATS: too long");
	return stats_path;
}

void
sink_options_finish(struct sink_options *opts)
{
	const char *seal = getenv("COGNITO_SEAL"), *stats = getenv("COGNITO_STATS");

	if (seal != NULL && seal[0] != '\0') {
		if (strcmp(seal, "1") != 0)
			opt_value_error("COGNITO_SEAL: must be 1 or empty");
		opts->seal = true;
	}
	if (opts->stats == NULL && stats != NULL && stats[0] != '\0')
		opts->stats = stats_in(stats);
	if (opts->if_changed && opts->output == NULL)
		opt_usage_error("--if-changed: needs --output");
	refuse_same(opts->output, opts);
	diag_set_verbosity(opts->verbose);
}

/* All but the output.  Returns 0, or -1 with the reason printed and nothing to close. */
static int
open_sides(struct sink *s, const struct sink_options *opts, bool records)
{
	memset(s, 0, sizeof *s);
	s->opts = opts;
	s->records = records;
	s->sealing = opts->seal;
	if (opts->reject != NULL && out_open(&s->reject, opts->reject, false) != 0)
		return -1;
	/* Here, not at the end: what cannot be opened must not fail a run whose output stands. */
	if ((opts->stats == stats_path && claim_stats(getenv("COGNITO_STATS")) != 0) ||
	    (opts->stats != NULL && out_open(&s->stats, opts->stats, false) != 0)) {
		if (opts->reject != NULL)
			out_abandon(&s->reject);
		return -1;
	}
	seal_init(&s->seal);
	s->started_ms = clock_mono_ms();
	return 0;
}

static void
abandon_sides(struct sink *s)
{
	if (s->opts->reject != NULL)
		out_abandon(&s->reject);
	if (s->opts->stats != NULL)
		out_abandon(&s->stats);
}

int
sink_open(struct sink *s, const struct sink_options *opts, bool records)
{
	if (open_sides(s, opts, records) != 0)
		return -1;
	if (out_open(&s->out, opts->output, opts->if_changed) == 0) {
		progress_open(s->out.screen != NULL);
		return 0;
	}
	abandon_sides(s);
	return -1;
}

int
sink_open_parts(struct sink *s, const struct sink_options *opts, bool records)
{
	if (opts->output == NULL || strcmp(opts->output, "-") == 0)
		opt_usage_error("--output: needed for an output of several files");
	if (open_sides(s, opts, records) != 0)
		return -1;
	s->out.fd = -1;
	s->out.name = opts->output;
	s->parts = sink_parts_new(opts->output);
	if (s->parts != NULL) {
		progress_open(false);
		return 0;
	}
	abandon_sides(s);
	return -1;
}

int
sink_row(struct sink *s, const char *text, size_t len)
{
	char *to = out_reserve(&s->out, len + 1);

	memcpy(to, text, len);
	to[len] = '\n';
	out_advance(&s->out, len + 1);
	s->rows++;
	s->bytes += len + 1;
	return s->out.failed ? -1 : 0;
}

/* Any bytes as a JSON string; each that is no UTF-8 becomes U+FFFD. */
static void
append_raw(struct buf *b, const char *text, size_t len)
{
	struct buf valid;
	size_t at = 0;

	buf_init(&valid, len * 3 + 1);	/* each byte at most becomes the three of U+FFFD */
	while (at < len) {
		size_t n = utf8_valid(text + at, len - at);

		buf_append(&valid, text + at, n);
		at += n;
		if (at < len) {
			buf_append_string(&valid, "\xef\xbf\xbd");
			at++;
		}
	}
	jtext_string(b, buf_string(&valid), valid.len);
	buf_free(&valid);
}

static void
append_record(struct buf *b, const char *text, size_t len)
{
	char reason[RECORD_REASON_SIZE];
	struct tok_list list;
	struct record_keys keys;

	tok_init(&list, RECORD_TOKENS_MAX);
	/* As it was, white space dropped, so that the reject file can be mended and fed again. */
	if (record_check(text, len, &list, &keys, reason) == NULL)
		jtext_value(b, &list, text, 0);
	else
		append_raw(b, text, len);
	tok_free(&list);
}

int
sink_reject(struct sink *s, const char *stream, uint64_t line, const char *reason,
    const char *text, size_t len)
{
	struct buf b;

	if (s->opts->reject == NULL) {
		diag_error("%s:%llu: %s", stream, (unsigned long long)line, reason);
		return -1;
	}
	s->rejected++;
	sink_reasons_add(&s->reasons, reason);
	/* Six bytes for each of the record's at worst (\u00XX), twice that with a reason. */
	buf_init(&b, 12 * ((size_t)RECORD_LINE_MAX + strlen(reason) + strlen(stream)));
	buf_append_string(&b, "{\"Reason\":");
	jtext_string(&b, reason, strlen(reason));
	buf_appendf(&b, ",\"Line\":%llu,\"Stream\":", (unsigned long long)line);
	append_raw(&b, stream, strlen(stream));
	buf_append_string(&b, ",\"Record\":");
	append_record(&b, text, len);
	buf_append_string(&b, "}\n");
	out_write(&s->reject, b.data, b.len);
	buf_free(&b);
	return s->reject.failed ? -1 : 0;
}

static bool
is_good(enum prog_status status)
{
	return status == PROG_OK || status == PROG_REJECTED;
}

/* Cut where it stops being UTF-8: a reason that a fixed buffer cut may end within a character. */
static void
set_reason(struct seal *seal, const char *why)
{
	char *copy = mem_dup(why, utf8_valid(why, strlen(why)));

	seal_set(&seal->reason, copy);
	free(copy);
}

/* Returns 0, or -1 with the reason printed if no seal could be written. */
static int
write_seal(struct sink *s, enum prog_status status, const char *why)
{
	char now[CLOCK_RFC3339_SIZE];
	struct buf b;
	int result;

	clock_rfc3339(clock_wall_ms(), now);
	if (s->seal.ended == NULL)
		seal_set(&s->seal.ended, now);
	s->seal.ok = is_good(status);
	s->seal.retryable = status == PROG_TEMPORARY;
	s->seal.rows = s->rows;
	s->seal.bytes = s->bytes;
	s->seal.rejected += s->rejected;
	if (!s->seal.ok)
		set_reason(&s->seal, why != NULL ? why : "failed");
	buf_init(&b, SEAL_LINE_MAX);
	result = seal_write(&s->seal, &b);
	if (result == 0)
		out_write(&s->out, b.data, b.len);
	else
		diag_error("%s: the seal is longer than %zu bytes", s->out.name, b.max);
	buf_free(&b);
	return result;
}

/*
 * --stats FILE: one JSON object.  Memory, writing and syncing can fail here, before the output
 * takes its place; end_stats puts the file in its own.  Returns 0, or -1 with the reason printed.
 */
static int
write_stats(struct sink *s, enum prog_status status, const char *extra)
{
	int64_t ms = clock_mono_ms() - s->started_ms, now = clock_wall_ms();
	char started[CLOCK_RFC3339_SIZE], ended[CLOCK_RFC3339_SIZE];
	struct buf b;

	if (s->opts->stats == NULL)
		return 0;
	/* Both by one look at the clock that may be set, so that they are as far apart as Seconds says. */
	clock_rfc3339(now - ms, started);
	clock_rfc3339(now, ended);
	buf_init(&b, SEAL_LINE_MAX);
	buf_append_string(&b, "{\"Command\":");
	append_raw(&b, prog_name(), strlen(prog_name()));
	buf_appendf(&b, ",\"Status\":%d,\"Records\":%llu,\"Rejected\":%llu,\"Bytes\":%llu,"
	    "\"Seconds\":%lld.%03lld,\"Started\":\"%s\",\"Ended\":\"%s\"", (int)status,
	    (unsigned long long)s->rows, (unsigned long long)s->rejected,
	    (unsigned long long)s->bytes, (long long)(ms / 1000), (long long)(ms % 1000), started,
	    ended);
	sink_reasons_write(s->reasons, &b);
	buf_appendf(&b, "%s}\n", extra != NULL ? extra : "");
	out_write(&s->stats, b.data, b.len);
	buf_free(&b);
	return s->stats.path != NULL ? out_settle(&s->stats) : 0;
}

/* told: the status that was written.  Returns 0, or -1 with the reason printed. */
static int
end_stats(struct sink *s, enum prog_status told, enum prog_status status, const char *extra)
{
	if (s->opts->stats == NULL)
		return 0;
	if (status != told && !s->stats.failed) {
		s->stats.len = 0;
		out_abandon(&s->stats);
		if (out_open(&s->stats, s->opts->stats, false) != 0)
			return -1;
		write_stats(s, status, extra);
	}
	return out_commit(&s->stats);
}

/* status, or PROG_FAIL in place of a good one if a part of the end, its message printed, failed. */
static enum prog_status
worsen(enum prog_status status, bool failed)
{
	return failed && is_good(status) ? PROG_FAIL : status;
}

/* One file's end.  Returns 0, or -1 with the reason printed. */
static int
close_file(struct out *o, bool good)
{
	if (good)
		return out_commit(o);
	out_abandon(o);
	return 0;
}

enum prog_status
sink_close(struct sink *s, enum prog_status status, const char *why, const char *extra)
{
	enum prog_status told;

	if (status == PROG_OK && s->rejected > 0)
		status = PROG_REJECTED;
	if (is_good(status))
		status = worsen(status, out_flush(&s->out) != 0);
	told = status;
	status = worsen(status, write_stats(s, status, extra) != 0);
	/* The rejects before all: neither a good seal nor an output must stand without them. */
	if (s->opts->reject != NULL)
		status = worsen(status, close_file(&s->reject, is_good(status)) != 0);
	if (s->sealing && s->records)
		status = worsen(status, write_seal(s, status, why) != 0);
	if (s->parts != NULL)
		status = worsen(status, sink_parts_close(s, is_good(status)) != 0);
	else
		status = worsen(status, close_file(&s->out, is_good(status)) != 0);
	status = worsen(status, end_stats(s, told, status, extra) != 0);
	if (status == PROG_REJECTED)
		sink_reasons_print(s->reasons);
	sink_reasons_free(s->reasons);
	sink_parts_free(s->parts);
	seal_free(&s->seal);
	return status;
}
