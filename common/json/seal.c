#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/seal.h"

void
seal_init(struct seal *s)
{
	memset(s, 0, sizeof *s);
	s->ok = true;
}

void
seal_free(struct seal *s)
{
	free(s->source);
	free(s->scope);
	free(s->started);
	free(s->ended);
	free(s->reason);
	free(s->unknown);
	for (size_t i = 0; i < s->via_count; i++)
		free(s->via[i]);
	free(s->via);
	seal_init(s);
}

void
seal_set(char **member, const char *value)
{
	char *copy = mem_dup_string(value);

	free(*member);
	*member = copy;
}

void
seal_add_via(struct seal *s, const char *stage)
{
	for (size_t i = 0; i < s->via_count; i++) {
		if (strcmp(s->via[i], stage) == 0)
			return;
	}
	s->via = mem_resize(s->via, s->via_count + 1, sizeof *s->via);
	s->via[s->via_count++] = mem_dup_string(stage);
}

/* Reading.  Each take_ function returns false if the token is not what the member must be. */

static bool
take_count(const struct tok *t, const char *text, uint64_t *value)
{
	uint64_t v = 0;

	if (t->type != TOK_NUMBER)
		return false;
	for (uint32_t i = t->start; i < t->end; i++) {
		if (text[i] < '0' || text[i] > '9' || v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint64_t)(text[i] - '0');
	}
	*value = v;
	return true;
}

static bool
take_bool(const struct tok *t, bool *value)
{
	*value = t->type == TOK_TRUE;
	return t->type == TOK_TRUE || t->type == TOK_FALSE;
}

static bool
take_text(const struct tok *t, const char *text, char **value)
{
	struct buf b;

	if (t->type != TOK_STRING || (t->flags & (TOK_NUL | TOK_LONE)) != 0)
		return false;
	buf_init(&b, SEAL_MAX);
	if (jtext_decode(&b, text + t->start, t->end - t->start) != 0) {
		buf_free(&b);
		return false;
	}
	seal_set(value, buf_string(&b));
	buf_free(&b);
	return true;
}

static bool
take_via(struct seal *s, const struct tok_list *l, const char *text, uint32_t array)
{
	if (l->tok[array].type != TOK_ARRAY)
		return false;
	for (uint32_t i = array + 1; i < l->tok[array].next; i = l->tok[i].next) {
		char *stage = NULL;

		if (!take_text(&l->tok[i], text, &stage))
			return false;
		seal_add_via(s, stage);
		free(stage);
	}
	return true;
}

/* A member that this version does not know: kept as JSON text behind what is there. */
static bool
take_unknown(struct seal *s, const struct tok_list *l, const char *text, uint32_t key)
{
	struct buf b;
	bool good;

	buf_init(&b, SEAL_MAX);
	good = buf_append_string(&b, s->unknown != NULL ? s->unknown : "") == 0 &&
	    buf_append_byte(&b, ',') == 0 &&
	    jtext_string_token(&b, &l->tok[key], text) == 0 && buf_append_byte(&b, ':') == 0 &&
	    jtext_value(&b, l, text, key + 1) == 0;
	if (good)
		seal_set(&s->unknown, buf_string(&b));
	buf_free(&b);
	return good;
}

enum member {
	MEMBER_V, MEMBER_OK, MEMBER_ROWS, MEMBER_BYTES, MEMBER_REJECTED, MEMBER_SOURCE,
	MEMBER_SCOPE, MEMBER_VIA, MEMBER_STARTED, MEMBER_ENDED, MEMBER_REASON, MEMBER_RETRYABLE,
	MEMBER_COUNT
};

static const char *const member_names[MEMBER_COUNT] = {
	"v", "ok", "rows", "bytes", "rejected", "source", "scope", "via", "started", "ended",
	"reason", "retryable"
};

static bool
take_member(struct seal *s, const struct tok_list *l, const char *text, uint32_t key,
    unsigned *seen)
{
	const struct tok *value = &l->tok[key + 1];
	uint64_t version;
	unsigned m = 0;

	while (m < MEMBER_COUNT && !tok_is(&l->tok[key], text, member_names[m],
	    strlen(member_names[m])))
		m++;
	if (m == MEMBER_COUNT)
		return take_unknown(s, l, text, key);
	if ((*seen & 1U << m) != 0)
		return false;
	*seen |= 1U << m;
	switch ((enum member)m) {
	case MEMBER_V:
		return take_count(value, text, &version) && version == 1;
	case MEMBER_OK:
		return take_bool(value, &s->ok);
	case MEMBER_ROWS:
		return take_count(value, text, &s->rows);
	case MEMBER_BYTES:
		return take_count(value, text, &s->bytes);
	case MEMBER_REJECTED:
		return take_count(value, text, &s->rejected);
	case MEMBER_SOURCE:
		return take_text(value, text, &s->source);
	case MEMBER_SCOPE:
		return take_text(value, text, &s->scope);
	case MEMBER_VIA:
		return take_via(s, l, text, key + 1);
	case MEMBER_STARTED:
		return take_text(value, text, &s->started);
	case MEMBER_ENDED:
		return take_text(value, text, &s->ended);
	case MEMBER_REASON:
		return take_text(value, text, &s->reason);
	case MEMBER_RETRYABLE:
		return take_bool(value, &s->retryable);
	case MEMBER_COUNT:
		break;
	}
	return false;
}

