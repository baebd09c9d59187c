#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/distinct.h"
#include "base/mem.h"
#include "base/spool.h"
#include "json/fold.h"

#include "unique.h"

/* A row is bounded by its record's line and the layout's constants, far below. */
enum { ROW_TEXTS_MAX = 256 * 1024 * 1024 };

struct unique {
	const struct emitter *rows;
	struct spool spool;
	struct distinct *distinct;
	uint64_t count;		/* of the rows put aside */
	char **streams;
	size_t stream_count;
	struct buf key;
	/*
	 * Of each column, or NULL: a bit a row, set where the row was the first to have its value
	 * and is not written, and no other that has it is either.
	 */
	unsigned char **vacant;
	/* The columns in which the row at hand repeats the value of an earlier one. */
	struct repeat *repeats;
	size_t repeat_count;
	uint64_t repeated;	/* its number */
	/* The way back. */
	uint64_t at, next;	/* offset in the spool and number of the row to give out next */
	struct buf texts;
	bool (*take)(void *arg, const struct unique_row *row, size_t column);
	void *arg;
	bool failed, stopped;
};

struct repeat {
	size_t column;
	uint64_t first;		/* number of the first row that has the value */
};

/* What stands in the spool before a row's texts: the row, its group and its record. */
struct header {
	uint64_t line;
	uint64_t row_len, group_len, record_len;	/* group_len: with its NUL, or 0 */
	uint64_t stream;
};

bool
unique_is_needed(const struct layout *l)
{
	for (size_t i = 0; i < l->count; i++) {
		if (l->columns[i].unique != UNIQUE_NO)
			return true;
	}
	return false;
}

struct unique *
unique_new(const struct emitter *e)
{
	struct unique *u = mem_alloc(sizeof *u);

	u->rows = e;
	for (size_t i = 0; i < e->layout.count; i++)
		if (e->layout.columns[i].unique == UNIQUE_FOLDED)
			fold_prepare();
	u->vacant = mem_alloc(e->layout.count * sizeof *u->vacant);
	u->repeats = mem_alloc(e->layout.count * sizeof *u->repeats);
	buf_init(&u->key, ROW_TEXTS_MAX);
	buf_init(&u->texts, ROW_TEXTS_MAX);
	if (spool_open(&u->spool) != 0) {
		unique_free(u);
		return NULL;
	}
	u->distinct = distinct_new();
	return u;
}

void
unique_free(struct unique *u)
{
	if (u == NULL)
		return;
	distinct_free(u->distinct);
	spool_close(&u->spool);
	for (size_t i = 0; i < u->stream_count; i++)
		free(u->streams[i]);
	free(u->streams);
	for (size_t i = 0; i < u->rows->layout.count; i++)
		free(u->vacant[i]);
	free(u->vacant);
	free(u->repeats);
	buf_free(&u->key);
	buf_free(&u->texts);
	free(u);
}

/* Streams follow each other: the one at hand is the last, if any is. */
static size_t
note_stream(struct unique *u, const char *name)
{
	if (u->stream_count == 0 || strcmp(u->streams[u->stream_count - 1], name) != 0) {
		u->streams = mem_resize(u->streams, u->stream_count + 1, sizeof *u->streams);
		u->streams[u->stream_count++] = mem_dup_string(name);
	}
	return u->stream_count - 1;
}

/* Returns 0, or -1 with the reason printed. */
static int
add_key(struct unique *u, size_t column)
{
	size_t len;
	const char *s = row_text(u->rows, column, &len);

	if (len == 0)
		return 0;
	if (u->rows->layout.columns[column].unique == UNIQUE_EXACT)
		return distinct_add(u->distinct, (unsigned)column, u->count, s, len);
	buf_clear(&u->key);
	if (fold_append(&u->key, s, len) != 0) {
		diag_error("a key that is too long");
		return -1;
	}
	return distinct_add(u->distinct, (unsigned)column, u->count, u->key.data, u->key.len);
}

