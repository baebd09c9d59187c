/* The state (state.h). */
#include "state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"

#include "groups.h"
#include "guard.h"
#include "held.h"
#include "input.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* --scope-groups, so that the order in which they are given is all one. */
static void
put_groups(const struct opt_list *names, struct buf *to)
{
	const char **sorted = mem_alloc((names->count + 1) * sizeof *sorted);

	for (size_t i = 0; i < names->count; i++)
		sorted[i] = names->items[i];
	qsort(sorted, names->count, sizeof *sorted, compare_names);
	for (size_t i = 0; i < names->count; i++) {
		if (i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0)
			continue;
		buf_append_byte(to, i == 0 ? '[' : ',');
		jtext_string(to, sorted[i], strlen(sorted[i]));
	}
	buf_append_byte(to, names->count == 0 ? '[' : ']');
	if (names->count == 0)
		buf_append_byte(to, ']');
	free(sorted);
}

int
state_open(struct sync *s)
{
	s->state = mem_alloc(sizeof *s->state);
	s->state->next.fd = s->state->kept.fd = -1;
	buf_init(&s->state->groups, RECORD_LINE_MAX / 2);
	put_groups(&s->o.scope_groups, &s->state->groups);
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
		free(s->state->kind[k].groups);
	}
	if (s->state->next.fd != -1)
		spool_close(&s->state->next);
	if (s->state->kept.fd != -1)
		spool_close(&s->state->kept);
	buf_free(&s->state->groups);
	free(s->state);
}

/* Whether a member is the text. */
static bool
is_member(struct sync *s, const struct record_reader *r, const char *name, const char *text)
{
	return input_text(r, name, &s->text) && strcmp(s->text.data, text) == 0;
}

static bool
take_number(const struct record_reader *r, const char *name, uint64_t *number)
{
	uint32_t index = tok_member(&r->list, r->text, 0, name);
	int64_t value = 0;
	const char *why;
	char *digits;
	bool good;

	digits = mem_dup(r->text + r->list.tok[index].start,
	    r->list.tok[index].end - r->list.tok[index].start);
	good = index != 0 && num_parse(digits, 0, INT64_MAX, &value, &why) == 0;
	free(digits);
	*number = (uint64_t)value;
	return good;
}

/* The first line: the run is one of this target, by this key. */
static const char *
take_run(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;
	uint32_t fold = tok_member(&r->list, r->text, 0, "Fold");
	s->state->other = !is_member(s, r, "Target", s->target) ||
	    !is_member(s, r, "Key", s->o.key.name) || fold == 0 ||
	    (r->list.tok[fold].type == TOK_TRUE) != s->o.key.fold;
	/* Older ones do not say who was protected. */
	if (!take_number(r, "Ledger", &s->state->ledger_bytes) ||
	    (tok_member(&r->list, r->text, 0, "Protected") != 0 &&
	    !take_number(r, "Protected", &s->state->protect_count)))
		return "no line of a state";
	return NULL;
}

static const char *
take_kind(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;
	struct state_kind *kind = NULL;
	uint32_t groups = tok_member(&r->list, r->text, 0, "ScopeGroups");

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
	/* Written by us, and compared as it stands. */
	free(kind->groups);
	kind->groups = groups == 0 ? mem_dup_string("[]") : mem_dup(r->text +
	    r->list.tok[groups].start, r->list.tok[groups].end - r->list.tok[groups].start);
	kind->other_groups = strcmp(kind->groups, buf_string(&s->state->groups)) != 0;
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
	/* A list without a seal, cut at the end of a line, looks whole. */
	if (s->protect_count < s->state->protect_count &&
	    !guard_confirms(s, GUARD_PROTECTED, s->protect_count))
		return sync_stop(s, PROG_INCOMPLETE, "--protect: incomplete: %" PRIu64 " records, and %"
		    PRIu64 " at the run before; if nobody is missing: --confirm %s=%" PRIu64,
		    s->protect_count, s->state->protect_count, GUARD_PROTECTED, s->protect_count);
	return PROG_OK;
}

enum prog_status
state_read(struct sync *s)
{
	struct input in = {
		.s = s, .path = s->o.state, .may_miss = true, .row = take_row, .end = end_state
	};
	enum prog_status status = input_read(&in);

	s->state->there = status == PROG_OK && !in.missing;
	return status;
}

static void
put(struct buf *b, const char *name, const char *text)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, text, strlen(text));
}

/* What is written, and what its seal is to count. */
struct writing {
	struct out *out;
	struct seal seal;
};

static void
write_row(struct writing *w, struct buf *b)
{
	buf_append_byte(b, '\n');
	out_write(w->out, b->data, b->len);
	w->seal.rows++;
	w->seal.bytes += b->len;
	buf_clear(b);
}

