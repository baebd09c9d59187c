/*
 * Inside the HTTP module: what http.c, which runs the exchanges, http_head.c, which reads the
 * headers of answers, and http_judge.c, which explains failures, have in common.
 */
#ifndef NET_HTTP_SLOT_H
#define NET_HTTP_SLOT_H

#include <curl/curl.h>

#include "base/buf.h"
#include "net/http.h"

enum {
	HTTP_WHY_SIZE = 400,
	HTTP_SOCKETS_MAX = 4 * HTTP_IN_FLIGHT_MAX	/* each may try several at once */
};

struct slot {
	struct http *http;
	CURL *easy;
	bool busy;
	bool broken;			/* never got to libcurl; reported by the next turn */
	bool stale;			/* the kept connection had something to say by itself */
	http_done *done;
	void *arg;
	struct curl_slist nodes[HTTP_HEADERS_MAX];
	struct buf head, body;
	int64_t started_ms;
	bool framed, too_long, aged;
	const char *wrong;		/* with it: "is not HTTP/1.1"; static; NULL: nothing */
	int64_t content_length;		/* -1: not said */
	int64_t date_ms, retry_after_ms;
	int64_t later_ms, later_date_ms;	/* Retry-After as seconds, as a date; -1: not */
	const char *unsent;		/* of the body of a request that goes out once */
	size_t unsent_len;
	char error_type[HTTP_TEXT_SIZE], request_id[HTTP_TEXT_SIZE];
	char error[CURL_ERROR_SIZE];
};

struct http {
	CURLM *multi;
	struct slot *slots[HTTP_IN_FLIGHT_MAX];
	int sockets[HTTP_SOCKETS_MAX];		/* that are open, socket_count of them */
	int socket_count;
	char *url, *ca_bundle, *user_agent;
	bool direct;
	int64_t connect_ms, read_ms;
	size_t body_max;
	char why[HTTP_WHY_SIZE];
};

/* Forgets the answer before a new one. */
void http_head_forget(struct slot *s);

/* libcurl's callback for a header line; arg is the slot.  Less than len ends the exchange. */
size_t http_head_line(char *line, size_t one, size_t len, void *arg);

/* How long the answer asks to wait (Retry-After), from now, in milliseconds; -1: it does not. */
int64_t http_head_later(const struct slot *s);

/*
 * Lets the slot's requests go out only over connections on which nothing has come that nobody asked
 * for.  What has would be taken for the answer to the next request: libcurl looks for it on plain
 * connections, but over TLS only for their end.  Returns whether libcurl took that.
 */
bool http_kept_watch(struct slot *s);

/* Whether the request could be sent; a connection used again has no connect time of its own. */
bool http_is_connected(const struct slot *s);

/* What a libcurl error of the exchange in s means; the text goes to h->why. */
enum http_result http_judge(struct http *h, struct slot *s, CURLcode code);

#endif
