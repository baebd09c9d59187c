#include "own.h"

#include <string.h>

#include "base/clock.h"
#include "json/plan_digest.h"

#include "users.h"

enum {
	CLOCKS_APART_S = 5 * 60,	/* what the service itself allows a clock */
	CLOCKS_KNOWN_MS = 1000		/* less is the time between two looks at the clock */
};

const char own_made_before[] = "created before, by the ledger";

/* A line about the row's user, with what more stands in it. */
static void
note(struct task *t, enum plan_ledger_state state, struct plan_ledger_line *line)
{
	line->kind = LEDGER_USER;
	line->state = state;
	line->key = t->key;
	line->name = t->made_name != NULL ? t->made_name : t->username;
	line->sub = t->made_sub != NULL ? t->made_sub : t->sub;
	line->bare = state == LEDGER_CREATED && (t->row.op == PLAN_CREATE_USER ? t->bare :
	    plan_ledger_is_bare(&t->apply->ledger, t->key));
	if (t->row.source != 0) {
		line->source = t->text + t->list.tok[t->row.source].start;
		line->source_len = t->list.tok[t->row.source].end -
		    t->list.tok[t->row.source].start;
	}
	plan_ledger_note(&t->apply->ledger, line, aws_now_ms(t->apply->client));
}

void
own_note_found(struct task *t, enum plan_ledger_state state, enum plan_ledger_enabled enabled)
{
	struct plan_ledger_line line = { .enabled = enabled };

	note(t, state, &line);
}

void
own_note(struct task *t, enum plan_ledger_state state)
{
	own_note_found(t, state, ENABLED_UNSAID);
}

static uint32_t
attributes(const struct task *t)
{
	return tok_member(&t->list, t->text, t->row.after, "Attributes");
}

/* The same, and what all of the user's attributes are now: as the row's After has them. */
static void
note_written(struct task *t, enum plan_ledger_state state, enum plan_ledger_enabled enabled)
{
	struct plan_ledger_line line = { .enabled = enabled };
	struct buf digest, names, cleared;

	buf_init(&digest, SIZE_MAX);
	buf_init(&names, SIZE_MAX);
	buf_init(&cleared, SIZE_MAX);
	plan_digest_make(&digest, &t->list, t->text, attributes(t));
	plan_digest_names(&names, &t->list, t->text, attributes(t), true);
	plan_digest_names(&cleared, &t->list, t->text, attributes(t), false);
	line.digest = buf_string(&digest);
	line.names = buf_string(&names);
	line.cleared = buf_string(&cleared);
	note(t, state, &line);
	buf_free(&digest);
	buf_free(&names);
	buf_free(&cleared);
}

void
own_note_created(struct task *t)
{
	note_written(t, LEDGER_CREATED, users_is_disabled(t) ? ENABLED_NO : ENABLED_YES);
}

/* CREATED or ADOPTED, if the row's user is so by the ledger; else NONE. */
static enum plan_ledger_state
kept(const struct task *t)
{
	int64_t first, last;
	enum plan_ledger_state state = plan_ledger_find(&t->apply->ledger, LEDGER_USER, t->key,
	    &first, &last);

	return state == LEDGER_CREATED || state == LEDGER_ADOPTED ? state : LEDGER_NONE;
}

/* Whether the row changes what the ledger says of a user who is there. */
static bool
changes(const struct task *t)
{
	return t->row.op == PLAN_ENABLE_USER || t->row.op == PLAN_DISABLE_USER ||
	    (t->row.op == PLAN_UPDATE_USER && !plan_is_bare(&t->row, &t->list, t->text));
}

/*
 * The ledger may be all that the next plan knows of the target: it must not say that a user is as
 * he was once he may not be.
 */
void
own_expect(struct task *t)
{
	struct plan_ledger_line line = { .enabled = ENABLED_UNSAID };
	enum plan_ledger_state state;
	struct buf names;

	if (!changes(t) || (state = kept(t)) == LEDGER_NONE)
		return;
	buf_init(&names, SIZE_MAX);
	if (t->row.op == PLAN_UPDATE_USER)
		plan_digest_names(&names, &t->list, t->text, attributes(t), true);
	else
		line.enabled = ENABLED_UNKNOWN;
	line.names = buf_string(&names);
	note(t, state, &line);
	buf_free(&names);
}

void
own_settle(struct task *t)
{
	struct plan_ledger_line line = { .enabled = ENABLED_UNSAID };
	enum plan_ledger_state state;

	if (t->gone || t->outcome == OUTCOME_PLANNED || !changes(t) ||
	    (state = kept(t)) == LEDGER_NONE)
		return;
	if (plan_is_unseen(&t->row, &t->list, t->text)) {
		note_written(t, state, ENABLED_UNSAID);
	} else if (t->row.op != PLAN_UPDATE_USER) {
		line.enabled = t->row.op == PLAN_ENABLE_USER ? ENABLED_YES : ENABLED_NO;
		note(t, state, &line);
	}
}

void
own_note_group(struct task *t, enum plan_ledger_state state)
{
	struct plan_ledger_line line = {
		.kind = LEDGER_GROUP, .state = state, .key = t->key, .name = t->group
	};

	plan_ledger_note(&t->apply->ledger, &line, aws_now_ms(t->apply->client));
}

/*
 * When the plan was made, in seconds by the service's clock, as the ledger's times are, once an
 * answer has told that this machine's is wrong.
 */
