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
#include "base/num.h"
#include "json/jtext.h"

enum {
	TOKENS_MAX = 4 * 1024 * 1024,
	TEXT_MAX = 16 * 1024, SCHEDULE_MAX = 2 * TEXT_MAX, PATH_MAX_LENGTH = 2048,
	PAGE = 50,			/* what the service gives by itself */
	NAME_DIGITS = 16, FILE_TRIES = 3
};

static const char json_type[] = "application/scim+json";

static const struct {
	const char *job, *reports, *extension, *name;
} kinds[OCI_KINDS] = {
	{ "UserImport", "UserImportJobReports",
	    "urn:ietf:params:scim:schemas:oracle:idcs:extension:UserImport:JobReport", "userId" },
	{ "GroupImport", "GroupImportSummaryJobReports",
	    "urn:ietf:params:scim:schemas:oracle:idcs:extension:groupImportSummary:JobReport",
	    "displayName" }
};

/* A parsed answer. */
struct parsed {
	struct tok_list list;
	const char *text;
};

static bool
parse(struct parsed *p, const struct scim_result *r)
{
	tok_init(&p->list, TOKENS_MAX);
	p->text = r->body;
	return tok_parse(&p->list, r->body, r->body_len) == TOK_OK &&
	    p->list.tok[0].type == TOK_OBJECT;
}

/* The text of a member, or a number as it is written; "" for none.  b is replaced. */
static const char *
text_of(const struct parsed *p, uint32_t object, const char *member, struct buf *b)
{
	uint32_t value = tok_member(&p->list, p->text, object, member);
	const struct tok *t = &p->list.tok[value];

	buf_clear(b);
	if (value != 0 && t->type == TOK_STRING)
		(void)jtext_decode(b, p->text + t->start, t->end - t->start);
	else if (value != 0 && t->type == TOK_NUMBER)
		(void)buf_append(b, p->text + t->start, t->end - t->start);
	return buf_string(b);
}

static uint64_t
number_of(const struct parsed *p, uint32_t object, const char *member)
{
	const char *why;
	int64_t n = 0;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	if (num_parse(text_of(p, object, member, &b), 0, INT64_MAX, &n, &why) != 0)
		n = 0;
	buf_free(&b);
	return (uint64_t)n;
}

/* Copies an id or a word: printable, no quotes, not too long.  Returns whether it is there. */
static bool
copy_word(char *to, size_t size, const struct parsed *p, uint32_t object, const char *member)
{
	struct buf b;
	bool good;

	buf_init(&b, TEXT_MAX);
	text_of(p, object, member, &b);
	good = b.len > 0 && b.len < size && strlen(b.data) == b.len &&
	    strpbrk(b.data, "\"\\ ") == NULL;
	snprintf(to, size, "%s", good ? b.data : "");
	buf_free(&b);
	return good;
}

/* One line for what failed.  Its own words may quote what was sent, and stay away. */
static enum prog_status
refuse(const struct scim_result *r, const char *what)
{
	if (r->outcome == SCIM_OK) {
		diag_error("%s: the answer does not say what it should", what);
		return PROG_FAIL;
	}
	diag_error("%s: %s%s", what, r->summary, r->lost ? "; whether it was carried out is not "
	    "known: another run imports the same rows again" : "");
	return scim_status(r->outcome);
}

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

/* Sends the file; where it lies then, heap, or NULL with *status. */
static char *
send_file(const struct oci *o, const struct file *f, enum prog_status *status)
{
	const struct scim_result *r;
	struct parsed p = { .text = NULL };
	char name[64], type[160], *location = NULL;
	struct buf b;

	snprintf(name, sizeof name, "push-import-%.*s.csv", NAME_DIGITS, f->digest);
	snprintf(type, sizeof type, "multipart/form-data; boundary=%s", f->digest);
	buf_init(&b, f->len + TEXT_MAX);
	put_form(&b, f, name);
	/* A file that came twice harms nobody. */
	for (int tries = 0;; tries++) {
		r = scim_call_beside(o->client, "POST", "/storage/v1/Files", type, b.data,
		    b.len);
		if (!r->lost || tries == FILE_TRIES)
			break;
	}
	buf_free(&b);
	buf_init(&b, TEXT_MAX);
	if (r->outcome == SCIM_OK && parse(&p, r) && text_of(&p, 0, "fileName", &b)[0] != '\0')
		location = mem_dup(b.data, b.len);
	else
		*status = refuse(r, "POST /storage/v1/Files");
	tok_free(&p.list);
	buf_free(&b);
	return location;
}

