#include "oci_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#include "oci_answer.h"

static const struct {
	const char *resources, *extension, *name;
} kinds[OCI_KINDS] = {
	{ "UserImportJobReports",
	    "urn:ietf:params:scim:schemas:oracle:idcs:extension:UserImport:JobReport", "userId" },
	{ "GroupImportSummaryJobReports",
	    "urn:ietf:params:scim:schemas:oracle:idcs:extension:groupImportSummary:JobReport",
	    "displayName" }
};

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

static bool
ends_in(const char *text, const char *word)
{
	size_t len = strlen(text), n = strlen(word);

	return len >= n && strcasecmp(text + len - n, word) == 0;
}

/* The report's type; of one that has none what its status means ("Create Succeeded"), or "". */
static const char *
type_of(const struct oci_answer *a, uint32_t object, uint32_t extension, struct buf *b)
{
	if (oci_answer_text(a, object, "type", b)[0] != '\0')
		return buf_string(b);
	if (oci_answer_text(a, object, "status", b)[0] == '\0')
		(void)oci_answer_text(a, extension, "status", b);
	if (ends_in(buf_string(b), "succeeded") || ends_in(buf_string(b), "success"))
		return "info";
	return ends_in(buf_string(b), "failed") ? "error" : "";
}

static int
badness(const struct oci_report *r)
{
	return r->failed ? 2 : r->unknown;
}

/* One report, of a user or of a group. */
static void
take_report(struct oci_reports *all, const struct oci_answer *a, uint32_t object, int kind)
{
	uint32_t extension = tok_member(&a->list, a->text, object, kinds[kind].extension);
	struct oci_report one = { .failed = false };
	struct keyset_key k;
	struct buf b, key;
	const char *type;
	uint32_t entry;

	if (extension == 0 || a->list.tok[extension].type != TOK_OBJECT)
		return;
	buf_init(&b, OCI_TEXT_MAX);
	buf_init(&key, KEYSET_KEY_MAX);
	type = type_of(a, object, extension, &b);
	one.unknown = type[0] == '\0';
	one.failed = (!one.unknown && strcmp(type, "info") != 0) ||
	    oci_answer_number(a, extension, "failRows") > 0 ||
	    oci_answer_number(a, extension, "failMembers") > 0;
	if (kind == OCI_GROUPS && one.failed)
		put_members(&b, oci_answer_number(a, extension, "failMembers"),
		    oci_answer_number(a, extension, "totalMembers"));
	else
		(void)oci_answer_text(a, object, "message", &b);
	one.detail = mem_dup(buf_string(&b), b.len);
	make_key(&key, oci_answer_text(a, extension, kinds[kind].name, &b));
	keyset_key(&k, buf_string(&key), key.len);
	entry = keyset_find(&all->keys, &k);
	/* Of several the worst: a row may have more than one. */
	if (entry == 0) {
		all->report = mem_resize(all->report, all->count + 1, sizeof *all->report);
		all->report[all->count] = one;
		keyset_set_number(&all->keys, keyset_add(&all->keys, &k), (uint32_t)all->count++);
	} else {
		struct oci_report *was = &all->report[keyset_number(&all->keys, entry)];

		/* In its place: what no cell asks for is taken for another file's. */
		if (badness(&one) > badness(was)) {
			free(was->detail);
			*was = one;
		} else {
			free(one.detail);
		}
	}
	buf_free(&b);
	buf_free(&key);
}

struct reading {
	struct oci_reports *all;
	const struct oci_job *job;
};

/* Of this job and no other. */
static bool
take_one(void *arg, const struct oci_answer *a, uint32_t object)
{
	struct reading *reading = arg;
	char history[OCI_ID_SIZE];

	if (!oci_answer_word(a, object, "historyId", history, sizeof history) ||
	    strcmp(history, reading->job->history) == 0)
		take_report(reading->all, a, object, reading->job->kind);
	return true;
}

enum prog_status
oci_reports_read(const struct oci *o, const struct oci_job *j, struct oci_reports *all)
{
	struct reading reading = { .all = all, .job = j };

	return oci_answer_all(o->client, kinds[j->kind].resources, "historyId", j->history,
	    take_one, &reading, &all->answered);
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
	if (entry == 0)
		return NULL;
	all->report[keyset_number(&all->keys, entry)].found = true;
	return &all->report[keyset_number(&all->keys, entry)];
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
