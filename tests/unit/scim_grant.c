/* OAuth2 client credentials: the request's bytes, and answers good and wrong. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/scim_grant.h"
#include "tap.h"

static void
request(const char *id, const char *secret, const char *scope, const char *authorization,
    const char *body, const char *title)
{
	struct buf a, b;

	buf_init(&a, 1000);
	buf_init(&b, 1000);
	ok(scim_grant_request(id, secret, scope, &a, &b) == 0, title);
	is(buf_string(&a), authorization, title);
	is(buf_string(&b), body, title);
	buf_wipe(&a);
	buf_free(&b);
}

static const struct {
	const char *text, *token, *wrong;
	long long lifetime_ms;
	const char *title;
} answers[] = {
	{ "{\"access_token\":\"abc.def\",\"token_type\":\"Bearer\",\"expires_in\":3600}", "abc.def",
	    NULL, 3600000, "an answer" },
	{ "{\"token_type\":\"bearer\",\"expires_in\":\"120\",\"access_token\":\"a\\/b+c=\"}",
	    "a/b+c=", NULL, 120000, "in any order and case, escaped, the time as a text" },
	{ "{\"access_token\":\"abc\",\"token_type\":\"BEARER\"}", "abc", NULL, 0,
	    "without an end" },
	{ "{\"access_token\":\"abc\",\"expires_in\":-5}", "abc", NULL, 0, "one that is over" },
	{ "{\"access_token\":\"abc\",\"expires_in\":[1]}", "abc", NULL, 0, "an end that is none" },
	{ "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", NULL,
	    "the answer's token_type is not Bearer", 0, "another type" },
	{ "{\"access_token\":\"abc\",\"token_type\":\"bearerx\"}", NULL,
	    "the answer's token_type is not Bearer", 0, "a longer type" },
	{ "{\"token_type\":\"Bearer\"}", NULL, "the answer has no access_token", 0, "no token" },
	{ "{\"access_token\":\"\"}", NULL, "the answer's access_token cannot be one", 0,
	    "an empty token" },
	{ "{\"access_token\":\"a b\"}", NULL, "the answer's access_token cannot be one", 0,
	    "a blank in it" },
	{ "{\"access_token\":\"a\\r\\nX: y\"}", NULL, "the answer's access_token cannot be one", 0,
	    "a second header in it" },
	{ "{\"access_token\":7}", NULL, "the answer's access_token cannot be one", 0, "a number" },
	{ "<html>", NULL, "the answer is not a JSON object", 0, "a page" },
	{ "[]", NULL, "the answer is not a JSON object", 0, "a list" },
	{ "", NULL, "the answer is not a JSON object", 0, "nothing" },
};

int
main(void)
{
	request("app", "s3cret", NULL, "Basic YXBwOnMzY3JldA==",
	    "grant_type=client_credentials", "plain");
	/* a:b%c d/e -> "a%3Ab" and "%25c+d%2Fe" */
	request("a:b", "%c d/e", "urn:opc:idm:__myscopes__",
	    "Basic YSUzQWI6JTI1YytkJTJGZQ==", "grant_type=client_credentials"
	    "&scope=urn%3Aopc%3Aidm%3A__myscopes__", "id and secret in the form of RFC 6749 2.3.1");
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct scim_grant g;
		const char *wrong = scim_grant_parse(&g, answers[i].text,
		    strlen(answers[i].text));

		if (answers[i].wrong != NULL) {
			is(wrong, answers[i].wrong, answers[i].title);
			ok(g.token == NULL, answers[i].title);
		} else {
			ok(wrong == NULL && g.lifetime_ms == answers[i].lifetime_ms,
			    answers[i].title);
			is(g.token, answers[i].token, answers[i].title);
		}
		mem_wipe_free(g.token);
	}
	return tap_done();
}
