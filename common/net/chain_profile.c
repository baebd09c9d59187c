/*
 * The link of the chain that is a profile (chain.h).
 *
 * A role of a profile rests on another profile, and that perhaps on another one.  The walk goes
 * down to where the first keys come from and notes the roles that it passes; then they are put
 * upon each other from below.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"

#include "net/chain_parts.h"

enum { ROLES_MAX = 16 };	/* more than anybody chains: beyond it stands a mistake */

/* A role on the way. */
struct step {
	const char *name;		/* of its profile */
	struct profile_value arn, source;
	struct sts_assume_role role;
};

struct walk {
	const struct chain *chain;
	struct chain_at at;
	struct step steps[ROLES_MAX];
	size_t count;
};

/* Fills the role from the profile, which has a role_arn. */
static int
read_role(const struct chain_at *at, struct sts_assume_role *role)
{
	enum { ARN, SESSION_NAME, EXTERNAL_ID, DURATION, MFA_SERIAL, KEYS };
	static const char *const keys[] = { "role_arn", "role_session_name", "external_id",
		"duration_seconds", "mfa_serial" };
	static const char *const members[] = { "role-arn", "role-session-name", "external-id",
		"duration-seconds", "serial-number" };
	struct profile_value v[KEYS];
	const char *texts[KEYS], *wrong, *member;
	int64_t duration = 0;
	int i = ARN;

	for (int k = 0; k < KEYS; k++) {
		int there = chain_take(at, PROFILE_EITHER, keys[k], &v[k]);

		if (there < 0)
			return -1;
		texts[k] = there > 0 ? v[k].text : NULL;
	}
	if (texts[DURATION] != NULL &&
	    num_parse(texts[DURATION], 1, INT_MAX, &duration, &wrong) != 0)
		return chain_blame(at, &v[DURATION], keys[DURATION], "%s", wrong);
	*role = (struct sts_assume_role){
		.role_arn = texts[ARN],
		.session_name = texts[SESSION_NAME] != NULL ? texts[SESSION_NAME] :
		    CHAIN_SESSION_NAME,
		.external_id = texts[EXTERNAL_ID], .duration_seconds = (int)duration,
		.serial_number = texts[MFA_SERIAL]
	};
	wrong = sts_check(role, &member);
	if (wrong == NULL)
		return 0;
	while (i < KEYS - 1 && strcmp(members[i], member) != 0)
		i++;
	return chain_blame(at, &v[i], keys[i], "%s", wrong);
}

static struct source *
credential_source(const struct walk *w, const struct profile_value *v)
{
	static const char key[] = "credential_source";
	const struct aws_config *sts = w->chain->sts;
	const struct chain_at *at = &w->at;
	const char *missing;
	struct source *source;

	if (strcmp(v->text, "Environment") == 0) {
		source = chain_environment("environment", at->why);
		missing = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
	} else if (strcmp(v->text, "EcsContainer") == 0) {
		source = source_container(sts->ca_bundle, at->why);
		missing = "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
		    "AWS_CONTAINER_CREDENTIALS_FULL_URI is set";
	} else if (strcmp(v->text, "Ec2InstanceMetadata") == 0) {
		source = source_metadata(at->why);
		missing = "AWS_EC2_METADATA_DISABLED is true";
	} else {
		(void)chain_blame(at, v, key,
		    "not Environment, Ec2InstanceMetadata or EcsContainer");
		return NULL;
	}
	if (source == NULL && at->why[0] == '\0')
		(void)chain_blame(at, v, key, "%s", missing);
	return source;
}

/* Blames a source_profile by which the walk has come to a profile where it was before. */
static void
blame_loop(const struct walk *w, const struct profile_value *source)
{
	struct buf path;

	/* A long one is cut, with the message. */
	buf_init(&path, CRED_WHY_SIZE);
	for (size_t i = 0; i < w->count; i++)
		(void)buf_appendf(&path, "%s -> ", w->steps[i].name);
	(void)chain_blame(&w->at, source, "source_profile",
	    "profile \"%s\" comes back to itself (%s%s)", source->text, buf_string(&path),
	    source->text);
	buf_free(&path);
}

/* Goes on to the source_profile of the last step.  Returns whether that is possible. */
static bool
step_down(struct walk *w)
{
	const struct profiles *profiles = w->at.profiles;
	const struct profile_value *source = &w->steps[w->count - 1].source;
	struct profile_value v;

	if (!profile_exists(profiles, source->text)) {
		(void)chain_blame(&w->at, source, "source_profile", "there is no profile \"%s\"",
		    source->text);
		return false;
	}
	for (size_t i = 0; i < w->count; i++) {
		if (strcmp(w->steps[i].name, source->text) != 0)
			continue;
		/* A profile may give the keys for its own role. */
		if (i == w->count - 1 && (profile_get(profiles, PROFILE_EITHER, source->text,
		    "aws_access_key_id", &v) || profile_get(profiles, PROFILE_EITHER,
		    source->text, "aws_secret_access_key", &v)))
			break;
		blame_loop(w, source);
		return false;
	}
	w->at.name = source->text;
	return true;
}

