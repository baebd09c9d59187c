/* The shared options of the network commands, and what the environment adds to them. */
#include "net/netopt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/chain.h"
#include "net/endpoint.h"
#include "net/netdoor.h"
#include "net/retry.h"
#include "net/source.h"

#include "net/netopt_settings.h"

enum {
	SHARE_DEFAULT = 50,
	RETRY_SECONDS_MAX = 24 * 3600,
	CONNECT_SECONDS = 10, CONNECT_SECONDS_MAX = 300,
	READ_SECONDS = 60, READ_SECONDS_MAX = 3600,
	POOL_ID_MAX = 55
};

/* A million calls a second: beyond it the number is a mistake. */
static const double rate_max = 1e6;

const struct opt_spec *
netopt_table(struct net_options *o)
{
	static struct opt_spec table[] = {
		{ "profile", 0, OPT_VALUE, NULL },
		{ "region", 0, OPT_VALUE, NULL },
		{ "endpoint-url", 0, OPT_VALUE, NULL },
		{ "ca-bundle", 0, OPT_VALUE, NULL },
		{ "max-rate", 0, OPT_VALUE, NULL },
		{ "share", 0, OPT_VALUE, NULL },
		{ "retry-seconds", 0, OPT_VALUE, NULL },
		{ "connect-timeout", 0, OPT_VALUE, NULL },
		{ "read-timeout", 0, OPT_VALUE, NULL },
		{ "use-fips-endpoint", 0, OPT_FLAG, NULL },
		{ "use-dualstack-endpoint", 0, OPT_FLAG, NULL },
		{ "progress", 0, OPT_FLAG, NULL },
		{ "no-progress", 0, OPT_FLAG, NULL },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	void *const places[] = { &o->profile, &o->region, &o->endpoint_url, &o->ca_bundle,
		&o->max_rate, &o->share, &o->retry_seconds, &o->connect_timeout, &o->read_timeout,
		&o->fips, &o->dualstack, &o->progress, &o->no_progress };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		table[i].dest = places[i];
	return table;
}

static int64_t
seconds(const char *name, const char *text, long min, long max, long fallback)
{
	return (int64_t)opt_number(name, text, min, max, fallback) * 1000;
}

/* What the options say of pace and patience. */
static void
read_numbers(const struct net_options *o, struct aws_config *config)
{
	const char *why;

	if (o->max_rate != NULL &&
	    num_parse_decimal(o->max_rate, 0.01, rate_max, &config->max_rate, &why) != 0)
		opt_usage_error("--max-rate: %s", why);
	config->share = (int)opt_number("share", o->share, 1, 100, 0);
	config->retry_ms = seconds("retry-seconds", o->retry_seconds, 0, RETRY_SECONDS_MAX,
	    RETRY_BUDGET_S);
	config->connect_ms = seconds("connect-timeout", o->connect_timeout, 1, CONNECT_SECONDS_MAX,
	    CONNECT_SECONDS);
	config->read_ms = seconds("read-timeout", o->read_timeout, 1, READ_SECONDS_MAX,
	    READ_SECONDS);
}

/* Finds the source of the credentials.  Returns 0, or -1 with why set. */
static int
find_source(const struct settings *s, struct aws_config *config, char why[CRED_WHY_SIZE])
{
	struct aws_config sts = { 0 };
	char sts_why[CRED_WHY_SIZE];
	struct chain chain = { .profiles = s->profiles, .sts = &sts };
	bool custom;

	aws_config_copy(&sts, config, NULL);
	sts.service = AWS_STS;
	/* --endpoint-url is the service's that the command is for. */
	if (config->service != AWS_STS) {
		free(sts.endpoint);
		sts.endpoint = NULL;
		if (settings_endpoint(s, NULL, &sts, &custom, sts_why) != 0)
			chain.sts_why = sts_why;
	}
	keeper_init(&config->keeper, chain_find(&chain, why));
	aws_config_free(&sts);
	return config->keeper.source != NULL ? 0 : -1;
}

enum prog_status
netopt_find(const struct net_options *o, enum aws_service service, const char *pool_id,
    struct aws_config *config, char why[CRED_WHY_SIZE])
{
	struct settings s = { .o = o, .pool_id = pool_id };
	enum prog_status status = PROG_USAGE;
	struct profiles *profiles;
	bool custom;

	memset(config, 0, sizeof *config);
	config->service = service;
	read_numbers(o, config);
	config->pool = mem_dup_string(pool_id);
	s.profiles = profiles = profiles_load(o->profile, why);
	if (profiles == NULL || settings_region(&s, config, why) != 0 ||
	    settings_endpoint(&s, o->endpoint_url, config, &custom, why) != 0 ||
	    settings_ca_bundle(&s, config, why) != 0) {
		aws_config_free(config);
	} else {
		netdoor_will_reach(config->endpoint);
		if (config->share == 0 && !(custom && endpoint_is_loopback(config->endpoint)))
			config->share = SHARE_DEFAULT;
		status = find_source(&s, config, why) == 0 ? PROG_OK : PROG_USAGE;
	}
	profiles_free(profiles);
	return status;
}

enum prog_status
netopt_resolve(const struct net_options *o, enum aws_service service, const char *pool_id,
    struct aws_config *config)
{
	char why[CRED_WHY_SIZE];
	enum prog_status status = netopt_find(o, service, pool_id, config, why);

	if (status != PROG_OK) {
		diag_error("%s", why);
		aws_config_free(config);
	}
	return status;
}

enum prog_status
netopt_connect(const struct net_options *o, enum aws_service service, const char *pool_id,
    struct aws_client **client)
{
	struct aws_config config;
	enum prog_status status = netopt_resolve(o, service, pool_id, &config);

	*client = NULL;
	if (status != PROG_OK)
		return status;
	*client = aws_new(&config);
	return *client != NULL ? PROG_OK : PROG_FAIL;
}

/*
 * The second service's configuration.  Where its endpoint is not said, and that of the first is:
 * a server on loopback that an option names serves both; anything else is said of one service only.
 */
static enum prog_status
resolve_beside(const struct net_options *o, enum aws_service service, struct aws_client *first,
    struct aws_config *config)
{
	const struct aws_service_names *names = aws_service_names(service);
	const char *from = aws_settings(first)->endpoint_from;
	struct net_options own = *o;
	enum prog_status status;

	own.endpoint_url = NULL;
	status = netopt_resolve(&own, service, NULL, config);
	if (status != PROG_OK || strcmp(config->endpoint_from, "AWS") != 0 ||
	    strcmp(from, "AWS") == 0)
		return status;
	aws_config_free(config);
	if (o->endpoint_url != NULL && endpoint_is_loopback(aws_endpoint(first)))
		return netopt_resolve(o, service, NULL, config);
	diag_error("%s is not that of %s: set %s, too",
	    strcmp(from, "profile") == 0 ? "the endpoint in the profile" : from, names->name,
	    names->variable);
	return PROG_USAGE;
}

enum prog_status
netopt_connect_beside(const struct net_options *o, enum aws_service service,
    struct aws_client *first, struct aws_client **client)
{
	struct aws_config config;
	enum prog_status status = resolve_beside(o, service, first, &config);

	*client = NULL;
	if (status != PROG_OK)
		return status;
	keeper_free(&config.keeper);
	keeper_init(&config.keeper, source_lent(aws_keeper(first)));
	*client = aws_new(&config);
	return *client != NULL ? PROG_OK : PROG_FAIL;
}

enum prog_status
netopt_start(struct aws_client *client)
{
	char why[CRED_WHY_SIZE];
	enum prog_status status;

	if (netdoor_shut(0) != 0)
		return PROG_FAIL;
	status = aws_ready(client, why);
	if (status != PROG_OK)
		diag_error("%s", why);
	return status;
}

/* Returns 0, or -1 with the reason printed. */
static int
set_variable(const char *name, const char *value)
{
	if (setenv(name, value, 1) == 0)
		return 0;
	diag_error("%s: cannot be set: %s", name, strerror(errno));
	return -1;
}

/* Sets a variable that is not set.  Returns 0 or -1. */
static int
put_variable(const char *name, const char *value)
{
	return value == NULL || settings_variable(name) != NULL ? 0 : set_variable(name, value);
}

static int
export_key(const struct profiles *p, const char *key, const char *name)
{
	struct profile_value v;

	if (!profile_get(p, PROFILE_EITHER, profiles_selected(p), key, &v) || v.text[0] == '\0')
		return 0;
	return put_variable(name, v.text);
}

/* A service's own endpoint; not that of all services, which is a variable of its own. */
static int
export_endpoint(const struct profiles *p, const struct aws_service_names *names)
{
	char why[CRED_WHY_SIZE];
	struct profile_value v;
	int rc = profile_get_service(p, profiles_selected(p), names->key, "endpoint_url", &v, why);

	if (rc < 0)
		diag_error("%s", why);
	return rc <= 0 ? rc : put_variable(names->variable, v.text);
}

static int
export_endpoints(const struct profiles *p)
{
	for (int i = 0; i < AWS_SERVICES; i++)
		if (export_endpoint(p, aws_service_names((enum aws_service)i)) != 0)
			return -1;
	return 0;
}

enum prog_status
netopt_export(const struct net_options *o)
{
	char why[CRED_WHY_SIZE];
	struct profiles *p = profiles_load(o->profile, why);
	bool good = p != NULL;

	if (!good)
		diag_error("%s", why);
	if (good && o->region != NULL)
		good = set_variable("AWS_REGION", o->region) == 0 &&
		    set_variable("AWS_DEFAULT_REGION", o->region) == 0;
	/* A region in either variable is the caller's; SDKs differ in which of them they read. */
	if (good && settings_variable("AWS_REGION") == NULL &&
	    settings_variable("AWS_DEFAULT_REGION") == NULL)
		good = export_key(p, "region", "AWS_REGION") == 0 &&
		    export_key(p, "region", "AWS_DEFAULT_REGION") == 0;
	/* The profile's endpoints count only where no variable says anything of that service. */
	if (good && settings_variable("AWS_ENDPOINT_URL") == NULL)
		good = export_endpoints(p) == 0 &&
		    export_key(p, "endpoint_url", "AWS_ENDPOINT_URL") == 0;
	good = good && export_key(p, "ignore_configured_endpoint_urls",
	    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == 0 &&
	    export_key(p, "ca_bundle", "AWS_CA_BUNDLE") == 0 &&
	    export_key(p, "use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT") == 0 &&
	    export_key(p, "use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT") == 0;
	profiles_free(p);
	return good ? PROG_OK : PROG_USAGE;
}

/* [\w-]+_[0-9a-zA-Z]+, 1 to 55 bytes: UserPoolId in the API reference of ListUsers. */
static bool
is_pool_id(const char *id)
{
	const char *alnum = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *last = strrchr(id, '_');
	size_t len = strlen(id);

	if (last == NULL || last == id || len > POOL_ID_MAX || last[1] == '\0')
		return false;
	for (const char *s = id; s < last; s++)
		if (strchr(alnum, *s) == NULL && *s != '_' && *s != '-')
			return false;
	return strspn(last + 1, alnum) == strlen(last + 1);
}

const char *
netopt_pool(const char *option)
{
	const char *id = option != NULL ? option : settings_variable("COGNITO_USER_POOL_ID");

	if (id != NULL && is_pool_id(id))
		return id;
	if (id == NULL)
		opt_usage_error("no user pool: give --user-pool-id or set COGNITO_USER_POOL_ID");
	opt_usage_error("%s: not a user pool id such as eu-west-1_AbCdEfGhI",
	    option != NULL ? "--user-pool-id" : "COGNITO_USER_POOL_ID");
}

enum progress_mode
netopt_progress(const struct net_options *o)
{
	if (o->no_progress)
		return PROGRESS_OFF;
	return o->progress ? PROGRESS_ON : PROGRESS_AUTO;
}
