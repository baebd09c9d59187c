/* The state (state.h). */
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "held.h"

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
