/*
 * unguard: takes the guard against formulas off the cells of a CSV file (RFC 4180), the way back
 * from emit-csv --guard.
 *
 * All else stays byte for byte as emit-csv would have written it without a guard: quotes stand
 * where they are needed, "" and an empty cell stay two things, line ends stay what they are.  The
 * first row holds headings and is never changed.  A file that is no good CSV ends the run: a
 * quote in the wrong place would move every cell behind it.
 *
 * Manual page: unguard(1).
 */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cell.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/guard.h"
#include "base/opt.h"
#include "base/place.h"
#include "base/out.h"
#include "base/prog.h"

static const char usage[] =
    "unguard [-o file] [--if-changed] [--delimiter char] [--no-header] [--preamble n] "
    "--guard name [file ...]";

enum {
	CHUNK = 64 * 1024,
	CELL_MAX = 16 * 1024 * 1024,	/* as long as a row of emit-csv may be */
	PREAMBLE_MAX = 1000
};

struct options {
	const char *output, *delimiter, *guard, *preamble;
	bool if_changed, no_header;
};

struct job {
	struct out out;
	struct cell_format format;
	enum guard guard;
	bool has_header;
	long preamble;		/* lines before the headings */
	/* of the file at hand */
	struct csv_parser parser;
	size_t cells;		/* of the row at hand */
	char end[2];		/* of the last row that had one: LF, CR or CR LF */
	size_t end_len;
	bool open;		/* the last row has none */
	bool in_header;
	unsigned long long line;
};

/* s NULL: an empty cell without quotes, which libcsv tells from "". */
static void
take_cell(void *s, size_t len, void *arg)
{
	struct job *job = arg;
	const char *text = s;
	char *to;

	if (s != NULL && !job->in_header)
		guard_strip(job->guard, &text, &len);
	to = out_reserve(&job->out, 1 + cell_bound(len));
	if (job->cells++ > 0) {
		*to++ = job->format.delimiter;
		out_advance(&job->out, 1);
	}
	if (s != NULL && len == 0)
		out_write(&job->out, "\"\"", 2);
	else if (s != NULL)
		out_advance(&job->out, cell_write(&job->format, to, text, len));
}

/*
 * Called for every CR and LF outside quotes (of CR LF the LF ends a row without cells), and with -1
 * where a file ends without.
 */
static void
take_end(int c, void *arg)
{
	struct job *job = arg;
	char end = (char)c;

	job->open = c == -1;
	if (c != -1) {
		out_write(&job->out, &end, 1);
		if (job->cells > 0)
			job->end_len = 0;
		if (job->end_len == 0 || (job->end_len == 1 && c == '\n' && job->end[0] == '\r'))
			job->end[job->end_len++] = end;
	}
	if (job->cells > 0)
		job->in_header = false;
	job->cells = 0;
}

static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static bool
is_bom(const char *s, size_t len)
{
	return len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0;
}

/* What stands before the CSV: a byte order mark and the preamble.  Returns its bytes in s. */
static size_t
skip_preamble(long *lines, const char *s, size_t len)
{
	size_t at = 0;

	while (*lines > 0 && at < len) {
		const char *lf = memchr(s + at, '\n', len - at);

		if (lf == NULL)
			return len;
		at = (size_t)(lf + 1 - s);
		--*lines;
	}
	return at;
}

static unsigned long long
count_lines(const char *s, size_t len)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n;
}

/* Returns 0, or -1 with the reason printed. */
static int
parse(struct job *job, const char *name, const char *s, size_t len)
{
	size_t done = csv_parse(&job->parser, s, len, take_cell, take_end, job);

	job->line += count_lines(s, done);
	if (done < len) {
		diag_error("%s:%llu: %s", name, job->line,
		    csv_error(&job->parser) == CSV_EPARSE ? "a quote where none may stand" :
		    csv_strerror(csv_error(&job->parser)));
		return -1;
	}
	if (csv_get_buffer_size(&job->parser) > CELL_MAX) {
		diag_error("%s:%llu: a cell of more than %d bytes", name, job->line, CELL_MAX);
		return -1;
	}
	return job->out.failed ? -1 : 0;
}

/* Fills s unless the input ends first.  Returns the bytes read, or -1 with the reason printed. */
static ssize_t
read_some(int fd, const char *name, char s[CHUNK])
{
	size_t len = 0;

	while (len < CHUNK) {
		ssize_t n = read(fd, s + len, CHUNK - len);

		if (n == 0)
			break;
		if (n == -1 && errno != EINTR) {
			diag_error("%s: cannot read: %s", name, strerror(errno));
			return -1;
		}
		if (n > 0)
			len += (size_t)n;
	}
	return (ssize_t)len;
}

