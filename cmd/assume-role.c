/*
 * assume-role: STS AssumeRole with an external ID; the role's keys go into the environment of a
 * command that is run in this one's place, or to standard output for other programs.
 *
 * The caller's own keys come from the environment and do not reach the command.  The role's keys
 * are those of one session: they are not renewed.  No secret is ever an argument, and none is
 * printed where others can read it (a terminal, a file that group or others may read) unless
 * that is asked for.
 *
 * Manual page: assume-role(1).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/out.h"
#include "json/jtext.h"
#include "net/netopt.h"
#include "net/sts.h"

static const char usage[] =
    "assume-role [-v] " NETOPT_USAGE " --role-arn arn [--external-id id] "
    "[--role-session-name name] [--duration-seconds n] [--static] [--] command [argument ...]\n"
    "assume-role [-v] " NETOPT_USAGE " --role-arn arn [--external-id id] "
    "[--role-session-name name] [--duration-seconds n] --format process|env "
    "[--allow-insecure-output]";

enum {
	DURATION_MIN = 900, DURATION_MAX = 43200,	/* the service's limits */
	OUTPUT_MAX = 1024 * 1024
};

static const char session_name[] = "cognito-filters";

/* Each of these would lead the command, or an SDK in it, to other keys than the role's. */
static const char *const misleading[] = {
	"AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCOUNT_ID",
	"AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", NULL
};

enum format { FORMAT_NONE, FORMAT_PROCESS, FORMAT_ENV };

/* What the role's session puts into the environment; the values are borrowed. */
struct variable {
	const char *name, *value;
};

enum { VARIABLES = 7 };

static void
list_variables(struct variable list[VARIABLES], const struct cred *cred, const char *expiration,
    const char *region)
{
	size_t n = 0;

	list[n++] = (struct variable){ "AWS_ACCESS_KEY_ID", cred->access_key };
	list[n++] = (struct variable){ "AWS_SECRET_ACCESS_KEY", cred->secret_key };
	list[n++] = (struct variable){ "AWS_SESSION_TOKEN", cred->session_token };
	list[n++] = (struct variable){ "AWS_CREDENTIAL_EXPIRATION", expiration };
	if (region != NULL) {
		list[n++] = (struct variable){ "AWS_REGION", region };
		list[n++] = (struct variable){ "AWS_DEFAULT_REGION", region };
	}
	list[n] = (struct variable){ NULL, NULL };
}

/* Standard output. */

/* Refuses, as wrong usage, a standard output that others can read. */
static void
check_output(void)
{
	struct stat st;

	if (isatty(STDOUT_FILENO))
		opt_usage_error("standard output is a terminal: keys are not shown there without "
		    "--allow-insecure-output");
	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		opt_usage_error("standard output is a file that others may read (mode %03o): "
		    "use umask 077, or --allow-insecure-output", (unsigned)(st.st_mode & 0777));
}

/* A member of the JSON object for credential_process. */
static void
put_member(struct buf *b, const char *name, const char *value)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, value, strlen(value));
}

/* https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
static void
format_process(struct buf *b, const struct cred *cred, const char *expiration)
{
	buf_append_string(b, "{\"Version\":1");
	put_member(b, "AccessKeyId", cred->access_key);
	put_member(b, "SecretAccessKey", cred->secret_key);
	put_member(b, "SessionToken", cred->session_token);
	put_member(b, "Expiration", expiration);
	buf_append_string(b, "}\n");
}

/* Lines for a shell's eval; in single quotes only the single quote itself is special. */
static void
format_env(struct buf *b, const struct variable *list)
{
	for (const char *const *name = misleading; *name != NULL; name++)
		buf_appendf(b, "unset %s\n", *name);
	for (; list->name != NULL; list++) {
		buf_appendf(b, "export %s='", list->name);
		for (const char *s = list->value; *s != '\0'; s++) {
			if (*s == '\'')
				buf_append_string(b, "'\\''");
			else
				buf_append_byte(b, *s);
		}
		buf_append_string(b, "'\n");
	}
}

static enum prog_status
print(enum format format, const struct cred *cred, const char *expiration,
    const struct variable *list)
{
	struct buf text;
	struct out out;
	int failed;

	if (out_open(&out, NULL, false) != 0)
		return PROG_FAIL;
	/* Of full size at once: a buffer that grows would leave copies of the keys behind. */
	buf_init(&text, OUTPUT_MAX);
	if (buf_reserve(&text, OUTPUT_MAX) != 0)
		return PROG_FAIL;
	if (format == FORMAT_PROCESS)
		format_process(&text, cred, expiration);
	else
		format_env(&text, list);
	memcpy(out_reserve(&out, text.len), text.data, text.len);
	out_advance(&out, text.len);
	buf_wipe(&text);
	failed = out_flush(&out);
	mem_wipe(out.data, out.cap);
	return out_commit(&out) == 0 && failed == 0 ? PROG_OK : PROG_FAIL;
}

