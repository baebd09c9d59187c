#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/record.h"
#include "json/utf8.h"

enum {
	/* Large enough that a pipe is emptied with few calls, small enough to stay in the cache. */
	READ_SIZE = 128 * 1024,
	/*
	 * Two such reads: the writer fills one while the other is worked on, where with the usual
	 * 64 KiB each would wait for the other.  The kernel lets a user have 64 MiB in all pipes.
	 */
	PIPE_SIZE = 2 * READ_SIZE,
	/* fcntl(2) on Linux; the headers show F_SETPIPE_SZ and F_GETPIPE_SZ to GNU's sources alone. */
	SET_PIPE_SIZE = 1031,
	GET_PIPE_SIZE = 1032
};

/* Makes a pipe as large as we want it, if that can be. */
static void
widen_pipe(int fd)
{
	int size = fcntl(fd, GET_PIPE_SIZE);

	if (size > 0 && size < PIPE_SIZE)
		fcntl(fd, SET_PIPE_SIZE, PIPE_SIZE);
}

void
record_open(struct record_reader *r, int fd, const char *name)
{
	memset(r, 0, sizeof *r);
	r->fd = fd;
	r->name = name;
	tok_init(&r->list, RECORD_TOKENS_MAX);
	seal_init(&r->seal);
	widen_pipe(fd);
}

void
record_close(struct record_reader *r)
{
	tok_free(&r->list);
	seal_free(&r->seal);
	free(r->data);
	r->data = NULL;
}

/* Remembers where the identity key is; false if it was there before. */
static bool
take_once(uint32_t *slot, uint32_t value)
{
	if (*slot != 0)
		return false;
	*slot = value;
	return true;
}

/* The first character of a key that begins with an escape, as far as it is ASCII. */
__attribute__((noinline, cold)) static char
first_escaped(const struct tok *t, const char *text)
{
	char first[4];
	size_t used;

	jtext_escape(text + t->start, text + t->end, first, &used);
	return first[0];
}

/* Notes a top-level key.  Returns NULL or what is wrong with it. */
static inline const char *
note_key(const struct tok *t, const char *text, uint32_t value, struct record_keys *keys)
{
	char first = text[t->start];	/* of an empty key its closing quote */
	bool once = true;

	if (first == '\\')
		first = first_escaped(t, text);
	/* Most keys are seen off by their first character. */
	switch (first) {
	case '~':
		return "a key that begins with ~ (reserved)";
	case 'U':
		if (tok_is(t, text, "Username", 8))
			once = take_once(&keys->username, value);
		break;
	case 'G':
		if (tok_is(t, text, "GroupName", 9))
			once = take_once(&keys->group_name, value);
		else if (tok_is(t, text, "Groups", 6))
			once = take_once(&keys->groups, value);
		break;
	case 'A':
		if (tok_is(t, text, "Attributes", 10))
			once = take_once(&keys->attributes, value);
		break;
	}
	return once ? NULL : "an identity key stands there twice";
}

/* Notes where sub is in the attributes.  Returns NULL or what is wrong with it. */
static const char *
note_sub(const struct tok_list *l, const char *text, struct record_keys *keys)
{
	const struct tok *tok = l->tok;
	uint32_t end = tok[keys->attributes].next;

	for (uint32_t i = keys->attributes + 1; i < end; i = tok_behind_member(tok, i)) {
		if (tok_is(&tok[i], text, "sub", 3) && !take_once(&keys->sub, i + 1))
			return "an identity key stands there twice";
	}
	return keys->sub != 0 && (tok[keys->sub].flags & TOK_NUL) != 0 ? "sub holds a NUL" : NULL;
}

static bool
is_name(const struct tok *t)
{
	return t->type == TOK_STRING && t->end > t->start && (t->flags & TOK_NUL) == 0;
}

