/*
 * A run from its options to its end (sync.h).
 *
 * What takes something away is never read out of a list that may not be whole: permit.c says when.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "json/fold.h"

#include "groups.h"
#include "guard.h"
#include "have_ledger.h"
#include "header.h"
#include "held.h"
#include "ledger.h"
#include "ops.h"
#include "options.h"
#include "permit.h"
#include "scim.h"
#include "sides.h"
#include "state.h"
#include "subject.h"
#include "uncompared.h"
#include "users.h"

const char *const side_names[SIDES] = { "WANT", "HAVE" };
const char *const kind_names[KINDS] = { "users", "groups", "memberships" };

enum prog_status
sync_stop(struct sync *s, enum prog_status status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(s->why, sizeof s->why, fmt, ap);
	va_end(ap);
	diag_error("%s", s->why);
	return status;
}

bool
names_have(const struct names *n, const char *text, size_t len)
{
	for (size_t i = 0; i < n->count; i++)
		if (strlen(n->item[i]) == len && memcmp(n->item[i], text, len) == 0)
			return true;
	return false;
}

static void
announce(const struct opt_list *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->items[i], "-") != 0)
			files_will_read(files->items[i]);
}

/* All that has a name is open or announced, and the door shut. */
static enum prog_status
start(struct sync *s)
{
	const struct options *o = &s->o;

	order_expect();
	files_will_spool();
	fold_prepare();
	announce(&o->files[WANT]);
	announce(&o->files[HAVE]);
	announce(&o->held);
	announce(&o->protect);
	if (o->ledger != NULL)
		files_will_read(o->ledger);
	if (o->state != NULL)
		files_will_read(o->state);
	if (files_shut(NULL) == 0)
		return PROG_OK;
	snprintf(s->why, sizeof s->why, "the sandbox failed");
	return PROG_FAIL;
}

/* All inputs.  The state last: it is held against the ledger and the target. */
static enum prog_status
read_all(struct sync *s)
{
	enum prog_status status = held_read(s);

	if (status == PROG_OK)
		status = sides_read(s, WANT);
	if (status == PROG_OK)
		status = s->o.have_ledger ? have_ledger_side(s) : sides_read(s, HAVE);
	if (status == PROG_OK && s->target == NULL)
		status = sync_stop(s, PROG_USAGE, "HAVE has no seal that says which target it is: "
		    "--target");
	if (status == PROG_OK && s->o.ledger != NULL)
		status = ledger_read(s);
	held_settle(s);
	if (status == PROG_OK && s->o.state != NULL)
		status = state_read(s);
	return status;
}

static bool
compares(const struct sync *s)
{
	return s->permit[USERS].compared || s->permit[GROUPS].compared ||
	    s->permit[MEMBERS].compared;
}

/* Whole files without a record, whose sources name no kind: nobody is left, or it was misread. */
static bool
is_nothing(const struct side *side)
{
	bool any = side->plain > 0;

	for (int k = 0; k < KINDS; k++)
		any |= side->extent[k].there;
	return !any;
}

static void
warn(uint64_t count, const char *what)
{
	if (count > 0)
		diag_warn("%" PRIu64 " %s", count, what);
}