/* new: as the run at hand says; else as it was. */
static void
write_kind(const struct sync *s, struct writing *w, enum kind kind, bool new, struct buf *b)
{
	const struct extent *e = &s->side[WANT].extent[kind];
	const struct state_kind *old = &s->state->kind[kind];
	char ended[CLOCK_RFC3339_SIZE];

	new = new && s->permit[kind].remember;
	if (!new && old->source == NULL)
		return;
	clock_rfc3339(new ? e->ended : old->ended, ended);
	buf_appendf(b, "{\"State\":\"kind\",\"Kind\":\"%s\"", kind_names[kind]);
	put(b, "Source", new ? e->source : old->source);
	put(b, "Scope", new ? e->scope : old->scope);
	put(b, "Ended", ended);
	buf_appendf(b, ",\"ScopeGroups\":%s}", new ? buf_string(&s->state->groups) : old->groups);
	write_row(w, b);
}

static void
write_head(const struct sync *s, struct writing *w, bool new)
{
	struct buf b;

	buf_init(&b, RECORD_LINE_MAX);
	buf_append_string(&b, "{\"State\":\"run\",\"V\":1");
	put(&b, "Target", s->target);
	put(&b, "Key", s->o.key.name);
	buf_appendf(&b, ",\"Fold\":%s,\"Ledger\":%" PRIu64 ",\"Protected\":%" PRIu64 "}",
	    s->o.key.fold ? "true" : "false", s->ledger_bytes, s->protect_count);
	write_row(w, &b);
	for (int k = 0; k < KINDS; k++)
		write_kind(s, w, (enum kind)k, new, &b);
	buf_free(&b);
}

int
state_begin(struct sync *s)
{
	struct state *state = s->state;

	if (!s->writes_state)
		return 0;
	for (int k = 0; k < KINDS; k++)
		state->counts |= s->permit[k].remember;
	if (spool_open(&state->next) != 0) {
		state->next.fd = -1;
		return -1;
	}
	if (spool_open(&state->kept) != 0) {
		state->kept.fd = -1;
		return -1;
	}
	return 0;
}

static void
put_missing(struct spool *to, const struct subject *p, const char *since)
{
	struct buf b;

	buf_init(&b, 16 * (size_t)SEAL_MAX);
	buf_appendf(&b, "{\"State\":\"%s\"", p->kind == 'G' ? "group" : "user");
	buf_append_string(&b, ",\"Key\":");
	jtext_string(&b, p->key.data, p->key.len);
	put(&b, "Since", since);
	buf_append_string(&b, "}\n");
	/* A failure stays in it, and state_settle finds it. */
	(void)spool_append(to, b.data, b.len);
	buf_free(&b);
}

void
state_keep(struct sync *s, enum kind kind, const struct subject *p, bool seen)
{
	const struct extent *want = &s->side[WANT].extent[kind];

	if (!p->tomb || !s->writes_state)
		return;
	/* Whoever was rejected exists. */
	seen |= held_has(s, kind, p);
	/* The word of a list that is cut elsewhere, or old, does not bring anybody back. */
	seen = seen && s->side[WANT].plain == 0 && want->ended >= s->state->kind[kind].ended;
	s->state->back += seen;
	if (seen)
		return;
	put_missing(&s->state->kept, p, buf_string(&p->since));
	if (!s->permit[kind].remember)
		put_missing(&s->state->next, p, buf_string(&p->since));
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

	if (!s->permit[kind].remember || !s->writes_state)
		return;
	clock_rfc3339(s->permit[kind].ended, since);
	put_missing(&s->state->next, p, is_known(s, kind, p) ? buf_string(&p->since) : since);
}

bool
state_confirms(const struct sync *s, enum kind kind, const struct subject *p)
{
	int64_t ms;

	/* The same list read again, by its dates, is the same run. */
	return is_known(s, kind, p) &&
	    clock_parse_rfc3339(p->since.data, p->since.len, &ms) == 0 &&
	    ms < s->permit[kind].started;
}

/* Who is missing. */
static int
write_missing(struct writing *w, struct spool *from)
{
	enum record_result result;
	struct record_reader r;
	struct buf b;

	if (spool_seek(from, 0) != 0)
		return -1;
	buf_init(&b, ORDER_LINE_MAX);
	record_open(&r, from->fd, "temporary file");
	while ((result = record_next(&r)) == RECORD_LINE) {
		buf_append(&b, r.text, r.len);
		write_row(w, &b);
	}
	record_close(&r);
	buf_free(&b);
	return result == RECORD_END ? 0 : -1;
}

int
state_settle(struct sync *s, bool planned)
{
	struct state *state = s->state;
	bool new = planned && state->counts;
	struct writing w = { .out = &s->state_out };
	struct buf b;
	int result;

	if (!s->writes_state)
		return 0;
	if (!new && (!state->there || state->back == 0)) {
		out_abandon(&s->state_out);
		s->writes_state = false;
		return 0;
	}
	seal_init(&w.seal);
	write_head(s, &w, new);
	result = write_missing(&w, new ? &state->next : &state->kept);
	buf_init(&b, SEAL_LINE_MAX);
	if (seal_write(&w.seal, &b) != 0)
		result = -1;
	out_write(&s->state_out, buf_string(&b), b.len);
	buf_free(&b);
	seal_free(&w.seal);
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
