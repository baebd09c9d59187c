/*
 * The calls (oci_job.h), as "Importing Using the REST API" of Oracle's documentation has them:
 * Files, JobSchedules, JobHistories, UserImportJobReports, GroupImportSummaryJobReports.  Which
 * words status has beside "succeeded" is not said there; that a job is over, its endTime says.
 */
#include "oci_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "oci_answer.h"

enum {
	SCHEDULE_MAX = 2 * OCI_TEXT_MAX,
	NAME_DIGITS = 16, NAME_SIZE = 64, TYPE_SIZE = 40, FILE_TRIES = 3,
	SLACK_MS = 60 * 1000		/* dates are set by more than one machine */
};

static const char json_type[] = "application/scim+json";

static const char *const types[OCI_KINDS] = { "UserImport", "GroupImport" };

static void
put_part(struct buf *b, const char *boundary, const char *name, const char *value)
{
	(void)buf_appendf(b, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
	    boundary, name, value);
}

/* The form with the file.  What keeps its parts apart is the file's own digest, not in the file. */
static void
put_form(struct buf *b, const struct file *f, const char *name)
{
	put_part(b, f->digest, "fileName", name);
	put_part(b, f->digest, "contentType", "text/csv");
	put_part(b, f->digest, "isPublic", "false");
	(void)buf_appendf(b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; "
	    "filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n", f->digest, name);
	(void)buf_append(b, f->data, f->len);
	(void)buf_appendf(b, "\r\n--%s--\r\n", f->digest);
}

/* What the file is called there: by its digest, so that a job tells which file it is for. */
static void
name_file(const struct file *f, char name[NAME_SIZE], const char *end)
{
	snprintf(name, NAME_SIZE, "push-import-%.*s%s", NAME_DIGITS, f->digest, end);
}

/* Of the kind's own jobs, or of those that are for all kinds. */
static bool
is_type(const char *type, int kind)
{
	return strcmp(type, types[kind]) == 0 || strcmp(type, "Import") == 0;
}

/* Sends the file; where it lies then, heap, or NULL with *status. */
static char *
send_file(const struct oci *o, const struct file *f, enum prog_status *status)
{
	const struct scim_result *r;
	char name[NAME_SIZE], type[160], *location = NULL;
	struct oci_answer a;
	struct buf b;

	name_file(f, name, ".csv");
	snprintf(type, sizeof type, "multipart/form-data; boundary=%s", f->digest);
	buf_init(&b, f->len + OCI_TEXT_MAX);
	put_form(&b, f, name);
	/* A file that came twice harms nobody. */
	for (int tries = 0;; tries++) {
		r = scim_call_beside(o->client, "POST", "/storage/v1/Files", type, b.data,
		    b.len);
		if (!r->lost || tries == FILE_TRIES)
			break;
	}
	buf_free(&b);
	buf_init(&b, OCI_TEXT_MAX);
	if (oci_answer_read(&a, r) && oci_answer_text(&a, 0, "fileName", &b)[0] != '\0')
		location = mem_dup(b.data, b.len);
	else
		*status = oci_answer_refuse(r, "POST /storage/v1/Files");
	oci_answer_free(&a);
	buf_free(&b);
	return location;
}

static void
put_schedule(struct buf *b, int kind, const char *location)
{
	(void)buf_appendf(b, "{\"schemas\":[\"urn:ietf:params:scim:schemas:oracle:idcs:"
	    "JobSchedule\"],\"jobType\":\"%s\",\"runNow\":true,\"parameters\":[{\"name\":"
	    "\"fileLocation\",\"value\":", types[kind]);
	(void)jtext_string(b, location, strlen(location));
	(void)buf_append_string(b, "},{\"name\":\"fileType\",\"value\":\"csv\"}]}");
}

enum prog_status
oci_job_start(const struct oci *o, const struct file *f, struct oci_job *j)
{
	const struct scim_result *r;
	enum prog_status status = PROG_OK;
	char *location = send_file(o, f, &status);
	struct oci_answer a;
	struct buf b;

	memset(j, 0, sizeof *j);
	if (location == NULL)
		return status;
	buf_init(&b, SCHEDULE_MAX);
	put_schedule(&b, f->kind, location);
	free(location);
	r = scim_call_beside(o->client, "POST", "/job/v1/JobSchedules", json_type, b.data, b.len);
	if (oci_answer_read(&a, r) &&
	    oci_answer_word(&a, 0, "id", j->schedule, sizeof j->schedule)) {
		j->run_ms = oci_answer_ms(&a, 0, "runAt", 0);
		j->kind = f->kind;
		j->known = true;
	} else {
		status = oci_answer_refuse(r, "POST /job/v1/JobSchedules");
	}
	oci_answer_free(&a);
	buf_free(&b);
	return status;
}

