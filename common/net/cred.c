/* AWS credentials: held, checked and wiped. */
#include "net/cred.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"

enum {
	ACCESS_KEY_MAX = 128,		/* AWS's own limit */
	SECRET_KEY_MAX = 1024,		/* AWS's have 40; what sigv4 takes */
	SESSION_TOKEN_MAX = 64 * 1024	/* no stated length, but it must fit a header */
};

/* Printable ASCII without blanks, and nothing of extra: what may stand in a header. */
static const char *
check(const char *value, size_t max, const char *extra)
{
	size_t len = strlen(value);

	for (size_t i = 0; i < len; i++)
		if (value[i] <= ' ' || value[i] > '~' || strchr(extra, value[i]) != NULL)
			return "holds a character that cannot be in it (a line end or quotes from "
			    "a file?)";
	if (len == 0)
		return "is empty";
	return len <= max ? NULL : "is too long";
}

const char *
cred_check(const struct cred *c, int *part)
{
	const char *why;

	*part = 0;
	if ((why = check(c->access_key, ACCESS_KEY_MAX, "/,=\"'")) != NULL)
		return why;
	*part = 1;
	if ((why = check(c->secret_key, SECRET_KEY_MAX, "\"'")) != NULL)
		return why;
	*part = 2;
	return c->session_token != NULL ? check(c->session_token, SESSION_TOKEN_MAX, "\"'") : NULL;
}

void
cred_copy(struct cred *to, const struct cred *from)
{
	*to = *from;
	to->access_key = mem_dup_string(from->access_key);
	to->secret_key = mem_dup_string(from->secret_key);
	to->session_token = mem_dup_string(from->session_token);
}

void
cred_free(struct cred *c)
{
	mem_wipe_free(c->access_key);
	mem_wipe_free(c->secret_key);
	mem_wipe_free(c->session_token);
	memset(c, 0, sizeof *c);
}