/* What was left alone though WANT has it.  Returns whether anything was. */
static bool
complain(const struct sync *s)
{
	const struct totals *t = &s->totals;
	bool any = permit_complain(s);

	warn(t->twice, "keys are on a side more than once and left alone (--left)");
	warn(t->strangers, "are at the target but not ours, and left alone (--adopt, --left)");
	warn(t->federated, "federated profiles have no native user and are not created (--left)");
	warn(t->moved, "have another key in WANT by now, and are left alone (key-change, --left)");
	warn(t->rekeyed, "are ours by their sub, but under another key, and left alone (--left)");
	warn(t->reborn, "have another sub at the source than when they were created, perhaps other "
	    "people of the name, and are left alone (key-change, --adopt, --left)");
	warn(t->inhabited, "groups are not deleted: others are in them, or may be (--left)");
	warn(t->homeless, "memberships are wanted in groups that are not ours, or not known (--left)");
	/* Cognito makes them, and puts people in, by itself: nothing is held back. */
	if (t->made_by_cognito + t->in_made > 0)
		diag_warn("%" PRIu64 " groups that Cognito makes for identity providers, and %" PRIu64
		    " memberships in such, are left to it (--with-group, --left)", t->made_by_cognito,
		    t->in_made);
	warn(held_unmet(s), "records of --protect are of nobody, and of no group, that a side has");
	if (s->side[HAVE].named_by_sub > 0 && s->side[HAVE].named == 0 && !scim_plans(s))
		warn(t->unaddressed, "are created under a name that is no address, and at the target each "
		    "name is a sub, as where people sign in by e-mail or telephone: WANT needs that as "
		    "their Username, and as the key (--key)");
	if (s->o.state == NULL)
		warn(t->waiting, "are missing, and without --state nobody is known to be for long");
	warn(t->long_ones, "operations are longer, or deeper, than a record may be, and left out");
	warn(t->fixed, "precedences or roles of groups are not wanted any more, and stay: the service "
	    "takes none away (--left)");
	warn(t->unsettled, "are missing, but since apply did not end nobody knows whether they are ours "
	    "(--left)");
	warn(t->unswitched, "differ in Enabled, or are to be created disabled, which is left so: "
	    "nobody may be enabled or disabled (--no-disable, --left)");
	warn(t->unfit, "operations are nothing that a plan may have, and left out (--left)");
	diag_verbose(1, "%" PRIu64 " are absent for the first time", t->waiting);
	diag_verbose(1, "%" PRIu64 " have no groups in one side's record, and keep theirs", t->mute);
	return any || t->twice + t->strangers + t->federated + t->long_ones + t->unfit + t->unsettled + t->unswitched + t->fixed + t->reborn + t->moved +
	    t->rekeyed + t->inhabited + t->homeless > 0 || (s->o.state == NULL && t->waiting > 0);
}

/* The plan's rows, once all is decided. */
static enum prog_status
give_out(struct sync *s)
{
	bool trips = guard_trips(s), held_back;

	trips |= !header_has_room(s);
	if (header_write(s) != 0 || ops_write(s) != 0) {
		snprintf(s->why, sizeof s->why, "the output failed");
		return PROG_FAIL;
	}
	held_back = complain(s);
	if (trips) {
		snprintf(s->why, sizeof s->why, "a safety limit stands");
		return PROG_GUARD;
	}
	return held_back ? PROG_REJECTED : PROG_OK;
}

static enum prog_status
plan(struct sync *s)
{
	enum prog_status status = start(s);

	if (status == PROG_OK)
		status = read_all(s);
	if (status != PROG_OK)
		return status;
	permit_judge(s);
	if (is_nothing(&s->side[WANT]))
		return sync_stop(s, PROG_GUARD, "guard: WANT has nothing, and its seals do not say of what "
		    "(a source that ends in /users)");
	if (!compares(s))
		return sync_stop(s, PROG_USAGE, "WANT and HAVE have nothing in common: neither "
		    "users, groups nor memberships");
	uncompared_say(s);
	if (state_begin(s) != 0) {
		snprintf(s->why, sizeof s->why, "the state cannot be written");
		return PROG_FAIL;
	}
	if (order_end(&s->lines) != 0 || subject_each(s, groups_decide, users_decide) != 0) {
		snprintf(s->why, sizeof s->why, "the records cannot be compared");
		return PROG_FAIL;
	}
	groups_settle(s);
	return give_out(s);
}

static bool
is_good(enum prog_status status)
{
	return status == PROG_OK || status == PROG_REJECTED;
}

/*
 * The state and the report take their places before the plan does: neither a good seal nor a plan
 * must stand in a run that fails.  What the state says, who was missing in a whole list, is true
 * though the plan should fail behind it.  Returns 0, or -1 with the reason printed.
 */
