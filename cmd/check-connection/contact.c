/* A first answer of the endpoint: TLS, and the service's clock (contact.h). */
#include "contact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/clock.h"
#include "net/endpoint.h"
#include "net/http.h"

enum {
	NAME_SIZE = 200,
	CLOCK_MAX_S = 5 * 60,		/* what a signature may be off */
	CLOCK_TOLD_S = 2		/* Date has whole seconds */
};

struct contact {
	CURL *easy;
	char error[CURL_ERROR_SIZE];
	char version[32];		/* "TLSv1.3", or "" */
	char issuer[NAME_SIZE];		/* of the last certificate that was looked at */
	long verify;			/* X509_V_... of the one that was refused */
	int64_t date_ms, wall_ms;	/* the service's time, and ours then; -1: none */
	bool aged;
	long connect_status;		/* of a proxy; 0: none */
};

static void
read_issuer(struct contact *k, X509 *certificate)
{
	X509_NAME *name = certificate != NULL ? X509_get_issuer_name(certificate) : NULL;

	k->issuer[0] = '\0';
	if (name != NULL && X509_NAME_get_text_by_NID(name, NID_organizationName, k->issuer,
	    NAME_SIZE) <= 0)
		(void)X509_NAME_get_text_by_NID(name, NID_commonName, k->issuer, NAME_SIZE);
}

/* OpenSSL's verdict on each certificate passes through here unchanged. */
static int
on_certificate(int good, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct contact *k = ssl != NULL ? SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)) : NULL;

	if (k != NULL) {
		read_issuer(k, X509_STORE_CTX_get_current_cert(store));
		if (good == 0)
			k->verify = X509_STORE_CTX_get_error(store);
	}
	return good;
}

static CURLcode
on_tls(CURL *easy, void *context, void *arg)
{
	SSL_CTX *ctx = context;

	(void)easy;
	SSL_CTX_set_app_data(ctx, arg);
	SSL_CTX_set_verify(ctx, SSL_CTX_get_verify_mode(ctx), on_certificate);
	return CURLE_OK;
}

static void
read_version(struct contact *k)
{
	struct curl_tlssessioninfo *info = NULL;

	if (k->version[0] == '\0' &&
	    curl_easy_getinfo(k->easy, CURLINFO_TLS_SSL_PTR, &info) == CURLE_OK && info != NULL &&
	    info->backend == CURLSSLBACKEND_OPENSSL && info->internals != NULL)
		snprintf(k->version, sizeof k->version, "%s", SSL_get_version(info->internals));
}

static size_t
on_header(char *line, size_t one, size_t len, void *arg)
{
	struct contact *k = arg;
	size_t end = len;

	(void)one;
	read_version(k);
	while (end > 0 && strchr("\r\n \t", line[end - 1]) != NULL)
		end--;
	if (len > 5 && strncasecmp(line, "date:", 5) == 0) {
		const char *value = line + 5;

		while (value < line + end && (*value == ' ' || *value == '\t'))
			value++;
		if (clock_parse_http_date(value, (size_t)(line + end - value), &k->date_ms) != 0)
			k->date_ms = -1;
		k->wall_ms = clock_wall_ms();
	} else if (len > 4 && strncasecmp(line, "age:", 4) == 0) {
		k->aged = true;
	}
	return len;
}

static size_t
on_body(char *data, size_t one, size_t len, void *arg)
{
	(void)data;
	(void)one;
	(void)arg;
	return len;
}

static bool
set_up(struct contact *k, const struct aws_config *config)
{
	const char *scheme = strncmp(config->endpoint, "https:", 6) == 0 ? "https" : "http";
	CURL *e = k->easy;
	bool ok = e != NULL;

	ok = ok && curl_easy_setopt(e, CURLOPT_URL, config->endpoint) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, scheme) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, on_tls) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, k) == CURLE_OK;
	ok = ok && http_trust(e, config->ca_bundle);
	ok = ok && (!endpoint_is_loopback(config->endpoint) ||
	    curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK);
	ok = ok && curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
	/* As http.c has it: a look-up that takes too long is not waited for. */
	ok = ok && curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)config->connect_ms) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_TIMEOUT_MS,
	    (long)(config->connect_ms + config->read_ms)) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_ERRORBUFFER, k->error) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HEADERDATA, k) == CURLE_OK;
	return ok && curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
}

/* Who vouches for the certificate is what tells an inspecting proxy from AWS. */
static void
explain_certificate(struct check *c, const struct contact *k)
{
	struct buf *hint = &c->report.hint;

	switch (k->verify) {
	case X509_V_OK:
		report_say(hint, "The certificate is not one for %s: does a name or a proxy lead "
		    "somewhere else?", endpoint_host(c->config.endpoint));
		return;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		report_say(hint, "Is the clock of this machine right? If so, the server's "
		    "certificate must be renewed.");
		return;
	default:
		if (k->issuer[0] != '\0')
			report_say(hint, "It was issued by %s. ", k->issuer);
		if (c->config.ca_bundle != NULL)
			report_say(hint, "%s must hold the certificate of that authority, as PEM.",
			    c->config.ca_bundle);
		else
			report_say(hint, "If a proxy or a firewall inspects TLS here, give the "
			    "file with the certificate of its authority by --ca-bundle or "
			    "AWS_CA_BUNDLE; otherwise install ca-certificates.");
	}
}

