/*
 * Inside the SCIM client: what scim.c, which keeps the calls and their turns, scim_exchange.c,
 * which knows what goes over the wire, scim_token.c, scim_options.c and scim_discover.c have in
 * common.
 */
#ifndef NET_SCIM_CLIENT_H
#define NET_SCIM_CLIENT_H

#include "net/http.h"
#include "net/scim.h"
#include "net/scim_pace.h"
#include "net/turns.h"

enum {
	SCIM_WHY_SIZE = 700,
	SCIM_KINDS_MAX = 32,	/* of requests, as --stats counts them */
	SCIM_KIND_SIZE = 48,	/* "PATCH /Groups" */
	SCIM_SECRET_MAX = 16 * 1024
};

/* Where to and with what; what scim_resolve makes of options and environment. */
struct scim_config {
	char *url;			/* endpoint and prefix */
	char *endpoint, *prefix;	/* "https://HOST[:PORT]" and "/admin/v1" or "" */
	enum scim_dialect dialect;
	char *token;			/* the bearer token, or NULL: client credentials */
	char *token_file;		/* where it came from, or NULL */
	char *token_endpoint, *token_path, *client_id, *client_secret;
	char *scope;			/* or NULL */
	char *ca_bundle;
	struct scim_rates bulk, others;
	double max_rate;
	int64_t retry_ms, connect_ms, read_ms;
};

/*
 * Options and environment, checked.  Returns PROG_OK (scim_config_free), or PROG_USAGE with one
 * line printed.
 */
enum prog_status scim_resolve(const struct scim_options *o, struct scim_config *config);

void scim_config_free(struct scim_config *c);

/* The bearer token, and where the next one comes from. */
struct scim_token {
	const struct scim_config *config;	/* borrowed */
	char *bearer;			/* NULL: none yet */
	unsigned generation;		/* counts up with every new one */
	int64_t renew_ms, ends_ms;	/* clock_mono_ms; 0: not known */
	int64_t next_ms;		/* not asked again before, while the old one holds */
	bool refused;			/* by the server: of no use any more */
	bool accepted;			/* by the server, once at least */
	int vain;			/* renewals since a token was accepted */
};

/* Copies the bearer token if config has one; config must outlive t. */
void scim_token_init(struct scim_token *t, const struct scim_config *config);

void scim_token_free(struct scim_token *t);

/*
 * Makes sure that there is a token, waiting for the token endpoint within config->retry_ms.
 * Returns PROG_OK; or PROG_FAIL or PROG_TEMPORARY with why set, which holds no secret.
 */
enum prog_status scim_token_ready(struct scim_token *t, char why[SCIM_WHY_SIZE]);

/* The server refused the token of this generation.  Whether another is there or can be had. */
bool scim_token_refuse(struct scim_token *t, unsigned generation);

/* The server took the token of this generation. */
void scim_token_accept(struct scim_token *t, unsigned generation);

/*
 * The first line of a file, heap (mem_wipe_free), at most SCIM_SECRET_MAX bytes without control
 * characters.  Returns NULL with why set.  Warns if others can read the file.
 */
char *scim_secret_read(const char *path, char why[SCIM_WHY_SIZE]);

struct scim_call {
	struct turn turn;		/* its lane: SCIM_BULK or SCIM_OTHERS */
	struct scim_client *client;
	const char *method;		/* static */
	char *path;			/* with the prefix */
	char kind[SCIM_KIND_SIZE];
	char *version;			/* for If-Match; NULL: none */
	char *type;			/* Content-Type; NULL: application/scim+json */
	char *body;			/* NULL: none */
	size_t len;
	scim_done *done;
	int failures, renewals;
	bool uncertain;			/* a try may have been carried out, whatever its answer */
	unsigned generation;		/* of the token it was sent with */
};

enum { SCIM_BULK, SCIM_OTHERS, SCIM_LANES };

struct scim_client {
	struct scim_config config;
	struct scim_token token;
	struct http *http;
	struct scim_pace pace[SCIM_LANES];
	struct turns turns;
	bool answered;			/* anything has come from the server */
	enum prog_status refused;	/* why nothing is sent any more, with its text */
	char *refusal;			/* NULL: there is a token, as far as is known, and time */
	struct buf head, message, summary;
	uint64_t retries, throttles, bytes_in, bytes_out;
	struct {
		char name[SCIM_KIND_SIZE];
		uint64_t count;
	} kinds[SCIM_KINDS_MAX];
	bool discovered;
	struct scim_features features;
	struct scim_result result;	/* of scim_call, with the texts below */
	char *result_body, *result_type, *result_message, *result_summary;
};

/* Sends the call.  What comes of it goes to scim_call_finish or scim_call_repeat. */
void scim_call_send(struct scim_call *call);

/* Whether the call changes something and a try of it may have been carried out (scim_result). */
bool scim_call_uncertain(const struct scim_call *call);

/* Hands the outcome over and forgets the call. */
void scim_call_finish(struct scim_call *call, const struct scim_result *result);

/* Puts a call that was sent among those that are sent again, not before due_ms. */
void scim_call_repeat(struct scim_call *call, int64_t due_ms);

#endif
