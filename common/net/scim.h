/*
 * A SCIM 2.0 client (RFC 7644): bearer token or OAuth2 client credentials, discovery, one resource
 * operation after the other or many at once, retries, pacing.
 *
 * Which requests may be sent again: GET, PUT, DELETE and PATCH at any transient failure.  A POST
 * whose answer was lost may have worked; it is sent again only if no byte of it can have reached
 * the server, or the server said so (429, 503), and ends as SCIM_TEMPORARY with lost set otherwise:
 * the caller asks the server what became of it.  Other outcomes may leave the same open: uncertain.
 *
 * 429 and 503 are retried within --retry-seconds, after Retry-After (seconds or a date) or with
 * growing waits where there is none; a 429 also slows the limiter (pace.h).  A Retry-After of more
 * than --retry-seconds is for all: no request is sent after it, and what was not ends as
 * SCIM_TEMPORARY without a status.
 * 401 gets a new token once, if the client can get one.
 *
 * Callbacks run outside libcurl, one after the other, and may submit further requests.
 */
#ifndef NET_SCIM_H
#define NET_SCIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/progress.h"

enum {
	SCIM_BODY_MAX = 64 * 1024 * 1024,	/* of an answer: a page of 1,000 groups with members */
	SCIM_DETAIL_SIZE = 400,
	SCIM_VERSION_MAX = 400		/* of a resource, in bytes */
};

/*
 *   --url URL              the base, such as https://idcs-0f.identity.oraclecloud.com/admin/v1;
 *                          SCIM_URL.  Plain http to this machine only
 *   --dialect NAME         scim (default), oci, aws: what the server is known to deviate in
 *   --token-file FILE      the bearer token, first line of the file; SCIM_TOKEN holds one itself
 *   --token-url URL        OAuth2 client credentials: the token endpoint; SCIM_TOKEN_URL; with
 *                          dialect oci: /oauth2/v1/token of the base's host
 *   --client-id ID         SCIM_CLIENT_ID
 *   --client-secret-file FILE   first line; SCIM_CLIENT_SECRET holds one itself
 *   --scope TEXT           with dialect oci: urn:opc:idm:__myscopes__; else none
 *   --domain-type NAME     of dialect oci: free (default), oracle-apps, apps-premium, premium,
 *                          external: Oracle's request rates, which pace the client
 *   --ca-bundle FILE       SCIM_CA_BUNDLE
 *   --max-rate N           requests a second, Bulk and others each; default: none, or the domain's
 *   --retry-seconds N, --connect-timeout N, --read-timeout N, --progress, --no-progress
 *                          as netopt.h has them
 */
#define SCIM_USAGE \
	"[--url url] [--dialect name] [--token-file file] [--token-url url] [--client-id id] " \
	"[--client-secret-file file] [--scope text] [--domain-type name] [--ca-bundle file] " \
	"[--max-rate n] [--retry-seconds n] [--connect-timeout seconds] [--read-timeout seconds] " \
	"[--progress] [--no-progress]"

struct scim_options {
	const char *url, *dialect, *token_file, *token_url, *client_id, *client_secret_file, *scope;
	const char *domain_type, *ca_bundle, *max_rate, *retry_seconds, *connect_timeout, *read_timeout;
	bool progress, no_progress;
};

/* The rows for these options, bound to *o.  The table is static: one a program. */
const struct opt_spec *scim_option_table(struct scim_options *o);

enum progress_mode scim_progress(const struct scim_options *o);

enum scim_dialect { SCIM_RFC, SCIM_OCI, SCIM_AWS };

/* What the server announces (ServiceProviderConfig), or what is assumed where it says nothing. */
struct scim_features {
	bool bulk, patch, filter, etag;
	size_t bulk_operations;		/* maxOperations; at most 50 where none is announced */
	size_t bulk_bytes;		/* maxPayloadSize; 1,000,000 where none is announced */
	size_t page_max;		/* filter.maxResults; 1000 at most, 100 where none is announced */
	size_t members_max;		/* membership changes in one PATCH: 100 */
};

enum scim_outcome {
	SCIM_OK,		/* 2xx */
	SCIM_DENIED,		/* the server said no; repeating will not help */
	SCIM_TEMPORARY,		/* throttled, 5xx, network, after our own retries */
	SCIM_PROTOCOL		/* an answer that the protocol does not allow */
};

