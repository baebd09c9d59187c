#include <string.h>

#include "base/diag.h"

#include "stash.h"

/* A page of the service and more: it has 64 MiB at most. */
enum { WINDOW_MAX = 80 * 1024 * 1024 };

void
stash_init(struct stash *s, size_t kept)
{
	memset(s, 0, sizeof *s);
	buf_init(&s->kept, kept);
	buf_init(&s->window, WINDOW_MAX);
}

void
stash_free(struct stash *s)
{
	if (s->spilled)
		spool_close(&s->spool);
	buf_free(&s->kept);
	buf_free(&s->window);
	stash_init(s, s->kept.max);
}

/* Moves what was kept to a file. */
static int
spill(struct stash *s)
{
	if (spool_open(&s->spool) != 0)
		return -1;
	s->spilled = true;
	if (s->kept.len > 0 && spool_append(&s->spool, s->kept.data, s->kept.len) != 0)
		return -1;
	buf_free(&s->kept);
	return 0;
}

int
stash_append(struct stash *s, const void *data, size_t len)
{
	if (s->failed)
		return -1;
	if (!s->spilled && buf_append(&s->kept, data, len) != 0)
		s->failed = spill(s) != 0;
	if (s->spilled && !s->failed)
		s->failed = spool_append(&s->spool, data, len) != 0;
	s->len += len;
	return s->failed ? -1 : 0;
}

const char *
stash_read(struct stash *s, uint64_t at, size_t len, size_t ahead)
{
	struct buf *w = &s->window;
	uint64_t want = len + ahead < s->len - at ? len + ahead : s->len - at;

	if (s->failed)
		return NULL;
	if (!s->spilled)
		return buf_string(&s->kept) + at;
	/* Before the first read there is no window, not even one of nothing. */
	if (w->data != NULL && at >= s->window_at && at - s->window_at <= w->len &&
	    len <= w->len - (at - s->window_at))
		return w->data + (at - s->window_at);
	buf_clear(w);
	if (buf_reserve(w, want) != 0) {
		diag_error("temporary file: more than %d bytes in one piece", WINDOW_MAX);
		s->failed = true;
	} else if (spool_read(&s->spool, w->data, want, at) != 0) {
		s->failed = true;
	}
	if (s->failed)
		return NULL;
	w->len = want;
	s->window_at = at;
	return w->data;
}
