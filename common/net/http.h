/*
 * HTTP over libcurl's multi interface: one endpoint, kept connections, several requests in
 * flight on one thread.
 *
 * TLS 1.2 or later with verification that cannot be switched off; no redirects, no compression, no
 * HTTP/0.9; a proxy from the environment (https_proxy, no_proxy) except towards this machine.  An
 * answer of 200 must say how long it is (Content-Length or chunks), or a cut one could not be told
 * from a whole one.
 *
 * Callbacks run from http_turn alone, outside libcurl, one after the other; they may start further
 * requests.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_IN_FLIGHT_MAX = 16,	/* more than any quota needs, and few connections */
	HTTP_HEADERS_MAX = 12,		/* of a request */
	HTTP_TEXT_SIZE = 128		/* of a header value; longer ones count as absent */
};

struct http_config {
	const char *endpoint;		/* "https://host[:port]"; as endpoint_parse gives it */
	const char *ca_bundle;		/* NULL: the system's */
	const char *user_agent;
	bool direct;			/* never through a proxy */
	int64_t connect_ms;
	int64_t read_ms;		/* without a byte; an exchange gets five times that */
	size_t body_max;		/* of an answer */
};

enum http_result {
	HTTP_OK,		/* an answer, whole, whatever its status */
	HTTP_UNREACHABLE,	/* no connection: name, refusal, time-out; worth another try */
	HTTP_CUT,		/* connection lost or silent in the middle; worth another try */
	HTTP_REFUSED		/* certificate, not HTTP, too long: no use in another try */
};

struct http_answer {
	enum http_result result;
	bool sent;			/* unless HTTP_OK: the request may have reached the server */
	long status;
	char *body;			/* body[body_len] is NUL; borrowed during the callback */
	size_t body_len;
	const char *error_type;		/* x-amzn-errortype, or "" */
	const char *request_id;		/* x-amzn-requestid, or "" */
	int64_t date_ms;		/* Date, since the Epoch; -1: none */
	bool aged;			/* has Age: it came out of a cache, so Date is old */
	int64_t retry_after_ms;		/* x-amz-retry-after; -1: none */
	int64_t later_ms;		/* Retry-After (seconds, or a date), from now; -1: none */
	int64_t took_ms;
	const char *why;		/* unless HTTP_OK: "cannot connect to HOST: reason" */
};

struct http_request {
	const char *method;		/* NULL: POST; "GET", "PUT", "PATCH", "DELETE" */
	const char *path;		/* NULL: "/"; with a query if there is one; borrowed during the call */
	const char *head;		/* lines "Name: value", each ended by NUL; copied */
	size_t head_len;		/* of all of them; at most HTTP_HEADERS_MAX lines */
	const void *body;		/* borrowed until done is called; a DELETE may have NULL */
	size_t len;
	/*
	 * Not to be carried out twice: libcurl sends a request again by itself when a kept
	 * connection ends without an answer; with this, only if no byte of the body was sent.
	 */
	bool once;
};

/*
 * Whose certificates are trusted, for a handle of libcurl (CURL *): those in the file ca_bundle
 * alone, which http_bundle_load has read; NULL: the system's.  Returns whether libcurl took that.
 */
bool http_trust(void *easy, const char *ca_bundle);

/*
 * Reads a file of certificates (PEM, at most 4 MiB) once, for all that name it in this process,
 * before the door shuts.  Returns NULL, or a static text: why it cannot be one.  A FIFO or a device
 * is none: whoever opens it may wait for ever, or read without end.
 */
const char *http_bundle_load(const char *path);

/* Part of http_trust. */
bool http_bundle_use(void *easy, const char *path);

typedef void http_done(void *arg, const struct http_answer *answer);

struct http;

/* Copies what it needs of config.  Returns NULL if libcurl cannot start. */
struct http *http_new(const struct http_config *config);

/* Drops what is in flight without calling back.  Wipes headers and bodies. */
void http_free(struct http *h);

/* Whether another request can be started. */
bool http_has_room(const struct http *h);

/* Starts a request; only when http_has_room. */
void http_start(struct http *h, const struct http_request *r, http_done *done, void *arg);

/* Forgets the request started with this arg, if it is under way; done is not called. */
void http_cancel(struct http *h, const void *arg);

/* Lets libcurl send and receive what it can, without waiting and without calling back. */
void http_kick(struct http *h);

/* Calls back for what has finished, waiting up to wait_ms for that or for any traffic. */
void http_turn(struct http *h, int64_t wait_ms);

#endif
