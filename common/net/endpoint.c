/* Endpoints: AWS's own by partition, and those given by hand. */
#include "net/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"

enum { REGION_MAX = 32 };

static const struct partition {
	const char *prefix;	/* of its regions' names */
	const char *name;
	const char *suffix, *dual_suffix;
} partitions[] = {
	{ "cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn" },
	{ "us-gov-", "aws-us-gov", "amazonaws.com", "api.aws" },
	{ "eusc-de-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu" },
	{ "us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov" },
	{ "us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud" },
	{ "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk" },
	{ "us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov" },
	{ "", "aws", "amazonaws.com", "api.aws" }	/* and what is not known yet */
};

static bool
is_lower_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
endpoint_region_valid(const char *region)
{
	size_t len = strlen(region);

	for (size_t i = 0; i < len; i++)
		if (!is_lower_alnum(region[i]) &&
		    (region[i] != '-' || i == 0 || region[i - 1] == '-'))
			return false;
	return len > 0 && len <= REGION_MAX && region[len - 1] != '-';
}

static const struct partition *
partition_of(const char *region)
{
	const struct partition *p = partitions;

	while (strncmp(region, p->prefix, strlen(p->prefix)) != 0)
		p++;
	return p;
}

const char *
endpoint_partition(const char *region)
{
	return partition_of(region)->name;
}

/*
 * Cognito in the partition aws was on dual-stack hosts before there was a name of its own
 * for that, and the four regions in the USA whose FIPS hosts are, too, kept the old name.
 */
static bool
cognito_uses_dual_suffix(const char *region, const struct partition *p, bool fips)
{
	static const char *const old_fips[] = { "us-east-1", "us-east-2", "us-west-1",
		"us-west-2" };

	if (p->prefix[0] != '\0')
		return true;
	if (!fips)
		return false;
	for (size_t i = 0; i < sizeof old_fips / sizeof *old_fips; i++)
		if (strcmp(region, old_fips[i]) == 0)
			return false;
	return true;
}

char *
endpoint_of_aws(enum aws_service service, const char *region, bool fips, bool dualstack)
{
	const struct partition *p = partition_of(region);
	const struct aws_service_names *names = aws_service_names(service);
	const char *suffix = p->suffix;
	const char *infix = fips ? "-fips" : "";
	char url[ENDPOINT_URL_MAX];

	if (dualstack && (!names->of_cognito || cognito_uses_dual_suffix(region, p, fips)))
		suffix = p->dual_suffix;
	/* GovCloud's plain STS hosts are the validated ones. */
	if (service == AWS_STS && !dualstack && strcmp(p->prefix, "us-gov-") == 0)
		infix = "";
	snprintf(url, sizeof url, "https://%s%s.%s.%s", names->name, infix, region, suffix);
	return mem_dup_string(url);
}

/* Length of the host at s, brackets included, or 0 if there is none in a form that we take. */
static size_t
host_length(const char *s)
{
	size_t n;

	if (s[0] == '[') {
		n = strspn(s + 1, "0123456789abcdefABCDEF:.");
		return n > 0 && s[n + 1] == ']' ? n + 2 : 0;
	}
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
}

static bool
host_is_loopback(const char *host, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;

	if (len == strlen("localhost") && memcmp(host, "localhost", len) == 0)
		return true;
	if (len >= 2 && host[0] == '[') {
		host++;
		len -= 2;
	}
	if (len >= sizeof text)
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	if (inet_pton(AF_INET6, text, &six) == 1)
		return memcmp(&six, &in6addr_loopback, sizeof six) == 0;
	return inet_pton(AF_INET, text, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127;
}

/*
 * Brings a host in lower case into the form that libcurl gives it too: an IPv6 address is shortened.
 * False for a number of fewer parts than four, or in octal or hexadecimal ("127.1"): libcurl would
 * connect to what it means, and Host: would say something else than what is signed.
 */
static bool
make_plain(char *host)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;
	size_t len = strlen(host);

	if (host[0] != '[')
		return inet_aton(host, &four) == 0 || inet_pton(AF_INET, host, &four) == 1;
	host[len - 1] = '\0';
	if (inet_pton(AF_INET6, host + 1, &six) != 1)
		return false;
	host[len - 1] = ']';
	if (inet_ntop(AF_INET6, &six, text, sizeof text) != NULL && strlen(text) < len - 2)
		snprintf(host, len + 1, "[%s]", text);
	return true;
}

bool
endpoint_is_loopback(const char *endpoint)
{
	const char *host = endpoint_host(endpoint);

	return host_is_loopback(host, host_length(host));
}

const char *
endpoint_host(const char *endpoint)
{
	const char *colon = strstr(endpoint, "://");

	return colon != NULL ? colon + 3 : endpoint;
}

char *
endpoint_parse(const char *url, const char **why)
{
	bool tls = strncasecmp(url, "https://", 8) == 0;
	const char *host, *rest, *reason;
	char lower[ENDPOINT_URL_MAX], out[ENDPOINT_URL_MAX];
	int64_t port = 0;
	size_t len;

	*why = "not https://HOST[:PORT]";
	if ((!tls && strncasecmp(url, "http://", 7) != 0) || strlen(url) >= ENDPOINT_URL_MAX - 8)
		return NULL;
	host = url + (tls ? 8 : 7);
	len = host_length(host);
	rest = host + len;
	if (len == 0)
		return NULL;
	if (*rest == ':') {
		char digits[6] = "";
		size_t n = strspn(rest + 1, "0123456789");

		if (n < sizeof digits)
			memcpy(digits, rest + 1, n);
		if (num_parse(digits, 1, 65535, &port, &reason) != 0)
			return NULL;
		rest += 1 + n;
	}
	if (strcmp(rest, "") != 0 && strcmp(rest, "/") != 0)
		return NULL;
	snprintf(lower, sizeof lower, "%.*s", (int)len, host);
	for (size_t i = 0; i < len; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	if (!make_plain(lower)) {
		*why = "its host is no name, and no address in its usual form";
		return NULL;
	}
	if (!tls && !host_is_loopback(lower, strlen(lower))) {
		*why = "plain http is allowed to this machine only";
		return NULL;
	}
	if (port == 0 || port == (tls ? 443 : 80))
		snprintf(out, sizeof out, "%s://%s", tls ? "https" : "http", lower);
	else
		snprintf(out, sizeof out, "%s://%s:%d", tls ? "https" : "http", lower, (int)port);
	return mem_dup_string(out);
}
