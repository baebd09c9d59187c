#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/place.h"
#include "json/jtext.h"
#include "json/record.h"

enum {
	STATE_SHIFT = 29,		/* three bits of state, 29 of seconds: 17 years */
	LINE_MAX_BYTES = RECORD_LINE_MAX,
	PENDING_MAX = 64 * LINE_MAX_BYTES
};

/* From which they count: 2020-01-01. */
static const int64_t epoch = 1577836800;

static const char *const states[] = { "", "creating", "created", "adopted", "deleted" };

static uint32_t
pack(enum ledger_state state, int64_t seconds)
{
	const int64_t most = (INT64_C(1) << STATE_SHIFT) - 1;
	int64_t since = seconds - epoch;

	if (since < 0)
		since = 0;
	return (uint32_t)state << STATE_SHIFT | (uint32_t)(since > most ? most : since);
}

/* The text that the key of a kind has among the states. */
static void
mark(struct buf *b, enum ledger_kind kind, const char *key, size_t len)
{
	buf_clear(b);
	(void)buf_append_byte(b, kind == LEDGER_USER ? 'u' : 'g');
	(void)buf_append(b, key, len);
}

static void
set(struct ledger *l, enum ledger_kind kind, const char *key, size_t len, uint32_t number)
{
	struct keyset_key k;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, len);
	keyset_key(&k, b.data, b.len);
	keyset_set_number(&l->states, keyset_add(&l->states, &k), number);
	buf_free(&b);
}

enum prog_status
ledger_open(struct ledger *l, const char *path, bool read_only)
{
	struct stat st;
	int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	*l = (struct ledger){ .fd = -1, .path = path, .read_only = read_only };
	keyset_init(&l->states);
	buf_init(&l->pending, PENDING_MAX);
	if (path == NULL)
		return PROG_OK;
	flags |= read_only ? O_RDONLY : O_RDWR | O_CREAT | O_APPEND;
	l->fd = open(path, flags, 0600);
	if (l->fd == -1 && read_only && errno == ENOENT)
		return PROG_OK;
	if (l->fd == -1 || fstat(l->fd, &st) != 0) {
		diag_error("%s: the ledger cannot be opened: %s", path, strerror(errno));
		return PROG_FAIL;
	}
	if (!S_ISREG(st.st_mode)) {
		diag_error("%s: a ledger is a regular file", path);
		return PROG_FAIL;
	}
	if (read_only)
		return PROG_OK;
	if (flock(l->fd, LOCK_EX | LOCK_NB) != 0) {
		diag_error("%s: the ledger is in use by another run", path);
		return PROG_TEMPORARY;
	}
	/* A new name must be as durable as what will stand in the file. */
	errno = st.st_size == 0 ? place_sync(path) : 0;
	if (errno != 0) {
		diag_error("%s: the ledger cannot be synced: %s", path, strerror(errno));
		return PROG_FAIL;
	}
	return PROG_OK;
}

void
ledger_close(struct ledger *l)
{
	if (l->fd != -1)
		close(l->fd);
	l->fd = -1;
	keyset_free(&l->states);
	buf_free(&l->pending);
}

/* Whether the member is a text that can be a key, decoded into b. */
static bool
take_text(const struct record_reader *r, const char *name, struct buf *b)
{
	uint32_t at = tok_member(&r->list, r->text, 0, name);
	const struct tok *t = &r->list.tok[at];

	buf_clear(b);
	return at != 0 && t->type == TOK_STRING && t->start < t->end &&
	    (t->flags & (TOK_NUL | TOK_LONE)) == 0 &&
	    jtext_decode(b, r->text + t->start, t->end - t->start) == 0;
}

/* Takes a line in.  Returns NULL, or what is wrong with it (static). */
static const char *
take_line(struct ledger *l, const struct record_reader *r, struct buf *b)
{
	enum ledger_kind kind;
	int state = LEDGER_CREATING;
	int64_t ms;

	if (!take_text(r, "Ledger", b) || (strcmp(b->data, "user") != 0 &&
	    strcmp(b->data, "group") != 0))
		return "Ledger: neither \"user\" nor \"group\"";
	kind = strcmp(b->data, "user") == 0 ? LEDGER_USER : LEDGER_GROUP;
	if (!take_text(r, "State", b))
		return "State: not a text";
	while (state <= LEDGER_DELETED && strcmp(b->data, states[state]) != 0)
		state++;
	if (state > LEDGER_DELETED)
		return "State: not one that is known";
	if (!take_text(r, "Time", b) || clock_parse_rfc3339(b->data, b->len, &ms) != 0)
		return "Time: not a date and time";
	if (!take_text(r, "Key", b))
		return "Key: not a text, or too long";
	set(l, kind, b->data, b->len, pack((enum ledger_state)state, ms / 1000));
	return NULL;
}

