/*
 * The options that every network command shares, and the configuration they resolve to together
 * with the environment.
 *
 *   --profile NAME         whose settings and credentials count (profile.h, chain.h)
 *   --region, --endpoint-url, --ca-bundle
 *   --max-rate N           calls a second, 0.01 or more; default: no cap
 *   --share PERCENT        of the default quotas, 1 to 100; default 50, on loopback unpaced
 *   --retry-seconds N      how long one call is retried, 0 to 86400; default 300
 *   --connect-timeout N    seconds, 1 to 300; default 10
 *   --read-timeout N       seconds without a byte, 1 to 3600; default 60
 *   --use-fips-endpoint, --use-dualstack-endpoint, --progress, --no-progress
 *
 * What is not given is taken from the environment (AWS_REGION, AWS_DEFAULT_REGION,
 * AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, AWS_ENDPOINT_URL_COGNITO_IDENTITY,
 * AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_CA_BUNDLE,
 * AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT), else from the profile (region; services with
 * endpoint_url for cognito_identity_provider, cognito_identity and sts; endpoint_url;
 * ignore_configured_endpoint_urls; ca_bundle; use_fips_endpoint; use_dualstack_endpoint).
 */
#ifndef NET_NETOPT_H
#define NET_NETOPT_H

#include <stdbool.h>

#include "base/opt.h"
#include "base/progress.h"
#include "net/aws.h"

/* Their part of every SYNOPSIS. */
#define NETOPT_USAGE \
	"[--profile name] [--region region] [--endpoint-url url] [--ca-bundle file] [--max-rate n] " \
	"[--share percent] [--retry-seconds n] [--connect-timeout seconds] " \
	"[--read-timeout seconds] [--use-fips-endpoint] [--use-dualstack-endpoint] " \
	"[--progress] [--no-progress]"

struct net_options {
	const char *profile, *region, *endpoint_url, *ca_bundle;
	const char *max_rate, *share, *retry_seconds, *connect_timeout, *read_timeout;
	bool fips, dualstack;
	bool progress, no_progress;
};

/* The rows for these options, bound to *o.  The table is static: one a program. */
const struct opt_spec *netopt_table(struct net_options *o);

/*
 * Checks everything and fills the configuration: region (option, environment, profile, else the
 * prefix of pool_id if that is a region), endpoint, pacing, and the source of the credentials,
 * which is asked nothing yet.  service says which endpoint is meant.  pool_id may be NULL.  Returns
 * PROG_OK, or PROG_USAGE with one line printed: no region, no credentials, a malformed value or
 * file, plain http to a host that is not loopback.  A number out of its range is a usage error
 * (opt.h).
 */
enum prog_status netopt_resolve(const struct net_options *o, enum aws_service service,
    const char *pool_id, struct aws_config *config);

/*
 * The same for a command that reports failures itself: prints nothing, and gives the line as why.
 * If nothing but credentials is missing, config is filled all the same, without a source, for the
 * caller to free; after any other failure its endpoint is NULL and nothing is left to free.
 */
enum prog_status netopt_find(const struct net_options *o, enum aws_service service,
    const char *pool_id, struct aws_config *config, char why[CRED_WHY_SIZE]);

/*
 * The same, then makes the client.  Returns PROG_OK with *client set (aws_free); or with one line
 * printed PROG_USAGE, or PROG_FAIL if libcurl cannot start.
 */
enum prog_status netopt_connect(const struct net_options *o, enum aws_service service,
    const char *pool_id, struct aws_client **client);

/*
 * A second client, for another service, of a command that has one already: the same Region and
 * options, and the first one's credentials, so that nobody is asked for a token code twice.  It is
 * freed before the first one.  Where the first one's endpoint is not AWS's the second's must not be
 * either, lest a rehearsal ask AWS: it is that of its own in the environment or the profile, else
 * --endpoint-url if that is a loopback address, where one server answers for all services; else
 * PROG_USAGE.
 * Returns as netopt_connect.
 */
enum prog_status netopt_connect_beside(const struct net_options *o, enum aws_service service,
    struct aws_client *first, struct aws_client **client);

/*
 * Ends the start of a command: shuts its door (netdoor.h), behind which nothing is opened that was
 * not announced, then gets the credentials.  Before the first call, and behind all else that the
 * command opens.  Returns PROG_OK; or with one line printed PROG_FAIL, PROG_TEMPORARY or
 * PROG_USAGE: the source gives no credentials.
 */
enum prog_status netopt_start(struct aws_client *client);

/*
 * Sets the variables above that are not set to what the profile says, for a command that will not
 * see the profile; --profile and --region count, other options do not.  Returns PROG_OK, or
 * PROG_USAGE with one line printed.
 */
enum prog_status netopt_export(const struct net_options *o);

/* --user-pool-id or COGNITO_USER_POOL_ID, checked by the service's pattern; else a usage error. */
const char *netopt_pool(const char *option);

/* Which progress mode the options ask for. */
enum progress_mode netopt_progress(const struct net_options *o);

#endif