int
seal_parse(struct seal *s, const struct tok_list *l, const char *text)
{
	const unsigned required = 1U << MEMBER_V | 1U << MEMBER_OK | 1U << MEMBER_ROWS |
	    1U << MEMBER_BYTES;
	uint32_t body = tok_member(l, text, 0, "~end");
	unsigned seen = 0;

	if (body == 0)
		return 0;
	if (l->tok[0].end - l->tok[0].start > SEAL_LINE_MAX)
		return -1;
	/* The only key: the key is token 1, and its value ends the line. */
	if (body != 2 || l->tok[body].next != l->count || l->tok[body].type != TOK_OBJECT)
		return -1;
	seal_free(s);
	for (uint32_t key = body + 1; key < l->tok[body].next; key = l->tok[key + 1].next) {
		if (!take_member(s, l, text, key, &seen))
			return -1;
	}
	return (seen & required) == required ? 1 : -1;
}

/* Writing.  Each put_ function returns 0 or -1 as buf_append. */

static int
put_text(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return 0;
	if (buf_appendf(b, ",\"%s\":", name) != 0)
		return -1;
	return jtext_string(b, value, strlen(value));
}

static int
put_via(struct buf *b, const struct seal *s)
{
	if (buf_append_string(b, ",\"via\":[") != 0)
		return -1;
	for (size_t i = 0; i < s->via_count; i++) {
		if ((i > 0 && buf_append_byte(b, ',') != 0) ||
		    jtext_string(b, s->via[i], strlen(s->via[i])) != 0)
			return -1;
	}
	return buf_append_byte(b, ']');
}

int
seal_write(const struct seal *s, struct buf *b)
{
	if (buf_appendf(b, "{\"~end\":{\"v\":1,\"ok\":%s,\"rows\":%llu,\"bytes\":%llu,"
	    "\"rejected\":%llu", s->ok ? "true" : "false", (unsigned long long)s->rows,
	    (unsigned long long)s->bytes, (unsigned long long)s->rejected) != 0)
		return -1;
	if (put_text(b, "source", s->source) != 0 || put_text(b, "scope", s->scope) != 0 ||
	    put_via(b, s) != 0 || put_text(b, "started", s->started) != 0 ||
	    put_text(b, "ended", s->ended) != 0)
		return -1;
	if (!s->ok && (put_text(b, "reason", s->reason) != 0 ||
	    buf_appendf(b, ",\"retryable\":%s", s->retryable ? "true" : "false") != 0))
		return -1;
	if (s->unknown != NULL && buf_append_string(b, s->unknown) != 0)
		return -1;
	return buf_append_string(b, "}}\n");
}

static void
merge_text(char **into, const char *from)
{
	struct buf b;

	if (from == NULL || (*into != NULL && strcmp(*into, from) == 0))
		return;
	if (*into == NULL) {
		seal_set(into, from);
		return;
	}
	buf_init(&b, SEAL_MAX);
	/* Past the maximum the text no longer names every input, and then it must name none. */
	if (buf_appendf(&b, "%s + %s", *into, from) == 0)
		seal_set(into, buf_string(&b));
	else
		seal_set(into, "many");
	buf_free(&b);
}

void
seal_merge(struct seal *into, const struct seal *from)
{
	merge_text(&into->source, from->source);
	merge_text(&into->scope, from->scope);
	for (size_t i = 0; i < from->via_count; i++)
		seal_add_via(into, from->via[i]);
	/* RFC 3339 in UTC with the same number of decimals sorts as text. */
	if (from->started != NULL &&
	    (into->started == NULL || strcmp(from->started, into->started) < 0))
		seal_set(&into->started, from->started);
	if (from->ended != NULL && (into->ended == NULL || strcmp(from->ended, into->ended) > 0))
		seal_set(&into->ended, from->ended);
	if (into->unknown == NULL)
		seal_set(&into->unknown, from->unknown);
	into->rejected += from->rejected;
}
