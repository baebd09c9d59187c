/* Who calls, and under which role (caller.h). */
#include "caller.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/source.h"
#include "net/sts.h"

#include "arn.h"
#include "explain.h"
#include "setup.h"

struct aws_client *
caller_sts(const struct check *c)
{
	struct aws_config config;

	aws_config_copy(&config, &c->sts, setup_same_keys(c));
	return aws_new(&config);
}

/*
 * Nothing but a role needs STS: that it cannot be reached does not matter without one, where a
 * private network leads to Cognito alone.  Nor does it that a network lets nobody ask this.
 */
static void
identity_failed(struct check *c, enum prog_status status, const char *why)
{
	bool matters = explain_identity(c, why, status) ||
	    (c->role_arn != NULL && status == PROG_TEMPORARY);

	if (matters)
		c->no_access = "identity";
	if (matters)
		report_failed(&c->report, "identity", status);
	else
		report_unknown(&c->report, "identity");
}

static void
check_identity(struct check *c)
{
	char why[CRED_WHY_SIZE] = "libcurl cannot start";
	enum prog_status status = PROG_FAIL;
	struct sts_identity id = { .arn = NULL };
	struct aws_client *client;

	if (check_lacks_access(c, "identity"))
		return;
	if (c->role_why != NULL) {
		report_say(&c->report.detail, "not tried: the role of the profile was not assumed");
		report_unknown(&c->report, "identity");
		return;
	}
	client = caller_sts(c);
	if (client != NULL)
		status = sts_caller_identity(client, &id, why);
	aws_free(client);
	if (status != PROG_OK) {
		identity_failed(c, status, why);
		return;
	}
	c->caller = mem_dup_string(id.arn);
	report_say(&c->report.detail, "%s (account %s)", id.arn, id.account);
	report_ok(&c->report, "identity");
	sts_identity_free(&id);
}

static void
role_failed(struct check *c, enum prog_status status, const char *why)
{
	explain_role(c, why, status);
	report_failed(&c->report, "role", status);
	c->no_access = "role";
}

/* The role of --role-arn, whose keys replace the caller's. */
static void
assume(struct check *c)
{
	struct sts_assume_role role = { .role_arn = c->role_arn, .session_name = c->session_name,
		.external_id = c->external_id };
	char why[CRED_WHY_SIZE];
	enum prog_status status;
	struct aws_config sts;
	struct keeper keeper;
	struct buf session;

	aws_config_copy(&sts, &c->sts, setup_same_keys(c));
	keeper_init(&keeper, source_role(c->role_arn, &sts, &role));
	status = keeper_ready(&keeper, clock_mono_ms(), why);
	if (status != PROG_OK) {
		keeper_free(&keeper);
		role_failed(c, status, why);
		return;
	}
	keeper_free(&c->config.keeper);
	c->config.keeper = keeper;
	buf_init(&session, REPORT_TEXT_MAX);
	arn_put_session(&session, c->role_arn, c->session_name);
	free(c->caller);
	c->caller = session.data;
	report_say(&c->report.detail, "%s assumed %s", c->role_arn, c->external_id != NULL ?
	    "with the external ID" : "without an external ID");
	report_ok(&c->report, "role");
}

static void
check_role(struct check *c)
{
	const struct source *source = c->config.keeper.source;
	struct report *r = &c->report;

	if (check_lacks_access(c, "role"))
		return;
	if (c->role_why != NULL) {
		role_failed(c, c->role_status, c->role_why);
	} else if (c->role_arn != NULL) {
		assume(c);
	} else if (source->is_role) {
		report_say(&r->detail, "assumed: %s", source->name);
		report_ok(r, "role");
	} else if (c->caller != NULL && strstr(c->caller, ":assumed-role/") != NULL) {
		char *principal = arn_principal(c->caller);

		report_say(&r->detail, "the keys are those of a session of %s", principal);
		report_ok(r, "role");
		free(principal);
	} else {
		report_say(&r->detail, "none is asked for: the caller's own keys are used");
		report_unknown(r, "role");
	}
}

void
caller_check(struct check *c)
{
	check_identity(c);
	check_role(c);
}