/* Returns 0, or -1 with the reason printed. */
static int
run_chunks(struct job *job, int fd, const char *name)
{
	static char s[CHUNK];
	long preamble = job->preamble;
	bool first = true;

	for (;;) {
		ssize_t n = read_some(fd, name, s);
		size_t at, len = (size_t)n;

		if (n <= 0)
			return n == 0 ? 0 : -1;
		at = first && is_bom(s, len) ? 3 : 0;
		at += skip_preamble(&preamble, s + at, len - at);
		out_write(&job->out, s, at);
		job->line += count_lines(s, at);
		if (parse(job, name, s + at, len - at) != 0)
			return -1;
		first = false;
	}
}

static int
run_file(struct job *job, const char *path)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : files_open(path);
	const char *name = is_stdin ? "stdin" : path;
	int result;

	if (fd == -1) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return -1;
	}
	/* Behind the first file, with those that are announced; later without effect. */
	if (files_shut(NULL) != 0)
		return -1;
	/* Its first row must not join the last one of the file before. */
	if (job->open)
		out_write(&job->out, job->end, job->end_len);
	job->open = false;
	job->end[0] = '\n';
	job->end_len = 1;
	job->in_header = job->has_header;
	job->cells = 0;
	job->line = 1;
	csv_init(&job->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL);
	csv_set_delim(&job->parser, (unsigned char)job->format.delimiter);
	/* By its own steps of 128 bytes a long cell takes quadratic time where realloc copies. */
	csv_set_blk_size(&job->parser, CHUNK);
	/* Blanks are data. */
	csv_set_space_func(&job->parser, no_space);
	result = run_chunks(job, fd, name);
	if (result == 0 && csv_fini(&job->parser, take_cell, take_end, job) != 0) {
		diag_error("%s: it ends inside quotes", name);
		result = -1;
	}
	csv_free(&job->parser);
	if (!is_stdin)
		close(fd);
	return result;
}

static char **
parse_options(int argc, char **argv, struct job *job, struct options *o)
{
	const struct opt_spec own[] = {
		{ "delimiter", 0, OPT_VALUE, &o->delimiter },
		{ "guard", 0, OPT_VALUE, &o->guard },
		{ "if-changed", 0, OPT_FLAG, &o->if_changed },
		{ "no-header", 0, OPT_FLAG, &o->no_header },
		{ "output", 'o', OPT_VALUE, &o->output },
		{ "preamble", 0, OPT_VALUE, &o->preamble },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);
	const char *wrong;
	char delimiter = ',';

	if (o->guard == NULL)
		opt_usage_error("--guard is needed");
	if (strcmp(o->guard, "apostrophe") == 0)
		job->guard = GUARD_APOSTROPHE;
	else if (strcmp(o->guard, "oci") == 0)
		job->guard = GUARD_OCI;
	else
		opt_value_error("--guard: must be apostrophe or oci");
	if (o->delimiter != NULL && (wrong = cell_delimiter(o->delimiter, &delimiter)) != NULL)
		opt_value_error("--delimiter: %s", wrong);
	if (o->if_changed && o->output == NULL)
		opt_usage_error("--if-changed: needs --output");
	job->preamble = opt_number("preamble", o->preamble, 0, PREAMBLE_MAX, 0);
	job->has_header = !o->no_header;
	cell_format_init(&job->format, delimiter);
	return argv + operand;
}

int
main(int argc, char **argv)
{
	static struct job job;
	struct options o = { .output = NULL };
	char **files;
	int failed;

	prog_start(argv[0]);
	files = parse_options(argc, argv, &job, &o);
	place_keep_input(o.output, files[0]);
	for (size_t i = 1; files[0] != NULL && files[i] != NULL; i++)
		place_keep_input(o.output, files[i]);
	if (out_open(&job.out, o.output, o.if_changed) != 0)
		return PROG_FAIL;
	for (size_t i = 1; files[0] != NULL && files[i] != NULL; i++)
		if (strcmp(files[i], "-") != 0)
			files_will_read(files[i]);
	do {
		failed = run_file(&job, *files);
	} while (failed == 0 && *files != NULL && *++files != NULL);
	if (failed == 0)
		return out_commit(&job.out) == 0 ? PROG_OK : PROG_FAIL;
	out_abandon(&job.out);
	return PROG_FAIL;
}
