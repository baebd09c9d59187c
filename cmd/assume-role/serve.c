/* The endpoint on loopback, on libmicrohttpd (serve.h). */
#include "serve.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"

enum {
	CHANCE = 32,			/* bytes: 256 bits */
	HEX_SIZE = 2 * CHANCE + 1,
	URI_SIZE = HEX_SIZE + 32,
	HOST_SIZE = 32,
	/* A pipeline's commands, and SDKs with a pool of connections each. */
	CONNECTIONS = 256,
	IDLE_SECONDS = 10,		/* the slowest client is this machine itself */
	STACK_SIZE = 512 * 1024,	/* of a connection's thread, which may ask STS */
	MEMORY_LIMIT = 16 * 1024,	/* of a connection: the request's lines */
	BODY_MAX = 256 * 1024		/* a session token of 64 KB, escaped, and the keys */
};

struct serve {
	struct renewal *renewal;
	struct MHD_Daemon *daemon;	/* NULL: not started */
	int fd;				/* it listens; the daemon's once that is there */
	unsigned port;
	char path[HEX_SIZE + 1], token[HEX_SIZE], uri[URI_SIZE];
};

static int
make_chance(char hex[HEX_SIZE])
{
	unsigned char bytes[CHANCE];

	if (RAND_bytes(bytes, sizeof bytes) != 1) {
		diag_error("libcrypto: no random numbers");
		return -1;
	}
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	mem_wipe(bytes, sizeof bytes);
	return 0;
}

/* A web page of the user's browser may reach this port, but only under the page's own name. */
static bool
is_for_us(const struct serve *s, const char *host)
{
	char numeric[HOST_SIZE], name[HOST_SIZE];

	snprintf(numeric, sizeof numeric, "127.0.0.1:%u", s->port);
	snprintf(name, sizeof name, "localhost:%u", s->port);
	return host != NULL && (strcasecmp(host, numeric) == 0 || strcasecmp(host, name) == 0);
}

/* In a time that says nothing of the token. */
static bool
is_authorized(const struct serve *s, const char *token)
{
	return token != NULL && strlen(token) == HEX_SIZE - 1 &&
	    CRYPTO_memcmp(token, s->token, HEX_SIZE - 1) == 0;
}

static void
put_member(struct buf *b, const char *name, const char *value)
{
	(void)buf_appendf(b, "%s\"%s\":", b->len == 0 ? "{" : ",", name);
	(void)jtext_string(b, value, strlen(value));
}

/* SDKs put the message into their own; texts from outside are in it, so it is made printable. */
static unsigned
put_error(struct buf *b, unsigned status, const char *code, const char *message)
{
	char text[2 * CRED_WHY_SIZE];

	put_member(b, "code", code);
	put_member(b, "message", diag_quote(text, sizeof text, message, strlen(message)));
	(void)buf_append_byte(b, '}');
	return status;
}

static unsigned
put_credentials(struct serve *s, struct buf *b)
{
	char expiration[CLOCK_RFC3339_SIZE], why[CRED_WHY_SIZE];
	struct cred cred = { 0 };
	enum prog_status status;
	int64_t end_ms;

	status = renewal_get(s->renewal, &cred, &end_ms, why);
	if (status == PROG_TEMPORARY)
		return put_error(b, MHD_HTTP_SERVICE_UNAVAILABLE, "NotRenewedYet", why);
	if (status != PROG_OK)
		return put_error(b, MHD_HTTP_BAD_REQUEST, "NotRenewed", why);
	clock_rfc3339(end_ms, expiration);
	put_member(b, "AccessKeyId", cred.access_key);
	put_member(b, "SecretAccessKey", cred.secret_key);
	put_member(b, "Token", cred.session_token);
	put_member(b, "Expiration", expiration);
	(void)buf_append_byte(b, '}');
	cred_free(&cred);
	return MHD_HTTP_OK;
}

