/* Proxy, name and connection (route.h). */
#include "route.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <curl/curl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/endpoint.h"

#include "lookup.h"

enum { ADDRESSES_SHOWN = 4 };

/* An address of documentation (RFC 5737), and a port of nobody: no connection is made there. */
#define DUMMY_HOST "192.0.2.1"
#define DUMMY_PORT 9
#define DUMMY_TARGET "::192.0.2.1:9"

struct target {
	bool direct;
};

/* libcurl is about to connect: sees where to, and does not let it. */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct target *target = arg;
	struct sockaddr_in in;
	char text[INET_ADDRSTRLEN];

	(void)purpose;
	if (address->family == AF_INET && address->addrlen >= sizeof in) {
		memcpy(&in, &address->addr, sizeof in);
		target->direct = ntohs(in.sin_port) == DUMMY_PORT &&
		    inet_ntop(AF_INET, &in.sin_addr, text, sizeof text) != NULL &&
		    strcmp(text, DUMMY_HOST) == 0;
	}
	return CURL_SOCKET_BAD;
}

/*
 * Whether libcurl would ask a proxy for this endpoint.  A direct connection goes where
 * CURLOPT_CONNECT_TO says; one to a proxy does not, be it that its name is not even found.
 */
static bool
goes_by_proxy(const char *endpoint)
{
	char to[] = DUMMY_TARGET;
	struct curl_slist list = { .data = to, .next = NULL };
	struct target target = { .direct = false };
	CURL *e = curl_easy_init();
	bool ok = e != NULL;

	ok = ok && curl_easy_setopt(e, CURLOPT_URL, endpoint) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_CONNECT_TO, &list) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, &target) == CURLE_OK;
	if (ok)
		(void)curl_easy_perform(e);
	curl_easy_cleanup(e);
	return ok && !target.direct;
}

/* The variable that names a proxy, in libcurl's order, with its value; or NULL. */
static const char *
proxy_variable(const char **value)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		*value = getenv(names[i]);
		if (*value != NULL && (*value)[0] != '\0')
			return names[i];
	}
	return NULL;
}

static char *
part(CURLU *u, CURLUPart which, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(u, which, &text, flags) != CURLUE_OK)
		return NULL;
	copy = mem_dup_string(text);
	curl_free(text);
	return copy;
}

/* Takes a URL apart.  Returns 0, or -1 if it is none. */
static int
parse(const char *url, const char *default_port, char **host, char **port, char **shown)
{
	CURLU *u = curl_url();
	size_t len;

	if (u == NULL || curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME |
	    CURLU_DEFAULT_SCHEME | CURLU_GUESS_SCHEME) != CURLUE_OK) {
		curl_url_cleanup(u);
		return -1;
	}
	*host = part(u, CURLUPART_HOST, 0);
	*port = part(u, CURLUPART_PORT, 0);
	if (*port == NULL)
		*port = mem_dup_string(strncmp(url, "https:", 6) == 0 ? "443" : default_port);
	(void)curl_url_set(u, CURLUPART_USER, NULL, 0);
	(void)curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
	*shown = part(u, CURLUPART_URL, 0);
	curl_url_cleanup(u);
	/* The brackets of an IPv6 address are a URL's, not the address's. */
	len = *host != NULL ? strlen(*host) : 0;
	if (len > 2 && (*host)[0] == '[') {
		memmove(*host, *host + 1, len - 2);
		(*host)[len - 2] = '\0';
	}
	return *host != NULL && *shown != NULL ? 0 : -1;
}

static void
check_proxy(struct check *c, struct route *route)
{
	static const char name[] = "proxy";
	const char *value, *variable = proxy_variable(&value);
	const char *endpoint = c->config.endpoint;
	bool loopback = endpoint_is_loopback(endpoint);
	struct report *r = &c->report;
	char *shown = NULL;

	route->by_proxy = variable != NULL && !loopback && goes_by_proxy(endpoint);
	if (variable == NULL) {
		report_say(&r->detail, "none is configured");
		report_ok(r, name);
	} else if (!route->by_proxy) {
		report_say(&r->detail, loopback ? "none: %s is this machine" :
		    "none: %s is exempt by no_proxy", endpoint_host(endpoint));
		report_ok(r, name);
	} else if (parse(value, "1080", &route->host, &route->port, &route->proxy) != 0) {
		report_say(&r->detail, "%s is not the address of a proxy", variable);
		report_say(&r->hint, "Give it the form http://HOST:PORT.");
		report_failed(r, name, PROG_USAGE);
		c->no_network = name;
	} else {
		route->variable = variable;
		report_say(&r->detail, "%s (%s)", route->proxy, variable);
		report_ok(r, name);
	}
	if (!route->by_proxy && parse(endpoint, "80", &route->host, &route->port, &shown) != 0)
		c->no_network = name;	/* cannot be: endpoint_parse has read it */
	free(shown);
}

