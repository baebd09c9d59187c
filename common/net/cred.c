/* AWS credentials from the environment. */
#include "net/cred.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"

enum {
	ACCESS_KEY_MAX = 128,		/* AWS's own limit */
	SECRET_KEY_MAX = 1024,		/* AWS's have 40; what sigv4 takes */
	SESSION_TOKEN_MAX = 64 * 1024	/* no stated length, but it must fit a header */
};

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/*
 * Printable ASCII without blanks, and nothing of extra: what may stand in a header.  A line end
 * that came along from a file is the usual mistake.
 */
static int
check(const char *name, const char *value, size_t max, const char *extra)
{
	size_t len = strlen(value);

	for (size_t i = 0; i < len; i++)
		if (value[i] <= ' ' || value[i] > '~' || strchr(extra, value[i]) != NULL) {
			diag_error("%s: holds a character that cannot be in it (a line end or "
			    "quotes from a file?)", name);
			return -1;
		}
	if (len <= max)
		return 0;
	diag_error("%s: longer than %zu bytes", name, max);
	return -1;
}

int
cred_from_environment(struct cred *c)
{
	const char *access_key = variable("AWS_ACCESS_KEY_ID");
	const char *secret_key = variable("AWS_SECRET_ACCESS_KEY");
	const char *token = variable("AWS_SESSION_TOKEN");
	const char *expires = variable("AWS_CREDENTIAL_EXPIRATION");

	if (access_key == NULL && secret_key == NULL) {
		diag_error("no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and "
		    "AWS_SESSION_TOKEN), or run under assume-role");
		return -1;
	}
	if (access_key == NULL || secret_key == NULL) {
		diag_error("no credentials: %s is set, %s is not",
		    access_key != NULL ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
		    access_key != NULL ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
		return -1;
	}
	if (check("AWS_ACCESS_KEY_ID", access_key, ACCESS_KEY_MAX, "/,=\"'") != 0 ||
	    check("AWS_SECRET_ACCESS_KEY", secret_key, SECRET_KEY_MAX, "\"'") != 0 ||
	    (token != NULL && check("AWS_SESSION_TOKEN", token, SESSION_TOKEN_MAX, "\"'") != 0))
		return -1;
	if (expires != NULL && clock_parse_rfc3339(expires, strlen(expires), &c->expires_ms) != 0) {
		diag_error("AWS_CREDENTIAL_EXPIRATION: not a date like 2019-11-09T13:34:41Z");
		return -1;
	}
	c->access_key = mem_dup_string(access_key);
	c->secret_key = mem_dup_string(secret_key);
	c->session_token = mem_dup_string(token);
	c->provider = "environment";
	return 0;
}

void
cred_free(struct cred *c)
{
	mem_wipe_free(c->access_key);
	mem_wipe_free(c->secret_key);
	mem_wipe_free(c->session_token);
	memset(c, 0, sizeof *c);
}
