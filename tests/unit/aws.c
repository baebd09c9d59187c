/*
 * The client against a server that answers, byte for byte, what a script says: framing, status
 * lines, headers, and what becomes of each.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "net/aws.h"
#include "net/pager.h"
#include "net/source.h"
#include "net/sts.h"
#include "server.h"
#include "tap.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
#define BAD_HEAD "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\n"
#define PAGE "HTTP/1.1 200 OK\r\nContent-Length: @\r\n\r\n<html>"
#define WHOLE OK_HEAD "Content-Length: @\r\n\r\n{\"Users\":[]}"

static struct aws_client *
new_client(enum aws_service service, int64_t retry_ms)
{
	struct aws_config config = {
		.service = service, .region = mem_dup_string("us-east-1"), .retry_ms = retry_ms,
		.connect_ms = 5000, .read_ms = 5000, .region_from = "test", .endpoint_from = "test"
	};
	struct cred cred = { mem_dup_string("AKIDEXAMPLE"), mem_dup_string("secret"), NULL, 0, 0 };
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
	config.endpoint = mem_dup_string(url);
	keeper_init(&config.keeper, source_fixed("test", &cred));
	return aws_new(&config);
}

/* One call; message NULL: not looked at.  Its "127.0.0.1:PORT" must stand as HOST in message. */
static void
call(const char *const *script, enum aws_outcome outcome, const char *message, const char *title)
{
	struct aws_client *c;
	const struct aws_result *r;
	char host[32], text[500] = "";
	const char *at;

	start_server(script);
	c = new_client(AWS_COGNITO_IDP, 20000);
	r = aws_call(c, "ListUsers", "{}", 2);
	if (!ok(r->outcome == outcome, title))
		printf("# outcome %d: %s\n", r->outcome, r->message);
	snprintf(host, sizeof host, "127.0.0.1:%d", port);
	at = strstr(r->message, host);
	if (at != NULL)
		snprintf(text, sizeof text, "%.*sHOST%s", (int)(at - r->message), r->message,
		    at + strlen(host));
	else
		snprintf(text, sizeof text, "%s", r->message);
	if (message != NULL)
		is(text, message, title);
	aws_free(c);
	ok(stop_server(), "no more and no fewer requests than expected");
}

#define CALL(outcome, message, title, ...) \
	call((const char *const[]){ __VA_ARGS__, NULL }, outcome, message, title)

static void
framing(void)
{
	CALL(AWS_OK, "", "a plain answer", WHOLE CLOSE);
	CALL(AWS_OK, "", "chunks", OK_HEAD "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"Users\":[]}\r\n0\r\n\r\n"
	    CLOSE);
	CALL(AWS_OK, "", "an interim answer before", "HTTP/1.1 100 Continue\r\n\r\n" WHOLE CLOSE);
	CALL(AWS_OK, "", "closed without an answer: again", CLOSE, WHOLE CLOSE);
	CALL(AWS_OK, "", "cut body: again", OK_HEAD "Content-Length: 50\r\n\r\n{\"Us" CLOSE, WHOLE CLOSE);
	CALL(AWS_OK, "", "cut chunks: again", OK_HEAD "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"Us" CLOSE,
	    WHOLE CLOSE);
	CALL(AWS_OK, "", "cut in the headers: again", "HTTP/1.1 200 OK\r\nConte" CLOSE, WHOLE CLOSE);
	CALL(AWS_OK, "", "a body without a length cannot be trusted: again",
	    OK_HEAD "\r\n{\"Users\":[]}" CLOSE, WHOLE CLOSE);
	CALL(AWS_PROTOCOL, "the answer of HOST is longer than 67108864 bytes", "too long by its header",
	    OK_HEAD "Content-Length: 67108865\r\n\r\n" CLOSE);
	CALL(AWS_PROTOCOL, "the answer of HOST is not HTTP", "HTTP/0.9", "{\"Users\":[]}" CLOSE);
}

