/*
 * HTTP over libcurl.
 *
 * Easy handles and their buffers are made once and used again: with a local service a request
 * costs less than setting one up.  Header lines are handed over as list nodes of our own, which
 * libcurl only reads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "net/endpoint.h"

#include "net/http_slot.h"

enum {
	HEAD_MAX = 160 * 1024,		/* a session token has no stated length */
	RECEIVE_BUFFER = 256 * 1024,	/* fewer calls per page than libcurl's 16 KiB */
	EXCHANGE_READS = 5,
	RESERVED_MAX = 256 * 1024	/* of answers with keys, which must not grow: it leaves copies */
};

static size_t
on_body(char *data, size_t one, size_t len, void *arg)
{
	struct slot *s = arg;

	(void)one;
	if (buf_append(&s->body, data, len) == 0)
		return len;
	s->too_long = true;
	return 0;
}

static size_t
on_unsent(char *to, size_t one, size_t room, void *arg)
{
	struct slot *s = arg;
	size_t n = room * one < s->unsent_len ? room * one : s->unsent_len;

	memcpy(to, s->unsent, n);
	s->unsent += n;
	s->unsent_len -= n;
	return n;
}

/* Whether libcurl was built to read the system's certificates from a file. */
static bool
has_ca_file(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	return info->age >= CURLVERSION_SEVENTH && info->cainfo != NULL;
}

bool
http_trust(void *easy, const char *ca_bundle)
{
	if (ca_bundle != NULL && (!http_bundle_use(easy, ca_bundle) ||
	    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL) != CURLE_OK))
		return false;
	/*
	 * libcurl keeps the parsed certificates (a megabyte, and milliseconds) for all connections
	 * only if they are in a file alone; and the system's directory is not the user's file.
	 */
	return (ca_bundle == NULL && !has_ca_file()) ||
	    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

static bool
set_up(const struct http *h, struct slot *s)
{
	CURL *e = s->easy;
	const char *scheme = strncmp(h->url, "https:", 6) == 0 ? "https" : "http";
	bool ok = true;

	ok = ok && curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, scheme) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
	ok = ok && http_trust(e, h->ca_bundle);
	ok = ok && (!h->direct || curl_easy_setopt(e, CURLOPT_PROXY, "") == CURLE_OK);
	ok = ok && curl_easy_setopt(e, CURLOPT_USERAGENT, h->user_agent) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
	/* What is asked for is what is said, whatever its name: not /Users for /Users/x/.. */
	ok = ok && curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
	/* A look-up that takes too long is left to its thread, or its end would be waited for. */
	ok = ok && curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_TCP_NODELAY, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)h->connect_ms) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME,
	    (long)((h->read_ms + 999) / 1000)) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_TIMEOUT_MS,
	    (long)(h->connect_ms + EXCHANGE_READS * h->read_ms)) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->error) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HEADERFUNCTION,
	    http_head_line) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_HEADERDATA, s) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_WRITEDATA, s) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_READFUNCTION, on_unsent) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_READDATA, s) == CURLE_OK;
	ok = ok && http_kept_watch(s);
	return ok && curl_easy_setopt(e, CURLOPT_PRIVATE, s) == CURLE_OK;
}

/* An idle slot, made if need be; the caller has asked http_has_room. */
static struct slot *
idle_slot(struct http *h)
{
	int i = 0;

	while (h->slots[i] != NULL && h->slots[i]->busy)
		i++;
	if (h->slots[i] == NULL) {
		struct slot *s = mem_alloc(sizeof *s);

		buf_init(&s->head, HEAD_MAX);
		buf_init(&s->body, h->body_max);
		if (h->body_max <= RESERVED_MAX)
			(void)buf_reserve(&s->body, h->body_max);
		s->http = h;
		s->easy = curl_easy_init();
		if (s->easy == NULL || !set_up(h, s)) {
			diag_error("libcurl: a request cannot be set up");
			exit(PROG_FAIL);
		}
		h->slots[i] = s;
	}
	return h->slots[i];
}