int
unique_add(struct unique *u, const struct unique_row *row)
{
	const struct layout *l = &u->rows->layout;
	struct header h = {
		.line = row->line,
		.row_len = row->row_len,
		.group_len = row->group != NULL ? strlen(row->group) + 1 : 0,
		.record_len = row->record_len,
		.stream = note_stream(u, row->stream)
	};

	if (spool_append(&u->spool, &h, sizeof h) != 0 ||
	    spool_append(&u->spool, row->row, row->row_len) != 0 ||
	    (row->group != NULL && spool_append(&u->spool, row->group, h.group_len) != 0) ||
	    spool_append(&u->spool, row->record, row->record_len) != 0)
		return -1;
	for (size_t i = 0; i < l->count; i++) {
		if (l->columns[i].unique != UNIQUE_NO && add_key(u, i) != 0)
			return -1;
	}
	u->count++;
	return 0;
}

/* Gives out the next row. */
static void
give(struct unique *u, size_t column)
{
	struct unique_row row = { .stream = NULL };
	struct header h;
	size_t len;

	if (spool_read(&u->spool, &h, sizeof h, u->at) != 0)
		goto failed;
	len = h.row_len + h.group_len + h.record_len;
	buf_clear(&u->texts);
	if (buf_reserve(&u->texts, len) != 0)
		goto failed;
	if (spool_read(&u->spool, u->texts.data, len, u->at + sizeof h) != 0)
		goto failed;
	u->at += sizeof h + len;
	u->next++;
	row.stream = u->streams[h.stream];
	row.line = h.line;
	row.row = u->texts.data;
	row.row_len = h.row_len;
	row.group = h.group_len > 0 ? row.row + h.row_len : NULL;
	row.record = row.row + h.row_len + h.group_len;
	row.record_len = h.record_len;
	u->stopped = !u->take(u->arg, &row, column);
	return;
failed:
	u->failed = u->stopped = true;
}

static bool
is_vacant(const struct unique *u, const struct repeat *r)
{
	const unsigned char *bits = u->vacant[r->column];

	return bits != NULL && (bits[r->first / 8] >> r->first % 8 & 1) != 0;
}

/* The row is not written: what it was the first to have is free for another one. */
static void
vacate(struct unique *u, uint64_t row)
{
	const struct layout *l = &u->rows->layout;

	for (size_t i = 0, next = 0; i < l->count; i++) {
		if (next < u->repeat_count && u->repeats[next].column == i) {
			next++;
			continue;
		}
		if (l->columns[i].unique == UNIQUE_NO)
			continue;
		if (u->vacant[i] == NULL)
			u->vacant[i] = mem_alloc(u->count / 8 + 1);
		u->vacant[i][row / 8] |= (unsigned char)(1u << row % 8);
	}
}

/* Gives out the rows before the one at hand, and it, as a repetition if a written row says so. */
static void
judge(struct unique *u)
{
	size_t none = u->rows->layout.count, column = none;

	while (u->next < u->repeated && !u->stopped)
		give(u, none);
	for (size_t i = 0; i < u->repeat_count && column == none; i++)
		if (!is_vacant(u, &u->repeats[i]))
			column = u->repeats[i].column;
	if (column < none)
		vacate(u, u->repeated);
	for (size_t i = 0; i < u->repeat_count && column == none; i++) {
		const struct repeat *r = &u->repeats[i];

		u->vacant[r->column][r->first / 8] &= (unsigned char)~(1u << r->first % 8);
	}
	if (u->repeat_count > 0 && !u->stopped)
		give(u, column);
	u->repeat_count = 0;
}

static void
note_repeated(void *arg, uint64_t number, unsigned column, uint64_t first)
{
	struct unique *u = arg;

	if (number != u->repeated)
		judge(u);
	u->repeated = number;
	u->repeats[u->repeat_count++] = (struct repeat){ column, first };
}

int
unique_end(struct unique *u,
    bool (*take)(void *arg, const struct unique_row *row, size_t column), void *arg)
{
	u->take = take;
	u->arg = arg;
	if (distinct_end(u->distinct, note_repeated, u) != 0)
		return -1;
	judge(u);
	while (u->next < u->count && !u->stopped)
		give(u, u->rows->layout.count);
	return u->failed ? -1 : 0;
}