static void
statuses(void)
{
	CALL(AWS_PROTOCOL, "HTTP 302 from http://HOST: a redirect, and none is followed", "redirect",
	    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: @\r\n\r\n" CLOSE);
	CALL(AWS_PROTOCOL, "HTTP 204 from http://HOST where only 200 is an answer", "204",
	    "HTTP/1.1 204 No Content\r\n\r\n" CLOSE);
	CALL(AWS_OK, "", "500 with a code: again", "HTTP/1.1 500 X\r\nContent-Length: @\r\n\r\n"
	    "{\"__type\":\"InternalErrorException\"}", WHOLE CLOSE);
	CALL(AWS_OK, "", "503 with a page: again", "HTTP/1.1 503 X\r\nContent-Length: @\r\n\r\n<html>",
	    WHOLE CLOSE);
	CALL(AWS_OK, "", "200 with a page: again", PAGE, PAGE, WHOLE CLOSE);
	CALL(AWS_OK, "", "200 with what only begins as JSON does: again", OK_HEAD
	    "Content-Length: @\r\n\r\n{\"Users\":[", WHOLE CLOSE);
	CALL(AWS_OK, "", "200 with another value than an object: again", OK_HEAD
	    "Content-Length: @\r\n\r\n\"}\"", OK_HEAD "Content-Length: @\r\n\r\n}", WHOLE CLOSE);
	CALL(AWS_OK, "", "nothing can be an answer", OK_HEAD "Content-Length: @\r\n\r\n" CLOSE);
	CALL(AWS_OK, "", "blanks round an answer", OK_HEAD
	    "Content-Length: @\r\n\r\n \r\n{\"Users\":[]}\n" CLOSE);
	CALL(AWS_PROTOCOL, NULL, "nothing but pages, from the first call on: no endless tries",
	    PAGE, PAGE, PAGE, (PAGE CLOSE));
	CALL(AWS_OK, "", "throttled with 400, the wait said: again", BAD_HEAD "x-amz-retry-after: 1\r\n"
	    "x-amzn-errortype: TooManyRequestsException:\r\nContent-Length: @\r\n\r\n{}", WHOLE CLOSE);
	CALL(AWS_DENIED, "LimitExceededException: full", "a full quota is final", BAD_HEAD
	    "Content-Length: @\r\n\r\n{\"__type\":\"LimitExceededException\",\"message\":\"full.\"}" CLOSE);
	CALL(AWS_DENIED, "HTTP 407 with a page instead of an answer: a proxy or load balancer in "
	    "between", "a proxy's page", "HTTP/1.1 407 X\r\nContent-Length: @\r\n\r\n<html>" CLOSE);
}

static void
clocks(void)
{
	static const char refusal[] = "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature "
	    "expired: a is now earlier than b\"}";
	char with_date[500], with_age[500];

	snprintf(with_date, sizeof with_date, "%sDate: Sat, 29 Aug 2015 12:36:00 GMT\r\n"
	    "Content-Length: @\r\n\r\n%s", BAD_HEAD, refusal);
	snprintf(with_age, sizeof with_age, "%sDate: Sat, 29 Aug 2015 12:36:00 GMT\r\nAge: 5\r\n"
	    "Content-Length: @\r\n\r\n%s" CLOSE, BAD_HEAD, refusal);
	CALL(AWS_OK, "", "a wrong clock is corrected", with_date, WHOLE CLOSE);
	CALL(AWS_DENIED, "InvalidSignatureException: Signature expired: a is now earlier than b; "
	    "check the clock of this machine", "a cached Date is no clock", with_age);
}

struct listing {
	int pages, items;
	int stop_after;
	enum prog_status status;
	char why[300];
	bool hold;
};

static bool
on_page(void *arg, const struct pager_page *page)
{
	struct listing *l = arg;

	for (uint32_t i = page->items + 1; i < page->list->tok[page->items].next;
	    i = page->list->tok[i].next)
		l->items++;
	return ++l->pages != l->stop_after;
}

static void
on_done(void *arg, enum prog_status status, const char *why)
{
	struct listing *l = arg;

	l->status = status;
	snprintf(l->why, sizeof l->why, "%s", why != NULL ? why : "");
}

static bool
may_prefetch(void *arg)
{
	return !((struct listing *)arg)->hold;
}

static struct listing
list(const char *const *script, int stop_after, bool hold, const char *quiet)
{
	struct listing l = { .stop_after = stop_after, .status = PROG_USAGE, .hold = hold };
	struct aws_client *c;
	struct pager *p;

	start_server(script);
	c = new_client(AWS_COGNITO_IDP, 20000);
	p = pager_start(c, &(struct pager_request){ .operation = "ListUsers", .items = "Users",
	    .token = "PaginationToken", .body = "{\"UserPoolId\":\"a_b\"}", .where = "test",
	    .page = on_page, .done = on_done, .arg = &l, .may_prefetch = may_prefetch,
	    .quiet_code = quiet });
	aws_run(c, NULL);
	if (hold && l.status == PROG_USAGE) {
		ok(l.pages == 1, "a held pager stops behind its page");
		l.hold = false;
		pager_resume(p);
		aws_run(c, NULL);
	}
	aws_free(c);
	ok(stop_server(), "no more and no fewer requests than expected");
	return l;
}

#define LIST(stop_after, hold, quiet, ...) \
	list((const char *const[]){ __VA_ARGS__, NULL }, stop_after, hold, quiet)
#define PAGE_A OK_HEAD "Content-Length: @\r\n\r\n{\"Users\":[1,2],\"PaginationToken\":\"A\"}"
#define PAGE_B OK_HEAD "Content-Length: @\r\n\r\n{\"Users\":[],\"PaginationToken\":\"B\"}"
#define PAGE_LAST OK_HEAD "Content-Length: @\r\n\r\n{\"Users\":[[3]],\"PaginationToken\":null}" CLOSE

static void
pages(void)
{
	struct listing l;

	l = LIST(0, false, NULL, PAGE_A, PAGE_B, PAGE_LAST);
	ok(l.status == PROG_OK && l.pages == 3 && l.items == 3, "an empty page is not the end");
	l = LIST(0, true, NULL, PAGE_A, PAGE_LAST);
	ok(l.status == PROG_OK && l.items == 3, "held and resumed");
	l = LIST(0, false, NULL, PAGE_A, PAGE_B, PAGE_A CLOSE);
	ok(l.status == PROG_FAIL && strstr(l.why, "second time") != NULL, "A, B, A is a loop");
	l = LIST(0, false, NULL, PAGE_A, OK_HEAD "Content-Length: @\r\n\r\n{}" CLOSE);
	ok(l.status == PROG_FAIL && l.pages == 1, "an answer without Users is not the end");
	l = LIST(0, false, NULL, OK_HEAD "Content-Length: @\r\n\r\n" CLOSE);
	ok(l.status == PROG_FAIL, "nor is an empty one");
	l = LIST(0, false, NULL, OK_HEAD "Content-Length: @\r\n\r\n{\"Users\":[],\"PaginationToken\":\"\"}" CLOSE);
	ok(l.status == PROG_FAIL, "an empty token is none of the service's");
	l = LIST(0, false, NULL, PAGE_A, BAD_HEAD "Content-Length: @\r\n\r\n"
	    "{\"__type\":\"InvalidParameterException\"}" CLOSE);
	ok(l.status == PROG_TEMPORARY && strstr(l.why, "new run") != NULL,
	    "a token refused on the way: a new run may help");
	l = LIST(0, false, NULL, BAD_HEAD "Content-Length: @\r\n\r\n"
	    "{\"__type\":\"InvalidParameterException\"}" CLOSE);
	ok(l.status == PROG_FAIL, "refused at the start: it will not");
	l = LIST(0, false, "ResourceNotFoundException", BAD_HEAD "Content-Length: @\r\n\r\n"
	    "{\"__type\":\"ResourceNotFoundException\"}" CLOSE);
	ok(l.status == PROG_FAIL && l.pages == 0, "the quiet code");
}

static void
stopping(void)
{
	struct listing l = LIST(1, true, NULL, PAGE_A CLOSE);

	ok(l.status == PROG_OK && l.pages == 1, "the caller may stop the chain");
}

static void
sts(void)
{
	static const char body[] = "<A xmlns=\"u\"><B><SessionToken>\n to \n ken\n</SessionToken>"
	    "<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s3cret</SecretAccessKey>"
	    "<Expiration>2030-01-02T03:04:05.678901Z</Expiration></B><Arn>arn:aws:sts::1:x</Arn></A>";
	struct sts_assume_role r = { .role_arn = "arn:aws:iam::123456789012:role/x",
		.session_name = "sync", .external_id = "id/1", .duration_seconds = 900 };
	char why[CRED_WHY_SIZE];
	char text[600], *arn = NULL;
	struct aws_client *c;
	struct cred cred;

	snprintf(text, sizeof text, "%sContent-Length: @\r\n\r\n%s" CLOSE, OK_HEAD, body);
	start_server((const char *const[]){ text, NULL });
	c = new_client(AWS_STS, 0);
	ok(sts_assume_role(c, &r, &cred, &arn, why) == PROG_OK, "AssumeRole");
	is(cred.session_token, "token", "white space leaves the token");
	is(cred.access_key, "ASIAEXAMPLE", "key id");
	is(cred.secret_key, "s3cret", "secret");
	is(arn, "arn:aws:sts::1:x", "ARN");
	ok(cred.expires_ms == 1893553445678, "expiration");
	ok(aws_stats(c)->calls == 1 && aws_stats(c)->retries == 0, "counted");
	cred_free(&cred);
	free(arn);
	aws_free(c);
	stop_server();
}

static void
unreachable(void)
{
	const struct aws_result *r;
	struct aws_client *c;

	port = 1;
	c = new_client(AWS_COGNITO_IDP, 0);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_TEMPORARY, "nobody listens: temporary");
	is(r->message, "cannot connect to 127.0.0.1:1: Connection refused", "and said so");
	aws_free(c);
}

int
main(void)
{
	prog_start("aws");
	/* The client reports each failure that is tested here; TAP says what is wrong. */
	if (freopen("/dev/null", "w", stderr) == NULL)
		return 1;
	framing();
	statuses();
	clocks();
	pages();
	stopping();
	sts();
	unreachable();
	return tap_done();
}