static void
put_schedule(struct buf *b, int kind, const char *location)
{
	(void)buf_appendf(b, "{\"schemas\":[\"urn:ietf:params:scim:schemas:oracle:idcs:"
	    "JobSchedule\"],\"jobType\":\"%s\",\"runNow\":true,\"parameters\":[{\"name\":"
	    "\"fileLocation\",\"value\":", kinds[kind].job);
	(void)jtext_string(b, location, strlen(location));
	(void)buf_append_string(b, "},{\"name\":\"fileType\",\"value\":\"csv\"}]}");
}

enum prog_status
oci_job_start(const struct oci *o, const struct file *f, struct oci_job *j)
{
	const struct scim_result *r;
	struct parsed p = { .text = NULL };
	enum prog_status status = PROG_OK;
	char *location = send_file(o, f, &status);
	struct buf b;

	memset(j, 0, sizeof *j);
	if (location == NULL)
		return status;
	buf_init(&b, SCHEDULE_MAX);
	put_schedule(&b, f->kind, location);
	free(location);
	r = scim_call_beside(o->client, "POST", "/job/v1/JobSchedules", json_type, b.data, b.len);
	if (r->outcome != SCIM_OK || !parse(&p, r) ||
	    !copy_word(j->schedule, sizeof j->schedule, &p, 0, "id"))
		status = refuse(r, "POST /job/v1/JobSchedules");
	tok_free(&p.list);
	buf_free(&b);
	return status;
}

/* GET /job/v1/RESOURCES?filter=NAME eq "VALUE", a page of it. */
static const struct scim_result *
ask(const struct oci *o, const char *resources, const char *name, const char *value,
    uint64_t start)
{
	const struct scim_result *r;
	struct buf b;

	buf_init(&b, PATH_MAX_LENGTH);
	(void)buf_appendf(&b, "/job/v1/%s?filter=%s%%20eq%%20", resources, name);
	(void)scim_append_filter_value(&b, value, strlen(value));
	(void)buf_appendf(&b, "&startIndex=%" PRIu64 "&count=%d", start, PAGE);
	r = scim_call_beside(o->client, "GET", b.data, json_type, NULL, 0);
	buf_free(&b);
	return r;
}

/* The array of resources, or 0. */
static uint32_t
resources_of(const struct parsed *p)
{
	uint32_t list = tok_member(&p->list, p->text, 0, "Resources");

	return list != 0 && p->list.tok[list].type == TOK_ARRAY ? list : 0;
}

static void
read_history(struct oci_job *j, const struct parsed *p, uint32_t object)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	(void)copy_word(j->history, sizeof j->history, p, object, "id");
	(void)copy_word(j->status, sizeof j->status, p, object, "status");
	j->ended = text_of(p, object, "endTime", &b)[0] != '\0';
	j->done = number_of(p, object, "successCount");
	j->failed = number_of(p, object, "failureCount");
	buf_free(&b);
}

enum prog_status
oci_job_look(const struct oci *o, struct oci_job *j)
{
	const struct scim_result *r = ask(o, "JobHistories", "jobScheduleid", j->schedule, 1);
	struct parsed p = { .text = NULL };
	enum prog_status status = PROG_OK;
	uint32_t list = 0;

	if (r->outcome == SCIM_OK && parse(&p, r))
		list = resources_of(&p);
	if (r->outcome != SCIM_OK || (list == 0 && p.text != NULL &&
	    number_of(&p, 0, "totalResults") > 0))
		status = refuse(r, "GET /job/v1/JobHistories");
	else if (list != 0 && p.list.tok[list].next > list + 1)
		read_history(j, &p, list + 1);
	tok_free(&p.list);
	return status;
}