/* Behind the last line: what a kill has torn off is taken away. */
static enum prog_status
mend(struct ledger *l, const struct record_reader *r)
{
	struct stat st;

	if (fstat(l->fd, &st) != 0 || (uint64_t)st.st_size == r->bytes)
		return PROG_OK;
	diag_warn("%s: the last line is cut off (a run was killed); it does not count", l->path);
	if (!l->read_only && ftruncate(l->fd, (off_t)r->bytes) != 0) {
		diag_error("%s: cannot be cut there: %s", l->path, strerror(errno));
		return PROG_FAIL;
	}
	return PROG_OK;
}

enum prog_status
ledger_read(struct ledger *l)
{
	enum prog_status status = PROG_OK;
	struct record_reader r;
	const char *wrong = NULL;
	enum record_result result;
	struct buf b;

	if (l->fd == -1)
		return PROG_OK;
	buf_init(&b, PENDING_MAX);
	record_open(&r, l->fd, l->path);
	while (wrong == NULL && (result = record_next(&r)) == RECORD_LINE) {
		b.max = KEYSET_KEY_MAX - 1;
		wrong = take_line(l, &r, &b);
	}
	if (wrong == NULL && result == RECORD_WRONG)
		wrong = r.reason;
	if (wrong != NULL) {
		diag_error("%s:%llu: %s", l->path, (unsigned long long)r.line, wrong);
		status = PROG_FAIL;
	} else if (result == RECORD_ERROR) {
		status = PROG_FAIL;
	} else {
		status = mend(l, &r);
	}
	record_close(&r);
	buf_free(&b);
	return status;
}

enum ledger_state
ledger_find(struct ledger *l, enum ledger_kind kind, const char *key, int64_t *seconds)
{
	struct keyset_key k;
	uint32_t entry, number;
	struct buf b;

	*seconds = 0;
	buf_init(&b, KEYSET_KEY_MAX);
	mark(&b, kind, key, strlen(key));
	keyset_key(&k, b.data, b.len);
	entry = keyset_find(&l->states, &k);
	buf_free(&b);
	if (entry == 0)
		return LEDGER_NONE;
	number = keyset_number(&l->states, entry);
	*seconds = epoch + (number & ((UINT32_C(1) << STATE_SHIFT) - 1));
	return (enum ledger_state)(number >> STATE_SHIFT);
}

static void
put(struct buf *b, const char *name, const char *text)
{
	if (text == NULL)
		return;
	(void)buf_appendf(b, ",\"%s\":", name);
	(void)jtext_string(b, text, strlen(text));
}

void
ledger_note(struct ledger *l, const struct ledger_line *line, int64_t now_ms)
{
	bool user = line->kind == LEDGER_USER;
	char now[CLOCK_RFC3339_SIZE];

	if (l->fd == -1 || l->read_only)
		return;
	if (l->pending.len > LINE_MAX_BYTES)
		(void)ledger_sync(l);
	clock_rfc3339(now_ms, now);
	(void)buf_appendf(&l->pending, "{\"Ledger\":\"%s\"", user ? "user" : "group");
	put(&l->pending, "Key", line->key);
	put(&l->pending, user ? "Username" : "GroupName", line->name);
	put(&l->pending, "sub", line->sub);
	if (line->source != NULL) {
		(void)buf_append_string(&l->pending, ",\"Source\":");
		(void)buf_append(&l->pending, line->source, line->source_len);
	}
	(void)buf_appendf(&l->pending, ",\"State\":\"%s\",\"Time\":\"%s\"}\n",
	    states[line->state], now);
	set(l, line->kind, line->key, strlen(line->key), pack(line->state, now_ms / 1000));
}

int
ledger_sync(struct ledger *l)
{
	size_t done = 0;

	while (!l->failed && done < l->pending.len) {
		ssize_t n = write(l->fd, l->pending.data + done, l->pending.len - done);

		if (n == -1 && errno == EINTR)
			continue;
		l->failed = n == -1;
		done += n > 0 ? (size_t)n : 0;
	}
	if (!l->failed && l->pending.len > 0)
		l->failed = fdatasync(l->fd) != 0;
	if (l->failed && l->pending.len > 0)
		diag_error("%s: the ledger cannot be written: %s", l->path, strerror(errno));
	buf_clear(&l->pending);
	return l->failed ? -1 : 0;
}
