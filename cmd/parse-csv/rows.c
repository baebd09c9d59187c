#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"

#include "rows.h"

enum { CHUNK = 128 * 1024 };

/* Where the scan stands: before a cell, in a bare one, in quotes, behind a quote in quotes. */
enum { CELL, BARE, QUOTED, CLOSED };

void
rows_open(struct rows *r, int fd, const char *name)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
	r->name = name;
	r->delimiter = ',';
	r->quotes = true;
	r->next_line = 1;
	r->cap = 2 * (size_t)CHUNK;
	r->data = mem_resize(NULL, r->cap, 1);
}

void
rows_close(struct rows *r)
{
	free(r->data);
	r->data = NULL;
}

static uint64_t
count_line_feeds(const char *s, size_t len)
{
	const char *end = s + len;
	uint64_t n = 0;

	while (s < end && (s = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		n++;
		s++;
	}
	return n;
}

/* Room behind what is there for a chunk. */
static void
make_room(struct rows *r)
{
	if (r->start > 0) {
		memmove(r->data, r->data + r->start, r->fill - r->start);
		r->scanned -= r->start;
		r->fill -= r->start;
		r->start = 0;
	}
	if (r->cap - r->fill >= CHUNK)
		return;
	r->cap *= 2;
	r->data = mem_resize(r->data, r->cap, 1);
}

/* Reads once, or notes the end.  Returns 0, or -1 with the reason printed. */
static int
fill_up(struct rows *r)
{
	ssize_t n;

	make_room(r);
	if (r->before_read != NULL)
		r->before_read(r->arg);
	do
		n = read(r->fd, r->data + r->fill, r->cap - r->fill);
	while (n == -1 && errno == EINTR);
	if (n == -1) {
		diag_error("%s: cannot read: %s", r->name, strerror(errno));
		return -1;
	}
	r->eof = n == 0;
	r->fill += (size_t)n;
	return 0;
}

/* What spreadsheets call Unicode text; of its rows nothing can be told. */
static bool
is_utf16(const struct rows *r)
{
	return r->fill >= 2 && (memcmp(r->data, "\xff\xfe", 2) == 0 ||
	    memcmp(r->data, "\xfe\xff", 2) == 0 || r->data[0] == '\0' || r->data[1] == '\0');
}

/* The byte order mark may come in pieces. */
static int
pass_mark(struct rows *r)
{
	r->begun = true;
	while (r->fill < 3 && !r->eof) {
		if (fill_up(r) != 0)
			return -1;
	}
	if (r->fill >= 3 && memcmp(r->data, "\xef\xbb\xbf", 3) == 0)
		r->start = r->scanned = 3;
	if (!is_utf16(r))
		return 0;
	diag_error("%s: UTF-16, or no text: UTF-8 is needed (iconv -f UTF-16 -t UTF-8)", r->name);
	return -1;
}

/* The end of a bare cell: its delimiter or line feed, or end. */
static const char *
behind_bare(const struct rows *r, const char *p, const char *end)
{
	while (p < end && *p != r->delimiter && *p != '\n')
		p++;
	return p;
}

/* Goes on from where the scan stands.  Returns the line feed that ends the row, or NULL. */
static const char *
scan(struct rows *r, const char *p, const char *end)
{
	const char *quote;

	while (p < end) {
		switch (r->state) {
		case CELL:
			r->state = *p == '"' ? QUOTED : BARE;
			p += *p == '"';
			break;
		case BARE:
			p = behind_bare(r, p, end);
			if (p == end)
				return NULL;
			if (*p == '\n')
				return p;
			r->state = CELL;
			p++;
			break;
		case QUOTED:
			quote = memchr(p, '"', (size_t)(end - p));
			if (quote == NULL)
				return NULL;
			r->state = CLOSED;
			p = quote + 1;
			break;
		default:
			r->state = *p == '"' ? QUOTED : BARE;
			p += *p == '"';
			break;
		}
	}
	return NULL;
}

/* The line feed that ends the row at hand, or NULL if it is not here yet. */
static const char *
find_end(struct rows *r)
{
	const char *p = r->data + r->scanned, *end = r->data + r->fill, *lf;

	if (!r->quotes)
		return memchr(p, '\n', (size_t)(end - p));
	/* Most rows have no quote, and are found without a look at their cells. */
	if (r->scanned == r->start && !r->skipping) {
		lf = memchr(p, '\n', (size_t)(end - p));
		r->bare = lf != NULL && memchr(p, '"', (size_t)(lf - p)) == NULL;
		if (r->bare)
			return lf;
	}
	return scan(r, p, end);
}

/* The row from start to end, which lines line ends follow (none or one). */
static enum rows_result
give(struct rows *r, const char *end, size_t lines)
{
	bool skipped = r->skipping;

	r->text = r->data + r->start;
	r->len = (size_t)(end - r->text);
	r->open = lines == 0;
	r->bare |= !r->quotes;
	r->next_line += lines;
	if (!r->bare)
		r->next_line += count_line_feeds(r->text, r->len);
	r->lines = r->next_line - r->line + r->open;
	if (r->len > 0 && end[-1] == '\r')
		r->len--;
	r->start = r->scanned = (size_t)(end - r->data) + lines;
	r->state = CELL;
	r->skipping = false;
	if (!skipped && r->len <= ROWS_ROW_MAX)
		return ROWS_ROW;
	r->text = "";
	r->len = 0;
	return ROWS_LONG;
}

/* What there is of a row that is too long is dropped. */
static void
drop(struct rows *r)
{
	r->skipping = true;
	r->next_line += count_line_feeds(r->data + r->start, r->fill - r->start);
	r->start = r->scanned = r->fill = 0;
}

enum rows_result
rows_next(struct rows *r)
{
	if (!r->begun && pass_mark(r) != 0)
		return ROWS_ERROR;
	r->line = r->next_line;
	r->bare = false;
	for (;;) {
		const char *lf = find_end(r);

		if (lf != NULL)
			return give(r, lf, 1);
		r->scanned = r->fill;
		if (r->eof && r->state == QUOTED)
			return ROWS_QUOTED;
		if (r->eof)
			return r->fill == r->start && !r->skipping ? ROWS_END :
			    give(r, r->data + r->fill, 0);
		/* One for a CR. */
		if (r->fill - r->start > ROWS_ROW_MAX + 1)
			drop(r);
		if (fill_up(r) != 0)
			return ROWS_ERROR;
	}
}
