/*
 * A server on loopback, in a process of its own, that keeps every request and answers what a
 * script says: "STATUS BODY" for each request, in order.
 */
#ifndef UNIT_LISTENER_H
#define UNIT_LISTENER_H

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LISTENER_SIZE = 1024 * 1024, LISTENER_PATIENCE_MS = 20000 };

static char listener_seen[LISTENER_SIZE];	/* the requests, one behind the other */
static int listener_port;
static pid_t listener_pid;
static FILE *listener_kept;

/* Reads one request and keeps it.  Returns false at the end of the connection. */
static inline bool
listener_read(int fd)
{
	static char text[LISTENER_SIZE];
	size_t len = 0;

	for (;;) {
		ssize_t n = read(fd, text + len, sizeof text - 1 - len);
		const char *end, *length;

		if (n <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
		end = strstr(text, "\r\n\r\n");
		length = strstr(text, "Content-Length: ");
		if (end != NULL && length != NULL &&
		    len >= (size_t)(end + 4 - text) + strtoul(length + 16, NULL, 10))
			break;
	}
	fwrite(text, 1, len, listener_kept);
	return fflush(listener_kept) == 0;
}

static inline void
listener_serve(int listener, const char *const *script)
{
	while (*script != NULL) {
		int fd = accept(listener, NULL, NULL);

		while (*script != NULL && listener_read(fd)) {
			dprintf(fd, "HTTP/1.1 %.3s X\r\nContent-Length: %zu\r\n\r\n%s", *script,
			    strlen(*script + 4), *script + 4);
			script++;
		}
		close(fd);
	}
	_exit(0);
}

static inline void
listener_start(const char *const *script)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof a;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	listener_kept = tmpfile();
	if (listener_kept == NULL || bind(listener, (struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(listener, 16) != 0 || getsockname(listener, (struct sockaddr *)&a, &len) != 0)
		abort();
	listener_port = ntohs(a.sin_port);
	fflush(stdout);
	listener_pid = fork();
	if (listener_pid == 0)
		listener_serve(listener, script);
	close(listener);
}

/* Fills listener_seen.  Whether the whole script was asked for; the clients must be gone. */
static inline bool
listener_stop(void)
{
	int status = -1;

	for (int i = 0; i < 2000 && waitpid(listener_pid, &status, WNOHANG) == 0; i++)
		(void)poll(NULL, 0, 10);
	if (status == -1) {
		kill(listener_pid, SIGKILL);
		waitpid(listener_pid, NULL, 0);
	}
	rewind(listener_kept);
	listener_seen[fread(listener_seen, 1, sizeof listener_seen - 1, listener_kept)] = '\0';
	fclose(listener_kept);
	return status == 0;
}

/* The body of the first request in text. */
static inline const char *
listener_body(const char *text)
{
	const char *end = strstr(text, "\r\n\r\n");

	return end != NULL ? end + 4 : "(none)";
}

#endif
