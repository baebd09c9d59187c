/*
 * expand-members: who is in which groups of a Cognito user pool.
 *
 * Groups in: every member of each by ListUsersInGroup, one membership a line, groups in the order
 * of the input; with --users each user once, with Groups.  Users in: the same records with
 * Groups, from the memberships in --members FILE, or with --by user by AdminListGroupsForUser.
 * Groups in with --members: the same records with Members.
 *
 * Groups are read to the end before the first call is made, so that nothing is asked of the
 * service for an input that turns out to be cut off.  A group that is not there any more fails
 * the run: memberships without it would look whole.
 *
 * Manual page: expand-members(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/sorter.h"
#include "json/filter.h"
#include "net/netopt.h"

#include "assemble.h"
#include "groups.h"
#include "members.h"
#include "users.h"

static const char usage[] =
    "expand-members [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    NETOPT_USAGE " [--user-pool-id id] [--users | --with-attributes list | --by user]\n"
    "    [file ...]\n"
    "expand-members [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "--members file [file ...]";

struct expansion {
	struct job job;
	struct users *users;
	struct assembly *assembly;	/* groups in with --members */
	enum record_kind kind;		/* of the first record; RECORD_OTHER: none yet */
	bool by_user, by_group;		/* --by */
	struct filter filter;
};

/* The kind of the first record decides.  Returns NULL, or why it cannot. */
static const char *
decide(struct expansion *e, enum record_kind kind)
{
	if (kind == RECORD_USER && e->job.users)
		return "a user where --users takes groups";
	if (kind == RECORD_USER && e->by_group)
		return "a user where --by group takes groups";
	if (kind == RECORD_GROUP && e->by_user)
		return "a group where --by user takes users";
	if (kind == RECORD_USER && e->job.members == NULL && !e->by_user) {
		/* AdminListGroupsForUser is perhaps billed, so nobody calls it by mistake. */
		diag_error("users need --members FILE, or --by user, which asks the service for "
		    "each of them");
		job_stop(&e->job, PROG_USAGE, "users, and neither --members nor --by user");
	}
	e->kind = kind;
	return NULL;
}

static const char *
take_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct expansion *e = arg;
	enum record_kind kind = record_kind(&r->keys);
	const char *wrong;

	(void)sink;
	if (kind != RECORD_GROUP && kind != RECORD_USER)
		return "neither a group nor a user";
	if (e->kind == RECORD_OTHER && (wrong = decide(e, kind)) != NULL)
		return wrong;
	if (kind != e->kind)
		return kind == RECORD_USER ? "a user among groups" : "a group among users";
	if (e->job.stopped) {
		wrong = NULL;
	} else if (kind == RECORD_USER) {
		wrong = users_take(e->users, r);
	} else if (e->job.members == NULL) {
		wrong = groups_take(&e->job, r);
	} else {
		if (e->assembly == NULL)
			e->assembly = assemble_new(&e->job);
		wrong = e->assembly != NULL ? assemble_take(e->assembly, r) : NULL;
	}
	if (e->job.stopped) {
		e->filter.halt = e->job.status;
		snprintf(e->filter.why, sizeof e->filter.why, "%s", e->job.why);
	}
	return wrong;
}

/*
 * Replaces what the groups' seal says of the source.  Users who are in no group do not come out of
 * --users: the scope must not look like that of all users.
 */
static void
describe(struct job *job)
{
	struct seal *seal = &job->sink.seal;
	struct buf b;

	buf_init(&b, 8 * (size_t)SEAL_MAX);
	buf_appendf(&b, "%s/%s/%s", aws_endpoint(job->client), job->pool,
	    job->users ? "users" : "memberships");
	seal_set(&seal->source, buf_string(&b));
	if (job->users && seal->scope != NULL) {
		buf_clear(&b);
		buf_appendf(&b, "members:%s", seal->scope);
		seal_set(&seal->scope, buf_string(&b));
	}
	buf_free(&b);
}

/* Whether an input without records was a list of groups, by its seal. */
static bool
was_groups(const struct job *job)
{
	const char *end = job->sink.seal.source != NULL ? strrchr(job->sink.seal.source, '/') : NULL;

	return end != NULL && strcmp(end, "/groups") == 0;
}

static enum prog_status
take_all(void *arg, struct sink *sink)
{
	struct expansion *e = arg;
	struct job *job = &e->job;
	enum prog_status status = PROG_OK;

	if (job->members != NULL)
		return job->gathered || members_gather(job, NULL, NULL) == 0 ? members_seal(job) :
		    job->status;
	if (e->kind == RECORD_GROUP || (e->kind == RECORD_OTHER && was_groups(job)))
		describe(job);
	if (e->kind == RECORD_GROUP)
		status = groups_run(job);
	else if (e->kind == RECORD_USER)
		status = users_finish(e->users);
	/* The reading ends now, not when the input's did. */
	seal_set(&sink->seal.ended, NULL);
	return status;
}

