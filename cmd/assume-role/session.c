/* The session (session.h). */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/source.h"

/* Of a source: an ARN of 2,048 characters with the session's name. */
enum { NAME_SIZE = 2300 };

int64_t
session_end_ms(const struct keeper *keeper)
{
	if (keeper->end_ms == INT64_MAX)
		return keeper->cred.expires_ms;
	return clock_wall_ms() + keeper->end_ms - clock_mono_ms();
}

void
session_tell(const struct keeper *keeper)
{
	char until[CLOCK_RFC3339_SIZE];

	clock_rfc3339(session_end_ms(keeper), until);
	diag_verbose(1, "%s: %s until %s", keeper->source->name,
	    keeper->generation == 1 ? "assumed" : "renewed", until);
}

/* The source for the request; config is taken over.  NULL if the configuration names no role. */
static struct source *
find_role(struct aws_config *config, const struct request *r)
{
	struct source *source = config->keeper.source;
	char name[NAME_SIZE];

	if (r->role.role_arn != NULL) {
		snprintf(name, sizeof name, "role %s as %s", r->role.role_arn,
		    r->role.session_name);
		return source_role(name, config, &r->role);
	}
	if (!source->is_role) {
		diag_error("--role-arn: needed: the credentials are not of a profile with a role, "
		    "but: %s", source->name);
		source = NULL;
	} else {
		config->keeper.source = NULL;
	}
	aws_config_free(config);
	return source;
}

/* What the command should be told of the region: it may lose sight of option and profile. */
static char *
named_region(const struct aws_config *config)
{
	if (strcmp(config->region_from, "--region") == 0 ||
	    strcmp(config->region_from, "profile") == 0)
		return mem_dup_string(config->region);
	return NULL;
}

enum prog_status
session_open(struct keeper *keeper, const struct request *r, char **region)
{
	/* A pool's region will do for the service that gives the keys for that pool. */
	const char *pool = getenv("COGNITO_USER_POOL_ID");
	struct aws_config config;
	struct source *source;
	enum prog_status status = netopt_resolve(&r->net, AWS_STS, pool, &config);

	*region = NULL;
	keeper_init(keeper, NULL);
	if (status != PROG_OK)
		return status;
	*region = named_region(&config);
	source = find_role(&config, r);
	if (source == NULL)
		return PROG_USAGE;
	keeper_init(keeper, source);
	return PROG_OK;
}

enum prog_status
session_start(struct keeper *keeper)
{
	char why[CRED_WHY_SIZE];
	enum prog_status status = keeper_ready(keeper, clock_mono_ms(), why);

	if (status != PROG_OK)
		diag_error("%s", why);
	else
		session_tell(keeper);
	return status;
}
