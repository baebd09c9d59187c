/* The state (state.h). */
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"

#include "groups.h"
#include "input.h"

int
state_open(struct sync *s)
{
	s->state = mem_alloc(sizeof *s->state);
	if (s->o.state == NULL)
		return 0;
	if (out_open(&s->state_out, s->o.state, false) != 0)
		return -1;
	s->writes_state = true;
	return 0;
}

void
state_free(struct sync *s)
{
	for (int k = 0; k < KINDS; k++) {
		free(s->state->kind[k].source);
		free(s->state->kind[k].scope);
	}
	free(s->state);
}

/* Whether a member is the text. */
static bool
is_member(struct sync *s, const struct record_reader *r, const char *name, const char *text)
{
	return input_text(r, name, &s->text) && strcmp(s->text.data, text) == 0;
}

/* The first line: the run is one of this target, by this key. */
static const char *
take_run(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;
	uint32_t fold = tok_member(&r->list, r->text, 0, "Fold");
	uint32_t ledger = tok_member(&r->list, r->text, 0, "Ledger");
	const char *why;
	char *digits;
	int64_t bytes;
	bool good;

	s->state->other = !is_member(s, r, "Target", s->target) ||
	    !is_member(s, r, "Key", s->o.key.name) || fold == 0 ||
	    (r->list.tok[fold].type == TOK_TRUE) != s->o.key.fold;
	if (ledger == 0)
		return "no line of a state";
	digits = mem_dup(r->text + r->list.tok[ledger].start,
	    r->list.tok[ledger].end - r->list.tok[ledger].start);
	good = num_parse(digits, 0, INT64_MAX, &bytes, &why) == 0;
	free(digits);
	s->state->ledger_bytes = good ? (uint64_t)bytes : 0;
	return good ? NULL : "no line of a state";
}

static const char *
take_kind(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;
	struct state_kind *kind = NULL;

	for (int k = 0; k < KINDS; k++)
		if (is_member(s, r, "Kind", kind_names[k]))
			kind = &s->state->kind[k];
	if (kind == NULL || !input_text(r, "Ended", &s->text) ||
	    clock_parse_rfc3339(s->text.data, s->text.len, &kind->ended) != 0)
		return "no line of a state";
	if (!input_text(r, "Source", &s->text))
		return "no line of a state";
	seal_set(&kind->source, s->text.data);
	if (!input_text(r, "Scope", &s->text))
		return "no line of a state";
	seal_set(&kind->scope, s->text.data);
	return NULL;
}

static const char *
take_missing(struct input *in, const struct record_reader *r, char kind)
{
	struct sync *s = in->s;
	int64_t ms;

	if (!input_text(r, "Key", &s->key) || !input_text(r, "Since", &s->text) ||
	    clock_parse_rfc3339(s->text.data, s->text.len, &ms) != 0)
		return "no line of a state";
	in->failed |= subject_add_state(s, kind, &s->key, s->text.data) != 0;
	return NULL;
}

static const char *
take_row(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;

	if (in->rows == 1)
		return is_member(s, r, "State", "run") ? take_run(in, r) : "no line of a state";
	if (is_member(s, r, "State", "kind"))
		return take_kind(in, r);
	if (is_member(s, r, "State", "user"))
		return take_missing(in, r, 'U');
	if (is_member(s, r, "State", "group"))
		return take_missing(in, r, 'G');
	return "no line of a state";
}

static enum prog_status
end_state(struct input *in, const struct record_reader *r, bool sealed)
{
	struct sync *s = in->s;

	(void)r;
	if (!sealed || in->rows == 0)
		return sync_stop(s, PROG_INCOMPLETE, "%s: incomplete: no whole state", in->path);
	if (s->state->other)
		return sync_stop(s, PROG_USAGE, "%s: the state of another target, or of another "
		    "--key or --fold-case", in->path);
	/* A ledger only grows: it was cut, or is another one. */
	if (s->ledger_bytes < s->state->ledger_bytes)
		return sync_stop(s, PROG_INCOMPLETE, "%s: incomplete: shorter than it was at the "
		    "run before", s->o.ledger != NULL ? s->o.ledger : "--ledger");
	return PROG_OK;
}

enum prog_status
state_read(struct sync *s)
{
	struct input in = {
		.s = s, .path = s->o.state, .may_miss = true, .row = take_row, .end = end_state
	};

	return input_read(&in);
}

