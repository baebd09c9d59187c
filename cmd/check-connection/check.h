/*
 * A run of checks: what was asked for, what has been found out so far, and what keeps later checks
 * from being tried.
 *
 * Each check ends with one call of report_ok, report_failed or report_unknown, whatever happens.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>

#include "base/opt.h"
#include "net/netopt.h"

#include "plan.h"
#include "report.h"

struct check {
	struct report report;
	struct net_options net;
	const char *pool, *pool_from;
	const struct plan *plan;
	unsigned operations;		/* that are needed */
	struct opt_list groups;
	const char *role_arn, *external_id, *session_name;
	bool admin_get_user;		/* may be called for a real user */

	struct aws_config config, sts;	/* of Cognito, with the keys in use; of STS */
	struct aws_client *client;	/* of Cognito, once there is one; it has taken the keys */
	char *caller;			/* the ARN that calls Cognito; NULL: not known */
	char *role_why;			/* why a profile's role was not assumed; NULL: it was */
	enum prog_status role_status;	/* with it */

	/* The check whose failure makes the next ones pointless, or NULL. */
	const char *no_network, *no_access;
};

/* Where the region came from, in words. */
const char *check_region_from(const struct check *c);

/* Whether the check needs the network and that failed; then it is reported as not tried. */
bool check_lacks_network(struct check *c, const char *name);

/* The same of a check that needs credentials too. */
bool check_lacks_access(struct check *c, const char *name);

#endif
