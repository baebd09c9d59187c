/*
 * What may be taken away (permit.h): only on the word of two whole lists of the same extent, nobody
 * missing for another reason than that he is gone.
 */
#include "permit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"

#include "state.h"

/*
 * Scopes of lists that are parts, whatever they are compared with; filters, too, since who is
 * missing may only have another attribute by now.
 */
static bool
is_part(const char *scope)
{
	static const char *const parts[] = { "max-items:", "shard:", "proof", "many", "?",
	    "filter:" };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strstr(scope, parts[i]) == scope)
			return true;
	return strstr(scope, " max-items:") != NULL || strstr(scope, " + ") != NULL;
}

/* Whether the run before had it from the same source, or from one that --same-source names. */
static bool
is_same_source(const struct sync *s, enum kind kind)
{
	const char *last = s->state->kind[kind].source;
	size_t len = strlen(last), end = strlen(kind_names[kind]);

	if (strcmp(last, s->side[WANT].extent[kind].source) == 0)
		return true;
	if (len > end + 1 && last[len - end - 1] == '/' && strcmp(last + len - end, kind_names[kind]) == 0)
		len -= end + 1;
	for (size_t i = 0; i < s->o.same_sources.count; i++) {
		const char *named = s->o.same_sources.items[i];

		if (strcmp(named, last) == 0 || (strlen(named) == len && memcmp(named, last, len) == 0))
			return true;
	}
	return false;
}

/* Why WANT is no later word than that of the run before, in text, or NULL. */
static const char *
judge_age(const struct sync *s, enum kind kind, char text[PERMIT_WHY_SIZE])
{
	char ended[CLOCK_RFC3339_SIZE];

	if (s->side[WANT].extent[kind].ended >= s->state->kind[kind].ended)
		return NULL;
	/* One list from a machine whose clock was wrong would stand in the way for ever. */
	clock_rfc3339(s->state->kind[kind].ended, ended);
	snprintf(text, PERMIT_WHY_SIZE, "WANT is older than that of the run before, of %s (if that "
	    "clock was wrong, remove the state)", ended);
	return text;
}

/* Why nothing may be taken away by what the two sides are, or NULL. */
static const char *
judge_sides(const struct sync *s, enum kind kind)
{
	const struct extent *want = &s->side[WANT].extent[kind];
	const struct extent *have = &s->side[HAVE].extent[kind];

	if (s->side[WANT].plain > 0)
		return "WANT has no seal";
	if (s->side[HAVE].plain > 0)
		return "HAVE has no seal";
	if (want->via)
		return "a stage before may have dropped records of WANT (via)";
	if (have->via)
		return "a stage before may have dropped records of HAVE (via)";
	if (want->scope == NULL || have->scope == NULL || strcmp(want->scope, have->scope) != 0)
		return "the scopes of WANT and HAVE differ";
	if (is_part(want->scope))
		return "the lists are parts by their scope";
	if (strcmp(want->source, "?") == 0)
		return "WANT does not say where it comes from";
	if (kind == USERS && strncmp(want->scope, "members:", 8) == 0 && !s->o.disable_leavers)
		return "the lists have only users who are in groups (--disable-leavers)";
	return NULL;
}

/* The same by who may be missing for another reason. */
static const char *
judge_missing(const struct sync *s)
{
	uint64_t rejected = s->side[WANT].rejected + s->side[HAVE].rejected;

	if (s->side[WANT].wrong + s->side[HAVE].wrong > 0)
		return "records were rejected here";
	if (rejected != s->held_count && s->o.held.count == 0)
		return "records were rejected before, and --held does not have them";
	if (rejected != s->held_count)
		return "the files of --held do not have as many records as were rejected before";
	if (s->held_unknown)
		return "a record in the files of --held is not known to be of anybody";
	if (s->ledger_torn)
		return "the last line of the ledger is torn";
	return NULL;
}

static void
judge(struct sync *s, enum kind kind)
{
	struct permit *p = &s->permit[kind];
	const struct extent *want = &s->side[WANT].extent[kind];
	const struct state_kind *last = &s->state->kind[kind];
	const char *why = judge_sides(s, kind);
	char text[PERMIT_WHY_SIZE];

	p->compared = want->there && s->side[HAVE].extent[kind].there;
	if (!p->compared)
		return;
	if (why == NULL)
		why = judge_missing(s);
	if (why == NULL && s->o.state != NULL && (want->started == 0 || want->ended == 0))
		why = "WANT's seal does not say when it was read";
	if (why == NULL)
		why = judge_age(s, kind, text);
	p->remember = why == NULL;
	p->started = want->started;
	p->ended = want->ended;
	if (why == NULL && last->source != NULL &&
	    (!is_same_source(s, kind) || strcmp(last->scope, want->scope) != 0 ||
	    last->other_groups)) {
		p->restart = true;
		why = "WANT has another source or scope than in the run before; from the next one "
		    "on it counts";
	}
	p->remove = why == NULL;
	snprintf(p->why, sizeof p->why, "%s", why != NULL ? why : "");
}

/* With --scope-groups he is missing whom the memberships do not have: their word is needed, too. */
static void
judge_scoped(struct sync *s)
{
	struct permit *p = &s->permit[USERS];
	const struct permit *members = &s->permit[MEMBERS];

	if (!p->compared || s->o.scope_groups.count == 0)
		return;
	p->remember &= members->compared && members->remember;
	p->restart |= members->restart;
	if (p->remove && !members->remove)
		snprintf(p->why, sizeof p->why, "%s", members->compared ? members->why :
		    "not both sides have memberships (--scope-groups)");
	p->remove &= members->compared && members->remove;
	if (members->compared && members->started < p->started)
		p->started = members->started;
	if (members->compared && members->ended > p->ended)
		p->ended = members->ended;
}

/* Enabled false is no absence: it needs no scope, but whole lists, of the same source, not old. */
static void
judge_disable(struct sync *s)
{
	const struct state_kind *last = &s->state->kind[USERS];
	const struct extent *want = &s->side[WANT].extent[USERS];
	char text[PERMIT_WHY_SIZE];
	const char *why = s->side[WANT].plain > 0 ? "WANT has no seal" :
	    s->side[HAVE].plain > 0 ? "HAVE has no seal" : judge_missing(s);

	if (why == NULL && last->source != NULL && want->source != NULL &&
	    !is_same_source(s, USERS))
		why = "WANT has another source than in the run before";
	if (why == NULL)
		why = judge_age(s, USERS, text);
	s->disable.remove = why == NULL;
	snprintf(s->disable.why, sizeof s->disable.why, "%s", why != NULL ? why : "");
}

void
permit_judge(struct sync *s)
{
	judge_disable(s);
	for (int k = 0; k < KINDS; k++)
		judge(s, (enum kind)k);
	judge_scoped(s);
}

static bool
complain(const struct permit *p, const char *what)
{
	if (p->suppressed > 0)
		diag_error("%s: %" PRIu64 " that would take away are left out: %s", what,
		    p->suppressed, p->why);
	return p->suppressed > 0;
}

bool
permit_complain(const struct sync *s)
{
	bool any = complain(&s->disable, "users to be disabled");

	for (int k = 0; k < KINDS; k++)
		any |= complain(&s->permit[k], kind_names[k]);
	return any;
}
