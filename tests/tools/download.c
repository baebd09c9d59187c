/*
 * download [unsigned|libcurl]: the floor under list-users, for benchmarks.  Fetches every page of
 * ListUsers from AWS_ENDPOINT_URL with libcurl, looks for nothing but the page token, and prints
 * "PAGES BYTES".  Requests are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY by our own
 * signer, or by libcurl's, or (unsigned, for serve-pool --no-signatures) by none.
 *
 * No pacing, no retry, no check of what comes: whoever wants the users has to do more.  libcurl has
 * the options that spare it work, and the head of a request is made without detours: what lies
 * under list-users should be nothing but the network.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "net/sigv4.h"

enum {
	PAGE_MAX = 64 * 1024 * 1024,
	TOKEN_MAX = 8 * 1024,		/* serve-pool's are far shorter, and stand behind the users */
	REQUEST_MAX = 16 * 1024,
	RECEIVE_BUFFER = 256 * 1024
};

static const char target[] = "AWSCognitoIdentityProviderService.ListUsers";
static const char type[] = "application/x-amz-json-1.1";

struct download {
	CURL *curl;
	const char *endpoint, *region, *pool, *access_key, *secret;
	bool signs;		/* with our signer */
	struct sigv4_key key;
	struct curl_slist *head;	/* what every request has */
	struct buf page, request, date, authorization;
	unsigned long long pages, bytes;
};

static size_t
take(char *data, size_t size, size_t count, void *arg)
{
	struct buf *page = arg;

	return buf_append(page, data, size * count) == 0 ? size * count : 0;
}

static void
add_head(struct download *d, const char *line)
{
	struct curl_slist *longer = curl_slist_append(d->head, line);

	if (longer == NULL)
		exit(PROG_FAIL);
	d->head = longer;
}

/* Makes the lines of d->date and d->authorization. */
static void
sign(struct download *d)
{
	char date[CLOCK_AMZ_SIZE];
	const struct sigv4_header headers[] = {
		{ "Content-Type", type }, { "Host", strstr(d->endpoint, "://") + 3 },
		{ "X-Amz-Date", date }, { "X-Amz-Target", target }
	};
	const struct sigv4_request r = {
		.method = "POST", .path = "/", .headers = headers,
		.header_count = sizeof headers / sizeof *headers,
		.body = d->request.data, .body_len = d->request.len, .region = d->region,
		.service = "cognito-idp", .date = date
	};

	clock_amz(clock_wall_ms() / 1000, date);
	buf_clear(&d->date);
	buf_clear(&d->authorization);
	(void)buf_append_string(&d->date, "X-Amz-Date: ");
	(void)buf_append_string(&d->date, date);
	(void)buf_append_string(&d->authorization, "Authorization: ");
	if (sigv4_authorization(&r, d->access_key, d->secret, &d->key, &d->authorization) != 0)
		exit(PROG_FAIL);
}

/* Makes the request for the page behind the token, which may be "". */
static void
ask(struct download *d, const char *token, size_t len)
{
	buf_clear(&d->request);
	(void)buf_append_string(&d->request, "{\"UserPoolId\":\"");
	(void)buf_append_string(&d->request, d->pool);
	(void)buf_append_string(&d->request, "\",\"Limit\":60");
	if (len > 0) {
		(void)buf_append_string(&d->request, ",\"PaginationToken\":\"");
		(void)buf_append(&d->request, token, len);
		(void)buf_append_byte(&d->request, '"');
	}
	(void)buf_append_byte(&d->request, '}');
}

