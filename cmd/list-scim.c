/*
 * list-scim: the users and the groups, with their members, of a SCIM 2.0 server, one resource a
 * line.
 *
 * A listing that was disturbed (somebody was added or went away between two pages) is read again
 * from its start, so the rows of a kind wait in a file without a name until its listing is whole.
 * They come out in the server's order, users before groups, a group's members in rows of at most
 * --members-per-line.
 *
 * Manual page: list-scim(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/progress.h"
#include "base/spool.h"
#include "json/sink.h"
#include "json/utf8.h"
#include "net/scim_list.h"

static const char usage[] =
    "list-scim [-v] [-o file] [--if-changed] [--seal] [--stats file] " SCIM_USAGE
    " [--users | --groups] [--filter expression] [--attributes list] [--page-size n] "
    "[--members-per-line n] [--no-members]";

enum {
	PAGE_MAX = 10000,
	PIECE = 100, PIECE_MAX = 10000,
	FILTER_MAX = 4096,
	COPY_SIZE = 128 * 1024
};

struct options {
	struct sink_options sink;
	struct scim_options scim;
	const char *filter, *attributes, *page_size, *members_per_line;
	bool users, groups, no_members;
};

struct listing {
	struct scim_list list;
	struct sink sink;
	struct progress progress;
	struct spool spool;
	uint64_t rows;		/* in the spool */
	char why[SCIM_DETAIL_SIZE];
};

static int
keep_row(void *arg, const char *text, size_t len)
{
	struct listing *l = arg;

	l->rows++;
	progress_show(&l->progress, l->list.count, l->list.total);
	return spool_append(&l->spool, text, len) == 0 && spool_append(&l->spool, "\n", 1) == 0 ?
	    0 : -1;
}

/* What was kept is void. */
static int
begin_again(void *arg)
{
	struct listing *l = arg;

	l->rows = 0;
	spool_close(&l->spool);
	return spool_open(&l->spool);
}

static enum prog_status
give_out(struct listing *l)
{
	static char block[COPY_SIZE];

	for (uint64_t at = 0; at < l->spool.len;) {
		uint64_t left = l->spool.len - at;
		size_t n = left < sizeof block ? (size_t)left : sizeof block;

		if (spool_read(&l->spool, block, n, at) != 0 ||
		    out_write(&l->sink.out, block, n) != 0)
			return PROG_FAIL;
		at += n;
	}
	l->sink.rows += l->rows;
	l->sink.bytes += l->spool.len;
	return PROG_OK;
}

/* One kind: read, then given out. */
static enum prog_status
list_kind(struct listing *l, const char *path, const struct options *o)
{
	enum prog_status status = PROG_FAIL;

	l->list.path = path;
	l->rows = 0;
	if (spool_open(&l->spool) == 0) {
		progress_start(&l->progress, scim_progress(&o->scim),
		    strcmp(path, "/Users") == 0 ? "users" : "groups");
		status = scim_list_all(&l->list, l->why);
		progress_end(&l->progress);
		if (status == PROG_OK)
			status = give_out(l);
	}
	spool_close(&l->spool);
	return status;
}

/* What the output is the whole of. */
static void
describe(struct listing *l, const struct options *o)
{
	const char *kind = o->users ? "/Users" : o->groups ? "/Groups" : "/Users+Groups";
	char now[CLOCK_RFC3339_SIZE];
	struct buf b;

	buf_init(&b, SEAL_MAX);
	(void)buf_appendf(&b, "%s%s", scim_url(l->list.client), kind);
	seal_set(&l->sink.seal.source, buf_string(&b));
	buf_clear(&b);
	(void)buf_appendf(&b, "%s%s", o->filter != NULL ? "filter:" : "all",
	    o->filter != NULL ? o->filter : "");
	seal_set(&l->sink.seal.scope, buf_string(&b));
	buf_free(&b);
	clock_rfc3339(clock_wall_ms(), now);
	seal_set(&l->sink.seal.started, now);
}

static enum prog_status
run(struct listing *l, const struct options *o)
{
	enum prog_status status = PROG_OK;
	struct buf stats;

	if (sink_open(&l->sink, &o->sink, true) != 0)
		return PROG_FAIL;
	describe(l, o);
	files_will_spool();
	status = scim_start(l->list.client);
	if (status != PROG_OK)
		snprintf(l->why, sizeof l->why, "no token");
	if (!o->groups && status == PROG_OK)
		status = list_kind(l, "/Users", o);
	if (!o->users && status == PROG_OK)
		status = list_kind(l, "/Groups", o);
	buf_init(&stats, SEAL_MAX);
	scim_stats_json(l->list.client, &stats);
	status = sink_close(&l->sink, status, l->why[0] != '\0' ? l->why : NULL,
	    buf_string(&stats));
	buf_free(&stats);
	return status;
}

static void
read_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "output", 'o', OPT_VALUE, &o->sink.output },
		{ "if-changed", 0, OPT_FLAG, &o->sink.if_changed },
		{ "seal", 0, OPT_FLAG, &o->sink.seal },
		{ "stats", 0, OPT_VALUE, &o->sink.stats },
		{ "verbose", 'v', OPT_COUNT, &o->sink.verbose },
		{ "users", 0, OPT_FLAG, &o->users },
		{ "groups", 0, OPT_FLAG, &o->groups },
		{ "filter", 0, OPT_VALUE, &o->filter },
		{ "attributes", 0, OPT_VALUE, &o->attributes },
		{ "page-size", 0, OPT_VALUE, &o->page_size },
		{ "members-per-line", 0, OPT_VALUE, &o->members_per_line },
		{ "no-members", 0, OPT_FLAG, &o->no_members },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, scim_option_table(&o->scim), NULL };

	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	if (o->users && o->groups)
		opt_usage_error("--users and --groups exclude each other; neither means both");
	if (o->filter != NULL && (o->filter[0] == '\0' || strlen(o->filter) > FILTER_MAX ||
	    utf8_valid(o->filter, strlen(o->filter)) != strlen(o->filter)))
		opt_value_error("--filter: empty, longer than %d bytes or not UTF-8", FILTER_MAX);
	if (o->attributes != NULL && o->attributes[0] == '\0')
		opt_value_error("--attributes: empty");
	if (o->attributes != NULL && o->scim.dialect != NULL &&
	    strcmp(o->scim.dialect, "aws") == 0)
		opt_value_error("--attributes: AWS cannot be asked for some only");
	sink_options_finish(&o->sink);
}

int
main(int argc, char **argv)
{
	struct options o = { .users = false };
	struct listing l = { .rows = 0 };
	enum prog_status status;

	prog_start(argv[0]);
	read_options(argc, argv, &o);
	l.list = (struct scim_list){
		.filter = o.filter, .attributes = o.attributes, .no_members = o.no_members,
		.page = (size_t)opt_number("page-size", o.page_size, 1, PAGE_MAX, 0),
		.piece = (size_t)opt_number("members-per-line", o.members_per_line, 1, PIECE_MAX,
		    PIECE),
		.row = keep_row, .again = begin_again, .arg = &l
	};
	status = scim_connect(&o.scim, &l.list.client);
	if (status == PROG_OK)
		status = run(&l, &o);
	scim_free(l.list.client);
	return status;
}
