/*
 * fault-server: says what a script says, byte for byte, to test what clients make of it.
 *
 *     fault-server [--tls-cert file --tls-key file [--tls-max 1.1]] [--url-in name] [--six]
 *         --save directory script command [argument ...]
 *
 * Listens on a free port of loopback (::1 with --six), runs the command with its address in the
 * variable FAULT_URL (or name), and ends with the command's status, 128+N for a death by signal.
 * Every request is kept as it came in directory/N, counted over all connections; the file
 * directory/connections has a byte for each connection.
 *
 * A line of the script is "WORD ... : ACTION ...".  What the first line says whose words all hold
 * is done:
 *
 *     connect    this is a new connection, before TLS;  "early": behind TLS, before a request
 *     3  3+      it is the third request (connection), or any from there on
 *     #2         it is the second for which the words before this one hold
 *     *          it is a request;  anything else: a request that holds this text
 *
 *     =FILE      send the file             200=FILE   an answer with this body and its length
 *     $NAME      send a variable           loop=FILE  send the file until the client has enough
 *     drip=FILE  the same, a byte at a time and slowly
 *     cork       keep what is sent until "uncork", so that it arrives together
 *     close      end the connection, over TLS with a notice;  "cut": without one;  "reset"
 *     hang       say nothing until the client goes away
 *
 * Without one of the last three lines' ends the connection is used on.  No line: reset.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
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
	FILE_MAX = 256 * 1024 * 1024,
	SCRIPT_MAX = 256 * 1024,
	REQUEST_MAX = 16 * 1024 * 1024,
	READ_SIZE = 64 * 1024,
	RULES_MAX = 64,
	WORDS_MAX = 64,
	DRIP_MS = 50
};

struct rule {
	char *words[WORDS_MAX];		/* those before the colon, NULL */
	char **actions;			/* those behind it, NULL */
	unsigned held;			/* how often all words before a "#" held */
};

struct link {
	int fd;
	SSL *tls;			/* NULL: plain, or not yet */
};

static struct rule rules[RULES_MAX];
static SSL_CTX *context;		/* NULL: no TLS */
static const char *directory;
static unsigned requests, connections;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static _Noreturn void
die(const char *what)
{
	diag_error("%s", what);
	exit(PROG_FAIL);
}

static void
read_file(const char *path, struct buf *b)
{
	char piece[READ_SIZE];
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		die(path);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		if (buf_append(b, piece, n) != 0)
			die(path);
	fclose(f);
}

