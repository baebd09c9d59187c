/*
 * push-import: CSV files in, as emit-csv makes them; imported by the target's own bulk import; out
 * comes a result record for each row.
 *
 * Every file is read to its end, and checked, before anything is sent; and read again to be sent,
 * when it must still be the same.  The importers tell what became of a file in their own ways:
 * where a target gives counts alone, a row's result says no more than they do.
 *
 * Manual page: push-import(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/place.h"
#include "base/prog.h"
#include "json/sink.h"
#include "net/netdoor.h"
#include "net/netopt.h"

#include "check.h"
#include "cognito.h"
#include "oci.h"
#include "result.h"

static const char usage[] =
    "push-import cognito [-v] [-o file] [--if-changed] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--cloud-watch-logs-role-arn arn] [--job-name name] "
    "[--rows n | --whole] [--resume id] [--timeout seconds] [--verify] [--dry-run] file ...\n"
    "       push-import oci [-v] [-o file] [--if-changed] [--seal] [--stats file] " SCIM_USAGE
    " [--rows n | --whole] [--resume id] [--timeout seconds] [--dry-run] file ...";

enum { NAME_MAX_LENGTH = 100, TIMEOUT_S = 24 * 3600, TIMEOUT_MAX_S = 7 * 24 * 3600 };

struct options {
	struct sink_options sink;
	struct net_options net;
	struct scim_options scim;
	const char *pool, *role, *name, *rows, *resume, *timeout;
	bool oci, whole, verify, dry_run;
};

static void
check_cognito(const struct options *o)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+=,.@-";

	if (o->role == NULL && o->resume == NULL && !o->dry_run)
		opt_value_error("--cloud-watch-logs-role-arn: the role with which the job writes "
		    "its log is needed");
	if (o->role != NULL && (strncmp(o->role, "arn:", 4) != 0 || strlen(o->role) < 20 ||
	    strlen(o->role) > 2048))
		opt_value_error("--cloud-watch-logs-role-arn: not the ARN of a role");
	if (o->name != NULL && (o->name[0] == '\0' || strlen(o->name) > NAME_MAX_LENGTH ||
	    o->name[strspn(o->name, characters)] != '\0'))
		opt_value_error("--job-name: not 1 to %d characters of A-Z a-z 0-9 _+=,.@-",
		    NAME_MAX_LENGTH);
	if (o->resume != NULL && (strncmp(o->resume, "import-", 7) != 0 ||
	    strlen(o->resume) >= JOB_ID_SIZE))
		opt_value_error("--resume: not the id of an import job");
}

static void
check_oci(struct options *o)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-_";

	if (o->scim.dialect != NULL && strcmp(o->scim.dialect, "oci") != 0)
		opt_value_error("--dialect: of target oci it is oci");
	o->scim.dialect = "oci";
	if (o->resume != NULL && (o->resume[0] == '\0' || strlen(o->resume) > NAME_MAX_LENGTH - 1 ||
	    o->resume[strspn(o->resume, characters)] != '\0'))
		opt_value_error("--resume: not the id of a job schedule");
}

/* Behind the name of the target, which is the first word. */
static void
check_options(const struct options *o, char **files)
{
	if (files[0] == NULL)
		opt_usage_error("no file");
	if (o->whole && o->rows != NULL)
		opt_value_error("--rows and --whole exclude each other");
	/* CSV has no seal: somebody must say how many rows there are, or that none is missing. */
	if (o->sink.seal && !o->whole && o->rows == NULL)
		opt_value_error("--seal: needs --rows or --whole, since CSV cannot say that it is "
		    "whole");
	if (o->resume != NULL && (files[1] != NULL || o->dry_run))
		opt_value_error("--resume: with one file, and without --dry-run");
	for (char **f = files; *f != NULL; f++) {
		if (strcmp(*f, "-") == 0)
			opt_value_error("standard input cannot be read twice: a file is needed");
		sink_keep_input(&o->sink, *f);
	}
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "output", 'o', OPT_VALUE, &o->sink.output },
		{ "if-changed", 0, OPT_FLAG, &o->sink.if_changed },
		{ "seal", 0, OPT_FLAG, &o->sink.seal },
		{ "stats", 0, OPT_VALUE, &o->sink.stats },
		{ "verbose", 'v', OPT_COUNT, &o->sink.verbose },
		{ "rows", 0, OPT_VALUE, &o->rows },
		{ "resume", 0, OPT_VALUE, &o->resume },
		{ "timeout", 0, OPT_VALUE, &o->timeout },
		{ "whole", 0, OPT_FLAG, &o->whole },
		{ "dry-run", 0, OPT_FLAG, &o->dry_run },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec of_cognito[] = {
		{ "user-pool-id", 0, OPT_VALUE, &o->pool },
		{ "cloud-watch-logs-role-arn", 0, OPT_VALUE, &o->role },
		{ "job-name", 0, OPT_VALUE, &o->name },
		{ "verify", 0, OPT_FLAG, &o->verify },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, o->oci ? scim_option_table(&o->scim) : netopt_table(&o->net),
		o->oci ? NULL : of_cognito, NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, false);

	if (operand == argc || strcmp(argv[operand], o->oci ? "oci" : "cognito") != 0)
		opt_usage_error("the first word is the target: cognito or oci");
	sink_options_finish(&o->sink);
	check_options(o, argv + operand + 1);
	if (o->oci)
		check_oci(o);
	else
		check_cognito(o);
	return argv + operand + 1;
}