/* Where the file of a schedule lies, in b; "" if that is not said. */
static const char *
location_of(const struct oci_answer *a, struct buf *b)
{
	uint32_t list = oci_answer_list(a, 0, "parameters");
	const struct tok *tok = a->list.tok;

	for (uint32_t i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next)
		if (strcmp(oci_answer_text(a, i, "name", b), "fileLocation") == 0)
			return oci_answer_text(a, i, "value", b);
	buf_clear(b);
	return buf_string(b);
}

enum prog_status
oci_job_find(const struct oci *o, const struct file *f, const char *id, struct oci_job *j)
{
	char path[OCI_ID_SIZE + 40], name[NAME_SIZE], type[TYPE_SIZE];
	enum prog_status status = PROG_OK;
	const struct scim_result *r;
	const char *location;
	struct oci_answer a;
	struct buf b;

	memset(j, 0, sizeof *j);
	j->kind = f->kind;
	snprintf(j->schedule, sizeof j->schedule, "%s", id);
	snprintf(path, sizeof path, "/job/v1/JobSchedules/%s", id);
	r = scim_call_beside(o->client, "GET", path, json_type, NULL, 0);
	/* One that has run may be forgotten. */
	j->forgotten = r->status == 404;
	if (j->forgotten)
		return PROG_OK;
	buf_init(&b, OCI_TEXT_MAX);
	/* What the service may put behind the name does not count. */
	name_file(f, name, "");
	if (!oci_answer_read(&a, r)) {
		status = oci_answer_refuse(r, "GET /job/v1/JobSchedules");
	} else {
		location = location_of(&a, &b);
		j->known = strstr(location, name) != NULL;
		if (!oci_answer_word(&a, 0, "jobType", type, sizeof type) ||
		    !is_type(type, f->kind) || (location[0] != '\0' && !j->known)) {
			diag_error("--resume %s: that job was not made for this file: it does not "
			    "import %s.csv", id, name);
			status = PROG_FAIL;
		}
	}
	oci_answer_free(&a);
	buf_free(&b);
	return status;
}

struct looking {
	const struct oci_job *job;
	struct oci_job found;		/* history "": none yet */
	int64_t started_ms;		/* of found */
};

/*
 * The history of this job and no other: of this schedule, of this type, not from before the
 * schedule was made, and the same as at the last look; of several runs the first, which is the one
 * that this schedule was made for.
 */
static bool
take_history(void *arg, const struct oci_answer *a, uint32_t object)
{
	struct looking *l = arg;
	struct oci_job one = *l->job;
	char schedule[OCI_ID_SIZE], type[TYPE_SIZE];
	int64_t started = oci_answer_ms(a, object, "startTime", INT64_MAX);
	struct buf b;

	if (!oci_answer_word(a, object, "jobScheduleId", schedule, sizeof schedule) ||
	    !oci_answer_word(a, object, "id", one.history, sizeof one.history))
		return false;
	if (strcmp(schedule, one.schedule) != 0 || started < one.run_ms - SLACK_MS ||
	    (oci_answer_word(a, object, "jobType", type, sizeof type) &&
	    !is_type(type, one.kind)) ||
	    (l->job->history[0] != '\0' && strcmp(l->job->history, one.history) != 0) ||
	    (l->found.history[0] != '\0' && l->started_ms <= started))
		return true;
	buf_init(&b, OCI_TEXT_MAX);
	(void)oci_answer_word(a, object, "status", one.status, sizeof one.status);
	one.ended = oci_answer_text(a, object, "endTime", &b)[0] != '\0';
	one.done = oci_answer_number(a, object, "successCount");
	one.failed = oci_answer_number(a, object, "failureCount");
	buf_free(&b);
	l->found = one;
	l->started_ms = started;
	return true;
}

enum prog_status
oci_job_look(const struct oci *o, struct oci_job *j)
{
	struct looking l = { .job = j };
	enum prog_status status = oci_answer_all(o->client, "JobHistories", "jobScheduleid",
	    j->schedule, take_history, &l, NULL);

	if (status == PROG_OK && l.found.history[0] != '\0')
		*j = l.found;
	return status;
}
