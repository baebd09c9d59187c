/*
 * join-shards: the slices of one user pool that list-users --shard has read, put together.
 *
 * Which slice a file is stands in its seal, at its end, so every file is read twice: first it is
 * checked, whole and sealed, and its slice noted; when all slices of one pool, made under one
 * proof, are there once, the files are read again and their rows given out in the order of the
 * slices, whatever that of the operands.  The files stay open from the first to the second reading,
 * and the second checks again.
 *
 * Manual page: join-shards(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/sink.h"

static const char usage[] =
    "join-shards [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] file ...";

enum { SLICES_MAX = 256, PROOF_DIGITS = 16 };

struct slice {
	char *file;
	int fd;
	int number, of;			/* from 1 */
	char *source, *scope;
	const char *proof;		/* in scope */
};

struct join {
	struct slice slices[SLICES_MAX];
	size_t count;
	char why[RECORD_REASON_SIZE];
};

static enum prog_status
refuse(struct join *j, const char *file, const char *why)
{
	diag_error("%s: incomplete: %s", file, why);
	snprintf(j->why, sizeof j->why, "%s", why);
	return PROG_INCOMPLETE;
}

/* "shard:3/16 proof:0123456789abcdef", all of it. */
static bool
parse_scope(struct slice *s)
{
	static const char head[] = "shard:", middle[] = " proof:";
	const char *number, *of, *end, *why;
	char *text;
	int64_t i, n;
	bool good;

	if (s->scope == NULL || strncmp(s->scope, head, sizeof head - 1) != 0)
		return false;
	number = s->scope + sizeof head - 1;
	of = number + strcspn(number, "/");
	end = strstr(of, middle);
	if (*of != '/' || end == NULL)
		return false;
	s->proof = end + sizeof middle - 1;
	if (strspn(s->proof, "0123456789abcdef") != PROOF_DIGITS || s->proof[PROOF_DIGITS] != '\0')
		return false;
	text = mem_dup(number, (size_t)(end - number));
	text[of - number] = '\0';
	good = num_parse(text + (of - number) + 1, 2, SLICES_MAX, &n, &why) == 0 &&
	    num_parse(text, 1, n, &i, &why) == 0;
	free(text);
	if (good) {
		s->number = (int)i;
		s->of = (int)n;
	}
	return good;
}

/* The first reading of one file. */
static enum prog_status
read_slice(struct join *j, struct slice *s)
{
	enum prog_status status = PROG_OK;
	enum record_result result;
	struct record_reader r;

	record_open(&r, s->fd, s->file);
	do {
		result = record_next(&r);
	} while (result == RECORD_LINE || result == RECORD_WRONG);
	if (result == RECORD_ERROR) {
		snprintf(j->why, sizeof j->why, "an input cannot be read");
		status = PROG_FAIL;
	} else if (record_verdict(&r, true) != RECORD_WHOLE) {
		status = refuse(j, s->file, r.reason);
		if (r.seals == 1 && !r.seal.ok && r.seal.retryable)
			status = PROG_TEMPORARY;
	} else {
		s->source = mem_dup_string(r.seal.source);
		s->scope = mem_dup_string(r.seal.scope);
		if (s->source == NULL || !parse_scope(s))
			status = refuse(j, s->file, "its seal is not that of a slice");
	}
	record_close(&r);
	if (status == PROG_OK && lseek(s->fd, 0, SEEK_SET) == -1) {
		diag_error("%s: cannot be read twice: %s", s->file, strerror(errno));
		snprintf(j->why, sizeof j->why, "an input cannot be read twice");
		status = PROG_FAIL;
	}
	return status;
}

static enum prog_status
open_slice(struct join *j, char *file)
{
	struct slice *s = &j->slices[j->count];
	struct stat st;

	s->file = file;
	s->fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (s->fd < 0) {
		diag_error("%s: cannot open: %s", file, strerror(errno));
		snprintf(j->why, sizeof j->why, "an input cannot be opened");
		return PROG_FAIL;
	}
	j->count++;
	if (fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		diag_error("%s: not a regular file, and it has to be read twice", file);
		snprintf(j->why, sizeof j->why, "an input is not a regular file");
		return PROG_FAIL;
	}
	return PROG_OK;
}

