/* What becomes of calls when the credentials' time is over, against a scripted server. */
#include "base/mem.h"
#include "net/aws.h"
#include "net/source.h"
#include "server.h"
#include "tap.h"

#define HEAD(status) "HTTP/1.1 " status "\r\nContent-Type: application/x-amz-json-1.1\r\n" \
	"Content-Length: @\r\n\r\n"
#define WHOLE HEAD("200 OK") "{\"Users\":[]}"
#define EXPIRED HEAD("400 Bad Request") "{\"__type\":\"ExpiredTokenException\"," \
	"\"message\":\"The security token included in the request is expired\"}"

struct fresh {
	struct source source;
	int asked, good;	/* asked later than good times: refuses */
	enum prog_status refusal;
	int64_t lifetime_ms;
};

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	struct fresh *f = (struct fresh *)s;

	(void)patient;
	if (f->asked++ >= f->good) {
		snprintf(why, CRED_WHY_SIZE, "AssumeRole: no");
		return f->refusal;
	}
	cred->access_key = mem_dup_string("AKIDEXAMPLE");
	cred->secret_key = mem_dup_string("secret");
	cred->lifetime_ms = f->lifetime_ms;
	return PROG_OK;
}

/* The client owns *f with its source. */
static struct aws_client *
new_client(struct fresh **f, bool renewable, int good)
{
	struct aws_config config = {
		.service = AWS_COGNITO_IDP, .region = mem_dup_string("us-east-1"), .retry_ms = 1000,
		.connect_ms = 5000, .read_ms = 5000, .region_from = "test", .endpoint_from = "test"
	};
	char url[64];

	*f = mem_alloc(sizeof **f);
	(*f)->source = (struct source){ .name = mem_dup_string("test"), .renewable = renewable,
		.get = get };
	(*f)->good = good;
	(*f)->refusal = PROG_FAIL;
	snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
	config.endpoint = mem_dup_string(url);
	keeper_init(&config.keeper, &(*f)->source);
	return aws_new(&config);
}

static void
renewed(void)
{
	const struct aws_result *r;
	struct aws_client *c;
	struct fresh *f;

	start_server((const char *const[]){ EXPIRED, WHOLE, NULL });
	c = new_client(&f, true, 2);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_OK, "expired: signed again with newer ones");
	ok(f->asked == 2, "which the source was asked for once");
	ok(aws_stats(c)->calls == 2 && aws_stats(c)->retries == 1, "counted as a retry");
	aws_free(c);
	ok(stop_server(), "two requests");

	start_server((const char *const[]){ EXPIRED, EXPIRED, NULL });
	c = new_client(&f, true, 5);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_DENIED && f->asked == 2, "expired again: not for ever");
	is(r->code, "ExpiredTokenException", "the service's code");
	ok(strstr(r->message, "(test gave none that are newer)") != NULL, "and whose fault it is");
	aws_free(c);
	ok(stop_server(), "two requests");
}

static void
not_renewed(void)
{
	const struct aws_result *r;
	struct aws_client *c;
	struct fresh *f;

	start_server((const char *const[]){ EXPIRED, NULL });
	c = new_client(&f, false, 5);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_DENIED && f->asked == 1, "keys that cannot be renewed end the call");
	ok(strstr(r->message, "cannot be renewed in the middle") != NULL &&
	    strstr(r->message, "assume-role") != NULL, "with what would make it last");
	aws_free(c);
	ok(stop_server(), "one request");

	start_server((const char *const[]){ EXPIRED, NULL });
	c = new_client(&f, true, 1);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_DENIED, "a renewal that is refused ends the call");
	is(r->message, "AssumeRole: no", "with the reason of the source");
	r = aws_call(c, "ListGroups", "{}", 2);
	ok(r->outcome == AWS_DENIED && f->asked == 2, "and every later one, without asking again");
	aws_free(c);
	ok(stop_server(), "one request");

	start_server((const char *const[]){ EXPIRED, NULL });
	c = new_client(&f, true, 1);
	f->refusal = PROG_TEMPORARY;
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_TEMPORARY, "one that failed for now is temporary");
	aws_free(c);
	ok(stop_server(), "one request");
}

struct many {
	struct aws_client *client;
	int good, bad;
};

static void
on_one(void *arg, const struct aws_result *r)
{
	struct many *m = arg;

	*(r->outcome == AWS_OK ? &m->good : &m->bad) += 1;
}

/* The scripted server takes one connection after the other, so each answer closes its own. */
static void
several(void)
{
	struct many m = { 0 };
	struct fresh *f;

	start_server((const char *const[]){ EXPIRED CLOSE, EXPIRED CLOSE, EXPIRED CLOSE,
	    WHOLE CLOSE, WHOLE CLOSE, WHOLE CLOSE, NULL });
	m.client = new_client(&f, true, 2);
	for (int i = 0; i < 3; i++)
		aws_submit(m.client, "ListUsers", "{}", 2, on_one, &m);
	aws_run(m.client, NULL);
	ok(m.good == 3 && m.bad == 0, "several expired side by side");
	ok(f->asked == 2, "renewed once for all of them");
	aws_free(m.client);
	ok(stop_server(), "each sent twice");

	start_server((const char *const[]){ EXPIRED CLOSE, EXPIRED CLOSE, EXPIRED CLOSE, NULL });
	m = (struct many){ .client = new_client(&f, true, 1) };
	for (int i = 0; i < 3; i++)
		aws_submit(m.client, "ListUsers", "{}", 2, on_one, &m);
	aws_run(m.client, NULL);
	ok(m.good == 0 && m.bad == 3, "or refused once for all of them");
	aws_free(m.client);
	ok(stop_server(), "each sent once");
}

static void
before_the_end(void)
{
	const struct aws_result *r;
	struct aws_client *c;
	struct fresh *f;

	start_server((const char *const[]){ WHOLE, WHOLE, NULL });
	c = new_client(&f, true, 9);
	f->lifetime_ms = 2000;
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_OK && f->asked == 1, "a short session");
	clock_sleep_ms(1750);
	r = aws_call(c, "ListUsers", "{}", 2);
	ok(r->outcome == AWS_OK && f->asked == 2, "is renewed before it ends");
	aws_free(c);
	ok(stop_server(), "and no request was refused");
}

static void
unsigned_calls(void)
{
	struct aws_config config = {
		.service = AWS_STS, .region = mem_dup_string("us-east-1"), .connect_ms = 5000,
		.read_ms = 5000, .region_from = "test", .endpoint_from = "test"
	};
	const struct aws_result *r;
	struct aws_client *c;
	char url[64];

	start_server((const char *const[]){ HEAD("200 OK") "<a/>", HEAD("400 Bad Request")
	    "<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>", NULL });
	snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
	config.endpoint = mem_dup_string(url);
	c = aws_new(&config);
	r = aws_call(c, "AssumeRoleWithWebIdentity", "", 0);
	ok(r->outcome == AWS_OK, "no source: nothing is signed");
	r = aws_call(c, "AssumeRoleWithWebIdentity", "", 0);
	ok(r->outcome == AWS_DENIED, "and nothing renewed");
	aws_free(c);
	ok(stop_server(), "two requests");
}

int
main(void)
{
	prog_start("renewal");
	renewed();
	not_renewed();
	several();
	before_the_end();
	unsigned_calls();
	return tap_done();
}
