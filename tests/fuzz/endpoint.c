/*
 * Any text as an endpoint given by hand, as a region, and as what else is checked before it goes
 * into a request.  Compared with libcurl's own parser of URLs, which decides whom the keys are
 * sent to: the same scheme, host and port, no user, path, query or fragment, also in the form that
 * comes out; what is taken for this machine is this machine to libcurl, and nothing else is
 * allowed without TLS.  Nothing that is accepted holds CR, LF, a blank or a byte beyond ASCII.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdint.h>
#include <strings.h>

#include "net/endpoint.h"
#include "net/sts.h"

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_printable(const char *s)
{
	for (; *s != '\0'; s++)
		check(*s > ' ' && *s <= '~');
}

/* A part of the URL, or NULL. */
static char *
part(CURLU *u, CURLUPart what, unsigned flags)
{
	char *copy, *s = NULL;

	if (curl_url_get(u, what, &s, flags) != CURLUE_OK)
		return NULL;
	copy = strdup(s);
	curl_free(s);
	return copy;
}

static bool
is_absent(CURLU *u, CURLUPart what)
{
	char *s = part(u, what, 0);
	bool absent = s == NULL;

	free(s);
	return absent;
}

/* Whether the host is this machine by itself, as getaddrinfo reads numbers (inet_aton). */
static bool
is_this_machine(const char *host)
{
	struct in6_addr six;
	struct in_addr four;
	char inner[100];

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_aton(host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (host[0] != '[' || strlen(host) >= sizeof inner)
		return false;
	snprintf(inner, sizeof inner, "%s", host + 1);
	inner[strcspn(inner, "]")] = '\0';
	return inet_pton(AF_INET6, inner, &six) == 1 &&
	    memcmp(&six, &in6addr_loopback, sizeof six) == 0;
}

static void
check_url(const char *given, const char *endpoint)
{
	CURLU *u = curl_url(), *v = curl_url();
	char *host, *port, *scheme, *again, want[2 * ENDPOINT_URL_MAX];
	const char *why;

	check(curl_url_set(u, CURLUPART_URL, given, 0) == CURLUE_OK);
	check(curl_url_set(v, CURLUPART_URL, endpoint, 0) == CURLUE_OK);
	check(is_absent(u, CURLUPART_USER) && is_absent(u, CURLUPART_PASSWORD) &&
	    is_absent(u, CURLUPART_QUERY) && is_absent(u, CURLUPART_FRAGMENT) &&
	    is_absent(u, CURLUPART_ZONEID));
	again = part(u, CURLUPART_PATH, 0);
	check(strcmp(again, "/") == 0);
	free(again);
	for (int i = 0; i < 2; i++) {
		CURLU *one = i == 0 ? u : v;

		scheme = part(one, CURLUPART_SCHEME, 0);
		host = part(one, CURLUPART_HOST, 0);
		port = part(one, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
		snprintf(want, sizeof want, "%s://%s%s%s", scheme, host, port != NULL ? ":" : "",
		    port != NULL ? port : "");
		check(strcasecmp(want, endpoint) == 0);
		check(is_this_machine(host) == endpoint_is_loopback(endpoint));
		check(strcmp(scheme, "https") == 0 || is_this_machine(host));
		free(scheme);
		free(host);
		free(port);
	}
	again = endpoint_parse(endpoint, &why);
	check(again != NULL && strcmp(again, endpoint) == 0);
	free(again);
	curl_url_cleanup(u);
	curl_url_cleanup(v);
}

static void
try_endpoint(const char *text)
{
	const char *why;
	char *endpoint = endpoint_parse(text, &why);

	if (endpoint == NULL) {
		check(why != NULL);
		return;
	}
	check_printable(text);
	check_printable(endpoint);
	check(strlen(endpoint) < ENDPOINT_URL_MAX);
	check_url(text, endpoint);
	free(endpoint);
}

/* A region becomes part of a host's name: it must stay inside the partition's domain. */
static void
try_region(const char *text)
{
	static const char *const suffixes[] = { ".amazonaws.com", ".amazonaws.com.cn", ".api.aws",
		".api.amazonwebservices.com.cn", ".amazonaws.eu", ".api.amazonwebservices.eu",
		".c2s.ic.gov", ".api.aws.ic.gov", ".sc2s.sgov.gov", ".api.aws.scloud",
		".cloud.adc-e.uk", ".api.cloud-aws.adc-e.uk", ".csp.hci.ic.gov",
		    ".api.aws.hci.ic.gov" };

	if (!endpoint_region_valid(text))
		return;
	for (int i = 0; i < 8; i++) {
		char *url = endpoint_of_aws((i & 1) != 0 ? AWS_STS : AWS_COGNITO_IDP, text,
		    (i & 2) != 0,
		    (i & 4) != 0);
		CURLU *u = curl_url();
		size_t n = 0;
		char *host;

		check_printable(url);
		check(curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK);
		host = part(u, CURLUPART_HOST, 0);
		check(strncmp(url, "https://", 8) == 0 && strcmp(url + 8, host) == 0);
		while (n < sizeof suffixes / sizeof *suffixes &&
		    (strlen(host) < strlen(suffixes[n]) ||
		    strcmp(host + strlen(host) - strlen(suffixes[n]), suffixes[n]) != 0))
			n++;
		check(n < sizeof suffixes / sizeof *suffixes);
		check(!endpoint_is_loopback(url));
		curl_url_cleanup(u);
		free(host);
		free(url);
	}
}

/* What goes into the form of AssumeRole. */
static void
try_sts(const char *text)
{
	static const struct sts_assume_role plain = {
		.role_arn = "arn:aws:iam::123456789012:role/a", .session_name = "ab"
	};
	struct sts_tag tag = { "k", text };
	const char *member;

	for (int i = 0; i < 7; i++) {
		struct sts_assume_role r = plain;

		if (i == 0)
			r.role_arn = text;
		else if (i == 1)
			r.session_name = text;
		else if (i == 2)
			r.external_id = text;
		else if (i == 3)
			r.source_identity = text;
		else if (i == 4)
			r.serial_number = text;
		else if (i == 5)
			r.policy_arns = &text, r.policy_arn_count = 1;
		else
			r.tags = &tag, r.tag_count = 1;
		if (sts_check(&r, &member) != NULL)
			continue;
		for (const char *s = text; *s != '\0'; s++)
			check((unsigned char)*s >= ' ' && *s != 0x7f);
		if (i < 6)
			check_printable(text);
	}
	if (sts_token_code_valid(text))
		check(strlen(text) == 6 && strspn(text, "0123456789") == 6);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 16);

	memcpy(text, data, size);
	text[size] = '\0';
	try_endpoint(text);
	try_region(text);
	try_sts(text);
	/* Most texts have no scheme. */
	snprintf(text, size + 16, "%s%.*s", size > 0 && data[0] % 2 == 0 ? "http://" : "https://",
	    (int)size, (const char *)data);
	try_endpoint(text);
	free(text);
	return 0;
}
