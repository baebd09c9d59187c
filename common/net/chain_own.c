/* The credentials that a profile has itself (chain.h). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/words.h"

#include "net/chain_parts.h"

enum { NAME_MAX_BYTES = 16 * 1024 };	/* of a source: a path, an ARN */

int
chain_blame(const struct chain_at *at, const struct profile_value *value, const char *key,
    const char *fmt, ...)
{
	va_list ap;
	int n = snprintf(at->why, CRED_WHY_SIZE, "%s:%d: %s: ", value->path, value->line, key);

	if (n < 0 || n >= CRED_WHY_SIZE)
		return -1;
	va_start(ap, fmt);
	vsnprintf(at->why + n, CRED_WHY_SIZE - (size_t)n, fmt, ap);
	va_end(ap);
	return -1;
}

int
chain_take(const struct chain_at *at, enum profile_file file, const char *key,
    struct profile_value *value)
{
	if (!profile_get(at->profiles, file, at->name, key, value))
		return 0;
	return value->text[0] != '\0' ? 1 : chain_blame(at, value, key, "empty");
}

char *
chain_describe(const char *profile, const struct profile_value *value, const char *what,
    const char *more)
{
	struct buf b;
	char *text;

	buf_init(&b, NAME_MAX_BYTES);
	if (buf_appendf(&b, "profile %s (%s:%d): %s%s", profile, value->path, value->line, what,
	    more) != 0)
		(void)buf_appendf(&b, "%s%s", what, more);
	text = mem_dup_string(buf_string(&b));
	buf_free(&b);
	return text;
}

struct source *
chain_static_keys(const struct chain_at *at, enum profile_file file)
{
	static const char *const keys[] = { "aws_access_key_id", "aws_secret_access_key",
		"aws_session_token" };
	struct profile_value v[3];
	int there[3], part;
	struct source *source;
	struct cred cred;
	const char *wrong;
	char *name;

	for (int i = 0; i < 3; i++) {
		there[i] = chain_take(at, file, keys[i], &v[i]);
		if (there[i] < 0)
			return NULL;
	}
	if (there[0] == 0 && there[1] == 0)
		return NULL;
	if (there[0] == 0 || there[1] == 0) {
		(void)chain_blame(at, &v[there[0] == 0], keys[there[0] == 0],
		    "there is no %s beside it in this file", keys[there[0] != 0]);
		return NULL;
	}
	cred = (struct cred){ .access_key = mem_dup_string(v[0].text),
		.secret_key = mem_dup_string(v[1].text),
		.session_token = there[2] != 0 ? mem_dup_string(v[2].text) : NULL };
	wrong = cred_check(&cred, &part);
	if (wrong != NULL) {
		(void)chain_blame(at, &v[part], keys[part], "%s", wrong);
		cred_free(&cred);
		return NULL;
	}
	name = chain_describe(at->name, &v[0], "static keys", "");
	source = source_fixed(name, &cred);
	free(name);
	return source;
}

/* Whether the process of the profile is one of those that we run under. */
static bool
is_running(const char *profile)
{
	const char *s = getenv("COGNITO_CREDENTIAL_PROCESS");
	size_t len;

	for (; s != NULL && *s != '\0'; s += len + (s[len] != '\0')) {
		len = strcspn(s, "\n");
		if (len == strlen(profile) && memcmp(s, profile, len) == 0)
			return true;
	}
	return false;
}

struct source *
chain_process(const struct chain_at *at)
{
	static const char key[] = "credential_process";
	struct profile_value v;
	struct source *source;
	const char *wrong;
	size_t count;
	char **argv, *name;

	if (chain_take(at, PROFILE_EITHER, key, &v) <= 0)
		return NULL;
	if (is_running(at->name)) {
		(void)chain_blame(at, &v, key, "the process comes back to its own profile \"%s\": "
		    "give the command in it the --profile of its source", at->name);
		return NULL;
	}
	argv = words_split(v.text, &count, &wrong);
	if (argv == NULL || count == 0 || argv[0][0] == '\0') {
		(void)chain_blame(at, &v, key, "%s", argv == NULL ? wrong : "no command");
		words_free(argv);
		return NULL;
	}
	name = chain_describe(at->name, &v, key, "");
	source = source_process(name, at->name, argv);
	free(name);
	return source;
}

void
chain_blame_login(const struct chain_at *at)
{
	static const char *const keys[] = { "sso_session", "sso_start_url", "sso_account_id",
		"sso_role_name", "login_session" };
	struct profile_value v;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (!profile_get(at->profiles, PROFILE_EITHER, at->name, keys[i], &v))
			continue;
		(void)chain_blame(at, &v, keys[i], "not used here; add credential_process = "
		    "aws configure export-credentials --profile %s --format process", at->name);
		return;
	}
}