/* The command. */

static int
set_environment(const struct variable *list)
{
	for (const char *const *name = misleading; *name != NULL; name++)
		unsetenv(*name);
	for (; list->name != NULL; list++) {
		if (setenv(list->name, list->value, 1) != 0) {
			diag_error("%s: cannot be set: %s", list->name, strerror(errno));
			return -1;
		}
	}
	return 0;
}

/* Becomes the command; returns only if that fails. */
static enum prog_status
become(char **command, struct cred *cred, const struct variable *list)
{
	int failed = set_environment(list);

	cred_free(cred);
	if (failed != 0)
		return PROG_FAIL;
	prog_child();
	execvp(command[0], command);
	failed = errno;
	diag_error("%s: cannot run: %s", command[0], strerror(failed));
	return failed == ENOENT ? PROG_NOT_FOUND : PROG_CANNOT_EXEC;
}

/* Assumes the role.  Returns PROG_OK with cred filled, or what failed, reported. */
static enum prog_status
assume(const struct net_options *net, const struct sts_assume_role *role, struct cred *cred,
    char expiration[CLOCK_RFC3339_SIZE])
{
	/* A pool's region will do for the service that gives the keys for that pool. */
	const char *pool = getenv("COGNITO_USER_POOL_ID");
	struct aws_client *client;
	enum prog_status status = netopt_connect(net, AWS_STS, pool, &client);
	char why[CRED_WHY_SIZE];
	char *arn;

	if (status != PROG_OK)
		return status;
	status = sts_assume_role(client, role, cred, &arn, why);
	aws_free(client);
	if (status != PROG_OK) {
		diag_error("%s", why);
		return status;
	}
	clock_rfc3339(cred->expires_ms, expiration);
	diag_verbose(1, "assumed %s until %s", arn != NULL ? arn : role->role_arn, expiration);
	free(arn);
	return PROG_OK;
}

/* The command line. */

struct request {
	struct net_options net;
	struct sts_assume_role role;
	enum format format;
	char **command;			/* NULL: --format */
};

static enum format
parse_format(const char *text, bool command)
{
	if (text == NULL && !command)
		opt_usage_error("a command or --format is needed");
	if (text == NULL)
		return FORMAT_NONE;
	if (command)
		opt_usage_error("--format: not with a command");
	if (strcmp(text, "process") == 0)
		return FORMAT_PROCESS;
	if (strcmp(text, "env") == 0)
		return FORMAT_ENV;
	opt_usage_error("--format: neither process nor env");
}

static void
parse(struct request *r, int argc, char **argv)
{
	const char *duration = NULL, *format = NULL, *wrong, *member;
	bool fixed = false, insecure = false;
	int verbose = 0, operand;
	const struct opt_spec own[] = {
		{ "role-arn", 0, OPT_VALUE, &r->role.role_arn },
		{ "external-id", 0, OPT_VALUE, &r->role.external_id },
		{ "role-session-name", 0, OPT_VALUE, &r->role.session_name },
		{ "duration-seconds", 0, OPT_VALUE, &duration },
		{ "static", 0, OPT_FLAG, &fixed },
		{ "format", 0, OPT_VALUE, &format },
		{ "allow-insecure-output", 0, OPT_FLAG, &insecure },
		{ "verbose", 'v', OPT_COUNT, &verbose },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&r->net), NULL };

	operand = opt_parse(argc, argv, tables, usage, true);
	diag_set_verbosity(verbose);
	r->command = operand < argc ? argv + operand : NULL;
	r->format = parse_format(format, r->command != NULL);
	if (fixed && r->command == NULL)
		opt_usage_error("--static: only with a command");
	if (r->role.role_arn == NULL)
		opt_usage_error("--role-arn: needed");
	r->role.duration_seconds = (int)opt_number("duration-seconds", duration, DURATION_MIN,
	    DURATION_MAX, 0);
	wrong = sts_check(&r->role, &member);
	if (wrong != NULL)
		opt_usage_error("--%s: %s", member, wrong);
	if (r->command == NULL && !insecure)
		check_output();
}

int
main(int argc, char **argv)
{
	struct request r = { .role = { .session_name = session_name } };
	char expiration[CLOCK_RFC3339_SIZE];
	struct variable list[VARIABLES];
	struct cred cred = { 0 };
	enum prog_status status;

	prog_start(argv[0]);
	parse(&r, argc, argv);
	status = assume(&r.net, &r.role, &cred, expiration);
	if (status == PROG_OK) {
		list_variables(list, &cred, expiration, r.net.region);
		status = r.command != NULL ? become(r.command, &cred, list) :
		    print(r.format, &cred, expiration, list);
	}
	cred_free(&cred);
	return status;
}