struct scim_result {
	enum scim_outcome outcome;
	bool lost;		/* SCIM_TEMPORARY: the request may have been carried out */
	/*
	 * Of what changes something: this try, unless it is SCIM_OK, or an earlier one of the same
	 * request may have been carried out, since its answer was lost or cannot be read, or was one
	 * that a gateway gives by itself (408, 429, 5xx).
	 */
	bool uncertain;
	long status;		/* of HTTP; 0: no answer */
	char *body;		/* NUL behind it; borrowed in the callback; "" if there is none */
	size_t body_len;
	const char *scim_type;	/* of an Error, such as "uniqueness", or "" */
	/*
	 * Unless SCIM_OK: what to print behind the operation, "409 uniqueness: detail" or "cannot
	 * connect to HOST: why", with a hint where we know one.  The server's detail may quote a value
	 * of the request: it is for the result records; messages on stderr use summary.
	 */
	const char *message;
	const char *summary;	/* the same without the server's own words: "409 uniqueness" */
};

typedef void scim_done(void *arg, const struct scim_result *r);

struct scim_client;

/*
 * Checks the options, reads the secrets and makes the client.  Returns PROG_OK with *client set
 * (scim_free); or with one line printed PROG_USAGE (no URL, malformed, no credentials, both kinds
 * given) or PROG_FAIL.
 */
enum prog_status scim_connect(const struct scim_options *o, struct scim_client **client);

/*
 * Ends the start of a command: shuts its door (netdoor.h), behind which nothing is opened that was
 * not announced, then gets the first token.  Before the first request, and behind all else that the
 * command opens.  Returns PROG_OK; or with one line printed PROG_FAIL (the token endpoint says no,
 * say) or PROG_TEMPORARY.
 */
enum prog_status scim_start(struct scim_client *c);

void scim_free(struct scim_client *c);

enum scim_dialect scim_dialect_of(const struct scim_client *c);

/* The base URL without a trailing slash: the source in seals begins with it. */
const char *scim_url(const struct scim_client *c);

/* --retry-seconds in milliseconds, for what the caller tries again by itself. */
int64_t scim_retry_ms(const struct scim_client *c);

/*
 * Asks for ServiceProviderConfig, once.  404 and 501 mean the assumed values (aws: no Bulk).
 * Returns PROG_OK, or with one line printed PROG_FAIL or PROG_TEMPORARY.
 */
enum prog_status scim_discover(struct scim_client *c, struct scim_features *f);

/*
 * Queues one request; it starts as pacing allows.  method: "GET", "POST", "PUT", "PATCH",
 * "DELETE".  path: below the base, "/Users?startIndex=1", with its query encoded; copied, and so
 * is body (NULL: none).  done is called exactly once, from scim_run, unless scim_free comes first.
 */
void scim_submit(struct scim_client *c, const char *method, const char *path, const char *body,
    size_t len, scim_done *done, void *arg);

/*
 * The same with If-Match: version, a resource's meta.version (RFC 7644 section 3.14); NULL, or what no
 * header can hold: without.  Copied.
 */
void scim_submit_if(struct scim_client *c, const char *method, const char *path,
    const char *version, const char *body, size_t len, scim_done *done, void *arg);

/* How many requests are submitted and not done. */
size_t scim_pending(const struct scim_client *c);

/* Runs until *stop is true or nothing is under way.  stop may be NULL. */
void scim_run(struct scim_client *c, const bool *stop);

/* The same, at most until due_ms (clock_mono_ms); 0: without end. */
void scim_run_until(struct scim_client *c, const bool *stop, int64_t due_ms);

/* One request, waited for; not from inside a callback.  Valid until the next scim_call. */
const struct scim_result *scim_call(struct scim_client *c, const char *method, const char *path,
    const char *body, size_t len);

/*
 * The same to another service of Oracle's at the same host: path is below what stands in front of
 * the base's /admin/v1, such as "/job/v1/JobSchedules".  type is the body's Content-Type.
 */
const struct scim_result *scim_call_beside(struct scim_client *c, const char *method,
    const char *path, const char *type, const char *body, size_t len);

/* Appends a value in quotes for a filter, percent-encoded for a query: abc as %22abc%22. */
int scim_append_filter_value(struct buf *b, const char *value, size_t len);

/* Percent-encodes a path segment or query value. */
int scim_append_encoded(struct buf *b, const char *s, size_t len);

/* Appends ,"Calls":{"GET /Users":n,...},"Retries":n,"Throttles":n,"BytesIn":n,"BytesOut":n. */
void scim_stats_json(const struct scim_client *c, struct buf *b);

/* PROG_OK, PROG_FAIL or PROG_TEMPORARY. */
enum prog_status scim_status(enum scim_outcome o);

#endif