static const char *
check_keys(const struct tok_list *l, const char *text, struct record_keys *keys)
{
	const struct tok *tok = l->tok;
	uint32_t end = tok[0].next;

	memset(keys, 0, sizeof *keys);
	for (uint32_t i = 1; i < end; i = tok_behind_member(tok, i)) {
		const char *wrong = note_key(&tok[i], text, i + 1, keys);

		if (wrong != NULL)
			return wrong;
	}
	if (keys->username != 0 && !is_name(&tok[keys->username]))
		return "Username is not a name";
	if (keys->group_name != 0 && !is_name(&tok[keys->group_name]))
		return "GroupName is not a name";
	if (keys->attributes == 0 || tok[keys->attributes].type != TOK_OBJECT)
		return NULL;
	return note_sub(l, text, keys);
}

/* Grammar and what concerns the whole line; leaves the keys to check_keys. */
static const char *
check_grammar(const char *text, size_t len, struct tok_list *l, char reason[RECORD_REASON_SIZE])
{
	enum tok_error error = tok_parse(l, text, len);

	if (error != TOK_OK) {
		snprintf(reason, RECORD_REASON_SIZE, "%s (byte %zu)", tok_error_text(error),
		    l->error_at + 1);
		return reason;
	}
	if (l->tok[0].type != TOK_OBJECT)
		return "not a JSON object";
	if ((l->flags & TOK_LONE) != 0)
		return "half a surrogate pair in a string";
	return NULL;
}

const char *
record_check(const char *text, size_t len, struct tok_list *list, struct record_keys *keys,
    char reason[RECORD_REASON_SIZE])
{
	const char *wrong;

	if (len > RECORD_LINE_MAX) {
		snprintf(reason, RECORD_REASON_SIZE, "longer than %d bytes", RECORD_LINE_MAX);
		return reason;
	}
	wrong = check_grammar(text, len, list, reason);
	return wrong != NULL ? wrong : check_keys(list, text, keys);
}

enum record_kind
record_kind(const struct record_keys *keys)
{
	if (keys->group_name != 0)
		return keys->username != 0 ? RECORD_MEMBERSHIP : RECORD_GROUP;
	return keys->username != 0 ? RECORD_USER : RECORD_OTHER;
}

/* As read(2), but waits, also where some other program made the pipe that we share non-blocking. */
static ssize_t
read_some(int fd, char *to, size_t len)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		ssize_t n = read(fd, to, len);

		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n;
		if (errno == EAGAIN && poll(&p, 1, -1) < 0 && errno != EINTR)
			return -1;
	}
}

/* Fills the buffer further.  Returns 1, 0 at the end, -1 on an error that was reported. */
static int
refill(struct record_reader *r)
{
	ssize_t n;

	if (r->eof)
		return 0;
	if (r->start > 0) {
		memmove(r->data, r->data + r->start, r->fill - r->start);
		r->fill -= r->start;
		r->scanned -= r->start;
		r->start = 0;
	}
	if (r->fill == r->cap) {
		r->cap = r->cap == 0 ? READ_SIZE : r->cap * 2;
		r->data = mem_resize(r->data, r->cap, 1);
	}
	if (r->before_read != NULL)
		r->before_read(r->before_read_arg);
	n = read_some(r->fd, r->data + r->fill, r->cap - r->fill);
	if (n < 0) {
		diag_error("%s: cannot read: %s", r->name, strerror(errno));
		return -1;
	}
	r->eof = n == 0;
	r->fill += (size_t)n;
	return n > 0;
}

/* Drops the rest of a line that is too long.  Returns as refill. */
static int
skip_line(struct record_reader *r)
{
	for (;;) {
		char *lf = memchr(r->data + r->start, '\n', r->fill - r->start);
		int more;

		if (lf != NULL) {
			size_t n = (size_t)(lf + 1 - (r->data + r->start));

			r->bytes += n;
			r->start += n;
			r->scanned = r->start;
			return 1;
		}
		r->bytes += r->fill - r->start;
		r->start = r->scanned = r->fill;
		more = refill(r);
		r->unterminated = more == 0;
		if (more <= 0)
			return more;
	}
}

/* A line that passes the maximum: counted, skipped, wrong; or cut, when it never ends. */
static enum record_result
take_long_line(struct record_reader *r)
{
	int ended = skip_line(r);

	if (ended < 0)
		return RECORD_ERROR;
	r->line++;
	r->rows++;
	r->text = "";
	r->len = 0;
	snprintf(r->reason_buffer, sizeof r->reason_buffer, "longer than %d bytes",
	    RECORD_LINE_MAX);
	r->reason = r->reason_buffer;
	return RECORD_WRONG;
}