static void
write_row(struct sync *s, struct buf *b)
{
	buf_append_byte(b, '\n');
	out_write(&s->state_out, b->data, b->len);
	s->state_rows++;
	s->state_bytes += b->len;
	buf_free(b);
}

static void
put(struct buf *b, const char *name, const char *text)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, text, strlen(text));
}

static void
write_kind(struct sync *s, enum kind kind)
{
	const struct extent *e = &s->side[WANT].extent[kind];
	const struct state_kind *old = &s->state->kind[kind];
	bool now = s->permit[kind].remember;
	char ended[CLOCK_RFC3339_SIZE];
	struct buf b;

	if (!now && old->source == NULL)
		return;
	clock_rfc3339(now ? e->ended : old->ended, ended);
	buf_init(&b, 16 * (size_t)SEAL_MAX);
	buf_appendf(&b, "{\"State\":\"kind\",\"Kind\":\"%s\"", kind_names[kind]);
	put(&b, "Source", now ? e->source : old->source);
	put(&b, "Scope", now ? e->scope : old->scope);
	put(&b, "Ended", ended);
	buf_append_byte(&b, '}');
	write_row(s, &b);
}

void
state_begin(struct sync *s)
{
	struct buf b;
	bool any = false;

	for (int k = 0; k < KINDS; k++)
		any |= s->permit[k].remember;
	if (!any && s->writes_state) {
		out_abandon(&s->state_out);
		s->writes_state = false;
	}
	if (!s->writes_state)
		return;
	buf_init(&b, 16 * (size_t)SEAL_MAX);
	buf_append_string(&b, "{\"State\":\"run\",\"V\":1");
	put(&b, "Target", s->target);
	put(&b, "Key", s->o.key.name);
	buf_appendf(&b, ",\"Fold\":%s,\"Ledger\":%" PRIu64 "}", s->o.key.fold ? "true" : "false",
	    s->ledger_bytes);
	write_row(s, &b);
	for (int k = 0; k < KINDS; k++)
		write_kind(s, (enum kind)k);
}

static void
write_missing(struct sync *s, const struct subject *p, const char *since)
{
	struct buf b;

	if (!s->writes_state)
		return;
	buf_init(&b, 16 * (size_t)SEAL_MAX);
	buf_appendf(&b, "{\"State\":\"%s\"", p->kind == 'G' ? "group" : "user");
	buf_append_string(&b, ",\"Key\":");
	jtext_string(&b, p->key.data, p->key.len);
	put(&b, "Since", since);
	buf_append_byte(&b, '}');
	write_row(s, &b);
}

void
state_keep(struct sync *s, enum kind kind, const struct subject *p)
{
	if (p->tomb && !s->permit[kind].remember)
		write_missing(s, p, buf_string(&p->since));
}

/* Whether what the state says of it counts. */
static bool
is_known(const struct sync *s, enum kind kind, const struct subject *p)
{
	return p->tomb && !s->permit[kind].restart;
}

void
state_missing(struct sync *s, enum kind kind, const struct subject *p)
{
	char since[CLOCK_RFC3339_SIZE];

	if (!s->permit[kind].remember)
		return;
	clock_rfc3339(s->side[WANT].extent[kind].ended, since);
	write_missing(s, p, is_known(s, kind, p) ? buf_string(&p->since) : since);
}

bool
state_confirms(const struct sync *s, enum kind kind, const struct subject *p)
{
	int64_t ms;

	/* The same list read again, by its dates, is the same run. */
	return is_known(s, kind, p) &&
	    clock_parse_rfc3339(p->since.data, p->since.len, &ms) == 0 &&
	    ms < s->side[WANT].extent[kind].started;
}

int
state_settle(struct sync *s)
{
	struct seal seal;
	struct buf b;
	int result;

	if (!s->writes_state)
		return 0;
	seal_init(&seal);
	seal.rows = s->state_rows;
	seal.bytes = s->state_bytes;
	buf_init(&b, SEAL_LINE_MAX);
	result = seal_write(&seal, &b);
	out_write(&s->state_out, buf_string(&b), b.len);
	buf_free(&b);
	seal_free(&seal);
	if (out_settle(&s->state_out) != 0)
		result = -1;
	return result;
}

int
state_close(struct sync *s, bool good)
{
	if (!s->writes_state)
		return 0;
	s->writes_state = false;
	if (good)
		return out_commit(&s->state_out);
	out_abandon(&s->state_out);
	return 0;
}