static void
explain_tunnel(struct check *c, const struct contact *k, const struct route *route)
{
	struct buf *hint = &c->report.hint;

	if (k->connect_status == 407)
		report_say(hint, "The proxy wants a user and a password, or others: "
		    "%s=http://USER:PASSWORD@HOST:PORT, with %%40 for an @ in them, and so on.",
		    route->variable);
	else
		report_say(hint, "The proxy does not let this through: ask its administrator to "
		    "allow %s, or, if it is reached without a proxy, name it in no_proxy.",
		    endpoint_host(c->config.endpoint));
}

static void
tls_failed(struct check *c, const struct contact *k, const struct route *route, CURLcode code)
{
	const char *text = k->error[0] != '\0' && strchr(k->error, '@') == NULL ? k->error :
	    curl_easy_strerror(code);
	enum prog_status status = PROG_TEMPORARY;
	struct report *r = &c->report;

	if (k->connect_status != 0 && k->connect_status / 100 != 2) {
		report_say(&r->detail, "the proxy answers HTTP %ld", k->connect_status);
		explain_tunnel(c, k, route);
		status = k->connect_status / 100 == 4 ? PROG_FAIL : PROG_TEMPORARY;
	} else if (code == CURLE_PEER_FAILED_VERIFICATION) {
		report_say(&r->detail, "the certificate is not accepted: %s", text);
		explain_certificate(c, k);
		status = PROG_FAIL;
	} else if (code == CURLE_SSL_CACERT_BADFILE) {
		report_say(&r->detail, "%s", text);
		report_say(&r->hint, "The file of --ca-bundle or AWS_CA_BUNDLE must hold "
		    "certificates as PEM.");
		status = PROG_FAIL;
	} else {
		/* What is no HTTP at all does not become a service by waiting. */
		if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
			status = PROG_FAIL;
		report_say(&r->detail, "%s", text);
		report_say(&r->hint, "Something between here and the endpoint breaks the "
		    "connection, or what answers there is no service of AWS: check %s.",
		    route->by_proxy ? route->variable : c->config.endpoint);
	}
	report_failed(r, "tls", status);
	c->no_network = "tls";
}

static void
check_tls(struct check *c, const struct contact *k, const struct route *route, CURLcode code)
{
	bool plain = strncmp(c->config.endpoint, "http:", 5) == 0;
	struct report *r = &c->report;

	if (code != CURLE_OK) {
		tls_failed(c, k, route, code);
	} else if (plain) {
		report_say(&r->detail, "not used: plain http to this machine");
		report_ok(r, "tls");
	} else {
		report_say(&r->detail, "%s, certificate accepted",
		    k->version[0] != '\0' ? k->version : "TLS");
		if (c->config.ca_bundle != NULL)
			report_say(&r->detail, " by %s", c->config.ca_bundle);
		report_ok(r, "tls");
	}
}

static void
check_clock(struct check *c, const struct contact *k)
{
	struct report *r = &c->report;
	/* Date was cut to the second. */
	int64_t off = (k->wall_ms - k->date_ms - 500) / 1000, size = off < 0 ? -off : off;

	if (check_lacks_network(c, "clock"))
		return;
	if (k->date_ms < 0 || k->aged) {
		report_say(&r->detail, "the answer does not tell the service's time");
		report_unknown(r, "clock");
	} else if (size < CLOCK_TOLD_S) {
		report_say(&r->detail, "agrees with the service's");
		report_ok(r, "clock");
	} else {
		report_say(&r->detail, "%lld s %s the service's", (long long)size,
		    off > 0 ? "ahead of" : "behind");
		if (size <= CLOCK_MAX_S) {
			report_ok(r, "clock");
			return;
		}
		report_say(&r->hint, "Set the clock, and keep it by NTP (systemd-timesyncd, "
		    "chrony). The commands correct it for themselves; other programs are refused, "
		    "and sessions seem to end at the wrong time.");
		report_failed(r, "clock", PROG_FAIL);
	}
}

void
contact_check(struct check *c, const struct route *route)
{
	struct contact k = { .date_ms = -1, .verify = X509_V_OK };
	CURLcode code = CURLE_FAILED_INIT;

	if (check_lacks_network(c, "tls")) {
		(void)check_lacks_network(c, "clock");
		return;
	}
	k.easy = curl_easy_init();
	if (set_up(&k, &c->config))
		code = curl_easy_perform(k.easy);
	if (k.easy != NULL)
		(void)curl_easy_getinfo(k.easy, CURLINFO_HTTP_CONNECTCODE, &k.connect_status);
	check_tls(c, &k, route, code);
	check_clock(c, &k);
	curl_easy_cleanup(k.easy);
}