/* Whether a line is meant as a seal although it is not even JSON; only asked of wrong lines. */
static bool
looks_like_seal(const struct record_reader *r)
{
	static const char start[] = "{\"~end\"";

	return r->len >= sizeof start - 1 && memcmp(r->text, start, sizeof start - 1) == 0;
}

/*
 * The line that stands in text and len.  RECORD_END means: it was a seal, good or bad; a bad one
 * is no record that could be rejected and passed over, it makes the whole stream incomplete.
 */
static enum record_result
take_line(struct record_reader *r)
{
	int sealed = 0;

	r->line++;
	r->reason = check_grammar(r->text, r->len, &r->list, r->reason_buffer);
	if (r->reason == NULL) {
		r->reason = check_keys(&r->list, r->text, &r->keys);
		if (r->reason != NULL)
			sealed = seal_parse(&r->seal, &r->list, r->text);
	} else if (looks_like_seal(r)) {
		sealed = -1;
	}
	if (sealed != 0) {
		r->seals++;
		r->bad_seal |= sealed < 0;
		return RECORD_END;
	}
	r->rows++;
	r->bytes += r->len + 1;
	return r->reason == NULL ? RECORD_LINE : RECORD_WRONG;
}

enum record_result
record_next(struct record_reader *r)
{
	for (;;) {
		char *lf = r->scanned == r->fill ? NULL :
		    memchr(r->data + r->scanned, '\n', r->fill - r->scanned);
		enum record_result result;
		int more;

		if (lf == NULL) {
			r->scanned = r->fill;
			if (r->fill - r->start > RECORD_LINE_MAX)
				return take_long_line(r);
			more = refill(r);
			if (more < 0)
				return RECORD_ERROR;
			if (more == 0)
				return RECORD_END;
			continue;
		}
		if ((size_t)(lf - (r->data + r->start)) > RECORD_LINE_MAX)
			return take_long_line(r);
		r->text = r->data + r->start;
		r->len = (size_t)(lf - r->text);
		r->start += r->len + 1;
		r->scanned = r->start;
		result = take_line(r);
		if (result != RECORD_END)
			return result;
	}
}

static enum record_verdict
cut(struct record_reader *r, const char *reason)
{
	r->reason = reason;
	return RECORD_CUT;
}

/* What the writer's seal says of its failure, in the words of the stage where it began. */
static void
tell_failure(struct record_reader *r)
{
	static const char mark[] = "the writer failed: ";
	const char *why = r->seal.reason != NULL ? r->seal.reason : "no reason given";
	char *text = r->reason_buffer;

	if (strncmp(why, mark, sizeof mark - 1) == 0)
		why += sizeof mark - 1;
	snprintf(text, RECORD_REASON_SIZE, "%s%s", mark, why);
	/* Not cut within a character: the next seal passes it on. */
	text[utf8_valid(text, strlen(text))] = '\0';
	r->reason = text;
}

enum record_verdict
record_verdict(struct record_reader *r, bool need_seal)
{
	if (r->start < r->fill || r->unterminated)
		return cut(r, "the last line has no newline: the stream was cut");
	if (r->bad_seal)
		return cut(r, "a seal that is not valid");
	if (r->seals > 1)
		return cut(r, "more than one seal");
	if (r->seals == 0)
		return need_seal ? cut(r, "no seal: the writer did not finish") : RECORD_PLAIN;
	if (!r->seal.ok) {
		tell_failure(r);
		return RECORD_FAILED;
	}
	if (r->seal.rows == r->rows && r->seal.bytes == r->bytes)
		return RECORD_WHOLE;
	snprintf(r->reason_buffer, sizeof r->reason_buffer,
	    "the seal counts %llu rows and %llu bytes, there are %llu and %llu",
	    (unsigned long long)r->seal.rows, (unsigned long long)r->seal.bytes,
	    (unsigned long long)r->rows, (unsigned long long)r->bytes);
	return cut(r, r->reason_buffer);
}
