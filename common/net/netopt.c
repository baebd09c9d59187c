/* The shared options of the network commands, and what the environment adds to them. */
#include "net/netopt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "net/endpoint.h"
#include "net/retry.h"

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
	void *const places[] = { &o->region, &o->endpoint_url, &o->ca_bundle, &o->max_rate,
		&o->share, &o->retry_seconds, &o->connect_timeout, &o->read_timeout, &o->fips,
		&o->dualstack, &o->progress, &o->no_progress };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		table[i].dest = places[i];
	return table;
}

/* The environment variable's value, or NULL if it is not set or empty. */
static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Reads a variable that says true or false.  Returns 0, or -1 with the reason printed. */
static int
read_flag(const char *name, bool *flag)
{
	const char *value = variable(name);

	if (value == NULL)
		return 0;
	if (strcasecmp(value, "true") == 0) {
		*flag = true;
		return 0;
	}
	if (strcasecmp(value, "false") == 0)
		return 0;
	diag_error("%s: neither true nor false", name);
	return -1;
}

/* Whether the len bytes at s are made like a region's name: "eu-west-1", "us-gov-east-1". */
static bool
looks_like_region(const char *s, size_t len)
{
	size_t digits = 0, hyphens = 0;

	for (size_t i = 0; i < len; i++)
		hyphens += s[i] == '-';
	while (digits < len && s[len - 1 - digits] >= '0' && s[len - 1 - digits] <= '9')
		digits++;
	return hyphens >= 2 && digits > 0 && digits < len && s[len - 1 - digits] == '-';
}

/* The region, heap; or NULL with the reason printed. */
static char *
find_region(const char *option, const char *pool_id)
{
	const char *from = "--region", *region = option;
	size_t prefix = pool_id != NULL ? strcspn(pool_id, "_") : 0;
	char *text;

	if (region == NULL && (region = variable("AWS_REGION")) != NULL)
		from = "AWS_REGION";
	if (region == NULL && (region = variable("AWS_DEFAULT_REGION")) != NULL)
		from = "AWS_DEFAULT_REGION";
	if (region != NULL) {
		text = mem_dup_string(region);
	} else if (looks_like_region(pool_id, prefix)) {
		text = mem_dup(pool_id, prefix);
		from = "--user-pool-id";
	} else {
		diag_error("no region: give --region or set AWS_REGION");
		return NULL;
	}
	if (endpoint_region_valid(text))
		return text;
	diag_error("%s: not a region such as eu-west-1", from);
	free(text);
	return NULL;
}

/* Fills endpoint and *custom.  Returns 0, or -1 with the reason printed. */
static int
find_endpoint(const struct net_options *o, struct aws_config *config, bool *custom)
{
	struct endpoint_sources s = {
		.option = o->endpoint_url,
		.service_variable = variable(config->service == AWS_STS ? "AWS_ENDPOINT_URL_STS" :
		    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
		.variable = variable("AWS_ENDPOINT_URL")
	};
	bool fips = o->fips, dualstack = o->dualstack;
	const char *url, *from = "", *why;

	if ((!fips && read_flag("AWS_USE_FIPS_ENDPOINT", &fips) != 0) ||
	    (!dualstack && read_flag("AWS_USE_DUALSTACK_ENDPOINT", &dualstack) != 0) ||
	    read_flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", &s.ignore_variables) != 0)
		return -1;
	/* An empty variable of a script must not send the session token somewhere else. */
	if (o->endpoint_url != NULL && o->endpoint_url[0] == '\0') {
		diag_error("--endpoint-url: empty");
		return -1;
	}
	url = endpoint_choose(&s, config->service, &from);
	*custom = url != NULL;
	if (url == NULL) {
		config->endpoint = endpoint_of_aws(config->service, config->region, fips,
		    dualstack);
		return 0;
	}
	if (fips || dualstack) {
		diag_error("%s: cannot be used with a %s endpoint", from,
		    fips ? "FIPS" : "dual-stack");
		return -1;
	}
	config->endpoint = endpoint_parse(url, &why);
	if (config->endpoint != NULL)
		return 0;
	diag_error("%s: %s", from, why);
	return -1;
}

/* Returns 0, or -1 with the reason printed. */
static int
find_ca_bundle(const char *option, struct aws_config *config)
{
	const char *path = option != NULL ? option : variable("AWS_CA_BUNDLE");

	if (path == NULL)
		return 0;
	if (access(path, R_OK) != 0) {
		diag_error("%s: %s: %s", option != NULL ? "--ca-bundle" : "AWS_CA_BUNDLE", path,
		    strerror(errno));
		return -1;
	}
	config->ca_bundle = mem_dup_string(path);
	return 0;
}

static int64_t
seconds(const char *name, const char *text, long min, long max, long fallback)
{
	return (int64_t)opt_number(name, text, min, max, fallback) * 1000;
}

int
netopt_resolve(const struct net_options *o, enum aws_service service, const char *pool_id,
    struct aws_config *config)
{
	const char *why;
	bool custom;

	memset(config, 0, sizeof *config);
	config->service = service;
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
	config->region = find_region(o->region, pool_id);
	if (config->region == NULL || find_endpoint(o, config, &custom) != 0 ||
	    find_ca_bundle(o->ca_bundle, config) != 0 ||
	    cred_from_environment(&config->cred) != 0) {
		aws_config_free(config);
		return PROG_USAGE;
	}
	if (config->share == 0 && !(custom && endpoint_is_loopback(config->endpoint)))
		config->share = SHARE_DEFAULT;
	return PROG_OK;
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
	const char *id = option != NULL ? option : variable("COGNITO_USER_POOL_ID");

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