static int
end_sides(struct sync *s, enum prog_status status)
{
	bool good = is_good(status) && out_flush(&s->sink.out) == 0;
	bool state_good = good || status == PROG_GUARD;
	int result = is_good(status) && !good ? -1 : 0;

	if (state_good && state_settle(s, good) != 0) {
		good = state_good = false;
		result = -1;
	}
	if (s->o.left != NULL && (good || status == PROG_GUARD)) {
		if (out_commit(&s->left) != 0) {
			good = false;
			result = -1;
		}
	} else if (s->o.left != NULL) {
		out_abandon(&s->left);
	}
	return state_close(s, good || (state_good && status == PROG_GUARD)) != 0 ? -1 : result;
}

static enum prog_status
end(struct sync *s, enum prog_status status)
{
	char stats[160];

	snprintf(stats, sizeof stats, ",\"Managed\":%" PRIu64 ",\"Left\":%" PRIu64
	    ",\"Waiting\":%" PRIu64 ",\"Billable\":%" PRIu64, s->totals.managed[USERS],
	    s->totals.left[USERS], s->totals.waiting, s->totals.billable);
	if (end_sides(s, status) != 0) {
		snprintf(s->why, sizeof s->why, "the state or the report cannot be written");
		status = PROG_FAIL;
	}
	return sink_close(&s->sink, status, s->why[0] != '\0' ? s->why : NULL, stats);
}

static void
release(struct sync *s)
{
	for (int side = 0; side < SIDES; side++)
		free(s->side[side].stem);
	for (int k = 0; k < KINDS; k++) {
		keyset_free(&s->held[k]);
		keyset_free(&s->protect[k]);
		for (int side = 0; side < SIDES; side++) {
			free(s->side[side].extent[k].source);
			free(s->side[side].extent[k].scope);
		}
	}
	for (int side = 0; side < SIDES; side++) {
		keyset_free(&s->addresses[side]);
		keyset_free(&s->moved[side]);
	}
	keyset_free(&s->rekeyed);
	scim_free(s);
	groups_free(&s->groups);
	free(s->protect_met);
	order_free(&s->lines);
	order_free(&s->members);
	ops_free(s);
	state_free(s);
	free(s->target);
	buf_free(&s->row);
	buf_free(&s->key);
	buf_free(&s->text);
	options_free(&s->o);
}

static void
init(struct sync *s)
{
	for (int k = 0; k < KINDS; k++) {
		keyset_init(&s->held[k]);
		keyset_init(&s->protect[k]);
	}
	for (int side = 0; side < SIDES; side++) {
		keyset_init(&s->addresses[side]);
		keyset_init(&s->moved[side]);
	}
	keyset_init(&s->rekeyed);
	keyset_init(&s->groups.names);
	scim_init(s);
	order_init(&s->lines);
	order_init(&s->members);
	buf_init(&s->row, ORDER_LINE_MAX);
	buf_init(&s->key, ORDER_LINE_MAX);
	buf_init(&s->text, ORDER_LINE_MAX);
	s->target = mem_dup_string(s->o.target);
}

/* The outputs.  Returns 0, or -1 with the reason printed and nothing to close. */
static int
open_outputs(struct sync *s)
{
	char now[CLOCK_RFC3339_SIZE];

	if (state_open(s) != 0)
		return -1;
	if (s->o.left != NULL && out_open(&s->left, s->o.left, false) != 0) {
		(void)state_close(s, false);
		return -1;
	}
	if (sink_open(&s->sink, &s->o.sink, true) != 0) {
		if (s->o.left != NULL)
			out_abandon(&s->left);
		(void)state_close(s, false);
		return -1;
	}
	s->sink.sealing = true;
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&s->sink.seal.started, now);
	return 0;
}

enum prog_status
sync_run(int argc, char **argv)
{
	static struct sync s;
	enum prog_status status = PROG_FAIL;

	options_parse(argc, argv, &s.o);
	init(&s);
	if (open_outputs(&s) == 0)
		status = end(&s, plan(&s));
	release(&s);
	return status;
}
