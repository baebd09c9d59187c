#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/out.h"

#include "input.h"
#include "rows.h"

void
input_init(struct input *in, const struct input_rules *rules, struct sink *sink)
{
	memset(in, 0, sizeof *in);
	in->rules = rules;
	in->sink = sink;
	cells_init(&in->cells, &rules->layout, rules->trim);
	make_init(&in->make, &rules->make);
	in->make.columns = &in->columns;
	keyset_init(&in->users);
	keyset_init(&in->groups);
	keyset_init(&in->memberships);
}

void
input_free(struct input *in)
{
	cells_free(&in->cells);
	make_free(&in->make);
	columns_free(&in->columns);
	keyset_free(&in->users);
	keyset_free(&in->groups);
	keyset_free(&in->memberships);
}

static enum prog_status
fail(struct input *in, enum prog_status status, const char *why)
{
	in->why = why;
	return status;
}

/* A reader downstream sees a record as soon as the next one has to be waited for. */
struct waiting {
	struct sink *sink;
	int fd;
};

static void
before_read(void *arg)
{
	const struct waiting *w = arg;
	struct pollfd p = { .fd = w->fd, .events = POLLIN };

	if (poll(&p, 1, 0) == 0)
		out_flush(&w->sink->out);
}

/* A line of blanks, or a row of empty cells alone, as spreadsheets leave behind: nobody's. */
static bool
is_blank(const struct cells *c)
{
	for (size_t i = 0; i < c->count && i < LAYOUT_COLUMNS_MAX; i++) {
		if (c->cell[i].len > 0)
			return false;
	}
	return true;
}

static const char *
check_key(struct input *in)
{
	struct keyset *set = &in->memberships;
	const char *wrong = "the same GroupName and Username as an earlier row";
	struct keyset_key key;

	if (in->columns.kind == KIND_FLAT)
		return NULL;
	if (in->columns.kind == KIND_USER) {
		set = &in->users;
		wrong = "the same Username as an earlier row";
	} else if (in->columns.kind == KIND_GROUP) {
		set = &in->groups;
		wrong = "the same GroupName as an earlier row";
	}
	keyset_key(&key, in->make.key.data, in->make.key.len);
	if (keyset_find(set, &key) != 0)
		return wrong;
	keyset_insert(set, &key, 1);
	return NULL;
}

/*
 * A row of several lines whose quotes or number of cells are wrong may be several rows, one of them
 * with a quote too many.
 */
static bool
is_unsure(const struct input *in, const struct rows *r, bool split)
{
	return r->lines > 1 && (!split || in->cells.count != in->columns.cells);
}

/* The row at hand.  Returns 0, or -1 if it ends the run, with the reason printed. */
static int
take_row(struct input *in, const struct rows *r, const char *wrong)
{
	if (wrong == NULL)
		wrong = cells_split(&in->cells, r->text, r->len, r->bare);
	if (wrong == NULL && is_blank(&in->cells)) {
		in->blank++;
		return 0;
	}
	in->rows++;
	if (in->unsure == 0 && is_unsure(in, r, wrong == NULL))
		in->unsure = r->line;
	if (wrong == NULL)
		wrong = make_record(&in->make, &in->cells);
	if (wrong == NULL)
		wrong = check_key(in);
	if (wrong == NULL)
		return sink_row(in->sink, in->make.record.data, in->make.record.len);
	return sink_reject(in->sink, r->name, r->line, wrong, r->text, r->len);
}

static enum prog_status
cut(struct input *in, const struct rows *r, bool quoted)
{
	if (quoted)
		diag_error("%s: incomplete: it ends inside the quotes of the row at line %" PRIu64,
		    r->name, r->line);
	else if (r->line == 1 && r->len > 1 && memchr(r->text, '\r', r->len - 1) != NULL)
		diag_error("%s: its lines end in CR alone: line feeds are needed "
		    "(tr '\\r' '\\n')", r->name);
	else
		diag_error("%s: incomplete: no line end behind the row at line %" PRIu64
		    " (--open-end)", r->name, r->line);
	return fail(in, PROG_INCOMPLETE, quoted ? "a CSV file that ends inside quotes" :
	    "a CSV file whose last row has no line end");
}

