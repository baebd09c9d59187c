/*
 * push-scim: SCIM resources in, a server that holds them, and a result record for each out.
 *
 * What the server has is asked for once, or read from a file; each line is held against it, and
 * only what differs is sent: users and groups as they come, memberships at the end.  It creates
 * and updates, and takes nothing away: what only adds may run on a stream whose end is not known,
 * so sending does not wait for the seal, and a stream that turns out cut ends with status 4 after
 * what came was done.  Nothing is kept here; run again, it goes on where the server stands.
 *
 * Manual page: push-scim(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/opt.h"
#include "json/fold.h"

#include "bulk.h"
#include "known.h"
#include "members.h"
#include "plan.h"
#include "queue.h"
#include "result.h"

static const char usage[] =
    "push-scim [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    SCIM_USAGE " [--known file] [--adopt] [--no-bulk] [--members-max n] [--in-flight n] "
    "[--dry-run] [file ...]";

enum {
	MEMBERS_MAX = 10000,	/* beyond every server's limit; a body is then a few hundred KB */
	IN_FLIGHT_MAX = 16	/* the client's */
};

struct options {
	struct sink_options sink;
	struct scim_options scim;
	const char *known, *members_max, *in_flight;
	bool adopt, no_bulk, dry_run;
};

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "adopt", 0, OPT_FLAG, &o->adopt },
		{ "dry-run", 0, OPT_FLAG, &o->dry_run },
		{ "in-flight", 0, OPT_VALUE, &o->in_flight },
		{ "known", 0, OPT_VALUE, &o->known },
		{ "members-max", 0, OPT_VALUE, &o->members_max },
		{ "no-bulk", 0, OPT_FLAG, &o->no_bulk },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		own, sink_option_table(&o->sink), scim_option_table(&o->scim), NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	return argv + operand;
}

/* All that has a name is open or announced then; and there is a token. */
static enum prog_status
start(struct push *p, const struct options *o, int *known)
{
	enum prog_status status;

	*known = -1;
	files_will_spool();
	fold_prepare();
	filter_announce(&p->filter);
	if (o->known != NULL && (*known = known_open(p, o->known)) == -1)
		return PROG_FAIL;
	status = scim_start(p->client);
	if (status != PROG_OK)
		snprintf(p->why, sizeof p->why, "no token");
	return status;
}

/* What the server can do, and what it has. */
static enum prog_status
prepare(struct push *p, const struct options *o, size_t in_flight, size_t members_max)
{
	int known;
	enum prog_status status = start(p, o, &known);

	if (status != PROG_OK)
		return status;
	status = scim_discover(p->client, &p->features);
	if (status != PROG_OK) {
		snprintf(p->why, sizeof p->why, "the server cannot be asked what it can do");
		return status;
	}
	p->dialect = scim_dialect_of(p->client);
	p->rules = (struct scim_rules){
		.verified = p->dialect == SCIM_OCI, .single = p->dialect == SCIM_AWS
	};
	p->bulk = p->features.bulk && p->features.patch && !o->no_bulk;
	p->bulk_operations = p->features.bulk_operations;
	p->retry_ms = scim_retry_ms(p->client);
	/* Without PATCH a change is read, changed, written: two at once would undo each other. */
	p->in_flight = p->features.patch ? in_flight : 1;
	if (members_max > 0)
		p->features.members_max = members_max;
	if (spool_open(&p->texts) != 0) {
		snprintf(p->why, sizeof p->why, "no temporary file");
		return PROG_FAIL;
	}
	status = known != -1 ? known_read(p, known, o->known) : known_ask(p);
	diag_verbose(1, "the server has %zu users and %zu groups", p->users.count,
	    p->groups.count);
	return status;
}

static void
meanwhile(void *arg, int fd)
{
	queue_meanwhile(arg, fd);
}

/* The input, to its end or to what ends the run. */
static enum prog_status
push(struct push *p, const char **why)
{
	enum prog_status status = filter_run(&p->filter, why);

	/* What came was good, and is done, whatever the input's end was like. */
	queue_settle(p);
	if (status != PROG_FAIL) {
		members_send(p);
		queue_settle(p);
	}
	if (p->halt != PROG_OK) {
		*why = p->why;
		return p->halt;
	}
	return status;
}

/* The end of a run that nothing stopped. */
static enum prog_status
judge(const struct push *p, const char **why)
{
	enum prog_status status = result_status(p);

	if (status == PROG_OK)
		return status;
	result_complain(p);
	*why = "some resources failed for now";
	return status;
}

static void
release(struct push *p)
{
	/* What was under way when the run was halted. */
	bulk_free_all(p);
	while (p->tasks != NULL)
		task_free(p->tasks);
	members_free(p);
	index_free(&p->users);
	index_free(&p->groups);
	pairs_free(&p->pairs);
	buf_free(&p->key);
	buf_free(&p->name);
	buf_free(&p->folded);
	scim_free(p->client);
}

static enum prog_status
run(struct push *p, const struct options *o, char **files, size_t in_flight, size_t members_max)
{
	struct buf stats;
	const char *why = p->why;
	enum prog_status status;

	index_init(&p->users);
	index_init(&p->groups);
	pairs_init(&p->pairs);
	buf_init(&p->key, SIZE_MAX);
	buf_init(&p->name, SIZE_MAX);
	buf_init(&p->folded, SIZE_MAX);
	p->texts.fd = -1;
	progress_start(&p->progress, scim_progress(&o->scim), "resources");
	p->filter = (struct filter){
		.opts = p->options, .files = files, .sink = &p->sink, .row = plan_row,
		.before_read = meanwhile, .arg = p
	};
	status = prepare(p, o, in_flight, members_max);
	if (status == PROG_OK)
		status = push(p, &why);
	progress_end(&p->progress);
	if (status == PROG_OK)
		status = judge(p, &why);
	if (p->texts.fd >= 0)
		spool_close(&p->texts);
	result_summarize(p);
	seal_set(&p->sink.seal.source, scim_url(p->client));
	buf_init(&stats, SEAL_MAX);
	result_stats(p, &stats);
	scim_stats_json(p->client, &stats);
	status = sink_close(&p->sink, status, why, buf_string(&stats));
	buf_free(&stats);
	return status;
}

int
main(int argc, char **argv)
{
	static struct push p;
	struct options o = { .known = NULL };
	enum prog_status status;
	size_t in_flight, members_max;
	char **files;

	prog_start(argv[0]);
	files = parse_options(argc, argv, &o);
	in_flight = (size_t)opt_number("in-flight", o.in_flight, 1, IN_FLIGHT_MAX, PUSH_IN_FLIGHT);
	members_max = (size_t)opt_number("members-max", o.members_max, 1, MEMBERS_MAX, 0);
	p.options = &o.sink;
	p.adopt = o.adopt;
	p.dry_run = o.dry_run;
	status = scim_connect(&o.scim, &p.client);
	if (status != PROG_OK)
		return status;
	if (sink_open(&p.sink, &o.sink, true) != 0) {
		scim_free(p.client);
		return PROG_FAIL;
	}
	status = run(&p, &o, files, in_flight, members_max);
	release(&p);
	return status;
}