/* All that has a name is open or announced then; and the credentials are there. */
static enum prog_status
start(struct expansion *e)
{
	struct job *job = &e->job;
	enum prog_status status = PROG_OK;

	files_will_spool();
	if (job->users || job->members != NULL)
		sorter_expect();
	filter_announce(&e->filter);
	if (job->members == NULL)
		status = netopt_start(job->client);
	else if ((status = members_open(job)) == PROG_OK && files_shut(NULL) != 0)
		status = PROG_FAIL;
	if (status != PROG_OK && !job->stopped)
		job_stop(job, status, "the start failed");
	return status;
}

static enum prog_status
expand(struct expansion *e, const char **why)
{
	struct job *job = &e->job;
	enum prog_status status = start(e);

	*why = job->why;
	if (status == PROG_OK && job->members != NULL)
		status = members_read(job, e->filter.opts->seal);
	if (status != PROG_OK)
		return status;
	e->users = users_new(job);
	status = filter_run(&e->filter, why);
	/* As after every filter: the users before the one that went wrong are given out. */
	if (status != PROG_OK && !job->stopped && !job->sink.out.failed)
		users_finish(e->users);
	if (status != PROG_OK && job->stopped && status == job->status)
		*why = job->why;
	progress_end(&job->progress);
	if (job->replaced > 0)
		diag_warn("%zu attribute values held half a surrogate pair; U+FFFD stands there now",
		    job->replaced);
	users_free(e->users);
	assemble_free(e->assembly);
	return status;
}

static enum prog_status
run(struct expansion *e, const struct sink_options *options, char **files)
{
	struct job *job = &e->job;
	enum prog_status status;
	struct buf stats;
	const char *why;

	if (sink_open(&job->sink, options, true) != 0)
		return PROG_FAIL;
	e->filter = (struct filter){ .opts = options, .files = files, .sink = &job->sink,
		.row = take_record, .end = take_all, .arg = e };
	roster_init(&job->roster);
	seal_init(&job->members_seal);
	status = expand(e, &why);
	buf_init(&stats, SEAL_MAX);
	if (job->client != NULL)
		aws_stats_json(job->client, &stats);
	status = sink_close(&job->sink, status, why, buf_string(&stats));
	buf_free(&stats);
	seal_free(&job->members_seal);
	gather_free(job->gather);
	roster_free(&job->roster);
	return status;
}

/* A client for the pool.  Returns PROG_OK, or a reported failure. */
static enum prog_status
connect_pool(struct job *job, const struct net_options *net, const char *pool)
{
	job->pool = netopt_pool(pool);
	return netopt_connect(net, AWS_COGNITO_IDP, job->pool, &job->client);
}

/* Ends with a usage error where options do not go together. */
static void
check_options(struct expansion *e, const char *attributes, const char *by)
{
	e->by_user = by != NULL && strcmp(by, "user") == 0;
	e->by_group = by != NULL && strcmp(by, "group") == 0;
	if (by != NULL && !e->by_user && !e->by_group)
		opt_usage_error("--by: neither \"user\" nor \"group\"");
	if (e->job.members != NULL && (e->job.users || attributes != NULL || by != NULL))
		opt_usage_error("--members: not with --users, --with-attributes or --by");
	if (e->job.users && attributes != NULL)
		opt_usage_error("--with-attributes: not with --users, which gives all of them");
	if (e->by_user && (e->job.users || attributes != NULL))
		opt_usage_error("--by user: not with --users or --with-attributes");
}

int
main(int argc, char **argv)
{
	struct expansion e = { .kind = RECORD_OTHER };
	struct sink_options sink_options = { 0 };
	struct net_options net = { 0 };
	const char *pool = NULL, *attributes = NULL, *by = NULL;
	const struct opt_spec own[] = {
		{ "user-pool-id", 0, OPT_VALUE, &pool },
		{ "users", 0, OPT_FLAG, &e.job.users },
		{ "members", 0, OPT_VALUE, &e.job.members },
		{ "with-attributes", 0, OPT_VALUE, &attributes },
		{ "by", 0, OPT_VALUE, &by },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&sink_options), netopt_table(&net), NULL
	};
	enum prog_status status = PROG_OK;
	int files;

	prog_start(argv[0]);
	files = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&sink_options);
	check_options(&e, attributes, by);
	/* No source of records, so silent without one unless asked. */
	e.job.progress_mode = progress_beside(netopt_progress(&net));
	if (e.job.members == NULL)
		status = connect_pool(&e.job, &net, pool);
	if (status == PROG_OK) {
		e.job.names = cognito_names_new(attributes);
		status = run(&e, &sink_options, argv + files);
		cognito_names_free(e.job.names);
	}
	aws_free(e.job.client);
	return status;
}