struct http *
http_new(const struct http_config *config)
{
	struct http *h;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	h = mem_alloc(sizeof *h);
	h->multi = curl_multi_init();
	if (h->multi == NULL) {
		free(h);
		curl_global_cleanup();
		return NULL;
	}
	/* By itself libcurl keeps four for each request that is just then under way. */
	(void)curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)HTTP_IN_FLIGHT_MAX);
	h->url = mem_dup_string(config->endpoint);
	h->ca_bundle = mem_dup_string(config->ca_bundle);
	h->user_agent = mem_dup_string(config->user_agent);
	h->direct = config->direct;
	h->connect_ms = config->connect_ms;
	h->read_ms = config->read_ms;
	h->body_max = config->body_max;
	return h;
}

void
http_free(struct http *h)
{
	for (int i = 0; i < HTTP_IN_FLIGHT_MAX; i++) {
		struct slot *s = h->slots[i];

		if (s == NULL)
			continue;
		if (s->busy && !s->broken)
			curl_multi_remove_handle(h->multi, s->easy);
		curl_easy_cleanup(s->easy);
		buf_wipe(&s->head);
		buf_wipe(&s->body);
		free(s);
	}
	curl_multi_cleanup(h->multi);
	free(h->url);
	free(h->ca_bundle);
	free(h->user_agent);
	free(h);
	curl_global_cleanup();
}

bool
http_has_room(const struct http *h)
{
	for (int i = 0; i < HTTP_IN_FLIGHT_MAX; i++)
		if (h->slots[i] == NULL || !h->slots[i]->busy)
			return true;
	return false;
}

/* Links the lines in s->head as libcurl wants them.  Returns 0, or -1 if there are too many. */
static int
link_lines(struct slot *s)
{
	char *line = s->head.data, *end = line + s->head.len;
	int count = 0;

	for (; line < end; line += strlen(line) + 1, count++) {
		if (count == HTTP_HEADERS_MAX)
			return -1;
		s->nodes[count].data = line;
		s->nodes[count].next = NULL;
		if (count > 0)
			s->nodes[count - 1].next = &s->nodes[count];
	}
	return 0;
}

static bool
set_request(const struct http *h, struct slot *s, const struct http_request *r)
{
	bool get = r->method != NULL && strcmp(r->method, "GET") == 0;
	bool bare = get || (r->method != NULL && r->body == NULL &&
	    strcmp(r->method, "DELETE") == 0);
	const char *fields = r->body != NULL ? r->body : "";
	CURL *e = s->easy;
	bool ok = true;

	if (r->path == NULL) {
		ok = curl_easy_setopt(e, CURLOPT_URL, h->url) == CURLE_OK;
	} else {
		size_t size = strlen(h->url) + strlen(r->path) + 1;
		char *url = mem_alloc(size);

		snprintf(url, size, "%s%s", h->url, r->path);
		ok = curl_easy_setopt(e, CURLOPT_URL, url) == CURLE_OK;
		/* It may be a secret by itself: that of a file, with its signature. */
		mem_wipe_free(url);
	}
	ok = ok && curl_easy_setopt(e, CURLOPT_HTTPHEADER, s->nodes) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, get ? NULL : r->method) == CURLE_OK;
	if (bare)
		return ok && curl_easy_setopt(e, CURLOPT_HTTPGET, 1L) == CURLE_OK;
	ok = ok && curl_easy_setopt(e, CURLOPT_POST, 1L) == CURLE_OK;
	/* What libcurl got from on_unsent it cannot have a second time. */
	s->unsent = fields;
	s->unsent_len = r->len;
	ok = ok && curl_easy_setopt(e, CURLOPT_POSTFIELDS, r->once ? NULL : fields) == CURLE_OK;
	return ok && curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->len) ==
	    CURLE_OK;
}

