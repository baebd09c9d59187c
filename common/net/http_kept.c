/*
 * Kept connections: whether one is as quiet as it should be before the next request goes out.
 *
 * libcurl tells a request's callback the port that the connection has on this machine; which socket
 * that is, only whoever saw it being opened knows.
 */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_slot.h"

static int
on_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct http *h = arg;

	(void)purpose;
	if (h->socket_count == HTTP_SOCKETS_MAX)
		return CURL_SOCKOPT_ERROR;
	h->sockets[h->socket_count++] = fd;
	return CURL_SOCKOPT_OK;
}

static int
on_close(void *arg, curl_socket_t fd)
{
	struct http *h = arg;

	for (int i = 0; i < h->socket_count; i++)
		if (h->sockets[i] == fd) {
			h->sockets[i] = h->sockets[--h->socket_count];
			break;
		}
	return close(fd);
}

static int
local_port(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} own;
	socklen_t len = sizeof own;

	if (getsockname(fd, &own.any, &len) != 0)
		return -1;
	if (own.any.sa_family == AF_INET)
		return ntohs(own.four.sin_port);
	return own.any.sa_family == AF_INET6 ? ntohs(own.six.sin6_port) : -1;
}

/* Whether there is nothing to read, nor an end. */
static bool
is_quiet(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static int
on_request(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct slot *s = arg;
	const struct http *h = s->http;
	long opened = 0;

	(void)to;
	(void)from;
	(void)to_port;
	/* On a new one the server may have sent what belongs to TLS: session tickets. */
	if (curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &opened) != CURLE_OK || opened > 0)
		return CURL_PREREQFUNC_OK;
	for (int i = 0; i < h->socket_count; i++)
		if (local_port(h->sockets[i]) == from_port && !is_quiet(h->sockets[i]))
			s->stale = true;
	return s->stale ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

bool
http_kept_watch(struct slot *s)
{
	CURL *e = s->easy;

	return curl_easy_setopt(e, CURLOPT_SOCKOPTFUNCTION, on_socket) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_SOCKOPTDATA, s->http) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_CLOSESOCKETDATA, s->http) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_request) == CURLE_OK &&
	    curl_easy_setopt(e, CURLOPT_PREREQDATA, s) == CURLE_OK;
}
