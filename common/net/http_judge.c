/* What libcurl's errors mean for us, told in one line that holds no secret. */
#include <stdio.h>
#include <string.h>

#include "net/endpoint.h"

#include "net/http_slot.h"

/*
 * libcurl's own words, which now and then end in blanks.  Some quote the proxy's address, in which
 * a password may stand before the "@".
 */
static const char *
error_text(struct slot *s, CURLcode code)
{
	size_t len = strlen(s->error);

	while (len > 0 && strchr(" \r\n", s->error[len - 1]) != NULL)
		s->error[--len] = '\0';
	return len > 0 && strchr(s->error, '@') == NULL ? s->error : curl_easy_strerror(code);
}

/* Says in h->why what kept a connection from being made. */
static void
explain_connect(struct http *h, struct slot *s, CURLcode code)
{
	const char *host = endpoint_host(h->url);
	long os_errno = 0;

	if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) {
		snprintf(h->why, sizeof h->why, "cannot find host %s%s", host,
		    code == CURLE_COULDNT_RESOLVE_PROXY ? " (its proxy)" : "");
		return;
	}
	if (code == CURLE_OPERATION_TIMEDOUT) {
		snprintf(h->why, sizeof h->why, "cannot connect to %s: no answer in %d s", host,
		    (int)((h->connect_ms + 999) / 1000));
		return;
	}
	curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &os_errno);
	snprintf(h->why, sizeof h->why, "cannot connect to %s: %s", host,
	    code == CURLE_COULDNT_CONNECT && os_errno != 0 ? strerror((int)os_errno) :
	    error_text(s, code));
}

/*
 * Whether a proxy answered that it will not connect us, which libcurl calls by several names.  A
 * refusal of the proxy's own (4xx: it wants a password, or forbids the host) stands, and so does
 * an answer that is none (a redirect); that it does not reach the host now (5xx) may pass.
 */
static bool
is_proxy_refusal(struct http *h, struct slot *s, enum http_result *result)
{
	long status = 0;

	curl_easy_getinfo(s->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 0 || status / 100 == 2)
		return false;
	snprintf(h->why, sizeof h->why, "cannot connect to %s: its proxy answers HTTP %ld%s",
	    endpoint_host(h->url), status, status == 407 ? ": it wants other credentials" : "");
	*result = status / 100 == 5 ? HTTP_UNREACHABLE : HTTP_REFUSED;
	return true;
}

bool
http_is_connected(const struct slot *s)
{
	curl_off_t when = 0;

	curl_easy_getinfo(s->easy, CURLINFO_PRETRANSFER_TIME_T, &when);
	return when > 0;
}

enum http_result
http_judge(struct http *h, struct slot *s, CURLcode code)
{
	const char *host = endpoint_host(h->url);
	const char *text = error_text(s, code);
	enum http_result result;

	if (s->too_long) {
		snprintf(h->why, sizeof h->why, "the answer of %s is longer than %zu bytes", host,
		    h->body_max);
		return HTTP_REFUSED;
	}
	if (s->wrong != NULL) {
		long status = 0;

		snprintf(h->why, sizeof h->why, "the answer of %s %s", host, s->wrong);
		/* The error page of a gateway that is in trouble is often put together badly. */
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
		return status / 100 == 5 || status == 429 ? HTTP_CUT : HTTP_REFUSED;
	}
	if (is_proxy_refusal(h, s, &result))
		return result;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PROXY:
		explain_connect(h, s, code);
		return HTTP_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		if (!http_is_connected(s)) {
			explain_connect(h, s, code);
			return HTTP_UNREACHABLE;
		}
		snprintf(h->why, sizeof h->why, "no whole answer from %s in time", host);
		return HTTP_CUT;
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_FAIL_REWIND:
		snprintf(h->why, sizeof h->why, "connection to %s lost: %s", host, text);
		return HTTP_CUT;
	case CURLE_PEER_FAILED_VERIFICATION:
		snprintf(h->why, sizeof h->why, "the certificate of %s is not accepted: %s", host,
		    text);
		return HTTP_REFUSED;
	case CURLE_OUT_OF_MEMORY:
		/* What libcurl also says of a single header line beyond its 100 KiB. */
		snprintf(h->why, sizeof h->why, "the answer of %s has headers too long to read",
		    host);
		return HTTP_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		snprintf(h->why, sizeof h->why, "the answer of %s is not HTTP", host);
		return HTTP_REFUSED;
	default:
		snprintf(h->why, sizeof h->why, "%s: %s", host, text);
		return HTTP_REFUSED;
	}
}
