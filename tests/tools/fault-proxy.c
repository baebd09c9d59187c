/*
 * fault-proxy: answers as no HTTP library would, to test what clients make of it.
 *
 *     fault-proxy --fault kind [--at n] [--always] [--to port] command [argument ...]
 *
 * Listens on a free port of loopback and runs the command with AWS_ENDPOINT_URL pointing there.
 * Requests are passed on byte for byte, Host included, so that their signatures stay good, to the
 * given port or the one in AWS_ENDPOINT_URL.  The nth request (1, counted over all connections),
 * with --always every one from there on, is answered wrongly.  Ends with the command's status,
 * 128+N for a death by signal.
 *
 * The kinds are the rows of faults[] below.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/prog.h"

enum {
	MESSAGE_MAX = 64 * 1024 * 1024,
	READ_SIZE = 64 * 1024,
	FILLER_SIZE = 64 * 1024,
	TRICKLE_MS = 100,
	STORED_MAX = 65535		/* of a stored block; RFC 1951 section 3.2.4 */
};

/* A request or an answer as it travels: head bytes, the blank line included, then the body. */
struct message {
	struct buf bytes;
	size_t head;
};

/* What a fault has to work with: the client's socket and the body of the right answer. */
struct exchange {
	int client;
	const char *body;
	size_t len;
};

struct fault {
	const char *name;
	bool (*answer)(const struct exchange *x);	/* whether the connection can be used on */
	bool tls;					/* no request is read: the client believes in TLS */
};

static const struct fault *fault;
static int upstream_port;
static bool always;
static unsigned at = 1;
static atomic_uint requests;

static bool
send_all(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, s, len, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
send_text(int fd, const char *s)
{
	return send_all(fd, s, strlen(s));
}

/* Reads one message with its Content-Length.  false: the peer is gone. */
static bool
read_message(int fd, struct message *m)
{
	char piece[READ_SIZE];
	const char *end = NULL, *line;
	size_t want = 0;

	buf_clear(&m->bytes);
	while (end == NULL || m->bytes.len < want) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);

		if (n <= 0 || buf_append(&m->bytes, piece, (size_t)n) != 0)
			return false;
		if (end != NULL || (end = strstr(m->bytes.data, "\r\n\r\n")) == NULL)
			continue;
		m->head = (size_t)(end - m->bytes.data) + 4;
		want = m->head;
		for (line = m->bytes.data; line < end; line = strstr(line, "\r\n") + 2)
			if (strncasecmp(line, "content-length:", 15) == 0)
				want += strtoul(line + 15, NULL, 10);
	}
	return true;
}

static int
connect_upstream(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)upstream_port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Status line and headers; framing is the header that says where the body ends, or NULL. */
static bool
send_head(int fd, const char *status, const char *framing)
{
	return send_text(fd, status) && send_text(fd, "\r\nContent-Type: application/x-amz-json-1.1\r\n") &&
	    (framing == NULL || (send_text(fd, framing) && send_text(fd, "\r\n"))) &&
	    send_text(fd, "\r\n");
}

static bool
send_length(int fd, const char *status, size_t len)
{
	char framing[64];

	snprintf(framing, sizeof framing, "Content-Length: %zu", len);
	return send_head(fd, status, framing);
}

static bool
send_whole(const struct exchange *x, const char *status)
{
	return send_length(x->client, status, x->len) && send_all(x->client, x->body, x->len);
}

static bool
send_chunk(int fd, const char *s, size_t len)
{
	char size[32];

	snprintf(size, sizeof size, "%zx\r\n", len);
	return send_text(fd, size) && send_all(fd, s, len) && send_text(fd, "\r\n");
}

/* Sends filler until the client has had enough. */
static void
send_for_ever(int fd, bool chunks)
{
	char filler[FILLER_SIZE];

	memset(filler, ' ', sizeof filler);
	while (chunks ? send_chunk(fd, filler, sizeof filler) : send_all(fd, filler, sizeof filler))
		;
}

/* Not HTTP, or not quite. */

static bool
garbage(const struct exchange *x)
{
	char bytes[512];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 37 + 129);
	send_all(x->client, bytes, sizeof bytes);
	return false;
}

static bool
http_09(const struct exchange *x)
{
	send_all(x->client, x->body, x->len);
	return false;
}

static bool
http_10(const struct exchange *x)
{
	send_whole(x, "HTTP/1.0 200 OK");
	return false;
}

static bool
partial(const struct exchange *x)
{
	return send_whole(x, "HTTP/1.1 206 Partial Content");
}

static bool
redirect(const struct exchange *x)
{
	char head[128];

	snprintf(head, sizeof head, "HTTP/1.1 307 Temporary Redirect\r\n"
	    "Location: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n", upstream_port);
	return send_text(x->client, head);
}

/* Where the body ends. */

static bool
close_cut(const struct exchange *x)
{
	if (send_head(x->client, "HTTP/1.1 200 OK", "Connection: close"))
		send_all(x->client, x->body, x->len / 2);
	return false;
}