static int64_t
plan_made(const struct apply *a)
{
	int64_t apart = aws_now_ms(a->client) - clock_wall_ms();

	if (apart > -CLOCKS_KNOWN_MS && apart < CLOCKS_KNOWN_MS)
		apart = 0;
	return (a->plan.header.made_ms + apart) / 1000;
}

/*
 * Who was made long ago, and is not there by the plan, is about to be made again, and so noted:
 * else the one who is made before a kill would be a stranger by his sub.  The subs of before
 * stand in the ledger still, so that who is there after all is ours as well.
 */
void
own_announce(struct task *t)
{
	bool user = t->row.op == PLAN_CREATE_USER;
	struct apply *a = t->apply;
	int64_t first, last, made = plan_made(a), since;

	/* Where nobody may be asked for, who is made again fails, as one who is perhaps not ours. */
	since = a->never_looks ? made - CLOCKS_APART_S : made;
	t->before = plan_ledger_find(&a->ledger, user ? LEDGER_USER : LEDGER_GROUP, t->key, &first,
	    &last);
	t->begun_ms = aws_now_ms(a->client);
	/* He may get his password now. */
	t->bare = user && t->before == LEDGER_CREATED && last >= since && a->passwords_asked &&
	    plan_ledger_is_bare(&a->ledger, t->key);
	if (t->bare)
		return;
	if (t->before == LEDGER_CREATED && last >= since) {
		task_end(t, OUTCOME_UNCHANGED, NULL, false, own_made_before);
		return;
	}
	/* Within the same second the plan is the later word: it was made of what was there. */
	if (t->before == LEDGER_DELETED && last > made) {
		task_end(t, OUTCOME_SKIPPED, NULL, false,
		    "deleted since the plan was made, by the ledger");
		return;
	}
	t->ours = t->before == LEDGER_CREATING;
	t->since_ms = first * 1000;
	t->until_ms = last * 1000;
	/* A group has no sub: it stays ours by its name. */
	if (user)
		own_note(t, LEDGER_CREATING);
	else if (!task_is_kept(t))
		own_note_group(t, LEDGER_CREATING);
}

void
own_adopt(struct task *t)
{
	if (t->gone || !plan_adopts(&t->row, &t->list, t->text))
		return;
	if (t->username != NULL)
		own_note(t, LEDGER_ADOPTED);
	else
		own_note_group(t, LEDGER_ADOPTED);
}

/* Who was deleted was ours, by that sub. */
static bool
is_our_user(const struct task *t)
{
	struct plan_ledger *l = &t->apply->ledger;
	int64_t first, last;
	enum plan_ledger_state state = plan_ledger_find(l, LEDGER_USER, t->key, &first, &last);

	if (state == LEDGER_CREATED || state == LEDGER_ADOPTED || state == LEDGER_DELETED)
		return t->sub == NULL || plan_ledger_has_sub(l, LEDGER_USER, t->key, t->sub);
	return state == LEDGER_CREATING;
}

/* By the states and subs alone: no clock has to be right for that. */
void
own_outlive(struct task *t)
{
	struct plan_ledger *l = &t->apply->ledger;
	int64_t first, last;

	if (t->username == NULL || t->row.op == PLAN_CREATE_USER ||
	    plan_adopts(&t->row, &t->list, t->text))
		return;
	if (plan_ledger_find(l, LEDGER_USER, t->key, &first, &last) == LEDGER_DELETED) {
		/* Who is to be linked may be one who is yet to be adopted. */
		if (t->sub == NULL || plan_ledger_has_sub(l, LEDGER_USER, t->key, t->sub))
			task_end(t, t->row.op >= PLAN_REMOVE_MEMBER ? OUTCOME_UNCHANGED :
			    OUTCOME_SKIPPED, NULL, false, "deleted before, by the ledger");
	} else if (t->sub != NULL && plan_ledger_is_former(l, LEDGER_USER, t->key, t->sub)) {
		task_end(t, OUTCOME_SKIPPED, NULL, false,
		    "somebody else has this name now, by the ledger (another sub)");
	}
}

/* One that this plan has deleted in an earlier run was ours. */
static bool
is_our_group(const struct task *t)
{
	int64_t first, last, made = plan_made(t->apply);
	enum plan_ledger_state state = plan_ledger_find(&t->apply->ledger, LEDGER_GROUP, t->group,
	    &first, &last);

	return state == LEDGER_CREATING || state == LEDGER_CREATED || state == LEDGER_ADOPTED ||
	    (state == LEDGER_DELETED && last >= made);
}

bool
own_is_ours(const struct task *t)
{
	return (t->username == NULL || is_our_user(t)) && (t->group == NULL || is_our_group(t));
}

bool
own_is_foreign(const struct task *t)
{
	static const unsigned changes = 1u << PLAN_UPDATE_GROUP | 1u << PLAN_UPDATE_USER |
	    1u << PLAN_ENABLE_USER | 1u << PLAN_REMOVE_MEMBER | 1u << PLAN_DISABLE_USER |
	    1u << PLAN_DELETE_USER | 1u << PLAN_DELETE_GROUP;

	return (changes >> t->row.op & 1) != 0 && t->apply->ledger.path != NULL &&
	    !plan_adopts(&t->row, &t->list, t->text) && !own_is_ours(t);
}
