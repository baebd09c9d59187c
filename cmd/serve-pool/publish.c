/* Tells others how to reach the pool (publish.h). */
#include "publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/out.h"

/* Quoted, an external ID of 1,224 bytes is the longest value. */
enum { TEXT_MAX = 16 * 1024, URL_SIZE = 40 };

/* What would lead a client elsewhere: to another account, or away from the loopback address. */
static const char *const removed[] = {
	"AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID",
	"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
	"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
	"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
	"AWS_ENDPOINT_URL_COGNITO_IDENTITY", "AWS_ENDPOINT_URL_STS",
	"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT",
	"AWS_USE_DUALSTACK_ENDPOINT"
};

enum { REMOVED = sizeof removed / sizeof *removed };

struct variable {
	const char *name, *value;	/* NULL: to be removed, too */
};

enum { VARIABLES = 9 };

static void
fill(struct variable v[VARIABLES], char url[URL_SIZE], const struct server *s, uint16_t port,
    bool tls)
{
	const struct variable all[VARIABLES] = {
		{"AWS_ENDPOINT_URL", url},
		{"AWS_REGION", s->region},
		{"AWS_DEFAULT_REGION", s->region},
		{"AWS_ACCESS_KEY_ID", s->access_key},
		{"AWS_SECRET_ACCESS_KEY", s->secret_key},
		{"COGNITO_USER_POOL_ID", s->own != NULL ? s->own->id : NULL},
		{"SERVE_POOL_ROLE_ARN", s->role.arn},
		{"SERVE_POOL_EXTERNAL_ID", s->external_id},
		{"SERVE_POOL_VIA_ROLE_ARN", s->via.arn}
	};

	snprintf(url, URL_SIZE, "%s://127.0.0.1:%u", tls ? "https" : "http", (unsigned)port);
	memcpy(v, all, sizeof all);
}

/* The value as one word of a shell. */
static void
put_word(struct buf *b, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_-+=:,./@%";
	size_t n;

	if (value[0] != '\0' && value[strspn(value, plain)] == '\0') {
		buf_append_string(b, value);
		return;
	}
	buf_append_byte(b, '\'');
	for (; *value != '\0'; value += n + (value[n] == '\'')) {
		n = strcspn(value, "'");
		buf_append(b, value, n);
		if (value[n] == '\'')
			buf_append_string(b, "'\\''");
	}
	buf_append_byte(b, '\'');
}

int
publish_print(const struct server *s, uint16_t port, bool tls)
{
	struct variable v[VARIABLES];
	char url[URL_SIZE];
	struct buf b;
	struct out o;
	int i, rc;

	fill(v, url, s, port, tls);
	buf_init(&b, TEXT_MAX);
	for (i = 0; i < VARIABLES; i++) {
		if (v[i].value == NULL)
			continue;
		buf_appendf(&b, "export %s=", v[i].name);
		put_word(&b, v[i].value);
		buf_append_byte(&b, '\n');
	}
	buf_append_string(&b, "unset");
	for (i = 0; i < VARIABLES; i++)
		if (v[i].value == NULL)
			buf_appendf(&b, " %s", v[i].name);
	for (i = 0; i < REMOVED; i++)
		buf_appendf(&b, " %s", removed[i]);
	buf_append_byte(&b, '\n');
	rc = out_open(&o, NULL, false);
	if (rc == 0) {
		out_write(&o, b.data, b.len);
		rc = out_commit(&o);
	}
	buf_wipe(&b);
	return rc;
}

int
publish_set(const struct server *s, uint16_t port, bool tls)
{
	struct variable v[VARIABLES];
	char url[URL_SIZE];
	int i;

	fill(v, url, s, port, tls);
	for (i = 0; i < VARIABLES; i++) {
		if (v[i].value == NULL) {
			unsetenv(v[i].name);
		} else if (setenv(v[i].name, v[i].value, 1) != 0) {
			diag_error("%s: cannot be set: %s", v[i].name, strerror(errno));
			return -1;
		}
	}
	for (i = 0; i < REMOVED; i++)
		unsetenv(removed[i]);
	return 0;
}
