/*
 * download: the floor under list-users, for benchmarks.  Fetches every page of ListUsers from
 * AWS_ENDPOINT_URL with libcurl, signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, looks for
 * nothing but the page token, and prints "PAGES BYTES".
 *
 * No pacing, no retry, no check of what comes: whoever wants the users has to do more.
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
	HEADERS = 5
};

struct download {
	CURL *curl;
	const char *endpoint, *region, *pool, *access_key, *secret;
	struct sigv4_key key;
	struct buf page, request, line;
	unsigned long long pages, bytes;
};

static size_t
take(char *data, size_t size, size_t count, void *arg)
{
	struct buf *page = arg;

	return buf_append(page, data, size * count) == 0 ? size * count : 0;
}

/* Appends "NAME: VALUE" to the list. */
static struct curl_slist *
with_line(struct curl_slist *list, struct buf *line, const char *name, const char *value)
{
	struct curl_slist *longer;

	buf_clear(line);
	(void)buf_appendf(line, "%s: %s", name, value);
	longer = curl_slist_append(list, buf_string(line));
	if (longer == NULL)
		exit(PROG_FAIL);
	return longer;
}

static struct curl_slist *
sign(struct download *d)
{
	char date[CLOCK_AMZ_SIZE];
	const struct sigv4_header headers[HEADERS] = {
		{ "Content-Type", "application/x-amz-json-1.1" },
		{ "Host", strstr(d->endpoint, "://") + 3 },
		{ "X-Amz-Date", date },
		{ "X-Amz-Target", "AWSCognitoIdentityProviderService.ListUsers" },
		{ "Expect", "" }	/* to libcurl a header without a value is one to leave out */
	};
	const struct sigv4_request r = {
		.method = "POST", .path = "/", .headers = headers, .header_count = HEADERS - 1,
		.body = d->request.data, .body_len = d->request.len, .region = d->region,
		.service = "cognito-idp", .date = date
	};
	struct curl_slist *list = NULL;
	struct buf authorization;

	clock_amz(clock_wall_ms() / 1000, date);
	buf_init(&authorization, REQUEST_MAX);
	if (sigv4_authorization(&r, d->access_key, d->secret, &d->key, &authorization) != 0)
		exit(PROG_FAIL);
	for (size_t i = 0; i < HEADERS; i++)
		list = with_line(list, &d->line, headers[i].name, headers[i].value);
	list = with_line(list, &d->line, "Authorization", buf_string(&authorization));
	buf_free(&authorization);
	return list;
}

/* Makes the request for the page behind the token, which may be "". */
static void
ask(struct download *d, const char *token, size_t len)
{
	buf_clear(&d->request);
	(void)buf_appendf(&d->request, "{\"UserPoolId\":\"%s\",\"Limit\":60", d->pool);
	if (len > 0)
		(void)buf_appendf(&d->request, ",\"PaginationToken\":\"%.*s\"", (int)len, token);
	(void)buf_append_byte(&d->request, '}');
}

/* Fetches a page.  Returns 0; or -1 with the reason printed. */
static int
fetch(struct download *d)
{
	struct curl_slist *list = sign(d);
	CURLcode code;
	long status = 0;

	buf_clear(&d->page);
	curl_easy_setopt(d->curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(d->curl, CURLOPT_POSTFIELDS, buf_string(&d->request));
	curl_easy_setopt(d->curl, CURLOPT_POSTFIELDSIZE, (long)d->request.len);
	code = curl_easy_perform(d->curl);
	curl_slist_free_all(list);
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

int
main(int argc, char **argv)
{
	struct download d = {
		.endpoint = getenv("AWS_ENDPOINT_URL"), .region = getenv("AWS_REGION"),
		.pool = getenv("COGNITO_USER_POOL_ID"), .access_key = getenv("AWS_ACCESS_KEY_ID"),
		.secret = getenv("AWS_SECRET_ACCESS_KEY"), .key = { .scope = "" }
	};
	int status;

	(void)argc;
	prog_start(argv[0]);
	if (d.endpoint == NULL || strstr(d.endpoint, "://") == NULL || d.region == NULL ||
	    d.pool == NULL || d.access_key == NULL || d.secret == NULL) {
		diag_error("the environment that serve-pool gives to its command is needed");
		return PROG_USAGE;
	}
	d.curl = curl_easy_init();
	if (d.curl == NULL)
		return PROG_FAIL;
	buf_init(&d.page, PAGE_MAX);
	buf_init(&d.request, REQUEST_MAX);
	buf_init(&d.line, REQUEST_MAX);
	curl_easy_setopt(d.curl, CURLOPT_URL, d.endpoint);
	curl_easy_setopt(d.curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(d.curl, CURLOPT_WRITEDATA, &d.page);
	status = run(&d);
	buf_free(&d.page);
	buf_free(&d.request);
	buf_free(&d.line);
	mem_wipe(&d.key, sizeof d.key);
	curl_easy_cleanup(d.curl);
	return status == 0 ? PROG_OK : PROG_FAIL;
}