static void
show_addresses(struct buf *b, const struct addrinfo *list)
{
	char text[NI_MAXHOST];
	int n = 0;

	for (; list != NULL; list = list->ai_next, n++)
		if (n < ADDRESSES_SHOWN && getnameinfo(list->ai_addr, list->ai_addrlen, text,
		    sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
			report_say(b, "%s%s", n > 0 ? ", " : "", text);
	if (n > ADDRESSES_SHOWN)
		report_say(b, " and %d more", n - ADDRESSES_SHOWN);
}

static void
show_name(struct buf *b, const struct route *route, const struct addrinfo *list)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, route->host, address) == 1 ||
	    inet_pton(AF_INET6, route->host, address) == 1) {
		report_say(b, "not needed: %s is an address", route->host);
		return;
	}
	report_say(b, "%s%s: ", route->by_proxy ? "the proxy's name, " : "", route->host);
	show_addresses(b, list);
}

static void
explain_name(struct check *c, const struct route *route, int code)
{
	bool of_aws = strcmp(c->config.endpoint_from, "AWS") == 0;
	struct buf *hint = &c->report.hint;

	if (code == EAI_AGAIN) {
		report_say(hint, "No name server answered: is this machine on the network "
		    "(/etc/resolv.conf)? ");
	} else if (route->by_proxy) {
		report_say(hint, "Correct %s. ", route->variable);
	} else {
		report_say(hint, "Is the %s spelled right (%s, from %s)? ",
		    of_aws ? "region" : "endpoint",
		    of_aws ? c->config.region : c->config.endpoint,
		    of_aws ? check_region_from(c) : c->config.endpoint_from);
	}
	if (!route->by_proxy)
		report_say(hint, "Where the Internet is reached by a proxy only, set "
		    "https_proxy.");
}

/* Returns the addresses (freeaddrinfo), or NULL. */
static struct addrinfo *
check_name(struct check *c, const struct route *route)
{
	static const char name[] = "dns";
	struct addrinfo *list = NULL;
	struct report *r = &c->report;
	int code;

	if (check_lacks_network(c, name))
		return NULL;
	code = lookup_name(route->host, route->port, c->config.connect_ms, &list);
	if (code == 0) {
		show_name(&r->detail, route, list);
		report_ok(r, name);
		return list;
	}
	report_say(&r->detail, "%s%s: %s", route->by_proxy ? "the proxy's name, " : "",
	    route->host, gai_strerror(code));
	explain_name(c, route, code);
	report_failed(r, name, PROG_TEMPORARY);
	c->no_network = name;
	return NULL;
}

/* Returns 0 once connected, or the error's number. */
static int
try_connect(const struct addrinfo *a, int64_t timeout_ms)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    a->ai_protocol);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error = 0;

	if (fd == -1)
		return errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0)
		error = errno;
	if (error == EINPROGRESS) {
		error = poll(&wait, 1, (int)timeout_ms) == 1 ? 0 : ETIMEDOUT;
		if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
			error = errno;
	}
	close(fd);
	return error;
}

static void
explain_connection(struct check *c, const struct route *route, int error)
{
	struct buf *hint = &c->report.hint;
	const char *what = route->by_proxy ? "The proxy" : "The endpoint";

	if (error == ECONNREFUSED)
		report_say(hint, "%s is not there, or a firewall refuses it: check %s. ", what,
		    route->by_proxy ? route->variable : "host and port");
	else if (error == ETIMEDOUT)
		report_say(hint, "A firewall drops it silently, or there is no way out: a private "
		    "subnet needs a NAT gateway or an interface endpoint for cognito-idp. ");
	else if (error == ENETUNREACH || error == EHOSTUNREACH)
		report_say(hint, "This machine has no route there: is it on the network? With IPv6 "
		    "alone it may need --use-dualstack-endpoint. ");
	else
		report_say(hint, "Is the network of this machine up? ");
	if (!route->by_proxy)
		report_say(hint, "Where the Internet is reached by a proxy only, set "
		    "https_proxy.");
}

static void
check_connection(struct check *c, const struct route *route, const struct addrinfo *list)
{
	static const char name[] = "tcp";
	int64_t started = clock_mono_ms();
	int64_t left = c->config.connect_ms;
	struct report *r = &c->report;
	int error = 0, first = 0, addresses = 0;

	if (check_lacks_network(c, name))
		return;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		addresses++;
	/* All share the time, as they do in libcurl, and the first cannot use it up. */
	for (; list != NULL; list = list->ai_next) {
		error = try_connect(list, left / addresses--);
		if (error == 0)
			break;
		left = started + c->config.connect_ms - clock_mono_ms();
		if (left < 0)
			left = 0;
		if (first == 0)
			first = error;
	}
	if (error == 0) {
		report_say(&r->detail, "connected to %s port %s in %lld ms", route->host,
		    route->port, (long long)(clock_mono_ms() - started));
		report_ok(r, name);
		return;
	}
	report_say(&r->detail, "cannot connect to %s port %s: %s", route->host, route->port,
	    strerror(first));
	explain_connection(c, route, first);
	report_failed(r, name, PROG_TEMPORARY);
	c->no_network = name;
}

void
route_check(struct check *c, struct route *route)
{
	struct addrinfo *list;

	memset(route, 0, sizeof *route);
	if (!check_lacks_network(c, "proxy"))
		check_proxy(c, route);
	list = check_name(c, route);
	check_connection(c, route, list);
	if (list != NULL)
		freeaddrinfo(list);
}

void
route_free(struct route *route)
{
	free(route->proxy);
	free(route->host);
	free(route->port);
}
