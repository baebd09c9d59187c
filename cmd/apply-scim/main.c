/*
 * apply-scim: a plan (plan-sync(1)) in, the SCIM server changed, a result record for each row out.
 *
 * The plan is read to its end before anything is sent: whole, for this server, not too old, and
 * within the guard's limits, which are worked out again from its rows.  Then its operations are
 * carried out, those of a kind side by side, memberships many at once.  Whoever is changed or
 * removed is looked at again before.  What is made stands in the ledger before it is; killed at any
 * time and run again with the same plan and ledger, it comes to the same end.
 *
 * Manual page: apply-scim(1).
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "json/plan_options.h"

#include "bulk.h"
#include "members.h"
#include "run.h"
#include "task.h"

static const char usage[] =
    "apply-scim [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    SCIM_USAGE " [--ledger file] [--failed file] [--only list] [--max-age duration] "
    "[--members-max n] [--no-bulk] [--dry-run] [file]";

enum { MEMBERS_MAX = 10000 };

struct options {
	struct sink_options sink;
	struct scim_options scim;
	struct plan_options plan;
	const char *members_max;
	bool no_bulk;
};

/* No SCIM server has them. */
static const unsigned without = 1u << PLAN_SET_PASSWORD | 1u << PLAN_LINK_PROVIDER;

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "members-max", 0, OPT_VALUE, &o->members_max },
		{ "no-bulk", 0, OPT_FLAG, &o->no_bulk },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&o->sink), plan_option_table(&o->plan),
		scim_option_table(&o->scim), NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	plan_options_finish(&o->plan, &o->sink, argv + operand);
	return argv + operand;
}

static int64_t
now_ms(void *arg)
{
	(void)arg;
	return clock_wall_ms();
}

/* All that has a name is open or announced then, and the token is there. */
static enum prog_status
start(struct apply *a, const struct options *o, const char **why)
{
	enum prog_status status;

	plan_intake_announce(&a->plan);
	*why = "the ledger cannot be used";
	status = plan_ledger_open(&a->ledger, o->plan.ledger, scim_url(a->client),
	    o->plan.dry_run);
	if (status == PROG_OK)
		status = plan_ledger_read(&a->ledger);
	if (status == PROG_OK && plan_failed_open(&a->failed, o->plan.failed) != 0)
		status = PROG_FAIL;
	if (status != PROG_OK)
		return status;
	*why = "no token";
	return scim_start(a->client);
}

/* The plan may be carried out: what the server can do is asked. */
static enum prog_status
discover(struct apply *a, size_t members_max, bool no_bulk, const char **why)
{
	enum prog_status status = scim_discover(a->client, &a->features);

	a->features.bulk = a->features.bulk && !no_bulk;
	a->bulk_operations = a->features.bulk_operations;
	*why = "the server cannot be asked what it can do";
	if (members_max > 0)
		a->features.members_max = members_max;
	a->by_external = strcmp(a->plan.header.key, "externalId") == 0;
	return status;
}

static void
count(struct apply *a, const char *name)
{
	struct plan_class *c = plan_class(&a->plan.sums.classes, name, strlen(name));

	if (c != NULL)
		c->count++;
}

/* What the guard does not see without knowing resources, and what no plan may hold. */
static void
take_row(void *arg, const struct plan_row *row, const struct record_reader *r)
{
	struct apply *a = arg;
	struct json after = { &r->list, r->text, row->after }, before = after;
	bool cleared = false;

	before.at = row->before;
	if (after.at != 0 && json_member(&after, "password") != 0) {
		diag_error("%s:%" PRIu64 ": a password, which stands in no plan", r->name, r->line);
		plan_intake_halt(&a->plan, PROG_FAIL, "a password in the plan");
		return;
	}
	if (row->op != PLAN_UPDATE_USER)
		return;
	if (json_member(&after, "active") != 0) {
		diag_error("%s:%" PRIu64 ": active in an update, which is for enable-user and "
		    "disable-user", r->name, r->line);
		plan_intake_halt(&a->plan, PROG_FAIL, "active in an update");
		return;
	}
	for (uint32_t i = after.at + 1; i < r->list.tok[after.at].next; i = r->list.tok[i + 1].next) {
		struct json key = json_at(&after, i), is = json_at(&after, i + 1);
		struct json was = json_at(&before, json_member_like(&before, &key));

		if (was.at == 0 || json_is_empty(&was))
			continue;
		if (json_is_named(&key, "emails"))
			count(a, "email-change");
		else if (json_is_named(&key, "phoneNumbers"))
			count(a, "phone-change");
		else if (json_is_named(&key, "userName"))
			count(a, "login-change");
		cleared |= json_is_empty(&is);
	}
	if (cleared)
		count(a, "attribute-clear");
}

