/* The command's environment (environment.h). */
#include "environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"

extern char **environ;

enum { LIST_MAX = 128 * 1024 };		/* of NO_PROXY: what Linux lets one variable have */

const char *const environment_misleading[] = {
	"AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCOUNT_ID",
	"AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_CREDENTIAL_FILE", NULL
};

static const char *const keys[] = {
	"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_CREDENTIAL_EXPIRATION", NULL
};

static void
take_away(const char *const names[])
{
	for (; *names != NULL; names++)
		unsetenv(*names);
}

struct variable {
	const char *name, *value;	/* NULL: ends a list */
};

/* Returns 0, or -1 with the reason printed. */
static int
set(const struct variable *list)
{
	for (; list->name != NULL; list++) {
		if (setenv(list->name, list->value, 1) != 0) {
			diag_error("%s: cannot be set: %s", list->name, strerror(errno));
			return -1;
		}
	}
	return 0;
}

/* A copy of the array at environ; the strings are the same. */
static char **
duplicate(void)
{
	char **copy;
	size_t count = 0;

	while (environ[count] != NULL)
		count++;
	copy = mem_alloc((count + 1) * sizeof *copy);
	memcpy(copy, environ, count * sizeof *copy);
	return copy;
}

/* What stands at environ while setenv(3) and its like make the command's out of it. */
struct workshop {
	char **ours, **copy;
};

static void
begin(struct workshop *w)
{
	w->ours = environ;
	w->copy = environ = duplicate();
}

/* Puts ours back; returns what was made (free). */
static char **
end(struct workshop *w)
{
	char **made = duplicate();

	environ = w->ours;
	/* setenv(3) works in an array of its own as soon as there is something to add. */
	free(w->copy);
	return made;
}

enum prog_status
environment_with_keys(char ***environment, const struct net_options *o, const struct cred *cred,
    const char *expiration)
{
	const struct variable list[] = {
		{ keys[0], cred->access_key }, { keys[1], cred->secret_key },
		{ keys[2], cred->session_token }, { keys[3], expiration }, { NULL, NULL }
	};
	enum prog_status status;
	struct workshop w;

	begin(&w);
	status = netopt_export(o);
	take_away(environment_misleading);
	if (status == PROG_OK && set(list) != 0)
		status = PROG_FAIL;
	*environment = end(&w);
	return status;
}

/* Whether a client may send even what is for this machine through a proxy. */
static bool
has_proxy(void)
{
	static const char *const names[] = { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY" };
	bool found = false;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		found = found || (value != NULL && value[0] != '\0');
	}
	return found;
}

/*
 * Adds this machine to the lists of what is reached directly.  Where one of the two exists the
 * other is not made: who reads both would no longer see the first one's entries.
 */
static int
go_direct(void)
{
	static const char *const names[] = { "no_proxy", "NO_PROXY" };
	static const char here[] = "127.0.0.1,localhost";
	bool none = getenv(names[0]) == NULL && getenv(names[1]) == NULL;
	struct buf list;
	int failed = 0;

	buf_init(&list, LIST_MAX);
	for (size_t i = 0; has_proxy() && i < sizeof names / sizeof *names; i++) {
		const char *old = getenv(names[i]);

		if ((old == NULL && !none) || (old != NULL && strcmp(old, "*") == 0))
			continue;
		buf_clear(&list);
		if (old != NULL && old[0] != '\0')
			(void)buf_appendf(&list, "%s,", old);
		(void)buf_append_string(&list, here);
		failed |= set((const struct variable[]){ { names[i], buf_string(&list) },
		    { NULL, NULL } });
	}
	buf_free(&list);
	return failed;
}

enum prog_status
environment_with_endpoint(char ***environment, const struct net_options *o, const char *uri,
    const char *token)
{
	const struct variable list[] = {
		{ "AWS_CONTAINER_CREDENTIALS_FULL_URI", uri },
		{ "AWS_CONTAINER_AUTHORIZATION_TOKEN", token },
		{ "AWS_CONFIG_FILE", "/dev/null" },
		{ "AWS_SHARED_CREDENTIALS_FILE", "/dev/null" },
		/* botocore looks into ~/.boto, which gsutil writes, before it asks a container. */
		{ "BOTO_CONFIG", "/dev/null" },
		{ "AWS_EC2_METADATA_DISABLED", "true" },
		{ NULL, NULL }
	};
	enum prog_status status;
	struct workshop w;

	begin(&w);
	status = netopt_export(o);
	take_away(environment_misleading);
	take_away(keys);
	if (status == PROG_OK && (go_direct() != 0 || set(list) != 0))
		status = PROG_FAIL;
	*environment = end(&w);
	return status;
}