static bool
send_all(const struct link *l, const char *s, size_t len)
{
	while (len > 0) {
		size_t some = len < READ_SIZE ? len : READ_SIZE;
		ssize_t n = l->tls != NULL ? SSL_write(l->tls, s, (int)some) :
		    send(l->fd, s, some, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

static ssize_t
receive(const struct link *l, char *to, size_t size)
{
	return l->tls != NULL ? SSL_read(l->tls, to, (int)size) : recv(l->fd, to, size, 0);
}

/* Whether the word, at this place of the rule, holds of number and text. */
static bool
word_holds(struct rule *r, const char *word, unsigned number, const char *text, bool request)
{
	char *end;
	unsigned long n = strtoul(word[0] == '#' ? word + 1 : word, &end, 10);

	if (strcmp(word, "*") == 0)
		return request;
	if (word[0] == '#')
		return ++r->held == n || (*end == '+' && r->held > n);
	if (end != word && (*end == '\0' || strcmp(end, "+") == 0))
		return number == n || (*end == '+' && number > n);
	return strstr(text, word) != NULL;
}

/* What to do, or NULL.  kind is "connect", "early" or "" for a request. */
static char **
find_actions(const char *kind, unsigned number, const char *text)
{
	bool request = kind[0] == '\0', special;
	struct rule *r;
	int i;

	pthread_mutex_lock(&lock);
	for (r = rules; r->actions != NULL; r++) {
		special = strcmp(r->words[0], "connect") == 0 || strcmp(r->words[0], "early") == 0;
		if (request ? special : strcmp(r->words[0], kind) != 0)
			continue;
		for (i = !request; r->words[i] != NULL; i++)
			if (!word_holds(r, r->words[i], number, text, request))
				break;
		if (r->words[i] == NULL)
			break;
	}
	pthread_mutex_unlock(&lock);
	return r->actions;
}

static void
cork(const struct link *l, int on)
{
	if (setsockopt(l->fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) != 0)
		die("cannot cork");
}

static bool
send_answer(const struct link *l, const char *status, size_t status_len, const struct buf *body)
{
	char head[256];
	int n = snprintf(head, sizeof head, "HTTP/1.1 %.*s Text\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", (int)status_len,
	    status, body->len);

	return send_all(l, head, (size_t)n) && send_all(l, body->data, body->len);
}

/* An action with a file behind "=". */
static bool
act_with_file(const struct link *l, const char *action, const char *equals)
{
	size_t len = (size_t)(equals - action);
	bool good = true;
	struct buf b;

	buf_init(&b, FILE_MAX);
	read_file(equals + 1, &b);
	if (len == 0) {
		good = send_all(l, b.data, b.len);
	} else if (strncmp(action, "loop", 4) == 0) {
		while (send_all(l, b.data, b.len))
			;
		good = false;
	} else if (strncmp(action, "drip", 4) == 0) {
		for (size_t i = 0; send_all(l, b.data + i, 1); i = (i + 1) % b.len)
			clock_sleep_ms(DRIP_MS);
		good = false;
	} else {
		good = send_answer(l, action, len, &b);
	}
	buf_free(&b);
	return good;
}

static void
reset(const struct link *l)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(l->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* Whether the connection is used on. */
static bool
act(const struct link *l, const char *action)
{
	const char *equals = strchr(action, '='), *text;
	char c;

	if (equals != NULL)
		return act_with_file(l, action, equals);
	if (action[0] == '$')
		return (text = getenv(action + 1)) != NULL && send_all(l, text, strlen(text));
	if (strcmp(action, "cork") == 0 || strcmp(action, "uncork") == 0) {
		cork(l, action[0] == 'c');
		return true;
	}
	if (strcmp(action, "close") == 0 && l->tls != NULL) {
		SSL_shutdown(l->tls);
	} else if (strcmp(action, "reset") == 0) {
		reset(l);
	} else if (strcmp(action, "hang") == 0) {
		while (recv(l->fd, &c, 1, 0) > 0)
			;
	} else if (strcmp(action, "close") != 0 && strcmp(action, "cut") != 0) {
		die(action);
	}
	return false;
}

static bool
act_all(const struct link *l, char **actions)
{
	for (; actions != NULL && *actions != NULL; actions++)
		if (!act(l, *actions))
			return false;
	return true;
}

static void
keep(const char *name, const char *data, size_t len, const char *mode)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	f = fopen(path, mode);
	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		die(path);
}

/* Reads a request with its Content-Length and keeps it.  Returns its number; 0: none came. */
static unsigned
read_request(const struct link *l, struct buf *b)
{
	const char *end = NULL, *line;
	char piece[READ_SIZE], name[16];
	size_t want = 0;
	unsigned number;

	buf_clear(b);
	while (end == NULL || b->len < want) {
		ssize_t n = receive(l, piece, sizeof piece);

		if (n <= 0 || buf_append(b, piece, (size_t)n) != 0)
			return 0;
		if (end != NULL || (end = strstr(b->data, "\r\n\r\n")) == NULL)
			continue;
		want = (size_t)(end - b->data) + 4;
		for (line = b->data; line < end; line = strstr(line, "\r\n") + 2)
			if (strncasecmp(line, "content-length:", 15) == 0)
				want += strtoul(line + 15, NULL, 10);
	}
	pthread_mutex_lock(&lock);
	number = ++requests;
	snprintf(name, sizeof name, "%u", number);
	keep(name, b->data, b->len, "w");
	pthread_mutex_unlock(&lock);
	return number;
}

/* The exchanges of a connection whose TLS, if any, stands. */
static void
converse(const struct link *l, unsigned connection)
{
	bool on = act_all(l, find_actions("early", connection, ""));
	unsigned number;
	struct buf b;

	buf_init(&b, REQUEST_MAX);
	while (on && (number = read_request(l, &b)) != 0) {
		char **actions = find_actions("", number, b.data);

		if (actions == NULL)
			reset(l);
		on = actions != NULL && act_all(l, actions);
	}
	buf_free(&b);
}

static void *
serve(void *arg)
{
	struct link l = { .fd = *(int *)arg };
	unsigned connection;

	free(arg);
	pthread_mutex_lock(&lock);
	connection = ++connections;
	keep("connections", "x", 1, "a");
	pthread_mutex_unlock(&lock);
	if (act_all(&l, find_actions("connect", connection, ""))) {
		if (context != NULL) {
			l.tls = SSL_new(context);
			if (l.tls == NULL || SSL_set_fd(l.tls, l.fd) != 1)
				die("no memory for TLS");
		}
		if (l.tls == NULL || SSL_accept(l.tls) == 1)
			converse(&l, connection);
		SSL_free(l.tls);
	}
	close(l.fd);
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
		if (fcntl(client, F_SETFD, FD_CLOEXEC) == -1 ||
		    pthread_create(&thread, NULL, serve, own) != 0)
			die("cannot start a thread");
		pthread_detach(thread);
	}
	return NULL;
}

static void
listen_somewhere(bool six, int *fd, int *port)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_in6 long_one = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr *own = six ? (struct sockaddr *)&long_one : (struct sockaddr *)&four;
	socklen_t len = six ? sizeof long_one : sizeof four;

	*fd = socket(own->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 || bind(*fd, own, len) != 0 || listen(*fd, 64) != 0 ||
	    getsockname(*fd, own, &len) != 0)
		die("cannot listen on loopback");
	*port = ntohs(six ? long_one.sin6_port : four.sin_port);
}

/* Splits the script where it stands, in memory that lasts as long as the program. */
static void
read_script(const char *path)
{
	char *line, *word, *next_line, *next_word;
	int count = 0;
	struct buf b;

	buf_init(&b, SCRIPT_MAX);
	read_file(path, &b);
	for (line = b.data; line != NULL && *line != '\0'; line = next_line) {
		struct rule *r = &rules[count];
		int n = 0;

		if ((next_line = strchr(line, '\n')) != NULL)
			*next_line++ = '\0';
		if (*line == '\0')
			continue;
		if (++count == RULES_MAX)
			die("the script is too long");
		for (word = line; word != NULL; word = next_word) {
			if ((next_word = strchr(word, ' ')) != NULL)
				*next_word++ = '\0';
			if (n + 2 > WORDS_MAX)
				die("a line of the script is too long");
			if (strcmp(word, ":") == 0)
				r->actions = &r->words[n + 1];
			else if (*word == '\0')
				continue;
			else
				r->words[n] = word;
			n++;
		}
		if (r->actions == NULL)
			die("a line of the script has no colon");
	}
}

static void
prepare_tls(const char *cert, const char *key, const char *most)
{
	context = SSL_CTX_new(TLS_server_method());
	/* The server's certificate may be as weak and as old as it likes. */
	if (context == NULL || SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") != 1 ||
	    SSL_CTX_set_min_proto_version(context, TLS1_VERSION) != 1 ||
	    (most != NULL && SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION) != 1) ||
	    SSL_CTX_use_certificate_chain_file(context, cert) != 1 || key == NULL ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		die("the certificate cannot be used");
}

static pid_t
start(char **command, const char *variable, bool six, int port)
{
	char url[64];
	pid_t child = fork();

	if (child != 0)
		return child;
	prog_child();
	snprintf(url, sizeof url, "%s://%s:%d", context != NULL ? "https" : "http",
	    six ? "[::1]" : "127.0.0.1", port);
	setenv(variable, url, 1);
	execvp(command[0], command);
	_exit(PROG_NOT_FOUND);
}

int
main(int argc, char **argv)
{
	const char *cert = NULL, *key = NULL, *most = NULL, *variable = "FAULT_URL";
	bool six = false;
	const struct opt_spec table[] = {
		{ "tls-cert", 0, OPT_VALUE, &cert }, { "tls-key", 0, OPT_VALUE, &key },
		{ "tls-max", 0, OPT_VALUE, &most }, { "url-in", 0, OPT_VALUE, &variable },
		{ "six", 0, OPT_FLAG, &six }, { "save", 0, OPT_VALUE, &directory },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { table, NULL };
	int first, listener, port, status;
	pthread_t thread;
	pid_t child;

	prog_start(argv[0]);
	first = opt_parse(argc, argv, tables,
	    "fault-server [option ...] --save directory script command [argument ...]", true);
	if (directory == NULL || argc - first < 2)
		opt_usage_error("no directory, script or command");
	read_script(argv[first]);
	if (cert != NULL)
		prepare_tls(cert, key, most);
	listen_somewhere(six, &listener, &port);
	child = start(argv + first + 1, variable, six, port);
	if (child < 0 || pthread_create(&thread, NULL, accept_all, &listener) != 0 ||
	    waitpid(child, &status, 0) != child)
		die("cannot run the command");
	/* Threads may still be sending: none of their memory is taken away. */
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