static enum prog_status
carry_out(struct apply *a, size_t members_max, bool no_bulk, const char **why)
{
	enum prog_status status;

	a->plan.on_row = take_row;
	a->plan.arg = a;
	status = plan_intake_read(&a->plan, why);
	if (status == PROG_OK && plan_intake_trips(&a->plan, &a->ledger) > 0) {
		*why = "a safety limit stands";
		status = PROG_GUARD;
	}
	if (status == PROG_OK)
		status = discover(a, members_max, no_bulk, why);
	if (status != PROG_OK)
		return status;
	status = run_plan(a);
	*why = a->halted ? a->why : "the run failed";
	plan_tally_complain(&a->tally);
	return status;
}

static enum prog_status
run(struct apply *a, const struct options *o, char **files, size_t members_max)
{
	const char *why = "";
	enum prog_status status;
	struct buf stats;

	plan_intake_init(&a->plan, a->options, files, &a->sink);
	a->plan.target = scim_url(a->client);
	a->plan.max_age_ms = plan_options_max_age(&o->plan);
	a->plan.now_ms = now_ms;
	progress_start(&a->progress, progress_beside(scim_progress(&o->scim)), "operations");
	status = start(a, o, &why);
	if (status == PROG_OK)
		status = carry_out(a, members_max, o->no_bulk, &why);
	progress_end(&a->progress);
	if (plan_failed_close(&a->failed, status == PROG_OK || status == PROG_REJECTED,
	    a->plan.header_text, &a->sink.seal) != 0)
		status = PROG_FAIL;
	plan_intake_describe(&a->plan, &a->sink.seal);
	buf_init(&stats, SEAL_MAX);
	plan_tally_json(&a->tally, &stats);
	scim_stats_json(a->client, &stats);
	status = sink_close(&a->sink, status, why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

static void
init(struct apply *a, const struct options *o)
{
	a->only = plan_options_only(&o->plan, without);
	a->dry_run = o->plan.dry_run;
	a->dialect = scim_dialect_of(a->client);
	a->rules = (struct scim_rules){
		.verified = a->dialect == SCIM_OCI, .single = a->dialect == SCIM_AWS, .kept = true
	};
	names_init(&a->users);
	names_init(&a->groups);
	plan_lost_init(&a->lost);
	keyset_init(&a->empty_groups);
	a->ledger.fd = -1;
}

static void
release(struct apply *a)
{
	plan_ledger_close(&a->ledger);
	plan_intake_free(&a->plan);
	members_free(a);
	bulk_free(a);
	while (a->window.first != NULL) {
		struct plan_step *step = a->window.first;

		a->window.first = step->next;
		task_free((struct task *)step);
	}
	names_free(&a->users);
	names_free(&a->groups);
	plan_lost_free(&a->lost);
	keyset_free(&a->empty_groups);
	scim_free(a->client);
}

int
main(int argc, char **argv)
{
	static struct apply a;
	struct options o = { .members_max = NULL };
	enum prog_status status;
	size_t members_max;
	char **files;

	prog_start(argv[0]);
	files = parse_options(argc, argv, &o);
	members_max = (size_t)opt_number("members-max", o.members_max, 1, MEMBERS_MAX, 0);
	a.options = &o.sink;
	status = scim_connect(&o.scim, &a.client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&a.sink, &o.sink, true) != 0) {
		scim_free(a.client);
		return PROG_FAIL;
	}
	init(&a, &o);
	status = run(&a, &o, files, members_max);
	release(&a);
	return status;
}
