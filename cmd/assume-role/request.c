/* The command line (request.h). */
#include "request.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/terminal.h"

#define ROLE_USAGE \
	"[--role-arn arn] [--external-id id] [--role-session-name name] [--duration-seconds n] " \
	"[--source-identity name] [--tags Key=key,Value=value] [--transitive-tag-keys key] " \
	"[--policy-arns arn] [--serial-number device] [--token-code-fd n]"

static const char usage[] =
    "assume-role [-v] " NETOPT_USAGE " " ROLE_USAGE " [--static] [--] command [argument ...]\n"
    "assume-role [-v] " NETOPT_USAGE " " ROLE_USAGE " --format format [--allow-insecure-output]";

enum { DURATION_MIN = 900, DURATION_MAX = 43200 };	/* the service's limits */

static const char session_name[] = "cognito-filters";

struct options {
	const char *duration, *format, *code_fd;
	struct opt_list tags;
	bool insecure;
};

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

static void
check_form(struct request *r, const struct options *o)
{
	if (o->format == NULL && r->command == NULL)
		opt_usage_error("a command or --format is needed");
	if (o->format != NULL && r->command != NULL)
		opt_usage_error("--format: not with a command");
	if (o->format != NULL && !print_parse_format(o->format, &r->format))
		opt_usage_error("--format: none of %s", print_format_names);
	if (r->fixed && r->command == NULL)
		opt_usage_error("--static: only with a command");
	if (o->insecure && r->command != NULL)
		opt_usage_error("--allow-insecure-output: only with --format");
}

/* "Key=KEY,Value=VALUE", the AWS CLI's shorthand; neither may hold a comma, so none is quoted. */
static void
parse_tags(struct request *r, const struct opt_list *list)
{
	static const char key[] = "Key=", value[] = ",Value=";

	r->tags = mem_alloc(list->count * sizeof *r->tags);
	r->role.tags = r->tags;
	r->role.tag_count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->items[i], *at = strstr(text, value);

		if (strncmp(text, key, strlen(key)) != 0 || at == NULL)
			opt_value_error("--tags: not of the form Key=KEY,Value=VALUE");
		text += strlen(key);
		if (at < text)
			opt_value_error("--tags: no key between Key= and ,Value=");
		r->tags[i].key = mem_dup(text, (size_t)(at - text));
		r->tags[i].value = at + strlen(value);
	}
}

static void
parse_lists(struct request *r, const struct options *o)
{
	static const char arn[] = "arn=";

	parse_tags(r, &o->tags);
	r->role.transitive_tag_keys = r->transitive_tag_keys.items;
	r->role.transitive_tag_key_count = r->transitive_tag_keys.count;
	for (size_t i = 0; i < r->policy_arns.count; i++)
		if (strncmp(r->policy_arns.items[i], arn, strlen(arn)) == 0)
			r->policy_arns.items[i] += strlen(arn);
	r->role.policy_arns = r->policy_arns.items;
	r->role.policy_arn_count = r->policy_arns.count;
}

/* The first option that says something of the role, or NULL. */
static const char *
first_of_role(const struct request *r)
{
	const struct sts_assume_role *role = &r->role;

	if (role->external_id != NULL)
		return "external-id";
	if (role->session_name != NULL)
		return "role-session-name";
	if (role->duration_seconds != 0)
		return "duration-seconds";
	if (role->source_identity != NULL)
		return "source-identity";
	if (role->tag_count > 0)
		return "tags";
	if (role->transitive_tag_key_count > 0)
		return "transitive-tag-keys";
	if (role->policy_arn_count > 0)
		return "policy-arns";
	return role->serial_number != NULL ? "serial-number" : NULL;
}

static void
check_role(struct request *r)
{
	const char *wrong, *member;

	if (r->role.role_arn == NULL) {
		/* The profile that says which role says all of it. */
		member = first_of_role(r);
		if (member != NULL)
			opt_usage_error("--%s: only with --role-arn", member);
		return;
	}
	if (r->role.session_name == NULL)
		r->role.session_name = session_name;
	wrong = sts_check(&r->role, &member);
	if (wrong != NULL)
		opt_usage_error("--%s: %s", member, wrong);
}

/* Standard input belongs to the command, and its output and errors are no input. */
static void
read_code(struct request *r, const char *number)
{
	char why[TERMINAL_WHY_SIZE];
	int fd, failed;

	if (number == NULL)
		return;
	if (r->role.serial_number == NULL)
		opt_usage_error("--token-code-fd: only with --serial-number");
	fd = (int)opt_number("token-code-fd", number, STDERR_FILENO + 1, INT_MAX, 0);
	failed = terminal_read_fd(fd, r->code, sizeof r->code, why);
	close(fd);
	if (failed != 0)
		opt_value_error("--token-code-fd: %s", why);
	if (!sts_token_code_valid(r->code)) {
		mem_wipe(r->code, sizeof r->code);
		opt_value_error("--token-code-fd: not a code of six digits");
	}
	r->role.token_code = r->code;
}

void
request_parse(struct request *r, int argc, char **argv)
{
	struct options o = { .duration = NULL };
	int verbose = 0, operand;
	const struct opt_spec own[] = {
		{ "role-arn", 0, OPT_VALUE, &r->role.role_arn },
		{ "external-id", 0, OPT_VALUE, &r->role.external_id },
		{ "role-session-name", 0, OPT_VALUE, &r->role.session_name },
		{ "duration-seconds", 0, OPT_VALUE, &o.duration },
		{ "source-identity", 0, OPT_VALUE, &r->role.source_identity },
		{ "tags", 0, OPT_LIST, &o.tags },
		{ "transitive-tag-keys", 0, OPT_LIST, &r->transitive_tag_keys },
		{ "policy-arns", 0, OPT_LIST, &r->policy_arns },
		{ "serial-number", 0, OPT_VALUE, &r->role.serial_number },
		{ "token-code-fd", 0, OPT_VALUE, &o.code_fd },
		{ "static", 0, OPT_FLAG, &r->fixed },
		{ "format", 0, OPT_VALUE, &o.format },
		{ "allow-insecure-output", 0, OPT_FLAG, &o.insecure },
		{ "verbose", 'v', OPT_COUNT, &verbose },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&r->net), NULL };

	memset(r, 0, sizeof *r);
	operand = opt_parse(argc, argv, tables, usage, true);
	diag_set_verbosity(verbose);
	r->command = operand < argc ? argv + operand : NULL;
	check_form(r, &o);
	r->role.duration_seconds = (int)opt_number("duration-seconds", o.duration, DURATION_MIN,
	    DURATION_MAX, 0);
	parse_lists(r, &o);
	check_role(r);
	read_code(r, o.code_fd);
	if (r->command == NULL && !o.insecure)
		check_output();
}

void
request_free(struct request *r)
{
	for (size_t i = 0; i < r->role.tag_count; i++)
		free((char *)(uintptr_t)r->tags[i].key);
	free(r->tags);
	mem_wipe(r->code, sizeof r->code);
}
