/*
 * unseal: checks that a stream is whole and gives out its rows without the seal.
 *
 * Rows are passed on as they come, and the exit status tells at the end.  With --whole they are
 * kept in a file without a name until the seal was found good, for readers that act on what they
 * have read without asking for a status.
 *
 * Manual page: unseal(1).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/spool.h"
#include "json/filter.h"
#include "json/sink.h"

static const char usage[] =
    "unseal [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] [--allow-plain] "
    "[--whole] [file ...]";

enum { COPY_SIZE = 64 * 1024 };

static const char *
pass_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	(void)arg;
	sink_row(sink, r->text, r->len);
	return NULL;
}

/* A file without a name in TMPDIR; NULL with the reason printed. */
static FILE *
open_spool(void)
{
	int fd = spool_file();
	FILE *spool = fd == -1 ? NULL : fdopen(fd, "w+");

	if (fd != -1 && spool == NULL) {
		diag_error("cannot create a temporary file: %s", strerror(errno));
		close(fd);
	}
	return spool;
}

static void
spool_failed(struct sink *sink, const char *what)
{
	diag_error("the temporary file: %s: %s", what, strerror(errno));
	sink->out.failed = true;	/* ends the loop of filter_run */
}

/* A row that waits for the verdict. */
static const char *
keep_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	FILE *spool = arg;

	if (fwrite(r->text, 1, r->len, spool) != r->len || putc('\n', spool) == EOF)
		spool_failed(sink, "cannot write");
	sink->rows++;
	sink->bytes += r->len + 1;
	return NULL;
}

/* The inputs are whole: gives out what was kept. */
static enum prog_status
release_rows(void *arg, struct sink *sink)
{
	static char block[COPY_SIZE];
	FILE *spool = arg;
	size_t n;

	if (fseek(spool, 0, SEEK_SET) != 0) {
		spool_failed(sink, "cannot write");
		return PROG_FAIL;
	}
	while ((n = fread(block, 1, sizeof block, spool)) > 0) {
		if (out_write(&sink->out, block, n) != 0)
			return PROG_FAIL;
	}
	if (ferror(spool)) {
		spool_failed(sink, "cannot read");
		return PROG_FAIL;
	}
	return PROG_OK;
}

static enum prog_status
run(const struct sink_options *opts, const struct sink_options *check, char **files, bool whole)
{
	const char *why;
	struct sink sink;
	struct filter filter = {
		.opts = check, .files = files, .sink = &sink, .shut = true, .row = pass_row
	};
	enum prog_status status;

	if (sink_open(&sink, opts, false) != 0)
		return PROG_FAIL;
	if (whole) {
		filter.arg = open_spool();
		if (filter.arg == NULL)
			return sink_close(&sink, PROG_FAIL, NULL, NULL);
		filter.row = keep_row;
		filter.end = release_rows;
	}
	status = filter_run(&filter, &why);
	if (filter.arg != NULL)
		fclose(filter.arg);
	return sink_close(&sink, status, why, NULL);
}

int
main(int argc, char **argv)
{
	struct sink_options opts = { .output = NULL }, check;
	bool allow_plain = false, whole = false;
	const struct opt_spec own[] = {
		{ "allow-plain", 0, OPT_FLAG, &allow_plain },
		{ "whole", 0, OPT_FLAG, &whole },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&opts), own, NULL };
	int operand;

	prog_start(argv[0]);
	operand = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&opts);
	check = opts;
	/* Checking is what this command is for: a stream without a seal passes on request only. */
	check.seal |= !allow_plain;
	return run(&opts, &check, argv + operand, whole);
}
