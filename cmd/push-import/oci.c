#include "oci.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/diag.h"

#include "oci_report.h"
#include "result.h"

enum {
	BYTES_MAX = 52 * 1000 * 1000, ROWS_MAX = 100 * 1000,
	WAIT_MS = 250, WAIT_MAX_MS = 30 * 1000
};

/* The column of one of two names, or -1. */
static int
find_column(const struct rows *r, const char *name, const char *older)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(rows_text(r, i), name) == 0 || strcmp(rows_text(r, i), older) == 0)
			return (int)i;
	return -1;
}

/* Of users or of groups, and by what a row is named. */
static const char *
find_kind(struct file *f, const struct rows *r)
{
	int user = find_column(r, "User Name", "User ID"), group;

	if (user != -1) {
		f->kind = OCI_USERS;
		f->key = (size_t)user;
		return find_column(r, "Last Name", "Last Name") == -1 ||
		    find_column(r, "First Name", "First Name") == -1 ?
		    "no columns First Name and Last Name, which the importer wants" : NULL;
	}
	group = find_column(r, "Name", "Display Name");
	if (group == -1 || find_column(r, "User Members", "Description") == -1)
		return "neither a file of users (User ID) nor of groups (Display Name)";
	f->kind = OCI_GROUPS;
	f->key = (size_t)group;
	return NULL;
}

/* Oracle's "Import file specifications": 52 MB, 100,000 rows. */
const struct rules oci_rules = {
	.bytes_max = BYTES_MAX, .rows_max = ROWS_MAX, .headings = find_kind
};

static enum prog_status
fail(const struct oci *o, enum prog_status status, const char *why)
{
	o->push->why = why;
	return status;
}

static enum prog_status
wait_for(const struct oci *o, const struct file *f, struct oci_job *j)
{
	struct push *p = o->push;
	int64_t started = clock_mono_ms(), wait = WAIT_MS, left;
	enum prog_status status;

	while ((status = oci_job_look(o, j)) == PROG_OK && !j->ended) {
		if (j->forgotten && j->history[0] == '\0') {
			diag_error("--resume %s: the domain knows no such job", j->schedule);
			return fail(o, PROG_FAIL, "the job is not known");
		}
		progress_show(&p->progress, j->done + j->failed, f->rows);
		left = p->timeout_ms - (clock_mono_ms() - started);
		if (left <= 0) {
			diag_error("%s: import job %s is not done yet (--timeout); --resume %s "
			    "waits on", f->path, j->schedule, j->schedule);
			return fail(o, PROG_TEMPORARY, "a job is not done yet");
		}
		clock_sleep_ms(wait < left ? wait : left);
		wait = wait * 3 / 2 < WAIT_MAX_MS ? wait * 3 / 2 : WAIT_MAX_MS;
	}
	if (status == PROG_OK)
		return PROG_OK;
	diag_error("%s: import job %s was started; --resume %s asks again how it ended", f->path,
	    j->schedule, j->schedule);
	return fail(o, status, "it is not known how a job ended");
}

struct settling {
	struct oci_reports reports;
	const struct oci_job *job;
	size_t key;
	bool sure;		/* whom no report is about was imported */
	bool unread;		/* not all reports could be had */
};

static bool
say(void *arg, uint64_t number, const struct rows *r, struct result *x)
{
	struct settling *s = arg;
	const struct oci_report *report = oci_reports_find(&s->reports, rows_text(r, s->key));

	(void)number;
	x->job = s->job->schedule;
	if (report != NULL) {
		x->outcome = report->failed ? OUTCOME_FAILED :
		    report->unknown ? OUTCOME_UNKNOWN : OUTCOME_DONE;
		x->code = report->failed ? "ImportFailed" : "";
		x->detail = report->detail;
	} else {
		x->outcome = s->sure ? OUTCOME_DONE : OUTCOME_UNKNOWN;
		x->detail = s->sure ? NULL : s->unread ? "the job's reports cannot be read" :
		    "the job has no report of this row";
	}
	return true;
}

static bool
mark(void *arg, uint64_t number, const struct rows *r, struct result *x)
{
	struct settling *s = arg;

	(void)number;
	(void)x;
	(void)oci_reports_find(&s->reports, rows_text(r, s->key));
	return false;
}

