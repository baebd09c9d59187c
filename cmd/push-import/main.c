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
#include "result.h"

static const char usage[] =
    "push-import cognito [-v] [-o file] [--if-changed] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--cloud-watch-logs-role-arn arn] [--job-name name] "
    "[--rows n | --whole] [--resume id] [--timeout seconds] [--verify] [--dry-run] file ...";

enum { NAME_MAX_LENGTH = 100, TIMEOUT_S = 24 * 3600, TIMEOUT_MAX_S = 7 * 24 * 3600 };

struct options {
	struct sink_options sink;
	struct net_options net;
	const char *pool, *role, *name, *rows, *resume, *timeout;
	bool whole, verify, dry_run;
};

/* Behind the name of the target, which is the first word. */
static void
check_options(const struct options *o, char **files)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+=,.@-";

	if (files[0] == NULL)
		opt_usage_error("no file");
	if (o->whole && o->rows != NULL)
		opt_usage_error("--rows and --whole exclude each other");
	/* CSV has no seal: somebody must say how many rows there are, or that none is missing. */
	if (o->sink.seal && !o->whole && o->rows == NULL)
		opt_usage_error("--seal: needs --rows or --whole, since CSV cannot say that it is "
		    "whole");
	if (o->resume != NULL && (files[1] != NULL || o->dry_run))
		opt_usage_error("--resume: with one file, and without --dry-run");
	if (o->role == NULL && o->resume == NULL && !o->dry_run)
		opt_usage_error("--cloud-watch-logs-role-arn: the role with which the job writes "
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
	for (char **f = files; *f != NULL; f++) {
		if (strcmp(*f, "-") == 0)
			opt_usage_error("standard input cannot be read twice: a file is needed");
		if (sink_goes_to(&o->sink, *f))
			opt_usage_error("%s would be replaced by what is written", *f);
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
		{ "user-pool-id", 0, OPT_VALUE, &o->pool },
		{ "cloud-watch-logs-role-arn", 0, OPT_VALUE, &o->role },
		{ "job-name", 0, OPT_VALUE, &o->name },
		{ "rows", 0, OPT_VALUE, &o->rows },
		{ "resume", 0, OPT_VALUE, &o->resume },
		{ "timeout", 0, OPT_VALUE, &o->timeout },
		{ "whole", 0, OPT_FLAG, &o->whole },
		{ "verify", 0, OPT_FLAG, &o->verify },
		{ "dry-run", 0, OPT_FLAG, &o->dry_run },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&o->net), NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	if (operand == argc || strcmp(argv[operand], "cognito") != 0)
		opt_usage_error("the first word is the target: cognito");
	sink_options_finish(&o->sink);
	check_options(o, argv + operand + 1);
	return argv + operand + 1;
}

static void
set_up(struct push *p, const struct options *o)
{
	p->rules = &cognito_rules;
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
describe(struct push *p, const char *source)
{
	char now[CLOCK_RFC3339_SIZE];

	seal_set(&p->sink.seal.source, source);
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&p->sink.seal.started, now);
}

/* The files are whole, the door is shut, and there are credentials. */
static enum prog_status
begin(struct push *p, struct aws_client *client, char **paths)
{
	enum prog_status status;

	status = files_open_all(&p->files, paths, p->rules->bytes_max);
	p->why = "a file cannot be opened";
	files_will_spool();
	/* Where presigned URLs lead. */
	netdoor_will_reach("https://s3.amazonaws.com");
	if (status == PROG_OK && netdoor_shut(0) != 0)
		status = PROG_FAIL;
	if (status == PROG_OK)
		status = check_files(p);
	if (status == PROG_OK) {
		p->why = "no credentials";
		status = netopt_start(client);
	}
	return status;
}

static enum prog_status
run(struct push *p, struct aws_client *client, const struct options *o, char **paths)
{
	struct cognito c = {
		.push = p, .pool = { .client = client, .id = netopt_pool(o->pool) },
		.role = o->role, .name = o->name != NULL ? o->name : "push-import"
	};
	enum prog_status status;
	struct buf b;

	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s/%s/results", aws_endpoint(client), c.pool.id);
	describe(p, buf_string(&b));
	progress_start(&p->progress, netopt_progress(&o->net), "users");
	status = begin(p, client, paths);
	if (status == PROG_OK)
		status = cognito_run(&c);
	progress_end(&p->progress);
	buf_clear(&b);
	result_stats(p, &b);
	aws_stats_json(client, &b);
	status = sink_close(&p->sink, status, p->why, buf_string(&b));
	buf_free(&b);
	return status;
}

int
main(int argc, char **argv)
{
	static struct push p;
	struct options o = { .pool = NULL };
	struct aws_client *client;
	enum prog_status status;
	char **paths;

	prog_start(argv[0]);
	paths = parse_options(argc, argv, &o);
	set_up(&p, &o);
	status = netopt_connect(&o.net, AWS_COGNITO_IDP, netopt_pool(o.pool), &client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&p.sink, &o.sink, true) != 0) {
		aws_free(client);
		return PROG_FAIL;
	}
	status = run(&p, client, &o, paths);
	files_close(&p.files);
	keyset_free(&p.keys);
	aws_free(client);
	return status;
}
