/*
 * serve-pool: serves users, groups and memberships from NDJSON files as an Amazon Cognito user
 * pool with its STS, on the loopback address.
 *
 * In: files of records (cognito-records(5)).  Out: answers over HTTP, as strict as the
 * service's; and, on order, as wrong as a bad day makes them.  It runs until a signal comes,
 * or, with -- CMD, until CMD ends.
 *
 * What a reader cannot see: everything is rendered once at the start, and a page is copied
 * together (wire.c, listing.c); the server remembers neither sessions nor page tokens, both
 * carry what is to be known of them (opaque.c); chance is a function of the seed and the
 * request (chance.c).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/run.h"
#include "base/sandbox.h"
#include "load.h"
#include "log.h"
#include "ops.h"
#include "params.h"
#include "publish.h"
#include "state.h"
#include "web.h"

static const char usage[] =
    "serve-pool [-v] [-p port] [--user-pool-id id] [--region region] [--role-arn arn]\n"
    "           [--external-id id] [--via-role-arn arn] [--mfa serial=code,...]\n"
    "           [--web-identity-token-file file] [--keys-from-environment]\n"
    "           [--require-role] [--allow list] [--description file]\n"
    "           [--state file] [--session-seconds n]\n"
    "           [--max-session-seconds n] [--token-seconds n] [--no-signatures]\n"
    "           [--tls-cert file --tls-key file] [--log file] [--seed n]\n"
    "           [--latency ms] [--short-pages] [--quota category=rate]\n"
    "           [--clock-offset seconds] [--fault kind@n] file ... [-- command ...]";

/* The keys of AWS's own documentation: nobody takes them for real ones. */
static const char default_access_key[] = "AKIAIOSFODNN7EXAMPLE";
static const char default_secret_key[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/* Certificates with their chains; a description with its templates of messages. */
enum { PEM_MAX = 1024 * 1024, DESCRIPTION_MAX = 1024 * 1024 };

/*
 * A test waits at most ten minutes for an answer; a session lasts at most twelve hours, as in
 * AWS.
 */
enum { LATENCY_MAX = 600 * 1000, SESSION_MAX = 43200, TOKEN_MAX = 86400 };

/* The shortest limit that AWS lets a role set. */
enum { ROLE_SESSION_MIN = 3600 };

static const long offset_max = 10L * 366 * 86400;

struct options {
	const char *port, *pool, *region, *role_arn, *external_id, *via_role_arn, *mfa, *allow;
	const char *web_identity_token_file, *session_seconds, *max_session_seconds;
	const char *token_seconds, *tls_cert, *tls_key, *log, *seed, *latency, *clock_offset;
	const char *description, *state;
	bool keys_from_environment, require_role, no_signatures, short_pages;
	struct opt_list quota, fault;
	int verbosity;
	uint16_t port_number;
	char **files;
	char **command;		/* NULL: none */
};

static void
parse_options(int argc, char **argv, struct options *o)
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
	if (first == i)
		opt_usage_error("no file");
	o->port_number = (uint16_t)opt_number("port", o->port, 0, UINT16_MAX, 0);
	if (o->command != NULL && o->command[0] == NULL)
		opt_usage_error("no command behind --");
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
	const char *pool = or_else(o->pool, or_else(getenv("COGNITO_USER_POOL_ID"),
	    "us-east-1_EXAMPLE1"));

	s->region = or_else(o->region, "us-east-1");
	s->external_id = or_else(o->external_id, "cognito-integration");
	if (!params_is_pool_id(pool))
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

struct pem {
	struct buf cert, key;
};

static int
read_pem(struct pem *p, const struct options *o)
{
	if (o->tls_cert == NULL)
		return 0;
	if (datafile_read(o->tls_cert, &p->cert) != 0)
		return -1;
	return datafile_read(o->tls_key, &p->key);
}

/*
 * Shuts the door behind all that is open.  What stays is to take connections; and to read again,
 * through the helper, the tokens that are good.
 */
static int
shut_door(const struct options *o)
{
	static const struct sandbox door = { .keep = SANDBOX_SERVE | SANDBOX_THREADS |
		SANDBOX_TERMINAL };

	if (o->web_identity_token_file != NULL)
		files_will_read(o->web_identity_token_file);
	if (o->state != NULL)
		files_will_replace(o->state);
	return files_shut(&door);
}

/* Listens, and stays until it is over. */
static int
serve(struct server *s, const struct options *o, const struct pem *pem)
{
	uint16_t port = o->port_number;
	bool tls = o->tls_cert != NULL;
	struct MHD_Daemon *d = NULL;
	struct run run = { .environment = NULL };
	int status = PROG_FAIL, fd = web_listen(&port);

	if (fd == -1)
		return PROG_FAIL;
	if (o->command != NULL) {
		if (publish_set(s, port, tls) != 0) {
			close(fd);
			return PROG_FAIL;
		}
		if (run_fork(&run, o->command) != 0) {
			close(fd);
			return PROG_CANNOT_EXEC;
		}
	}
	run_prepare(&run);
	if (shut_door(o) == 0)
		d = web_start(s, fd, tls ? buf_string(&pem->cert) : NULL, buf_string(&pem->key));
	if (d == NULL) {
		run_dismiss(&run);
	} else if (o->command != NULL) {
		status = run_command(&run);
	} else if (publish_print(s, port, tls) == 0) {
		run_wait(&run);
		status = PROG_OK;
	}
	server_stop(s);
	if (d == NULL)
		return status;
	web_stop(d);
	for (size_t i = 0; i < s->pools.count; i++)
		imports_finish(s->pools.pool[i]);
	if (o->state != NULL && state_write(s->own, o->state) != 0 && status == PROG_OK)
		status = PROG_FAIL;
	return status;
}

/* The description, JSON over any number of lines. */
static int
read_description(struct pool *p, const char *path)
{
	const char *why = "not a JSON object";
	struct tok_list list;
	struct buf b;
	int result = -1;

	buf_init(&b, DESCRIPTION_MAX);
	tok_init(&list, DESCRIPTION_MAX);
	if (datafile_read(path, &b) == 0) {
		if (tok_parse(&list, buf_string(&b), b.len) == TOK_OK &&
		    list.tok[0].type == TOK_OBJECT)
			why = schema_describe(&p->schema, &list, b.data, 0);
		if (why == NULL)
			result = 0;
		else
			diag_error("%s: %s", path, why);
	}
	tok_free(&list);
	buf_free(&b);
	return result;
}

/* The state, where there is one, goes before the files; the option's description before a file's. */
static enum prog_status
load(struct server *s, const struct options *o)
{
	char *state[] = { (char *)(uintptr_t)o->state, NULL };
	struct pool *p = s->own;
	enum prog_status status;

	status = load_files(p, o->state != NULL && access(o->state, F_OK) == 0 ? state : o->files);
	if (status != PROG_OK)
		return status;
	if (o->description != NULL && read_description(p, o->description) != 0)
		return PROG_FAIL;
	/* To look at everybody's attributes takes its time. */
	if (ops_need_schema(s->allowed))
		schema_add_seen(&p->schema, &p->store.users);
	pool_finish(p);
	/* That it cannot be written had better be known before the work than after it. */
	if (o->state != NULL && state_begin(p, o->state) != 0)
		return PROG_FAIL;
	return PROG_OK;
}

/* Reads what there is to serve, and serves it. */
static int
load_and_serve(struct server *s, const struct options *o)
{
	struct pem pem;
	int status = PROG_FAIL;

	buf_init(&pem.cert, PEM_MAX);
	buf_init(&pem.key, PEM_MAX);
	s->log_fd = -1;
	if (read_pem(&pem, o) != 0 || (o->log != NULL && (s->log_fd = log_open(o->log)) == -1))
		goto out;
	status = (int)load(s, o);
	if (status == PROG_OK)
		status = serve(s, o, &pem);
out:
	if (s->log_fd != -1)
		close(s->log_fd);
	buf_free(&pem.cert);
	buf_wipe(&pem.key);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct server *s;
	int status;

	prog_start(argv[0]);
	parse_options(argc, argv, &o);
	diag_set_verbosity(o.verbosity);
	s = mem_alloc(sizeof *s);
	s->seed = (uint64_t)opt_number("seed", o.seed, 0, INT64_MAX, 1);
	pools_init(&s->pools);
	directory_init(&s->directory);
	set_keys(s, o.keys_from_environment);
	set_identity(s, &o);
	set_behaviour(s, &o);
	status = server_init(s) == 0 ? load_and_serve(s, &o) : PROG_FAIL;
	server_free(s);
	mem_wipe_free((char *)(uintptr_t)s->access_key);
	mem_wipe_free((char *)(uintptr_t)s->secret_key);
	free(s);
	return status;
}