/* Fetches a page.  Returns 0; or -1 with the reason printed. */
static int
fetch(struct download *d)
{
	struct curl_slist authorization = { NULL, d->head }, date = { NULL, &authorization };
	CURLcode code;
	long status = 0;

	if (d->signs) {
		sign(d);
		date.data = d->date.data;
		authorization.data = d->authorization.data;
	}
	buf_clear(&d->page);
	curl_easy_setopt(d->curl, CURLOPT_HTTPHEADER, d->signs ? &date : d->head);
	curl_easy_setopt(d->curl, CURLOPT_POSTFIELDS, buf_string(&d->request));
	curl_easy_setopt(d->curl, CURLOPT_POSTFIELDSIZE, (long)d->request.len);
	code = curl_easy_perform(d->curl);
	curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK || status != 200) {
		diag_error("HTTP %ld: %s", status, curl_easy_strerror(code));
		return -1;
	}
	d->pages++;
	d->bytes += d->page.len;
	return 0;
}

static int
run(struct download *d)
{
	static const char name[] = "\"PaginationToken\":\"";
	const char *text, *token;

	ask(d, "", 0);
	for (;;) {
		if (fetch(d) != 0)
			return -1;
		text = buf_string(&d->page);
		token = strstr(text + (d->page.len > TOKEN_MAX ? d->page.len - TOKEN_MAX : 0), name);
		if (token == NULL)
			break;
		token += sizeof name - 1;
		ask(d, token, strcspn(token, "\""));
	}
	printf("%llu %llu\n", d->pages, d->bytes);
	return 0;
}

/* libcurl's own signer, for which it takes the service's names and the keys. */
static void
let_libcurl_sign(struct download *d)
{
	struct buf names, keys;

	buf_init(&names, REQUEST_MAX);
	buf_init(&keys, REQUEST_MAX);
	(void)buf_appendf(&names, "aws:amz:%s:cognito-idp", d->region);
	(void)buf_appendf(&keys, "%s:%s", d->access_key, d->secret);
	curl_easy_setopt(d->curl, CURLOPT_AWS_SIGV4, buf_string(&names));
	curl_easy_setopt(d->curl, CURLOPT_USERPWD, buf_string(&keys));
	buf_free(&names);
	buf_wipe(&keys);
}

static void
prepare(struct download *d, const char *signer)
{
	d->curl = curl_easy_init();
	if (d->curl == NULL)
		exit(PROG_FAIL);
	buf_init(&d->page, PAGE_MAX);
	buf_init(&d->request, REQUEST_MAX);
	buf_init(&d->date, REQUEST_MAX);
	buf_init(&d->authorization, REQUEST_MAX);
	curl_easy_setopt(d->curl, CURLOPT_URL, d->endpoint);
	curl_easy_setopt(d->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(d->curl, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
	curl_easy_setopt(d->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(d->curl, CURLOPT_WRITEDATA, &d->page);
	add_head(d, "Content-Type: application/x-amz-json-1.1");
	add_head(d, "X-Amz-Target: AWSCognitoIdentityProviderService.ListUsers");
	d->signs = signer == NULL;
	if (signer != NULL && strcmp(signer, "libcurl") == 0)
		let_libcurl_sign(d);
}

int
main(int argc, char **argv)
{
	struct download d = {
		.endpoint = getenv("AWS_ENDPOINT_URL"), .region = getenv("AWS_REGION"),
		.pool = getenv("COGNITO_USER_POOL_ID"), .access_key = getenv("AWS_ACCESS_KEY_ID"),
		.secret = getenv("AWS_SECRET_ACCESS_KEY"), .key = { .scope = "" }
	};
	int status;

	prog_start(argv[0]);
	if (d.endpoint == NULL || strstr(d.endpoint, "://") == NULL || d.region == NULL ||
	    d.pool == NULL || d.access_key == NULL || d.secret == NULL) {
		diag_error("the environment that serve-pool gives to its command is needed");
		return PROG_USAGE;
	}
	prepare(&d, argc > 1 ? argv[1] : NULL);
	status = run(&d);
	buf_free(&d.page);
	buf_free(&d.request);
	buf_free(&d.date);
	buf_free(&d.authorization);
	mem_wipe(&d.key, sizeof d.key);
	curl_slist_free_all(d.head);
	curl_easy_cleanup(d.curl);
	return status == 0 ? PROG_OK : PROG_FAIL;
}