void
http_start(struct http *h, const struct http_request *r, http_done *done, void *arg)
{
	struct slot *s = idle_slot(h);

	http_head_forget(s);
	buf_clear(&s->head);
	s->error[0] = '\0';
	s->busy = true;
	s->stale = false;
	s->done = done;
	s->arg = arg;
	s->started_ms = clock_mono_ms();
	s->broken = buf_append(&s->head, r->head, r->head_len) != 0 || link_lines(s) != 0 ||
	    !set_request(h, s, r) || curl_multi_add_handle(h->multi, s->easy) != CURLM_OK;
}

void
http_cancel(struct http *h, const void *arg)
{
	for (int i = 0; i < HTTP_IN_FLIGHT_MAX; i++) {
		struct slot *s = h->slots[i];

		if (s == NULL || !s->busy || s->arg != arg)
			continue;
		if (!s->broken)
			curl_multi_remove_handle(h->multi, s->easy);
		s->busy = false;
	}
}

static void
finish(struct http *h, struct slot *s, CURLcode code)
{
	struct http_answer a = {
		.body_len = s->body.len, .error_type = s->error_type,
		.request_id = s->request_id, .date_ms = s->date_ms, .aged = s->aged,
		.retry_after_ms = s->retry_after_ms, .later_ms = http_head_later(s), .why = "",
		.took_ms = clock_mono_ms() - s->started_ms
	};
	static char empty[1];
	void *arg;

	a.body = s->body.data != NULL ? s->body.data : empty;
	if (code != CURLE_OK) {
		a.result = http_judge(h, s, code);
		a.why = h->why;
		a.sent = a.result != HTTP_UNREACHABLE && http_is_connected(s);
	} else {
		curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &a.status);
		if (a.status == 200 && !s->framed) {
			snprintf(h->why, sizeof h->why, "the answer of %s does not say how long "
			    "it is", endpoint_host(h->url));
			a.result = HTTP_CUT;
			a.sent = true;
			a.why = h->why;
		}
	}
	arg = s->arg;
	s->arg = NULL;		/* no longer under way for http_cancel */
	s->done(arg, &a);
	s->busy = false;
}

/*
 * libcurl gave up a connection that was not quiet, and nothing was sent: another one, at the latest
 * a new one, will do.
 */
static bool
is_sent_anew(struct http *h, struct slot *s)
{
	if (!s->stale)
		return false;
	s->stale = false;
	return curl_multi_add_handle(h->multi, s->easy) == CURLM_OK;
}

/* Calls back for everything that has ended.  Returns whether there was anything. */
static bool
deliver(struct http *h)
{
	bool any = false;
	CURLMsg *m;
	int left;

	for (int i = 0; i < HTTP_IN_FLIGHT_MAX; i++)
		if (h->slots[i] != NULL && h->slots[i]->busy && h->slots[i]->broken) {
			finish(h, h->slots[i], CURLE_FAILED_INIT);
			any = true;
		}
	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		CURLcode code = m->data.result;
		CURL *easy = m->easy_handle;
		struct slot *s;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&s);
		curl_multi_remove_handle(h->multi, easy);
		if (!is_sent_anew(h, s))
			finish(h, s, code);
		any = true;
	}
	return any;
}

/* libcurl cannot go on: everything under way ends as broken. */
static void
break_all(struct http *h)
{
	for (int i = 0; i < HTTP_IN_FLIGHT_MAX; i++) {
		struct slot *s = h->slots[i];

		if (s == NULL || !s->busy || s->broken)
			continue;
		curl_multi_remove_handle(h->multi, s->easy);
		s->broken = true;
	}
}

void
http_kick(struct http *h)
{
	int running;

	if (curl_multi_perform(h->multi, &running) != CURLM_OK)
		break_all(h);
}

void
http_turn(struct http *h, int64_t wait_ms)
{
	http_kick(h);
	if (deliver(h) || wait_ms <= 0)
		return;
	if (curl_multi_poll(h->multi, NULL, 0, (int)(wait_ms < 60000 ? wait_ms : 60000), NULL) !=
	    CURLM_OK)
		break_all(h);
	http_kick(h);
	deliver(h);
}
