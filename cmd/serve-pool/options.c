/* The command line (options.h). */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ops.h"
#include "params.h"

static const char usage[] =
    "serve-pool [-v] [-p port] [--user-pool-id id] [--region region] [--role-arn arn]\n"
    "           [--external-id id] [--via-role-arn arn] [--mfa serial=code,...]\n"
    "           [--web-identity-token-file file] [--keys-from-environment]\n"
    "           [--require-role] [--allow list] [--description file]\n"
    "           [--state file] [--inventory file] [--session-seconds n]\n"
    "           [--max-session-seconds n] [--token-seconds n] [--no-signatures]\n"
    "           [--tls-cert file --tls-key file] [--log file] [--seed n]\n"
    "           [--latency ms] [--short-pages] [--quota category=rate]\n"
    "           [--clock-offset seconds] [--fault kind@n] [file ...] [-- command ...]";

/* The keys of AWS's own documentation: nobody takes them for real ones. */
static const char default_access_key[] = "AKIAIOSFODNN7EXAMPLE";
static const char default_secret_key[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/*
 * A test waits at most ten minutes for an answer; a session lasts at most twelve hours, as in
 * AWS.
 */
enum { LATENCY_MAX = 600 * 1000, SESSION_MAX = 43200, TOKEN_MAX = 86400 };

/* The shortest limit that AWS lets a role set. */
enum { ROLE_SESSION_MIN = 3600 };

static const long offset_max = 10L * 366 * 86400;

/* What does not go with --inventory, where there need not be a pool of the command line's own. */
static void
check_together(const struct options *o, bool has_files)
{
	if (o->inventory == NULL)
		return;
	if (o->state != NULL)
		opt_value_error("--state: not with --inventory: it keeps one pool");
	if (o->description != NULL && !has_files && o->pool == NULL)
		opt_value_error("--description: there is neither a file nor --user-pool-id");
}

void
options_parse(int argc, char **argv, struct options *o)
{
	const struct opt_spec table[] = {
		{"port", 'p', OPT_VALUE, &o->port},
		{"user-pool-id", 0, OPT_VALUE, &o->pool},
		{"region", 0, OPT_VALUE, &o->region},
		{"role-arn", 0, OPT_VALUE, &o->role_arn},
		{"external-id", 0, OPT_VALUE, &o->external_id},
		{"via-role-arn", 0, OPT_VALUE, &o->via_role_arn},
		{"mfa", 0, OPT_VALUE, &o->mfa},
		{"web-identity-token-file", 0, OPT_VALUE, &o->web_identity_token_file},
		{"keys-from-environment", 0, OPT_FLAG, &o->keys_from_environment},
		{"require-role", 0, OPT_FLAG, &o->require_role},
		{"allow", 0, OPT_VALUE, &o->allow},
		{"description", 0, OPT_VALUE, &o->description},
		{"state", 0, OPT_VALUE, &o->state},
		{"inventory", 0, OPT_VALUE, &o->inventory},
		{"session-seconds", 0, OPT_VALUE, &o->session_seconds},
		{"max-session-seconds", 0, OPT_VALUE, &o->max_session_seconds},
		{"token-seconds", 0, OPT_VALUE, &o->token_seconds},
		{"no-signatures", 0, OPT_FLAG, &o->no_signatures},
		{"tls-cert", 0, OPT_VALUE, &o->tls_cert},
		{"tls-key", 0, OPT_VALUE, &o->tls_key},
		{"log", 0, OPT_VALUE, &o->log},
		{"seed", 0, OPT_VALUE, &o->seed},
		{"latency", 0, OPT_VALUE, &o->latency},
		{"short-pages", 0, OPT_FLAG, &o->short_pages},
		{"quota", 0, OPT_LIST, &o->quota},
		{"clock-offset", 0, OPT_VALUE, &o->clock_offset},
		{"fault", 0, OPT_LIST, &o->fault},
		{"verbose", 'v', OPT_COUNT, &o->verbosity},
		{NULL, 0, OPT_FLAG, NULL}
	};
	const struct opt_spec *const tables[] = {table, NULL};
	int i, first;

	/* getopt(3) would hand the command's words out together with the files. */
	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		;
	if (i < argc) {
		o->command = argv + i + 1;
		argv[i] = NULL;
	}
	first = opt_parse(i, argv, tables, usage, false);
	o->files = argv + first;
	if (first == i && o->inventory == NULL)
		opt_usage_error("no file");
	o->port_number = (uint16_t)opt_number("port", o->port, 0, UINT16_MAX, 0);
	if (o->command != NULL && o->command[0] == NULL)
		opt_usage_error("no command behind --");
	check_together(o, first < i);
	if ((o->tls_cert == NULL) != (o->tls_key == NULL))
		opt_value_error("--tls-cert and --tls-key: only together");
}

static const char *
or_else(const char *value, const char *fallback)
{
	return value != NULL ? value : fallback;
}

static void
set_identity(struct server *s, const struct options *o)
{
	static const char id_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+=,.@:/-";
	bool has_own = o->inventory == NULL || o->files[0] != NULL || o->pool != NULL;
	const char *pool = or_else(o->pool, or_else(getenv("COGNITO_USER_POOL_ID"),
	    "us-east-1_EXAMPLE1"));

	s->region = or_else(o->region, "us-east-1");
	s->external_id = or_else(o->external_id, "cognito-integration");
	if (has_own && !params_is_pool_id(pool))
		opt_value_error("--user-pool-id: not the id of a user pool");
	if (s->region[0] == '\0' || strlen(s->region) > 64 ||
	    s->region[strspn(s->region, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		opt_value_error("--region: not a Region");
	if (strlen(s->external_id) < 2 || strlen(s->external_id) > 1224 ||
	    s->external_id[strspn(s->external_id, id_characters)] != '\0')
		opt_value_error("--external-id: not 2 to 1224 characters of a-z A-Z 0-9 _+=,.@:/-");
	if (role_set(&s->role, or_else(o->role_arn,
	    "arn:aws:iam::123456789012:role/cognitoApiAccessRole")) != 0)
		opt_value_error("--role-arn: not the ARN of a role");
	if (o->via_role_arn != NULL && (role_set(&s->via, o->via_role_arn) != 0 ||
	    strcmp(s->via.arn, s->role.arn) == 0))
		opt_value_error("--via-role-arn: not the ARN of another role");
	accounts_init(&s->accounts, &s->role, s->region);
	s->inventory = o->inventory;
	if (has_own)
		s->own = pools_add(&s->pools, s, pool, s->region, &s->role);
}

static void
set_keys(struct server *s, bool from_environment)
{
	const char *access = default_access_key, *secret = default_secret_key;

	if (from_environment) {
		access = getenv("AWS_ACCESS_KEY_ID");
		secret = getenv("AWS_SECRET_ACCESS_KEY");
		if (access == NULL || access[0] == '\0' || secret == NULL || secret[0] == '\0')
			opt_value_error("--keys-from-environment: AWS_ACCESS_KEY_ID and "
			    "AWS_SECRET_ACCESS_KEY are not both set");
	}
	s->access_key = mem_dup_string(access);
	s->secret_key = mem_dup_string(secret);
}

static void
set_behaviour(struct server *s, const struct options *o)
{
	const char *why;
	size_t i;

	if (ops_parse_list(or_else(o->allow, ops_default_list), &s->allowed) != 0)
		opt_value_error("--allow: not a list of operations that are served, or \"all\"");
	if (o->mfa != NULL && (why = mfa_parse(&s->mfa, o->mfa)) != NULL)
		opt_value_error("--mfa: %s", why);
	s->web_identity_token_file = o->web_identity_token_file;
	s->require_role = o->require_role;
	s->no_signatures = o->no_signatures;
	s->short_pages = o->short_pages;
	s->state = o->state;
	s->tls = o->tls_cert != NULL;
	s->session_seconds = opt_number("session-seconds", o->session_seconds, 1, SESSION_MAX, 0);
	s->max_session_seconds = opt_number("max-session-seconds", o->max_session_seconds,
	    ROLE_SESSION_MIN, SESSION_MAX, SESSION_MAX);
	s->token_seconds = opt_number("token-seconds", o->token_seconds, 1, TOKEN_MAX, 3600);
	s->latency_ms = opt_number("latency", o->latency, 0, LATENCY_MAX, 0);
	s->clock_offset_ms = (int64_t)1000 *
	    opt_number("clock-offset", o->clock_offset, -offset_max, offset_max, 0);
	quota_init(&s->quota);
	for (i = 0; i < o->quota.count; i++)
		if ((why = quota_parse(&s->quota, o->quota.items[i])) != NULL)
			opt_value_error("--quota: %s: %s", o->quota.items[i], why);
	faults_init(&s->faults, s->seed);
	for (i = 0; i < o->fault.count; i++)
		if ((why = faults_parse(&s->faults, o->fault.items[i])) != NULL)
			opt_value_error("--fault: %s: %s", o->fault.items[i], why);
}

void
options_apply(const struct options *o, struct server *s)
{
	s->seed = (uint64_t)opt_number("seed", o->seed, 0, INT64_MAX, 1);
	pools_init(&s->pools);
	directory_init(&s->directory);
	set_keys(s, o->keys_from_environment);
	set_identity(s, o);
	set_behaviour(s, o);
}