static void
set_up(struct push *p, const struct options *o)
{
	p->rules = o->oci ? &oci_rules : &cognito_rules;
	p->dry_run = o->dry_run;
	p->verify = o->verify;
	p->resume = o->resume;
	p->rows = opt_number("rows", o->rows, 0, 1000000000, -1);
	p->timeout_ms = 1000 * (int64_t)opt_number("timeout", o->timeout, 0, TIMEOUT_MAX_S,
	    TIMEOUT_S);
	keyset_init(&p->keys);
}

/* The seal is of results, made here. */
static void
describe(struct push *p, const char *target)
{
	char now[CLOCK_RFC3339_SIZE];
	struct buf b;

	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/results", target);
	seal_set(&p->sink.seal.source, buf_string(&b));
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&p->sink.seal.started, now);
	buf_free(&b);
}

/* The files are open, the door is shut, and they are whole. */
static enum prog_status
begin(struct push *p, char **paths)
{
	enum prog_status status = files_open_all(&p->files, paths, p->rules->bytes_max);

	p->why = "a file cannot be opened";
	files_will_spool();
	if (status == PROG_OK && netdoor_shut(0) != 0)
		status = PROG_FAIL;
	return status == PROG_OK ? check_files(p) : status;
}

static enum prog_status
end(struct push *p, enum prog_status status, struct buf *stats)
{
	progress_end(&p->progress);
	status = sink_close(&p->sink, status, p->why, buf_string(stats));
	/* Whose reader went away has no results to look at. */
	if (status == PROG_OK || status == PROG_REJECTED)
		result_tell(p);
	buf_free(stats);
	files_close(&p->files);
	keyset_free(&p->keys);
	return status;
}

static enum prog_status
push_cognito(struct push *p, const struct options *o, char **paths)
{
	struct cognito c = {
		.push = p, .pool.id = netopt_pool(o->pool), .role = o->role,
		.name = o->name != NULL ? o->name : "push-import"
	};
	enum prog_status status = netopt_connect(&o->net, AWS_COGNITO_IDP, c.pool.id,
	    &c.pool.client);
	struct buf b;

	if (status == PROG_OK && sink_open(&p->sink, &o->sink, true) != 0)
		status = PROG_FAIL;
	if (status != PROG_OK) {
		aws_free(c.pool.client);
		return status;
	}
	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/%s", aws_endpoint(c.pool.client), c.pool.id);
	describe(p, buf_string(&b));
	progress_start(&p->progress, netopt_progress(&o->net), "users");
	/* Where presigned URLs lead. */
	netdoor_will_reach("https://s3.amazonaws.com");
	status = begin(p, paths);
	if (status == PROG_OK) {
		p->why = "no credentials";
		status = netopt_start(c.pool.client);
	}
	if (status == PROG_OK)
		status = cognito_run(&c);
	buf_clear(&b);
	result_stats(p, &b);
	aws_stats_json(c.pool.client, &b);
	status = end(p, status, &b);
	aws_free(c.pool.client);
	return status;
}

static enum prog_status
push_oci(struct push *p, const struct options *o, char **paths)
{
	struct oci c = { .push = p };
	enum prog_status status = scim_connect(&o->scim, &c.client);
	struct buf b;

	if (status == PROG_OK && sink_open(&p->sink, &o->sink, true) != 0)
		status = PROG_FAIL;
	if (status != PROG_OK) {
		scim_free(c.client);
		return status;
	}
	describe(p, scim_url(c.client));
	progress_start(&p->progress, scim_progress(&o->scim), "rows");
	status = begin(p, paths);
	if (status == PROG_OK) {
		p->why = "no token";
		status = scim_start(c.client);
	}
	if (status == PROG_OK)
		status = oci_run(&c);
	buf_init(&b, SEAL_MAX);
	result_stats(p, &b);
	scim_stats_json(c.client, &b);
	status = end(p, status, &b);
	scim_free(c.client);
	return status;
}

int
main(int argc, char **argv)
{
	static struct push p;
	struct options o = { .pool = NULL };
	char **paths;

	prog_start(argv[0]);
	/* The targets have options of their own, some of the same name. */
	o.oci = argc > 1 && strcmp(argv[1], "oci") == 0;
	paths = parse_options(argc, argv, &o);
	set_up(&p, &o);
	if (o.oci)
		return push_oci(&p, &o, paths);
	return push_cognito(&p, &o, paths);
}