/* Where nothing else tells which file the job was for, no report may be of a row not in it. */
static enum prog_status
check_reports(const struct oci *o, const struct file *f, struct settling *s)
{
	size_t others = 0;

	if (s->job->known)
		return PROG_OK;
	(void)result_each(o->push, f, mark, s);
	for (size_t i = 0; i < s->reports.count; i++)
		others += !s->reports.report[i].found;
	if (others == 0)
		return PROG_OK;
	diag_error("--resume %s: that job was not made for this file: %zu of its reports are of "
	    "rows that are not in it", s->job->schedule, others);
	return PROG_FAIL;
}

/*
 * A job that succeeded, and in which no row failed by its own counts, took in all rows, reports or
 * none; if it is known to be of this file.
 */
static enum prog_status
settle(struct oci *o, struct file *f, const struct oci_job *j)
{
	struct settling s = { .job = j, .key = f->key };
	bool well = strcasecmp(j->status, "succeeded") == 0;
	enum prog_status status;

	s.sure = j->known && well && j->failed == 0 &&
	    j->done == f->rows;
	diag_verbose(1, "%s: import job %s: %s: %" PRIu64 " done, %" PRIu64 " failed, of %" PRIu64,
	    f->path, j->schedule, j->status, j->done, j->failed, f->rows);
	if (!well) {
		diag_error("%s: import job %s ended as %s", f->path, j->schedule, j->status);
		o->halted = j->done == 0;
		o->push->unwell = true;
	}
	oci_reports_init(&s.reports);
	status = oci_reports_read(o, j, &s.reports);
	if (status != PROG_OK)
		diag_error("%s: import job %s is done; --resume %s asks again what became of the "
		    "rows", f->path, j->schedule, j->schedule);
	/* Reports that will not be had another time either take nobody's record away. */
	s.unread = status == PROG_FAIL && s.reports.answered;
	s.sure = s.sure && !s.unread;
	if (status == PROG_OK || s.unread)
		status = files_load(f);
	if (status == PROG_OK)
		status = check_reports(o, f, &s);
	if (status == PROG_OK)
		status = result_each(o->push, f, say, &s);
	else
		(void)fail(o, status, "it is not known what became of the rows");
	files_unload(f);
	oci_reports_free(&s.reports);
	return status;
}

static enum prog_status
start_job(const struct oci *o, struct file *f, struct oci_job *j)
{
	enum prog_status status = files_load(f);

	if (status == PROG_OK)
		status = oci_job_start(o, f, j);
	files_unload(f);
	if (status != PROG_OK)
		return fail(o, status, "a file was not imported");
	o->push->jobs++;
	diag_verbose(1, "%s: import job %s for %" PRIu64 " rows", f->path, j->schedule, f->rows);
	return PROG_OK;
}

static enum prog_status
find_job(const struct oci *o, const struct file *f, struct oci_job *j)
{
	enum prog_status status = oci_job_find(o, f, o->push->resume, j);

	return status == PROG_OK ? status :
	    fail(o, status, "the job is not known to be for the file");
}

static enum prog_status
import_file(struct oci *o, struct file *f)
{
	struct oci_job j = { .ended = false };
	enum prog_status status = PROG_OK;

	if (f->rows == 0) {
		diag_verbose(1, "%s: nobody is in it", f->path);
		return PROG_OK;
	}
	if (o->push->dry_run)
		return result_all(o->push, f, &(struct result){ .outcome = OUTCOME_PLANNED,
		    .code = "" });
	if (o->halted)
		return result_all(o->push, f, &(struct result){ .outcome = OUTCOME_SKIPPED,
		    .code = "", .retryable = true, .detail = "the job before did not end well" });
	if (o->push->resume != NULL)
		status = find_job(o, f, &j);
	else
		status = start_job(o, f, &j);
	if (status == PROG_OK)
		status = wait_for(o, f, &j);
	return status == PROG_OK ? settle(o, f, &j) : status;
}

enum prog_status
oci_run(struct oci *o)
{
	struct files *files = &o->push->files;
	enum prog_status status = PROG_OK;

	for (int kind = 0; kind < OCI_KINDS; kind++)
		for (size_t i = 0; i < files->count && status == PROG_OK; i++)
			if (files->file[i].kind == kind)
				status = import_file(o, &files->file[i]);
	return status == PROG_OK ? result_status(o->push) : status;
}
