#include "upload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/endpoint.h"
#include "net/fetch.h"
#include "net/http.h"
#include "net/retry.h"

enum {
	ANSWER_MAX = 64 * 1024,
	TURN_MS = 1000,
	CODE_SIZE = 64, WHY_SIZE = 400,
	/* An exchange gets five times that: the quarter of an hour for which the URL is good. */
	READ_MS = 180 * 1000
};

static const char head[] = "x-amz-server-side-encryption: aws:kms\0Content-Type:";

struct answer {
	bool done;
	enum http_result result;
	long status;
	char code[CODE_SIZE];		/* S3's, or "" */
	bool expired;			/* by S3's words: the code is that of any refusal */
	char why[WHY_SIZE];		/* unless HTTP_OK */
};

/* What stands between <Code> and </Code>, if that is a word. */
static void
read_code(struct answer *a, const char *body)
{
	const char *from = strstr(body, "<Code>");
	size_t len;

	if (from == NULL)
		return;
	from += strlen("<Code>");
	len = strspn(from, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	if (len < sizeof a->code && from[len] == '<')
		snprintf(a->code, sizeof a->code, "%.*s", (int)len, from);
}

static void
on_answer(void *arg, const struct http_answer *answer)
{
	struct answer *a = arg;

	a->done = true;
	a->result = answer->result;
	a->status = answer->status;
	snprintf(a->why, sizeof a->why, "%s", answer->why);
	if (answer->result != HTTP_OK)
		return;
	read_code(a, answer->body);
	a->expired = answer->status == 403 && strstr(answer->body, "Request has expired") != NULL;
}

static void
send_once(struct http *h, const char *path, const struct file *f, struct answer *a)
{
	struct http_request r = {
		.method = "PUT", .path = path, .head = head, .head_len = sizeof head,
		.body = f->data, .len = f->len
	};

	memset(a, 0, sizeof *a);
	http_start(h, &r, on_answer, a);
	while (!a->done)
		http_turn(h, TURN_MS);
}

/* Whether another try can help, and of what kind the failure is. */
static bool
may_pass(const struct answer *a, enum retry_kind *kind)
{
	*kind = a->result == HTTP_UNREACHABLE ? RETRY_UNREACHABLE : RETRY_TRANSIENT;
	if (a->result != HTTP_OK)
		return a->result != HTTP_REFUSED;
	if (a->status == 429 || strcmp(a->code, "SlowDown") == 0)
		*kind = RETRY_THROTTLE;
	return a->status >= 500 || a->status == 429 || strcmp(a->code, "RequestTimeout") == 0 ||
	    strcmp(a->code, "SlowDown") == 0;
}

static void
complain(const struct file *f, const struct answer *a)
{
	if (a->result != HTTP_OK)
		diag_error("%s: upload: %s", f->path, a->why);
	else
		diag_error("%s: upload: HTTP %ld%s%s%s", f->path, a->status,
		    a->code[0] != '\0' ? " " : "", a->code, a->expired ?
		    ": the URL was too old; another run makes another job" : "");
}

static enum prog_status
send_until(struct http *h, const char *path, const struct file *f, int64_t budget_ms)
{
	int64_t started = clock_mono_ms();
	struct retry_state s = { .budget_ms = budget_ms, .hint_ms = -1 };
	struct answer a;

	for (;;) {
		int64_t wait = -1;
		bool again;

		send_once(h, path, f, &a);
		if (a.result == HTTP_OK && a.status / 100 == 2)
			return PROG_OK;
		again = may_pass(&a, &s.kind);
		s.failures++;
		s.elapsed_ms = clock_mono_ms() - started;
		s.answered = s.answered || a.result != HTTP_UNREACHABLE;
		if (RAND_bytes((unsigned char *)&s.random, sizeof s.random) != 1)
			s.random = UINT32_MAX;
		if (again)
			wait = retry_wait(&s);
		if (wait < 0) {
			complain(f, &a);
			return again || a.expired ? PROG_TEMPORARY : PROG_FAIL;
		}
		diag_verbose(1, "%s: upload: again in %lld ms", f->path, (long long)wait);
		clock_sleep_ms(wait);
	}
}

enum prog_status
upload_file(const struct aws_client *client, const char *url, const struct file *f)
{
	const struct aws_config *config = aws_settings(client);
	static const char *const fixed[] = { NULL };
	char *endpoint = NULL, *path = NULL, agent[64];
	enum prog_status status = PROG_FAIL;
	const char *why = "";
	struct http *h;

	if (fetch_split(url, fixed, &endpoint, &path, &why) != 0) {
		diag_error("CreateUserImportJob: the URL for the file is none: %s", why);
		return PROG_FAIL;
	}
	snprintf(agent, sizeof agent, "cognito-filters/%s", prog_version());
	h = http_new(&(struct http_config){
		.endpoint = endpoint, .ca_bundle = config->ca_bundle, .user_agent = agent,
		.direct = endpoint_is_loopback(endpoint), .connect_ms = config->connect_ms,
		.read_ms = READ_MS, .body_max = ANSWER_MAX
	});
	if (h != NULL) {
		status = send_until(h, path, f, config->retry_ms);
		http_free(h);
	} else {
		diag_error("libcurl: cannot start");
	}
	free(endpoint);
	mem_wipe_free(path);
	return status;
}
