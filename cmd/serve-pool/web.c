/* The HTTP side (web.h). */
#include "web.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "exchange.h"
#include "front.h"

/* Header lines up to here: a signature, a session token, and what proxies and tracers add. */
enum { MEMORY_LIMIT = 64 * 1024 };

/* What MHD asks a reader for at a time. */
enum { BLOCK_SIZE = 64 * 1024 };

/* The slow fault: so many pieces, so far apart. */
enum { SLOW_PIECES = 20, SLOW_GAP_MS = 100 };

static struct exchange *
exchange_new(struct server *s)
{
	struct exchange *x = mem_alloc(sizeof *x);

	x->server = s;
	x->date_second = INT64_MIN;
	buf_init(&x->body, EXCHANGE_BODY_MAX);
	params_init(&x->params);
	answer_init(&x->answer);
	return x;
}

static void
exchange_free(struct exchange *x)
{
	buf_wipe(&x->body);	/* a token of a web identity */
	params_free(&x->params);
	answer_free(&x->answer);
	mem_wipe(&x->cache, sizeof x->cache);
	free(x);
}

/* MHD's callback: a connection begins or ends. */
static void
connection_changed(void *arg, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	(void)connection;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		*context = exchange_new(arg);
	else
		exchange_free(*context);
}

/* RFC 9110, section 5.6.7, by the server's own clock; made anew once a second. */
static const char *
date_header(struct exchange *x)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec"};
	int64_t second = server_now_ms(x->server) / 1000;
	time_t t = (time_t)second;
	struct tm tm;
	char text[80];

	if (second == x->date_second || gmtime_r(&t, &tm) == NULL)
		return x->date;
	snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	memcpy(x->date, text, EXCHANGE_DATE_SIZE - 1);
	x->date_second = second;
	return x->date;
}

/* MHD's reader of a body that ends in the middle. */
static ssize_t
read_half(void *arg, uint64_t at, char *out, size_t max)
{
	const struct exchange *x = arg;
	const struct buf *b = &x->answer.body;
	size_t half = b->len / 2;

	if (at >= half)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (max > half - at)
		max = half - (size_t)at;
	memcpy(out, b->data + at, max);
	return (ssize_t)max;
}

/* MHD's reader of a body that trickles. */
static ssize_t
read_slowly(void *arg, uint64_t at, char *out, size_t max)
{
	struct exchange *x = arg;
	const struct buf *b = &x->answer.body;
	size_t piece = b->len / SLOW_PIECES + 1;

	if (at >= b->len)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (max > piece)
		max = piece;
	if (max > b->len - at)
		max = b->len - (size_t)at;
	server_pause(x->server, SLOW_GAP_MS);
	memcpy(out, b->data + at, max);
	return (ssize_t)max;
}

static struct MHD_Response *
make_response(struct exchange *x)
{
	struct buf *b = &x->answer.body;

	/* The body stays as it is until the connection's next request, so nothing is copied. */
	if (x->answer.delivery == ANSWER_WHOLE)
		return MHD_create_response_from_buffer(b->len, b->data, MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_callback(b->len, BLOCK_SIZE,
	    x->answer.delivery == ANSWER_CUT ? read_half : read_slowly, x, NULL);
}

/* Codes are ours; a message may repeat what was asked, and then it may not fit in a header. */
static bool
add_headers(struct exchange *x, struct MHD_Response *r)
{
	const struct answer *a = &x->answer;
	char type[80];
	size_t i;

	if (MHD_add_response_header(r, "x-amzn-RequestId", a->request_id) == MHD_NO ||
	    MHD_add_response_header(r, "Content-Type", a->content_type) == MHD_NO ||
	    MHD_add_response_header(r, "Date", date_header(x)) == MHD_NO)
		return false;
	if (a->code == NULL || a->xml)
		return true;
	snprintf(type, sizeof type, "%s:", a->code);
	if (MHD_add_response_header(r, "x-amzn-ErrorType", type) == MHD_NO)
		return false;
	for (i = 0; i < a->message.len; i++)
		if (a->message.data[i] < ' ' || a->message.data[i] > '~')
			return true;
	return i == 0 || i > 1000 ||
	    MHD_add_response_header(r, "x-amzn-ErrorMessage", a->message.data) == MHD_YES;
}

/* The connection ends with a TCP reset instead of an answer. */
static enum MHD_Result
reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct linger linger = {.l_onoff = 1, .l_linger = 0};

	/* Should it fail, the connection is only closed, which the client cannot use either. */
	if (info != NULL)
		(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	return MHD_NO;
}

static enum MHD_Result
respond(struct exchange *x)
{
	enum MHD_Result result = MHD_NO;
	struct MHD_Response *r;

	front_answer(x);
	if (x->answer.delivery == ANSWER_RESET)
		return reset(x->connection);
	if ((r = make_response(x)) == NULL)
		return MHD_NO;
	if (add_headers(x, r))
		result = MHD_queue_response(x->connection, x->answer.status, r);
	MHD_destroy_response(r);
	return result;
}

/* MHD's callback: once at the header's end, then for every piece of body, then once more. */
static enum MHD_Result
handle(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **context)
{
	struct exchange *x;

	(void)arg;
	(void)version;
	x = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	if (*context == NULL) {
		*context = x;
		x->connection = connection;
		x->too_large = false;
		buf_clear(&x->body);
		x->body.max = imports_is_upload(method, url) ? IMPORTS_FILE_MAX :
		    EXCHANGE_BODY_MAX;
		return MHD_YES;
	}
	if (*len > 0) {
		if (!x->too_large && buf_append(&x->body, data, *len) != 0)
			x->too_large = true;
		*len = 0;
		return MHD_YES;
	}
	x->method = method;
	x->path = url;
	return respond(x);
}

int
web_listen(uint16_t *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	/* Where a pool was served a moment ago, connections of its may still be on their way out. */
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
	    bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, SOMAXCONN) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		diag_error("127.0.0.1:%u: cannot listen: %s", (unsigned)*port, strerror(errno));
		if (fd != -1)
			close(fd);
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

static pthread_t starter;

/*
 * The first exit handler to run.  One of a connection's threads that has no memory left, or
 * libcrypto no random bytes, ends the program; what libraries do at exit would take from the other
 * threads what they use, and two of them in exit(3) would do it twice.  Nothing waits to be done:
 * whoever has temporaries is the thread that started the server, and has none while it serves.
 */
static void
end_at_once(void)
{
	if (pthread_equal(pthread_self(), starter) == 0)
		_exit(PROG_FAIL);
}

struct MHD_Daemon *
web_start(struct server *s, int fd, const char *certificate, const char *key)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
	    MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
		{MHD_OPTION_END, 0, NULL}
	};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
	struct MHD_Daemon *d;

	starter = pthread_self();
	if (atexit(end_at_once) != 0) {
		diag_error("out of memory");
		close(fd);
		return NULL;
	}
	if (certificate != NULL)
		flags |= MHD_USE_TLS;
	d = MHD_start_daemon(flags, 0, NULL, NULL, handle, s,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_LIMIT,
	    MHD_OPTION_NOTIFY_CONNECTION, connection_changed, s,
	    MHD_OPTION_ARRAY, certificate != NULL ? tls : none, MHD_OPTION_END);
	if (d == NULL) {
		diag_error("127.0.0.1: cannot serve%s",
		    certificate != NULL ? ": certificate and key are not usable" : "");
		close(fd);
	}
	return d;
}

void
web_stop(struct MHD_Daemon *d)
{
	MHD_stop_daemon(d);
}
