/* What is configured, and whose keys count (setup.h). */
#include "setup.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/netdoor.h"
#include "net/source.h"

#include "explain.h"

struct source *
setup_same_keys(const struct check *c)
{
	const struct keeper *k = &c->config.keeper;
	struct cred cred;

	cred_copy(&cred, &k->cred);
	return source_fixed(k->source->name, &cred);
}

static void
configuration_is_wrong(struct check *c, const char *why)
{
	static const char name[] = "configuration";
	struct report *r = &c->report;

	report_say(&r->detail, "%s", why);
	report_say(&r->hint, "Correct what the line names: an option, a variable of the "
	    "environment, or a line of a file. cognito-credentials(7) says what is read, and what "
	    "wins.");
	report_failed(r, name, PROG_USAGE);
	c->no_network = c->no_access = name;
}

/* why gets the reason if there are no credentials. */
static void
check_configuration(struct check *c, char why[CRED_WHY_SIZE])
{
	char sts_why[CRED_WHY_SIZE];
	struct net_options for_sts = c->net;
	struct report *r = &c->report;

	/* --endpoint-url means Cognito's. */
	for_sts.endpoint_url = NULL;
	(void)netopt_find(&c->net, AWS_COGNITO_IDP, c->pool, &c->config, why);
	(void)netopt_find(&for_sts, AWS_STS, c->pool, &c->sts, sts_why);
	if (c->config.endpoint == NULL || c->sts.endpoint == NULL) {
		configuration_is_wrong(c, c->config.endpoint == NULL ? why : sts_why);
		return;
	}
	report_say(&r->detail, "region %s (%s); pool %s (%s); %s (%s); STS %s (%s)",
	    c->config.region, check_region_from(c), c->pool, c->pool_from, c->config.endpoint,
	    c->config.endpoint_from, c->sts.endpoint, c->sts.endpoint_from);
	report_ok(r, "configuration");
}

static void
check_credentials(struct check *c, char why[CRED_WHY_SIZE])
{
	static const char name[] = "credentials";
	struct keeper *k = &c->config.keeper;
	struct report *r = &c->report;
	enum prog_status status = PROG_USAGE;

	if (k->source != NULL)
		status = keeper_ready(k, clock_mono_ms(), why);
	if (status == PROG_OK) {
		keeper_free(&c->sts.keeper);
		keeper_init(&c->sts.keeper, setup_same_keys(c));
		report_say(&r->detail, "%s", k->source->name);
		report_ok(r, name);
	} else if (k->source != NULL && k->source->is_role && !k->source->lacks_keys) {
		/* They are there, as far as they are ours: the check of the role says it. */
		c->role_why = mem_dup_string(why);
		c->role_status = status;
		report_say(&r->detail, "%s", k->source->name);
		report_ok(r, name);
	} else {
		explain_credentials(c, why, status);
		report_failed(r, name, status);
		c->no_access = name;
	}
}

int
setup_check(struct check *c)
{
	char why[CRED_WHY_SIZE] = "";

	check_configuration(c, why);
	/* From here on answers are read, of whoever gives them. */
	if (netdoor_shut(0) != 0)
		return -1;
	if (!check_lacks_access(c, "credentials"))
		check_credentials(c, why);
	return 0;
}
