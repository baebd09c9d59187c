/*
 * A server on loopback, in a process of its own, that answers what a script says, byte for byte.
 * One answer per request, in order; "@" as a Content-Length is replaced by the right one; an
 * answer that ends with CLOSE is followed by a closed connection.
 */
#ifndef UNIT_SERVER_H
#define UNIT_SERVER_H

#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define CLOSE "\x01"

static pid_t server;
static int port;

/* Reads one request, header and body.  Returns false at the end of the connection. */
static bool
read_request(int fd)
{
	char text[64 * 1024];
	size_t len = 0;

	while (len < sizeof text - 1) {
		ssize_t n = read(fd, text + len, sizeof text - 1 - len);
		char *end, *length;

		if (n <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
		end = strstr(text, "\r\n\r\n");
		length = strstr(text, "Content-Length: ");
		if (end != NULL && length != NULL &&
		    len >= (size_t)(end + 4 - text) + strtoul(length + 16, NULL, 10))
			return true;
	}
	return false;
}

/* Sends an answer.  Returns whether the connection stays. */
static bool
answer(int fd, const char *text)
{
	size_t len = strlen(text);
	bool last = len > 0 && text[len - 1] == CLOSE[0];
	const char *at = strstr(text, "Content-Length: @"), *body;
	char out[4096];
	int n;

	len -= last;
	if (at != NULL) {
		body = strstr(at, "\r\n\r\n") + 4;
		n = snprintf(out, sizeof out, "%.*s%d%.*s", (int)(at + 16 - text), text,
		    (int)(text + len - body), (int)(text + len - at - 17), at + 17);
	} else {
		n = snprintf(out, sizeof out, "%.*s", (int)len, text);
	}
	return write(fd, out, (size_t)n) == n && !last;
}

static void
serve(int listener, const char *const *script)
{
	while (*script != NULL) {
		int fd = accept(listener, NULL, NULL);

		while (*script != NULL && read_request(fd)) {
			if (!answer(fd, *script++))
				break;
		}
		close(fd);
	}
	_exit(0);
}

static void
start_server(const char *const *script)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&a, sizeof a) != 0 || listen(listener, 16) != 0 ||
	    getsockname(listener, (struct sockaddr *)&a, &len) != 0)
		abort();
	port = ntohs(a.sin_port);
	fflush(stdout);
	server = fork();
	if (server == 0)
		serve(listener, script);
	close(listener);
}

/* Whether the whole script has been asked for, or is within so many milliseconds. */
static bool
stop_server_within(int ms)
{
	int status;

	for (int i = 0; i <= ms / 10; i++) {
		if (waitpid(server, &status, WNOHANG) == server)
			return WIFEXITED(status);
		clock_sleep_ms(10);
	}
	kill(server, SIGKILL);
	waitpid(server, &status, 0);
	return false;
}

/* Whether the whole script was asked for. */
static bool
stop_server(void)
{
	return stop_server_within(20000);
}

#endif
