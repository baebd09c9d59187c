/* The state of the run before, read (state.h). */
#include "state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"

#include "guard.h"
#include "input.h"

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