static bool
close_whole(const struct exchange *x)
{
	if (send_head(x->client, "HTTP/1.1 200 OK", "Connection: close"))
		send_all(x->client, x->body, x->len);
	return false;
}

static bool
chunked(const struct exchange *x)
{
	size_t half = x->len / 2;

	return send_head(x->client, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked") &&
	    send_chunk(x->client, x->body, half) &&
	    send_chunk(x->client, x->body + half, x->len - half) && send_text(x->client, "0\r\n\r\n");
}

static bool
chunked_cut(const struct exchange *x)
{
	if (send_head(x->client, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked"))
		send_chunk(x->client, x->body, x->len / 2);
	return false;
}

static bool
length_more(const struct exchange *x)
{
	if (send_length(x->client, "HTTP/1.1 200 OK", x->len + 100))
		send_all(x->client, x->body, x->len);
	return false;
}

static bool
length_less(const struct exchange *x)
{
	return send_length(x->client, "HTTP/1.1 200 OK", x->len / 2) &&
	    send_all(x->client, x->body, x->len);
}

/* Too much. */

static bool
huge_length(const struct exchange *x)
{
	if (send_head(x->client, "HTTP/1.1 200 OK", "Content-Length: 1000000000000"))
		send_for_ever(x->client, false);
	return false;
}

static bool
huge_chunked(const struct exchange *x)
{
	if (send_head(x->client, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked"))
		send_for_ever(x->client, true);
	return false;
}

static bool
endless_headers(const struct exchange *x)
{
	char value[1024];

	memset(value, 'x', sizeof value);
	if (send_text(x->client, "HTTP/1.1 200 OK\r\n"))
		while (send_text(x->client, "X-Filler: ") &&
		    send_all(x->client, value, sizeof value) && send_text(x->client, "\r\n"))
			;
	return false;
}

static bool
long_header(const struct exchange *x)
{
	if (send_text(x->client, "HTTP/1.1 200 OK\r\nX-Filler:"))
		send_for_ever(x->client, false);
	return false;
}

static bool
endless_continue(const struct exchange *x)
{
	while (send_text(x->client, "HTTP/1.1 100 Continue\r\n\r\n"))
		;
	return false;
}

static bool
few_continue(const struct exchange *x)
{
	return send_text(x->client, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n"
	    "Content-Length: 3\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n") &&
	    send_whole(x, "HTTP/1.1 200 OK");
}

/* Too slow. */

static bool
slow_headers(const struct exchange *x)
{
	if (send_text(x->client, "HTTP/1.1 200 OK\r\nX-Filler: "))
		while (send_text(x->client, "x"))
			clock_sleep_ms(TRICKLE_MS);
	return false;
}

static bool
silent(const struct exchange *x)
{
	char c;

	while (recv(x->client, &c, 1, 0) > 0)
		;
	return false;
}

/* What a kept connection can do to the next request. */

static bool
drop(const struct exchange *x)
{
	send_whole(x, "HTTP/1.1 200 OK");
	return false;
}

static bool
trailing(const struct exchange *x)
{
	return send_whole(x, "HTTP/1.1 200 OK") && send_text(x->client, "and a little more\r\n");
}

/* An answer to a request that has not come: taken for the next page's, it would end the list. */
static bool
answer_ahead(const struct exchange *x)
{
	struct buf b;
	bool sent;

	buf_init(&b, MESSAGE_MAX);
	(void)buf_appendf(&b, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", x->len);
	(void)buf_append(&b, x->body, x->len);
	(void)buf_append_string(&b, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"Users\":[]}");
	sent = send_all(x->client, b.data, b.len);
	buf_free(&b);
	return sent;
}

/* CRC-32 as RFC 1952 section 8 has it, least significant byte first. */
static void
put_crc(struct buf *b, const char *s, size_t len)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)s[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
	}
	crc = ~crc;
	for (int i = 0; i < 32; i += 8)
		(void)buf_append_byte(b, (char)(crc >> i & 0xff));
}

/* The right body in gzip's clothes, uncompressed inside, which nobody asked for. */
static bool
gzip(const struct exchange *x)
{
	struct buf b;
	bool sent;

	buf_init(&b, MESSAGE_MAX);
	(void)buf_append(&b, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	for (size_t done = 0, n; done < x->len; done += n) {
		n = x->len - done > STORED_MAX ? STORED_MAX : x->len - done;
		(void)buf_append_byte(&b, done + n == x->len ? 1 : 0);
		(void)buf_append_byte(&b, (char)(n & 0xff));
		(void)buf_append_byte(&b, (char)(n >> 8));
		(void)buf_append_byte(&b, (char)(~n & 0xff));
		(void)buf_append_byte(&b, (char)(~n >> 8 & 0xff));
		(void)buf_append(&b, x->body + done, n);
	}
	put_crc(&b, x->body, x->len);
	for (int i = 0; i < 32; i += 8)
		(void)buf_append_byte(&b, (char)(x->len >> i & 0xff));
	sent = send_length(x->client, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip", b.len) &&
	    send_all(x->client, b.data, b.len);
	buf_free(&b);
	return sent;
}

static bool
plain_on_tls(const struct exchange *x)
{
	char piece[READ_SIZE];

	if (recv(x->client, piece, sizeof piece, 0) > 0)
		send_text(x->client, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
	return false;
}

static const struct fault faults[] = {
	{ "garbage", garbage, false }, { "http-0.9", http_09, false },
	{ "http-1.0", http_10, false }, { "partial", partial, false },
	{ "redirect", redirect, false }, { "close-cut", close_cut, false },
	{ "close-whole", close_whole, false }, { "chunked", chunked, false },
	{ "chunked-cut", chunked_cut, false }, { "length-more", length_more, false },
	{ "length-less", length_less, false }, { "huge-length", huge_length, false },
	{ "huge-chunked", huge_chunked, false }, { "endless-headers", endless_headers, false },
	{ "long-header", long_header, false }, { "endless-continue", endless_continue, false },
	{ "few-continue", few_continue, false }, { "slow-headers", slow_headers, false },
	{ "silent", silent, false }, { "drop", drop, false }, { "trailing", trailing, false },
	{ "answer-ahead", answer_ahead, false }, { "gzip", gzip, false },
	{ "plain-on-tls", plain_on_tls, true }, { NULL, NULL, false }
};

/* One request and its answer.  Returns whether there may be another on this connection. */
static bool
pass_one(int client, int upstream, struct message *m)
{
	struct exchange x = { .client = client };
	unsigned number;

	if (!read_message(client, m) || !send_all(upstream, m->bytes.data, m->bytes.len) ||
	    !read_message(upstream, m))
		return false;
	number = atomic_fetch_add(&requests, 1) + 1;
	if (number != at && (number < at || !always))
		return send_all(client, m->bytes.data, m->bytes.len);
	x.body = m->bytes.data + m->head;
	x.len = m->bytes.len - m->head;
	return fault->answer(&x);
}

static void *
serve(void *arg)
{
	int client = *(int *)arg, upstream = -1;
	struct message m = { .head = 0 };

	free(arg);
	buf_init(&m.bytes, MESSAGE_MAX);
	if (fault->tls) {
		fault->answer(&(struct exchange){ .client = client });
	} else if ((upstream = connect_upstream()) >= 0) {
		while (pass_one(client, upstream, &m))
			;
		close(upstream);
	}
	close(client);
	buf_free(&m.bytes);
	return NULL;
}

static void *
accept_all(void *arg)
{
	int listener = *(int *)arg, client;
	pthread_t thread;

	while ((client = accept(listener, NULL, NULL)) >= 0) {
		int *own = mem_alloc(sizeof *own);

		*own = client;
		if (pthread_create(&thread, NULL, serve, own) != 0) {
			diag_error("cannot start a thread");
			exit(PROG_FAIL);
		}
		pthread_detach(thread);
	}
	return NULL;
}

/* Listens and stores the port.  Returns the socket. */
static int
listen_somewhere(int *port)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof own;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, len) != 0 || listen(fd, 64) != 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &len) != 0) {
		diag_error("cannot listen on loopback");
		exit(PROG_FAIL);
	}
	*port = ntohs(own.sin_port);
	return fd;
}

static pid_t
start(char **command, int port)
{
	char url[64];
	pid_t child = fork();

	if (child != 0)
		return child;
	prog_child();
	snprintf(url, sizeof url, "%s://127.0.0.1:%d", fault->tls ? "https" : "http", port);
	setenv("AWS_ENDPOINT_URL", url, 1);
	execvp(command[0], command);
	_exit(PROG_NOT_FOUND);
}

static void
read_options(const char *kind, const char *number, const char *to)
{
	const char *url = getenv("AWS_ENDPOINT_URL"), *colon = url != NULL ? strrchr(url, ':') : NULL;

	at = (unsigned)opt_number("at", number, 1, 1000000, 1);
	upstream_port = (int)opt_number("to", to != NULL ? to : colon != NULL ? colon + 1 : "",
	    1, 65535, 0);
	for (fault = faults; fault->name != NULL; fault++)
		if (kind != NULL && strcmp(kind, fault->name) == 0)
			return;
	opt_usage_error("--fault: no such kind");
}

int
main(int argc, char **argv)
{
	const char *kind = NULL, *number = NULL, *to = NULL;
	const struct opt_spec table[] = {
		{ "fault", 0, OPT_VALUE, &kind }, { "at", 0, OPT_VALUE, &number },
		{ "always", 0, OPT_FLAG, &always }, { "to", 0, OPT_VALUE, &to },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { table, NULL };
	int first, listener, port, status;
	pthread_t thread;
	pid_t child;

	prog_start(argv[0]);
	first = opt_parse(argc, argv, tables,
	    "fault-proxy --fault kind [--at n] [--always] [--to port] command [argument ...]", true);
	if (first == argc)
		opt_usage_error("no command");
	read_options(kind, number, to);
	listener = listen_somewhere(&port);
	child = start(argv + first, port);
	if (child < 0 || pthread_create(&thread, NULL, accept_all, &listener) != 0 ||
	    waitpid(child, &status, 0) != child) {
		diag_error("cannot run the command");
		return PROG_FAIL;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