/* Opens all files and reads them once, behind the door. */
static enum prog_status
read_slices(struct join *j, char **files)
{
	enum prog_status status = PROG_OK;

	for (; *files != NULL && status == PROG_OK; files++)
		status = open_slice(j, *files);
	if (status == PROG_OK && files_shut(NULL) != 0)
		status = PROG_FAIL;
	for (size_t i = 0; i < j->count && status == PROG_OK; i++)
		status = read_slice(j, &j->slices[i]);
	return status;
}

static int
by_number(const void *a, const void *b)
{
	return ((const struct slice *)a)->number - ((const struct slice *)b)->number;
}

/* Whether the slices are all of one pool, once each; they are in order then. */
static enum prog_status
check_set(struct join *j)
{
	const struct slice *first = &j->slices[0];
	char why[RECORD_REASON_SIZE];

	for (size_t i = 1; i < j->count; i++) {
		const struct slice *s = &j->slices[i];

		if (strcmp(s->source, first->source) != 0)
			return refuse(j, s->file, "a slice of another pool or endpoint");
		if (s->of != first->of)
			return refuse(j, s->file, "a slice of another number of slices");
		if (strcmp(s->proof, first->proof) != 0)
			return refuse(j, s->file, "a slice that was made under another proof");
	}
	qsort(j->slices, j->count, sizeof *j->slices, by_number);
	for (size_t i = 0; i < j->count; i++) {
		const struct slice *s = &j->slices[i];

		if (i > 0 && s->number == s[-1].number) {
			snprintf(why, sizeof why, "slice %d of %d is there twice", s->number, s->of);
			return refuse(j, s->file, why);
		}
		if (s->number != (int)i + 1)
			break;
	}
	for (int n = 1; n <= first->of; n++) {
		if ((size_t)n > j->count || j->slices[n - 1].number != n) {
			snprintf(why, sizeof why, "slice %d of %d is missing", n, first->of);
			diag_error("incomplete: %s", why);
			snprintf(j->why, sizeof j->why, "%s", why);
			return PROG_INCOMPLETE;
		}
	}
	return PROG_OK;
}

static const char *
pass_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	(void)arg;
	sink_row(sink, r->text, r->len);
	return NULL;
}

/* All slices turned out whole once more. */
static enum prog_status
seal_all(void *arg, struct sink *sink)
{
	(void)arg;
	seal_set(&sink->seal.scope, "all");
	return PROG_OK;
}

/* The second reading.  *why lies in f. */
static enum prog_status
give_rows(struct join *j, struct filter *f, const char **why)
{
	char *files[SLICES_MAX + 1] = { NULL };
	int fds[SLICES_MAX];
	enum prog_status status;

	for (size_t i = 0; i < j->count; i++) {
		files[i] = j->slices[i].file;
		fds[i] = j->slices[i].fd;
	}
	f->files = files;
	f->fds = fds;
	status = filter_run(f, why);
	f->files = NULL;
	f->fds = NULL;
	return status;
}

static void
free_slices(struct join *j)
{
	for (size_t i = 0; i < j->count; i++) {
		close(j->slices[i].fd);
		free(j->slices[i].source);
		free(j->slices[i].scope);
	}
}

int
main(int argc, char **argv)
{
	struct sink_options opts = { .output = NULL }, check;
	const struct opt_spec *const tables[] = { sink_option_table(&opts), NULL };
	struct join *j = mem_alloc(sizeof *j);
	enum prog_status status;
	const char *why = j->why;
	struct filter filter;
	struct sink sink;
	int operand;

	prog_start(argv[0]);
	operand = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&opts);
	if (operand == argc)
		opt_usage_error("the files of all slices are needed");
	if (argc - operand > SLICES_MAX)
		opt_value_error("more than %d files: there are no more slices", SLICES_MAX);
	sink_keep_operands(&opts, argv + operand);
	if (sink_open(&sink, &opts, true) != 0) {
		free(j);
		return PROG_FAIL;
	}
	sink.sealing = true;	/* as behind any filter that reads sealed streams */
	status = read_slices(j, argv + operand);
	if (status == PROG_OK)
		status = check_set(j);
	check = opts;
	check.seal = true;
	filter = (struct filter){
		.opts = &check, .sink = &sink, .row = pass_row, .end = seal_all
	};
	if (status == PROG_OK)
		status = give_rows(j, &filter, &why);
	status = sink_close(&sink, status, why, NULL);
	free_slices(j);
	free(j);
	return status;
}
