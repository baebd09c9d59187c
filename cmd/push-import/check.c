#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/utf8.h"

/* "FILE:LINE: WHY". */
static enum prog_status
refuse(struct push *p, const struct file *f, const struct rows *r, const char *why)
{
	p->why = "a file that does not do";
	diag_error("%s:%" PRIu64 ": %s", f->path, r->line, why);
	return PROG_FAIL;
}

static enum prog_status
cut(struct push *p, const struct file *f, const struct rows *r)
{
	p->why = "a file that is cut off";
	if (r->line == 1)
		diag_error("%s: incomplete: no whole line of headings", f->path);
	else
		diag_error("%s: incomplete: it ends within the row at line %" PRIu64, f->path,
		    r->line);
	return PROG_INCOMPLETE;
}

static bool
is_repeated(const struct rows *r, size_t cell)
{
	for (size_t i = 0; i < cell; i++)
		if (strcmp(rows_text(r, i), rows_text(r, cell)) == 0)
			return true;
	return false;
}

static enum prog_status
check_headings(struct push *p, struct file *f, struct rows *r)
{
	enum rows_result result;
	const char *why = NULL;

	if (f->len >= 3 && memcmp(f->data, "\xef\xbb\xbf", 3) == 0) {
		diag_error("%s: a byte order mark, which the importer would take for a part "
		    "of the first heading", f->path);
		p->why = "a file that does not do";
		return PROG_FAIL;
	}
	result = rows_next(r);
	if (result == ROWS_CUT || result == ROWS_END)
		return cut(p, f, r);
	if (result == ROWS_WRONG)
		return refuse(p, f, r, r->why);
	for (size_t i = 0; i < r->count && why == NULL; i++) {
		if (r->cell[i].len == 0)
			why = "an empty heading";
		else if (is_repeated(r, i))
			why = "the same heading twice";
	}
	if (why == NULL)
		why = p->rules->headings(f, r);
	f->heading = mem_alloc(r->count * sizeof *f->heading);
	for (size_t i = 0; i < r->count; i++)
		f->heading[i] = mem_dup_string(rows_text(r, i));
	f->headings = r->count;
	return why != NULL ? refuse(p, f, r, why) : PROG_OK;
}

/* What is wrong with the row's key, or NULL. */
static const char *
check_key(struct push *p, const struct file *f, const struct rows *r)
{
	const char *key = rows_text(r, f->key);
	size_t len = r->cell[f->key].len;
	struct keyset_key k;
	struct buf b;
	bool known;

	if (len == 0)
		return "the cell that names the row is empty";
	if (len > KEYSET_KEY_MAX - 2)
		return "the cell that names the row is too long";
	if (p->rules->cognito && strpbrk(key, " \t\r") != NULL)
		return "a user name with a blank in it";
	buf_init(&b, KEYSET_KEY_MAX);
	(void)buf_append_byte(&b, (char)('0' + f->kind));
	/* Oracle's names differ in more than capitals (of ASCII). */
	for (size_t i = 0; i < len; i++) {
		bool capital = !p->rules->cognito && key[i] >= 'A' && key[i] <= 'Z';
		int c = capital ? key[i] + 'a' - 'A' : key[i];

		(void)buf_append_byte(&b, (char)c);
	}
	keyset_key(&k, b.data, b.len);
	known = keyset_find(&p->keys, &k) != 0;
	if (!known)
		(void)keyset_insert(&p->keys, &k, 1);
	buf_free(&b);
	return known ? "the same name as an earlier row" : NULL;
}

static const char *
check_row(struct push *p, struct file *f, const struct rows *r, size_t columns)
{
	if (r->row_len == 0 && columns > 1)
		return "a blank line";
	if (r->count != columns)
		return r->count < columns ? "fewer cells than headings" :
		    "more cells than headings";
	if (p->rules->row_max > 0 && utf8_count(r->row, r->row_len) > p->rules->row_max)
		return "more characters than the service takes in a row";
	if (++f->rows > p->rules->rows_max)
		return "more rows than the service takes in a file (emit-csv --split)";
	return check_key(p, f, r);
}

static enum prog_status
check_rows(struct push *p, struct file *f, struct rows *r)
{
	size_t columns = r->count;

	for (;;) {
		enum rows_result result = rows_next(r);
		const char *why = r->why;

		if (result == ROWS_END)
			return PROG_OK;
		if (result == ROWS_CUT)
			return cut(p, f, r);
		if (result == ROWS_ROW)
			why = check_row(p, f, r, columns);
		if (why != NULL)
			return refuse(p, f, r, why);
	}
}

static enum prog_status
check_file(struct push *p, struct file *f, struct rows *r)
{
	enum prog_status status = files_load(f);

	if (status != PROG_OK) {
		p->why = "a file cannot be read";
		return status;
	}
	rows_open(r, f->data, f->len, p->rules->cognito);
	status = check_headings(p, f, r);
	if (status == PROG_OK)
		status = check_rows(p, f, r);
	rows_close(r);
	files_unload(f);
	return status;
}

enum prog_status
check_files(struct push *p)
{
	struct rows *r = mem_alloc(sizeof *r);
	enum prog_status status = PROG_OK;
	uint64_t rows = 0;

	for (size_t i = 0; i < p->files.count && status == PROG_OK; i++) {
		status = check_file(p, &p->files.file[i], r);
		rows += p->files.file[i].rows;
	}
	free(r);
	if (status == PROG_OK && p->rows != -1 && rows != (uint64_t)p->rows) {
		diag_error("incomplete: %" PRIu64 " rows, where there should be %" PRId64
		    " (--rows)", rows, p->rows);
		p->why = "not as many rows as there should be";
		status = PROG_INCOMPLETE;
	}
	return status;
}