/* Writes the answer's body and returns its status. */
static unsigned
answer(struct serve *s, struct MHD_Connection *c, const char *path, const char *method,
    struct buf *b)
{
	if (!is_for_us(s, MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host")))
		return put_error(b, MHD_HTTP_FORBIDDEN, "Forbidden", "another host is meant");
	if (strcmp(path, s->path) != 0)
		return put_error(b, MHD_HTTP_NOT_FOUND, "NotFound", "there is nothing here");
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return put_error(b, MHD_HTTP_METHOD_NOT_ALLOWED, "MethodNotAllowed", "only GET");
	if (!is_authorized(s, MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization")))
		return put_error(b, MHD_HTTP_UNAUTHORIZED, "Unauthorized",
		    "Authorization is not AWS_CONTAINER_AUTHORIZATION_TOKEN");
	return put_credentials(s, b);
}

/* MHD's callback: the response was sent. */
static void
wipe_body(void *body)
{
	mem_wipe_free(body);
}

static enum MHD_Result
respond(struct serve *s, struct MHD_Connection *connection, const char *path, const char *method)
{
	enum MHD_Result result = MHD_NO;
	struct MHD_Response *response;
	unsigned status;
	struct buf b;

	/* Of full size at once: a buffer that grows would leave copies of the keys behind. */
	buf_init(&b, BODY_MAX);
	(void)buf_reserve(&b, BODY_MAX);
	status = answer(s, connection, path, method, &b);
	response = MHD_create_response_from_buffer_with_free_callback(b.len, b.data, wipe_body);
	if (response == NULL) {
		buf_wipe(&b);
		return MHD_NO;
	}
	if (MHD_add_response_header(response, "Content-Type", "application/json") == MHD_YES &&
	    MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES)
		result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* MHD's callback: once at the header's end, then for every piece of body, then once more. */
static enum MHD_Result
handle(void *arg, struct MHD_Connection *connection, const char *path, const char *method,
    const char *version, const char *data, size_t *len, void **context)
{
	(void)version;
	(void)data;
	/* An answer to the first call would end the connection. */
	if (*context == NULL) {
		*context = arg;
		return MHD_YES;
	}
	if (*len > 0) {
		*len = 0;
		return MHD_YES;
	}
	return respond(arg, connection, path, method);
}

/*
 * Listens on a port of the kernel's choice; the threads that need to know it start afterwards.
 * Returns the socket, or -1 with the reason printed.
 */
static int
listen_here(unsigned *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
	    listen(fd, CONNECTIONS) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		diag_error("127.0.0.1: cannot listen: %s", strerror(errno));
		if (fd != -1)
			close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

struct serve *
serve_open(void)
{
	struct serve *s = mem_alloc(sizeof *s);

	s->path[0] = '/';
	if (make_chance(s->path + 1) != 0 || make_chance(s->token) != 0 ||
	    (s->fd = listen_here(&s->port)) == -1) {
		free(s);
		return NULL;
	}
	snprintf(s->uri, sizeof s->uri, "http://127.0.0.1:%u%s", s->port, s->path);
	return s;
}

int
serve_start(struct serve *s, struct renewal *r)
{
	s->renewal = r;
	/*
	 * A thread for each connection: in a single one, the others would be found idle for too
	 * long, and closed unanswered, after one that waited for STS or for a person.
	 */
	s->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
	    MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
	    handle, s, MHD_OPTION_LISTEN_SOCKET, s->fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_SIZE,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_LIMIT, MHD_OPTION_END);
	if (s->daemon != NULL)
		return 0;
	diag_error("127.0.0.1: cannot serve");
	return -1;
}

const char *
serve_uri(const struct serve *s)
{
	return s->uri;
}

const char *
serve_token(const struct serve *s)
{
	return s->token;
}

void
serve_stop(struct serve *s)
{
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);	/* and the socket is closed */
	else
		close(s->fd);
	mem_wipe(s, sizeof *s);
	free(s);
}