/* Keys that exclude each other, or want each other.  Returns 0, or -1 with why set. */
static int
check_role_keys(const struct walk *w, const struct profile_value v[4], const int there[4])
{
	enum { ARN, TOKEN, PROFILE, SOURCE };
	const struct chain_at *at = &w->at;

	if (there[ARN] == 0)
		return chain_blame(at, &v[TOKEN], "web_identity_token_file",
		    "there is no role_arn");
	if (there[PROFILE] != 0 && there[SOURCE] != 0)
		return chain_blame(at, &v[SOURCE], "credential_source",
		    "cannot be used together with source_profile");
	if (there[TOKEN] != 0 && (there[PROFILE] != 0 || there[SOURCE] != 0))
		return chain_blame(at, &v[TOKEN], "web_identity_token_file",
		    "cannot be used together with %s",
		    there[PROFILE] != 0 ? "source_profile" : "credential_source");
	if (there[TOKEN] == 0 && there[PROFILE] == 0 && there[SOURCE] == 0)
		return chain_blame(at, &v[ARN], "role_arn", "there is neither source_profile nor "
		    "credential_source nor web_identity_token_file");
	if (w->count == ROLES_MAX)
		return chain_blame(at, &v[ARN], "role_arn",
		    "more than %d roles one upon the other", ROLES_MAX);
	return 0;
}

/* The role of a profile.  Returns whether another profile must be looked at. */
static bool
look_at_role(struct walk *w, struct source **source)
{
	enum { ARN, TOKEN, PROFILE, SOURCE, KEYS };
	static const char *const keys[] = { "role_arn", "web_identity_token_file",
		"source_profile", "credential_source" };
	const struct chain_at *at = &w->at;
	struct step *step = &w->steps[w->count];
	struct profile_value v[KEYS] = { { NULL, NULL, 0 } };
	int there[KEYS];
	char *name;

	for (int i = 0; i < KEYS; i++) {
		there[i] = chain_take(at, PROFILE_EITHER, keys[i], &v[i]);
		if (there[i] < 0)
			return false;
	}
	if (check_role_keys(w, v, there) != 0)
		return false;
	*step = (struct step){ .name = at->name, .arn = v[ARN], .source = v[PROFILE] };
	if (read_role(at, &step->role) != 0)
		return false;
	if (w->chain->sts_why != NULL) {
		snprintf(at->why, CRED_WHY_SIZE, "%s", w->chain->sts_why);
		return false;
	}
	if (there[TOKEN] != 0) {
		name = chain_describe(at->name, &v[ARN], "web identity, role ", v[ARN].text);
		*source = chain_web_identity(w->chain, name, &step->role, v[TOKEN].text, at->why);
		free(name);
		return false;
	}
	w->count++;
	if (there[PROFILE] != 0)
		return step_down(w);
	*source = credential_source(w, &v[SOURCE]);
	return false;
}

static bool
nothing_yet(const struct walk *w, const struct source *source)
{
	return source == NULL && w->at.why[0] == '\0';
}

/*
 * Looks what the profile has.  Returns whether another profile must be looked at; else *source is
 * set, or why is, or the profile has no credentials.
 */
static bool
look(struct walk *w, struct source **source)
{
	const struct profiles *profiles = w->at.profiles;
	struct profile_value v;

	if (w->count > 0) {
		*source = chain_static_keys(&w->at, PROFILE_CREDENTIALS);
		if (nothing_yet(w, *source))
			*source = chain_static_keys(&w->at, PROFILE_CONFIG);
		if (!nothing_yet(w, *source))
			return false;
	}
	if (profile_get(profiles, PROFILE_EITHER, w->at.name, "role_arn", &v) ||
	    profile_get(profiles, PROFILE_EITHER, w->at.name, "web_identity_token_file", &v))
		return look_at_role(w, source);
	*source = chain_static_keys(&w->at, PROFILE_CREDENTIALS);
	if (nothing_yet(w, *source))
		*source = chain_process(&w->at);
	if (nothing_yet(w, *source))
		*source = chain_static_keys(&w->at, PROFILE_CONFIG);
	if (nothing_yet(w, *source))
		chain_blame_login(&w->at);
	return false;
}

/* Puts the role of a step upon the source, which is taken over. */
static struct source *
put_role(const struct walk *w, const struct step *step, struct source *source)
{
	char *name = chain_describe(step->name, &step->arn, "role ", step->role.role_arn);
	struct aws_config sts;

	aws_config_copy(&sts, w->chain->sts, source);
	source = source_role(name, &sts, &step->role);
	free(name);
	return source;
}

struct source *
chain_profile(const struct chain *c, char why[CRED_WHY_SIZE])
{
	struct walk w = { .chain = c, .at = { .profiles = c->profiles,
		.name = profiles_selected(c->profiles), .why = why } };
	struct source *source = NULL;

	while (look(&w, &source))
		continue;
	if (w.count > 0 && nothing_yet(&w, source)) {
		const struct profile_value *from = &w.steps[w.count - 1].source;

		(void)chain_blame(&w.at, from, "source_profile",
		    "profile \"%s\" has no credentials", from->text);
	}
	while (source != NULL && w.count > 0)
		source = put_role(&w, &w.steps[--w.count], source);
	return source;
}
