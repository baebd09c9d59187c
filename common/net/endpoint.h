/*
 * Which host to talk to: AWS's endpoint rules, and the checks on an endpoint given by hand.
 *
 * The session token travels to whoever the endpoint is, so a given one is read strictly:
 * "https://HOST[:PORT]" or, to this machine only, "http://HOST[:PORT]"; no user, path, query or
 * fragment.  The rules for AWS's own hosts are those of botocore's rule sets
 * (botocore/data/SERVICE/endpoint-rule-set-1.json, partitions.json).
 */
#ifndef NET_ENDPOINT_H
#define NET_ENDPOINT_H

#include <stdbool.h>

#include "net/aws.h"

enum { ENDPOINT_URL_MAX = 300 };

/* Lower-case letters and digits in parts joined by single hyphens, at most 32 bytes. */
bool endpoint_region_valid(const char *region);

/*
 * AWS's endpoint for a service in a region (valid by endpoint_region_valid).  A region that no
 * partition knows counts as one of the partition "aws".  The caller frees.
 */
char *endpoint_of_aws(enum aws_service service, const char *region, bool fips, bool dualstack);

/*
 * Checks a configured endpoint and brings it into its plain form: scheme and host in lower case,
 * no trailing slash, no port where it is the scheme's own.  Returns the text, the caller frees; or
 * NULL with *why set to a static text such as "plain http is allowed to this machine only".
 */
char *endpoint_parse(const char *url, const char **why);

/* Whether a parsed endpoint's host is this machine: localhost, 127.0.0.0/8 or [::1]. */
bool endpoint_is_loopback(const char *endpoint);

/* The partition of a region, as its ARNs begin: "aws", "aws-cn", "aws-us-gov" and so on.  Static. */
const char *endpoint_partition(const char *region);

/* The part behind the scheme, "HOST[:PORT]": what Host: says.  Borrowed from endpoint. */
const char *endpoint_host(const char *endpoint);

#endif
