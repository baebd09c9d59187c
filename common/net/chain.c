/* The provider chain (chain.h): its order, and what comes from the environment. */
#include "net/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/sts.h"

#include "net/chain_parts.h"

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

struct source *
chain_environment(const char *name, char why[CRED_WHY_SIZE])
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN" };
	const char *access_key = variable(names[0]), *secret_key = variable(names[1]);
	const char *expires = variable("AWS_CREDENTIAL_EXPIRATION"), *wrong;
	struct cred cred = { 0 };
	int part;

	if (access_key == NULL && secret_key == NULL)
		return NULL;
	if (access_key == NULL || secret_key == NULL) {
		snprintf(why, CRED_WHY_SIZE, "no credentials: %s is set, %s is not",
		    names[access_key == NULL], names[access_key != NULL]);
		return NULL;
	}
	cred.access_key = mem_dup_string(access_key);
	cred.secret_key = mem_dup_string(secret_key);
	cred.session_token = mem_dup_string(variable(names[2]));
	if ((wrong = cred_check(&cred, &part)) != NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s", names[part], wrong);
	} else if (expires != NULL &&
	    clock_parse_rfc3339(expires, strlen(expires), &cred.expires_ms) != 0) {
		snprintf(why, CRED_WHY_SIZE,
		    "AWS_CREDENTIAL_EXPIRATION: not a date like 2019-11-09T13:34:41Z");
	} else {
		return source_fixed(name, &cred);
	}
	cred_free(&cred);
	return NULL;
}

struct source *
chain_web_identity(const struct chain *c, const char *name, const struct sts_assume_role *role,
    const char *token_file, char why[CRED_WHY_SIZE])
{
	struct aws_config sts;

	if (c->sts_why != NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s", c->sts_why);
		return NULL;
	}
	aws_config_copy(&sts, c->sts, NULL);
	return source_web_identity(name, &sts, role->role_arn, role->session_name,
	    role->duration_seconds, token_file);
}

/* An option stands above the environment; a variable with a profile's name does not. */
static bool
by_option(const struct chain *c)
{
	const char *by = profiles_selected_by(c->profiles);

	return by != NULL && strcmp(by, "--profile") == 0;
}

static struct source *
find_keys(const struct chain *c, char why[CRED_WHY_SIZE])
{
	const char *by = profiles_selected_by(c->profiles);
	char name[80] = "environment";

	if (by_option(c))
		return NULL;
	if (by != NULL)
		snprintf(name, sizeof name, "environment (%s is set, too: the keys win)", by);
	return chain_environment(name, why);
}

static struct source *
find_web_identity(const struct chain *c, char why[CRED_WHY_SIZE])
{
	const char *token_file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
	const char *session_name = variable("AWS_ROLE_SESSION_NAME"), *member, *wrong;
	struct sts_assume_role role = {
		.role_arn = variable("AWS_ROLE_ARN"),
		.session_name = session_name != NULL ? session_name : CHAIN_SESSION_NAME
	};

	if (by_option(c) || token_file == NULL)
		return NULL;
	if (role.role_arn == NULL) {
		snprintf(why, CRED_WHY_SIZE, "no credentials: AWS_WEB_IDENTITY_TOKEN_FILE is set, "
		    "AWS_ROLE_ARN is not");
		return NULL;
	}
	wrong = sts_check(&role, &member);
	if (wrong == NULL)
		return chain_web_identity(c, "web identity token", &role, token_file, why);
	snprintf(why, CRED_WHY_SIZE, "%s: %s", strcmp(member, "role-arn") == 0 ? "AWS_ROLE_ARN" :
	    "AWS_ROLE_SESSION_NAME", wrong);
	return NULL;
}

static struct source *
find_container(const struct chain *c, char why[CRED_WHY_SIZE])
{
	return source_container(c->sts->ca_bundle, why);
}

static struct source *
find_metadata(const struct chain *c, char why[CRED_WHY_SIZE])
{
	(void)c;
	return source_metadata(why);
}

struct source *
chain_find(const struct chain *c, char why[CRED_WHY_SIZE])
{
	static struct source *(*const finders[])(const struct chain *, char *) = {
		find_keys, chain_profile, find_web_identity, find_container, find_metadata
	};
	struct source *source = NULL;

	why[0] = '\0';
	for (size_t i = 0; i < sizeof finders / sizeof *finders; i++) {
		source = finders[i](c, why);
		if (source != NULL || why[0] != '\0')
			return source;
	}
	if (profiles_selected_by(c->profiles) != NULL)
		snprintf(why, CRED_WHY_SIZE, "no credentials: profile \"%s\" (%s) has none",
		    profiles_selected(c->profiles), profiles_selected_by(c->profiles));
	else
		source_say_none(why, "");
	return NULL;
}