static enum prog_status
read_rows(struct input *in, struct rows *r)
{
	for (;;) {
		enum rows_result result = rows_next(r);
		int failed;

		if (result == ROWS_END)
			return PROG_OK;
		if (result == ROWS_ERROR)
			return fail(in, PROG_FAIL, "the input cannot be read");
		if (result == ROWS_QUOTED || (r->open && !in->rules->open_end))
			return cut(in, r, result == ROWS_QUOTED);
		failed = take_row(in, r, result == ROWS_LONG ?
		    "longer than 1048576 bytes" : NULL);
		if (failed != 0 || in->sink->out.failed)
			return fail(in, PROG_FAIL, in->sink->out.failed ? "the output failed" :
			    "a wrong row");
	}
}

/* The layout's own columns, for a file without headings. */
static void
list_headings(struct input *in)
{
	const struct layout *l = &in->rules->layout;

	in->cells.count = l->count;
	for (size_t i = 0; i < l->count; i++) {
		in->cells.cell[i].s = l->columns[i].heading;
		in->cells.cell[i].len = strlen(l->columns[i].heading);
	}
}

/* Lines that are no CSV.  Returns how the last one was read. */
static enum rows_result
pass_preamble(struct input *in, struct rows *r)
{
	enum rows_result result = ROWS_ROW;

	r->quotes = false;
	for (size_t i = 0; i < in->rules->preamble && result != ROWS_END &&
	    result != ROWS_ERROR; i++)
		result = rows_next(r);
	r->quotes = !in->rules->layout.cognito;
	return result;
}

/* What becomes of the columns. */
static enum prog_status
read_headings(struct input *in, struct rows *r)
{
	enum rows_result result = pass_preamble(in, r);
	char why[COLUMNS_WHY_SIZE];
	const char *wrong = NULL;

	if (in->rules->layout.no_header) {
		list_headings(in);
	} else {
		if (result != ROWS_END && result != ROWS_ERROR)
			result = rows_next(r);
		if (result == ROWS_ERROR)
			return fail(in, PROG_FAIL, "the input cannot be read");
		if (result == ROWS_END) {
			diag_error("%s: incomplete: no headings", r->name);
			return fail(in, PROG_INCOMPLETE, "a CSV file without headings");
		}
		if (result == ROWS_QUOTED || (r->open && !in->rules->open_end))
			return cut(in, r, result == ROWS_QUOTED);
		wrong = result == ROWS_LONG ? "longer than 1048576 bytes" :
		    cells_split(&in->cells, r->text, r->len, r->bare);
	}
	columns_free(&in->columns);
	if (wrong == NULL)
		wrong = columns_make(&in->columns, &in->rules->columns, &in->cells, why);
	if (wrong == NULL)
		return PROG_OK;
	diag_error("%s:%" PRIu64 ": %s", r->name, r->line, wrong);
	return fail(in, PROG_FAIL, "headings that do not do");
}

static enum prog_status
run_file(struct input *in, const char *path)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : files_open(path);
	struct waiting waiting = { .sink = in->sink, .fd = fd };
	enum prog_status status;
	struct rows rows;

	if (fd == -1) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return fail(in, PROG_FAIL, "an input cannot be opened");
	}
	/* Behind the first file, with those that are announced; later without effect. */
	if (files_shut(NULL) != 0)
		return fail(in, PROG_FAIL, "the sandbox failed");
	rows_open(&rows, fd, is_stdin ? "stdin" : path);
	rows.delimiter = in->rules->layout.delimiter;
	rows.before_read = before_read;
	rows.arg = &waiting;
	status = read_headings(in, &rows);
	if (status == PROG_OK)
		status = read_rows(in, &rows);
	rows_close(&rows);
	if (!is_stdin)
		close(fd);
	return status;
}

enum prog_status
input_run(struct input *in, char **files)
{
	enum prog_status status;

	for (size_t i = 1; files[0] != NULL && files[i] != NULL; i++)
		if (strcmp(files[i], "-") != 0)
			files_will_read(files[i]);
	do {
		status = run_file(in, *files);
	} while (status == PROG_OK && *files != NULL && *++files != NULL);
	return status;
}