/* By the name in small letters, as the service compares it (of ASCII; its guard is off). */
static void
make_key(struct buf *b, const char *name)
{
	size_t len = strlen(name);

	if (len >= 3 && name[0] == '\'' && name[len - 1] == '\'' &&
	    strchr("@+-=|%", name[1]) != NULL) {
		name++;
		len -= 2;
	}
	buf_clear(b);
	for (size_t i = 0; i < len; i++) {
		int c = name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 'a' - 'A' : name[i];

		(void)buf_append_byte(b, (char)c);
	}
}

static void
put_members(struct buf *b, uint64_t failed, uint64_t total)
{
	buf_clear(b);
	(void)buf_appendf(b, "%" PRIu64 " of %" PRIu64 " members failed", failed, total);
}

/* One report, of a user or of a group. */
static void
take_report(struct oci_reports *all, const struct parsed *p, uint32_t object, int kind)
{
	uint32_t extension = tok_member(&p->list, p->text, object, kinds[kind].extension);
	struct oci_report one = { .failed = false };
	struct keyset_key k;
	struct buf b, key;
	uint32_t entry;

	if (extension == 0 || p->list.tok[extension].type != TOK_OBJECT)
		return;
	buf_init(&b, TEXT_MAX);
	buf_init(&key, KEYSET_KEY_MAX);
	one.failed = strcmp(text_of(p, object, "type", &b), "info") != 0 ||
	    number_of(p, extension, "failRows") + number_of(p, extension, "failMembers") > 0;
	if (kind == OCI_GROUPS && one.failed)
		put_members(&b, number_of(p, extension, "failMembers"),
		    number_of(p, extension, "totalMembers"));
	else
		(void)text_of(p, object, "message", &b);
	one.detail = mem_dup(buf_string(&b), b.len);
	make_key(&key, text_of(p, extension, kinds[kind].name, &b));
	keyset_key(&k, buf_string(&key), key.len);
	entry = keyset_find(&all->keys, &k);
	/* Of several the worst: a row may have more than one. */
	if (entry != 0 && (!one.failed || all->report[keyset_number(&all->keys, entry)].failed)) {
		free(one.detail);
	} else {
		all->report = mem_resize(all->report, all->count + 1, sizeof *all->report);
		all->report[all->count] = one;
		if (entry == 0)
			entry = keyset_add(&all->keys, &k);
		keyset_set_number(&all->keys, entry, (uint32_t)all->count++);
	}
	buf_free(&b);
	buf_free(&key);
}

enum prog_status
oci_reports_read(const struct oci *o, const struct oci_job *j, int kind, struct oci_reports *all)
{
	uint64_t start = 1, total = 1;

	while (start <= total) {
		const struct scim_result *r = ask(o, kinds[kind].reports, "historyId", j->history,
		    start);
		struct parsed p = { .text = NULL };
		uint32_t list = 0;
		uint64_t before = start;

		if (r->outcome == SCIM_OK && parse(&p, r)) {
			list = resources_of(&p);
			total = number_of(&p, 0, "totalResults");
		}
		for (uint32_t i = list + 1; list != 0 && i < p.list.tok[list].next;
		    i = p.list.tok[i].next, start++)
			take_report(all, &p, i, kind);
		tok_free(&p.list);
		/* An empty page before the end would come for ever. */
		if (r->outcome != SCIM_OK || p.text == NULL || (start == before && start <= total))
			return refuse(r, kinds[kind].reports);
	}
	return PROG_OK;
}

const struct oci_report *
oci_reports_find(struct oci_reports *all, const char *name)
{
	struct keyset_key k;
	struct buf b;
	uint32_t entry;

	buf_init(&b, KEYSET_KEY_MAX);
	make_key(&b, name);
	keyset_key(&k, buf_string(&b), b.len);
	entry = keyset_find(&all->keys, &k);
	buf_free(&b);
	return entry != 0 ? &all->report[keyset_number(&all->keys, entry)] : NULL;
}

void
oci_reports_init(struct oci_reports *all)
{
	memset(all, 0, sizeof *all);
	keyset_init(&all->keys);
}

void
oci_reports_free(struct oci_reports *all)
{
	for (size_t i = 0; i < all->count; i++)
		free(all->report[i].detail);
	free(all->report);
	keyset_free(&all->keys);
}
