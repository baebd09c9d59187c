/*
 * What the container endpoint and instance metadata have in common: an address that may only be
 * a near one, one HTTP GET or PUT after the other, and an answer that is credentials.
 *
 * Nothing goes through a proxy, and no redirect is followed.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stdbool.h>

#include "net/http.h"
#include "net/source.h"

enum {
	FETCH_BODY_MAX = 128 * 1024,	/* twice the longest session token that we take */
	FETCH_WHY_SIZE = 400
};

/*
 * Splits URL into an endpoint, heap, and a path with query, heap, at least "/".  Plain http may go
 * to this machine, and to the addresses in fixed (NULL-terminated), with or without a port.
 * Returns 0; or -1 with *why set to a static text.
 */
int fetch_split(const char *url, const char *const fixed[], char **endpoint, char **path,
    const char **why);

/* Whether it can be a header's value, and lead to no second header: 1 to 16384 printable ASCII. */
bool fetch_is_token(const char *text, size_t len);

/* A client for fetch; NULL if libcurl cannot start.  The caller frees with http_free. */
struct http *fetch_open(const char *endpoint, const char *ca_bundle, int64_t connect_ms,
    int64_t read_ms);

struct fetch {
	enum http_result result;
	long status;
	char *body;			/* heap, NUL behind it */
	size_t len;
	char why[FETCH_WHY_SIZE];	/* unless HTTP_OK */
};

/*
 * Sends one request and waits for its answer.  header_name may be NULL; a value that is a secret
 * is wiped.  The caller frees with fetch_free.
 */
void fetch_send(struct http *h, const char *method, const char *path, const char *header_name,
    const char *header_value, struct fetch *f);

/* Wipes and frees. */
void fetch_free(struct fetch *f);

/*
 * What it means for credentials: PROG_OK for an answer of 200; PROG_TEMPORARY without a whole
 * answer, or for 5xx and 429; PROG_FAIL else, with why set to where, ": " and the reason.
 */
enum prog_status fetch_judge(const struct fetch *f, const char *where, char why[CRED_WHY_SIZE]);

/* Asks once; as the get of a source. */
typedef enum prog_status fetch_once(struct source *s, struct cred *cred, char why[CRED_WHY_SIZE]);

/* Asks until that is not PROG_TEMPORARY, up to three times, a second apart, if patient. */
enum prog_status fetch_patiently(fetch_once *once, struct source *s, bool patient,
    struct cred *cred, char why[CRED_WHY_SIZE]);

#endif
