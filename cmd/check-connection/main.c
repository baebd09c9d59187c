/*
 * check-connection: whether all is there that a pipeline needs to read a user pool: configuration,
 * credentials, network, role, pool, permissions, groups; how fast it will be.
 *
 * One record a check, as it ends, each with what was seen and, where something is wrong, with the
 * likely cause and the remedy.  What rests on a check that failed is reported as not tried.  All
 * calls are harmless, and none asks for a real user unless that is said.
 *
 * --print-policy prints the policies for IAM instead, from the same table of operations.
 *
 * Manual page: check-connection(1).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/diag.h"
#include "json/utf8.h"
#include "net/source.h"
#include "net/sts.h"

#include "arn.h"
#include "caller.h"
#include "contact.h"
#include "estimate.h"
#include "policy.h"
#include "probe.h"
#include "setup.h"

static const char usage[] =
    "check-connection [-v] [-o file] " NETOPT_USAGE " [--user-pool-id id] [--for pipeline] "
    "[--group name] ... [--role-arn arn [--external-id id] [--role-session-name name]] "
    "[--with-admin-get-user] [--format json|table] [--print-policy [--principal arn]]";

enum { GROUP_NAME_MAX = 128 };	/* characters; the service's limit */

/* How long a call is retried, unless --retry-seconds says: who checks is waiting. */
static const char retry_seconds[] = "10";

struct options {
	const char *output, *format, *pipeline, *principal;
	bool print_policy;
	int verbose;
};

/* What was given on the command line, checked as far as that is possible without asking. */
static void
check_role_options(struct check *c)
{
	struct sts_assume_role role = { .role_arn = c->role_arn, .session_name = c->session_name,
		.external_id = c->external_id };
	const char *member, *wrong;

	if (c->role_arn == NULL && (c->external_id != NULL || c->session_name != NULL))
		opt_usage_error("%s: needs --role-arn", c->external_id != NULL ? "--external-id" :
		    "--role-session-name");
	if (c->session_name == NULL)
		role.session_name = c->session_name = "check-connection";
	if (c->role_arn != NULL && (wrong = sts_check(&role, &member)) != NULL)
		opt_value_error("--%s: %s", member, wrong);
}

static void
check_groups(const struct check *c)
{
	for (size_t i = 0; i < c->groups.count; i++) {
		const char *name = c->groups.items[i];
		size_t len = strlen(name);

		if (len == 0 || utf8_valid(name, len) != len ||
		    utf8_count(name, len) > GROUP_NAME_MAX)
			opt_value_error("--group: empty, longer than %d characters, or not UTF-8",
			    GROUP_NAME_MAX);
	}
	if (c->groups.count > 0 && c->plan->of_groups == 0)
		opt_usage_error("--group: %s takes no names of groups", c->plan->name);
}

static void
check_options(struct check *c, const struct options *o)
{
	const char *name = o->pipeline != NULL ? o->pipeline : "export-oci";

	c->plan = plan_find(name);
	if (c->plan == NULL)
		opt_usage_error("--for: none of export-oci, export-csv, export-target, export-scim, "
		    "export-report, export-fleet, sync-oci, backup-pool, inventory, list-users, "
		    "list-groups, expand-members, oci-app");
	check_groups(c);
	check_role_options(c);
	if (o->format != NULL && strcmp(o->format, "json") != 0 && strcmp(o->format, "table") != 0)
		opt_usage_error("--format: neither json nor table");
	if (o->print_policy && o->format != NULL)
		opt_usage_error("--format: not with --print-policy");
	if (o->principal != NULL && !o->print_policy)
		opt_usage_error("--principal: only with --print-policy");
	if (o->principal != NULL && !arn_is_principal(o->principal))
		opt_value_error("--principal: not the ARN of one user, role or session, nor an account");
	if (c->net.retry_seconds == NULL)
		c->net.retry_seconds = retry_seconds;
	c->operations = c->groups.count > 0 ? c->plan->of_groups : c->plan->operations;
	if (c->admin_get_user)
		c->operations |= 1U << PLAN_ADMIN_GET_USER;
}

/* In this order: what comes later rests on what came before. */
static enum prog_status
run(struct check *c, const struct options *o)
{
	bool table = o->format != NULL ? strcmp(o->format, "table") == 0 :
	    o->output == NULL && isatty(STDOUT_FILENO);
	struct measure measure;
	struct route route;
	unsigned permitted;

	if (report_open(&c->report, o->output, table) != 0)
		return PROG_FAIL;
	if (setup_check(c) != 0)
		return PROG_FAIL;
	route_check(c, &route);
	contact_check(c, &route);
	route_free(&route);
	caller_check(c);
	permitted = probe_check(c);
	measure_check(c, permitted, &measure);
	estimate_check(c, permitted, &measure);
	return report_close(&c->report, c->plan->name);
}

int
main(int argc, char **argv)
{
	struct check c = { .pool = NULL };
	struct options o = { .output = NULL };
	const struct opt_spec own[] = {
		{ "output", 'o', OPT_VALUE, &o.output },
		{ "verbose", 'v', OPT_COUNT, &o.verbose },
		{ "user-pool-id", 0, OPT_VALUE, &c.pool },
		{ "for", 0, OPT_VALUE, &o.pipeline },
		{ "group", 0, OPT_LIST, &c.groups },
		{ "role-arn", 0, OPT_VALUE, &c.role_arn },
		{ "external-id", 0, OPT_VALUE, &c.external_id },
		{ "role-session-name", 0, OPT_VALUE, &c.session_name },
		{ "with-admin-get-user", 0, OPT_FLAG, &c.admin_get_user },
		{ "format", 0, OPT_VALUE, &o.format },
		{ "print-policy", 0, OPT_FLAG, &o.print_policy },
		{ "principal", 0, OPT_VALUE, &o.principal },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&c.net), NULL };
	enum prog_status status;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	diag_set_verbosity(o.verbose);
	c.pool_from = c.pool != NULL ? "--user-pool-id" : "COGNITO_USER_POOL_ID";
	c.pool = netopt_pool(c.pool);
	check_options(&c, &o);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		diag_error("libcurl: cannot start");
		return PROG_FAIL;
	}
	status = o.print_policy ? policy_print(&c, o.principal, o.output) : run(&c, &o);
	aws_free(c.client);
	aws_config_free(&c.config);
	aws_config_free(&c.sts);
	free(c.caller);
	free(c.role_why);
	curl_global_cleanup();
	return status;
}
