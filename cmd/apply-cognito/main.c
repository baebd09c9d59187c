/*
 * apply-cognito: a plan (plan-sync(1)) in, the user pool changed, a result record for each row out.
 *
 * The plan is read to its end before anything is sent: whole, for this pool, not too old, and
 * within the guard's limits, which are worked out again from its rows.  Then its operations are
 * carried out, those of a kind side by side.  Before anything is taken from a user it is looked at
 * again.  What is made stands in the ledger before it is; killed at any time and run again with
 * the same plan and ledger, it comes to the same end.
 *
 * Manual page: apply-cognito(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/plan_options.h"
#include "net/netopt.h"
#include "net/retry.h"

#include "read.h"
#include "result.h"
#include "run.h"

static const char usage[] =
    "apply-cognito [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--ledger file] [--failed file] [--passwords file] "
    "[--only list] [--max-age duration] [--max-billable n] [--allow-messages n] [--blind] "
    "[--with-group name] [--with-role-arn] [--add-custom-attributes name] [--dry-run] [file]";

struct options {
	struct sink_options sink;
	struct net_options net;
	struct plan_options plan;
	const char *pool, *passwords, *max_billable, *allow_messages;
	struct opt_list with_groups, add_attributes;
	bool blind, with_role_arn;
};

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &o->pool },
		{ "passwords", 0, OPT_VALUE, &o->passwords },
		{ "max-billable", 0, OPT_VALUE, &o->max_billable },
		{ "allow-messages", 0, OPT_VALUE, &o->allow_messages },
		{ "with-group", 0, OPT_LIST, &o->with_groups },
		{ "add-custom-attributes", 0, OPT_LIST, &o->add_attributes },
		{ "with-role-arn", 0, OPT_FLAG, &o->with_role_arn },
		{ "blind", 0, OPT_FLAG, &o->blind },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&o->sink), plan_option_table(&o->plan),
		netopt_table(&o->net), NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	plan_options_finish(&o->plan, &o->sink, argv + operand);
	plan_options_keep(&o->plan, &o->sink, o->passwords);
	return argv + operand;
}

static void
set_up(struct apply *a, const struct options *o)
{
	a->only = plan_options_only(&o->plan, 0);
	a->passwords_asked = apply_wants(a, PLAN_SET_PASSWORD);
	a->retry_ms = 1000 * (int64_t)opt_number("retry-seconds", o->net.retry_seconds, 0,
	    86400, RETRY_BUDGET_S);
	a->dry_run = o->plan.dry_run;
	a->with_role_arn = o->with_role_arn;
	a->blind = o->blind;
	a->never_looks = o->blind && o->plan.only != NULL;
	a->max_age_ms = plan_options_max_age(&o->plan);
	a->max_billable = opt_number("max-billable", o->max_billable, 0, 1000000000, -1);
	a->allow_messages = opt_number("allow-messages", o->allow_messages, 0, 1000000000, -1);
	a->with_groups = o->with_groups;
	a->add_attributes = o->add_attributes;
	for (size_t i = 0; i < o->add_attributes.count; i++) {
		const char *name = o->add_attributes.items[i];

		if (strncmp(name, "custom:", 7) == 0)
			a->add_attributes.items[i] = name += 7;
		if (name[0] == '\0' || strlen(name) > 20)
			opt_value_error("--add-custom-attributes: a name of 1 to 20 characters");
	}
}

/* Opens the file with the passwords; what is not open when the door shuts stays shut. */
static enum prog_status
read_passwords(struct apply *a, const char *path)
{
	enum prog_status status;
	int fd;

	if (path == NULL)
		return PROG_OK;
	if (strcmp(path, "-") == 0)
		opt_usage_error("--passwords: standard input is the plan's");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return PROG_FAIL;
	}
	status = passwords_read(&a->passwords, fd, path);
	close(fd);
	return status;
}

/* All that has a name is open or announced then; and the credentials are there. */
static enum prog_status
start(struct apply *a, const struct options *o, const char **why)
{
	enum prog_status status;

	plan_intake_announce(&a->plan);
	*why = "the ledger cannot be used";
	status = plan_ledger_open(&a->ledger, o->plan.ledger, a->target, o->plan.dry_run);
	if (status == PROG_OK)
		status = plan_ledger_read(&a->ledger);
	if (status != PROG_OK)
		return status;
	*why = "no passwords";
	status = read_passwords(a, o->passwords);
	if (status == PROG_OK && plan_failed_open(&a->failed, o->plan.failed) != 0)
		status = PROG_FAIL;
	if (status != PROG_OK)
		return status;
	*why = "no credentials";
	return netopt_start(a->client);
}

static enum prog_status
run(struct apply *a, const struct options *o, char **files)
{
	const char *why = "";
	enum prog_status status;
	struct buf stats;

	plan_intake_init(&a->plan, a->options, files, &a->sink);
	progress_start(&a->progress, progress_beside(netopt_progress(&o->net)), "operations");
	status = start(a, o, &why);
	if (status == PROG_OK)
		status = read_plan(a, &why);
	if (status == PROG_OK) {
		status = run_plan(a);
		why = a->halted ? a->why : status == PROG_TEMPORARY ?
		    "nothing was changed, and all of it can be tried again" : "the run failed";
		result_complain(a);
	}
	progress_end(&a->progress);
	if (plan_failed_close(&a->failed, status == PROG_OK || status == PROG_REJECTED, a->plan.header_text,
	    &a->sink.seal) != 0)
		status = PROG_FAIL;
	plan_intake_describe(&a->plan, &a->sink.seal);
	buf_init(&stats, SEAL_MAX);
	plan_tally_json(&a->tally, &stats);
	aws_stats_json(a->client, &stats);
	status = sink_close(&a->sink, status, why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

static void
release(struct apply *a)
{
	passwords_free(&a->passwords);
	plan_ledger_close(&a->ledger);
	plan_intake_free(&a->plan);
	free(a->target);
	schema_free(&a->schema);
	keyset_free(&a->users);
	keyset_free(&a->moved);
	plan_lost_free(&a->lost);
	aws_free(a->client);
}

static char *
make_target(const struct apply *a)
{
	struct buf b;
	char *target;

	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/%s", aws_endpoint(a->client), a->pool);
	target = mem_dup(b.data, b.len);
	buf_free(&b);
	return target;
}

int
main(int argc, char **argv)
{
	static struct apply a;
	struct options o = { .pool = NULL };
	enum prog_status status;
	char **files;

	prog_start(argv[0]);
	files = parse_options(argc, argv, &o);
	set_up(&a, &o);
	a.options = &o.sink;
	a.pool = netopt_pool(o.pool);
	status = netopt_connect(&o.net, AWS_COGNITO_IDP, a.pool, &a.client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&a.sink, &o.sink, true) != 0) {
		aws_free(a.client);
		return PROG_FAIL;
	}
	a.target = make_target(&a);
	passwords_init(&a.passwords);
	keyset_init(&a.users);
	keyset_init(&a.moved);
	plan_lost_init(&a.lost);
	a.ledger.fd = -1;
	status = run(&a, &o, files);
	release(&a);
	return status;
}
