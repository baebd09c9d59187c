/*
 * pool-report: what is in a user pool, as a page.
 *
 * Records go in, users, groups, memberships and the pool itself in any mixture, and a page comes
 * out: HTML that needs nothing else, or text.  It counts, and names nobody unless asked.  With the
 * records of an earlier day it says what has changed, and with the reject files of exports whom a
 * target would reject.
 *
 * Most is counted as it comes.  What several users share, who is in which group and what was there
 * before becomes lines that sort(1) brings together, so that memory is bounded.
 *
 * Manual page: pool-report(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/prog.h"
#include "json/filter.h"
#include "json/fold.h"

#include "compared.h"
#include "gather.h"
#include "report.h"
#include "sorted.h"

static const char usage[] =
    "pool-report [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--before file] ... [--format html|text] [--rejects target=file] ... [--show-values] "
    "[--title text] [file ...]";

struct options {
	struct sink_options sink;
	const char *format, *title;
	struct opt_list before, rejects;
	bool show_values;
	char **files;
};

/* The run. */
struct run {
	const struct options *o;
	enum page_format format;
	struct figures figures;
	struct targets targets;
	struct order order;
	struct people people;
	struct gather gather;
	struct filter filter;	/* the one that runs */
	struct sink sink;
	char why[RECORD_REASON_SIZE];
};

static const char *
take_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct run *run = arg;
	const char *wrong = gather_record(&run->gather, r);

	(void)sink;
	if (run->gather.failed)
		filter_halt(&run->filter, PROG_FAIL, "the records cannot be sorted");
	return wrong;
}

/* One of the snapshots, and what its seals say. */
static enum prog_status
read_side(struct run *run, enum side side, char **files, const char **why)
{
	struct totals *t = &run->figures.side[side];
	enum prog_status status;
	const char *reason;

	run->filter = (struct filter){
		.opts = &run->o->sink, .files = files, .sink = &run->sink, .row = take_record,
		.arg = run
	};
	run->gather.side = side;
	run->sink.sealing = false;
	status = filter_run(&run->filter, &reason);
	snprintf(run->why, sizeof run->why, "%s", reason);
	*why = run->why;
	t->sealed = run->sink.sealing && run->sink.seal.source != NULL;
	seal_free(&t->seal);
	t->seal = run->sink.seal;
	seal_init(&run->sink.seal);
	return status;
}

static enum prog_status
read_all(struct run *run, const char **why)
{
	const struct opt_list *before = &run->o->before;
	char **files = mem_alloc((before->count + 1) * sizeof *files);
	enum prog_status status = PROG_OK;

	for (size_t i = 0; i < before->count; i++)
		files[i] = mem_dup_string(before->items[i]);
	if (before->count > 0)
		status = read_side(run, BEFORE, files, why);
	for (size_t i = 0; i < before->count; i++)
		free(files[i]);
	free(files);
	if (status == PROG_OK)
		status = read_side(run, NOW, run->o->files, why);
	if (status == PROG_OK)
		status = targets_read(&run->targets, &run->o->sink, &run->sink, why, run->why);
	return status;
}

static enum prog_status
work(struct run *run, const char **why)
{
	enum prog_status status = read_all(run, why);

	if (status != PROG_OK)
		return status;
	run->figures.rejected = run->sink.rejected;
	*why = "the snapshots cannot be compared";
	if (!compared_possible(&run->figures))
		return PROG_FAIL;
	*why = "the output failed";
	if (sorted_read(&run->order, &run->figures, &run->people) != 0 ||
	    report_write(&run->sink.out, run->format, run->o->title, &run->figures,
	    &run->targets, &run->sink.bytes) != 0)
		return PROG_FAIL;
	run->sink.rows = run->figures.side[NOW].records;
	return PROG_OK;
}

static void
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "before", 0, OPT_LIST, &o->before },
		{ "format", 0, OPT_VALUE, &o->format },
		{ "rejects", 0, OPT_LIST, &o->rejects },
		{ "show-values", 0, OPT_FLAG, &o->show_values },
		{ "title", 0, OPT_VALUE, &o->title },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };

	o->files = argv + opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&o->sink);
	if (o->format != NULL && strcmp(o->format, "html") != 0 && strcmp(o->format, "text") != 0)
		opt_usage_error("--format: html or text");
	for (size_t i = 0; i < o->before.count; i++) {
		if (strcmp(o->before.items[i], "-") == 0)
			opt_usage_error("--before: a file is needed");
		sink_keep_input(&o->sink, o->before.items[i]);
		files_will_read(o->before.items[i]);
	}
}

int
main(int argc, char **argv)
{
	static struct run run;
	struct options o = { .format = NULL };
	struct filter announced = { .files = NULL };
	enum prog_status status = PROG_FAIL;
	const char *why = NULL;

	prog_start(argv[0]);
	parse_options(argc, argv, &o);
	run.o = &o;
	run.format = o.format != NULL && strcmp(o.format, "text") == 0 ? PAGE_TEXT : PAGE_HTML;
	targets_init(&run.targets, &o.rejects, &o.sink, o.show_values);
	figures_init(&run.figures);
	run.figures.compared = o.before.count > 0;
	run.figures.show_values = o.show_values;
	announced.opts = &o.sink;
	announced.files = o.files;
	filter_announce(&announced);
	order_expect();
	fold_prepare();
	if (sink_open(&run.sink, &o.sink, false) != 0)
		return PROG_FAIL;
	order_init(&run.order);
	gather_init(&run.gather, &run.figures, &run.order);
	if (people_init(&run.people, &run.figures) == 0) {
		if (files_shut(NULL) == 0)
			status = work(&run, &why);
		people_free(&run.people);
	}
	status = sink_close(&run.sink, status, why, NULL);
	gather_free(&run.gather);
	order_free(&run.order);
	targets_free(&run.targets);
	figures_free(&run.figures);
	return status;
}
