/* The file of a ledger: its lines taken in, and new ones behind them. */
#include "json/plan_ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/place.h"
#include "json/jtext.h"
#include "json/plan_ledger_parts.h"
#include "json/record.h"

enum {
	LINE_MAX_BYTES = RECORD_LINE_MAX,
	PENDING_MAX = 64 * LINE_MAX_BYTES
};

static const char *const states[] = {
	"", "creating", "created", "adopted", "deleted", "refused"
};

enum prog_status
plan_ledger_open(struct plan_ledger *l, const char *path, const char *target, bool read_only)
{
	struct stat st;
	int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	*l = (struct plan_ledger){ .fd = -1, .path = path, .target = target, .read_only = read_only };
	keyset_init(&l->states);
	keyset_init(&l->tries);
	keyset_init(&l->subs);
	keyset_init(&l->lives);
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
plan_ledger_close(struct plan_ledger *l)
{
	if (l->fd != -1)
		close(l->fd);
	l->fd = -1;
	keyset_free(&l->states);
	keyset_free(&l->tries);
	keyset_free(&l->subs);
	keyset_free(&l->lives);
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

/* The sub of a line, empty if it has none; key is the decoded key. */
static void
take_sub(struct plan_ledger *l, const struct record_reader *r, enum plan_ledger_kind kind,
    const struct buf *key)
{
	struct buf sub;

	buf_init(&sub, KEYSET_KEY_MAX - 1);
	(void)take_text(r, "sub", &sub);
	plan_ledger_add_sub(l, kind, key->data, key->len, buf_string(&sub), sub.len);
	buf_free(&sub);
}

/* Takes a line in.  Returns NULL, or what is wrong with it (static). */
static const char *
take_line(struct plan_ledger *l, const struct record_reader *r, struct buf *b)
{
	enum plan_ledger_kind kind;
	int state = LEDGER_CREATING;
	uint32_t bare;
	int64_t ms;

	if (!take_text(r, "Ledger", b) || (strcmp(b->data, "user") != 0 &&
	    strcmp(b->data, "group") != 0))
		return "Ledger: neither \"user\" nor \"group\"";
	kind = strcmp(b->data, "user") == 0 ? LEDGER_USER : LEDGER_GROUP;
	if (!take_text(r, "State", b))
		return "State: not a text";
	while (state <= LEDGER_REFUSED && strcmp(b->data, states[state]) != 0)
		state++;
	if (state > LEDGER_REFUSED)
		return "State: not one that is known";
	if (!take_text(r, "Time", b) || clock_parse_rfc3339(b->data, b->len, &ms) != 0)
		return "Time: not a date and time";
	if (!take_text(r, "Key", b))
		return "Key: not a text, or too long";
	bare = tok_member(&r->list, r->text, 0, "Password");
	plan_ledger_set(l, kind, b->data, b->len, state == LEDGER_CREATED && bare != 0 &&
	    r->list.tok[bare].type == TOK_FALSE ? LEDGER_BARE : state, ms / 1000);
	if (state == LEDGER_CREATED || state == LEDGER_ADOPTED)
		take_sub(l, r, kind, b);
	return NULL;
}

/* Whether the line is of another target.  Older ones name none. */
static bool
is_others(const struct plan_ledger *l, const struct record_reader *r)
{
	uint32_t at = tok_member(&r->list, r->text, 0, "Target");

	return at != 0 && !tok_is(&r->list.tok[at], r->text, l->target, strlen(l->target));
}

/* Behind the last line: what a kill has torn off is taken away. */
static enum prog_status
mend(struct plan_ledger *l, const struct record_reader *r)
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
plan_ledger_read(struct plan_ledger *l)
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
		if (is_others(l, &r)) {
			wrong = "the ledger of another target";
			status = PROG_USAGE;
			break;
		}
		wrong = take_line(l, &r, &b);
	}
	if (wrong == NULL && result == RECORD_WRONG)
		wrong = r.reason;
	/* Its bytes are none of the rows', so what is torn off could not be told. */
	if (wrong == NULL && r.seals > 0)
		wrong = "a seal, which a ledger does not have";
	if (wrong != NULL) {
		diag_error("%s:%llu: %s", l->path, (unsigned long long)r.line, wrong);
		status = status == PROG_OK ? PROG_FAIL : status;
	} else if (result == RECORD_ERROR) {
		status = PROG_FAIL;
	} else {
		status = mend(l, &r);
	}
	record_close(&r);
	buf_free(&b);
	return status;
}

static void
put(struct buf *b, const char *name, const char *text)
{
	if (text == NULL)
		return;
	(void)buf_appendf(b, ",\"%s\":", name);
	(void)jtext_string(b, text, strlen(text));
}

static void
put_names(struct buf *b, const char *name, const char *names)
{
	if (names != NULL && names[0] != '\0')
		(void)buf_appendf(b, ",\"%s\":[%s]", name, names);
}

/* What is known of a user's attributes, and Enabled. */
static void
put_written(struct buf *b, const struct plan_ledger_line *line)
{
	static const char *const enabled[] = { "", "null", "false", "true" };

	if (line->enabled != ENABLED_UNSAID)
		(void)buf_appendf(b, ",\"Enabled\":%s", enabled[line->enabled]);
	put(b, "Digest", line->digest);
	put_names(b, "Names", line->names);
	put_names(b, "Cleared", line->cleared);
}

void
plan_ledger_note(struct plan_ledger *l, const struct plan_ledger_line *line, int64_t now_ms)
{
	bool user = line->kind == LEDGER_USER;
	char now[CLOCK_RFC3339_SIZE];

	if (l->path == NULL)
		return;
	plan_ledger_set(l, line->kind, line->key, strlen(line->key), line->bare ? LEDGER_BARE :
	    (int)line->state, now_ms / 1000);
	if (line->state == LEDGER_CREATED || line->state == LEDGER_ADOPTED)
		plan_ledger_add_sub(l, line->kind, line->key, strlen(line->key),
		    line->sub != NULL ? line->sub : "", line->sub != NULL ? strlen(line->sub) : 0);
	if (l->read_only)
		return;
	if (l->pending.len > LINE_MAX_BYTES)
		(void)plan_ledger_sync(l);
	clock_rfc3339(now_ms, now);
	(void)buf_appendf(&l->pending, "{\"Ledger\":\"%s\"", user ? "user" : "group");
	put(&l->pending, "Target", l->target);
	put(&l->pending, "Key", line->key);
	put(&l->pending, user ? "Username" : "GroupName", line->name);
	put(&l->pending, "sub", line->sub);
	if (line->source != NULL) {
		(void)buf_append_string(&l->pending, ",\"Source\":");
		(void)buf_append(&l->pending, line->source, line->source_len);
	}
	put_written(&l->pending, line);
	(void)buf_appendf(&l->pending, ",\"State\":\"%s\"%s,\"Time\":\"%s\"}\n",
	    states[line->state], line->bare ? ",\"Password\":false" : "", now);
}

int
plan_ledger_sync(struct plan_ledger *l)
{
	bool failed = l->failed;
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
	if (l->failed && !failed)
		diag_error("%s: the ledger cannot be written: %s", l->path, strerror(errno));
	buf_clear(&l->pending);
	return l->failed ? -1 : 0;
}
