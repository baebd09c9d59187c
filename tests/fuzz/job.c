/*
 * Any JSON as what push-import is told of its jobs: by Cognito of a user import job, by an
 * identity domain of anything that has texts, counts, dates and lists.  Compared with a tree of it
 * (tree.h): a job is one only with an id and a status that there is, and says what the tree says
 * of it, of a text as much as there is room for; it is the one that was asked for; the URL is the
 * whole of what was sent.  Of the lists of a domain each element is taken once, in order, and a
 * page that leads nowhere ends it.
 *
 * The first byte chooses whose answer it is, and whether it is the same text otherwise.
 *
 * With: cmd/push-import/{job,oci_answer}.c
 * Link: -Wl,--wrap=aws_call,--wrap=scim_call_beside,--wrap=diag_error
 */
#include <stdint.h>

#include "base/diag.h"
#include "base/mem.h"
#include "push-import/job.h"
#include "push-import/oci_answer.h"

#include "dates.h"
#include "tree.h"

enum { CALLS_MAX = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const struct aws_result *__wrap_aws_call(struct aws_client *c, const char *operation,
    const char *body, size_t len);
const struct scim_result *__wrap_scim_call_beside(struct scim_client *c, const char *method,
    const char *path, const char *content_type, const char *body, size_t len);
void __wrap_diag_error(const char *fmt, ...);

static struct text answer;	/* a copy, with a NUL behind it */
static unsigned calls, errors;
/* Where the next page has to begin, by the elements that came. */
static size_t taken;
static const struct tree *list;

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
	errors++;
}

const struct aws_result *
__wrap_aws_call(struct aws_client *c, const char *operation, const char *body, size_t len)
{
	static struct aws_result r;
	struct tree *t = tree_parse(body, len);

	(void)c;
	check(t != NULL && tree_is(tree_get(t, "UserPoolId"), "eu-west-1_x"));
	tree_free(t);
	r = (struct aws_result){
		.outcome = AWS_OK, .operation = operation, .code = "", .message = "",
		.body = answer.s, .body_len = answer.len
	};
	return &r;
}

const struct scim_result *
__wrap_scim_call_beside(struct scim_client *c, const char *method, const char *path,
    const char *content_type, const char *body, size_t len)
{
	static struct scim_result r;
	char start[40];

	(void)c;
	(void)content_type;
	check(strcmp(method, "GET") == 0 && body == NULL && len == 0);
	snprintf(start, sizeof start, "&startIndex=%zu&", taken + 1);
	check(strstr(path, start) != NULL && strpbrk(path, " \"\r\n") == NULL);
	/* The same page without end: one call more than there can be pages is refused. */
	r = (struct scim_result){
		.outcome = calls++ < CALLS_MAX ? SCIM_OK : SCIM_DENIED, .status = 200,
		.summary = "",
		.body = answer.s, .body_len = answer.len
	};
	return &r;
}

/* Whether the text is as much of the member's as fits: a member with a NUL says nothing. */
static bool
is_text(const char *s, size_t size, const struct tree *t, const char *name)
{
	const struct tree *m = tree_get(t, name);
	size_t len = m != NULL && m->kind == TREE_STRING && !m->nul ? m->len : 0;

	len = len < size ? len : size - 1;
	return strlen(s) == len && memcmp(s, len > 0 ? m->s : "", len) == 0;
}

/* A whole number from 0, or 0. */
static uint64_t
slow_number(const struct tree *m)
{
	uint64_t n = 0;

	if (m == NULL || m->kind != TREE_NUMBER)
		return 0;
	for (const char *s = m->s; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || n > (INT64_MAX - (uint64_t)(*s - '0')) / 10)
			return 0;
		n = n * 10 + (uint64_t)(*s - '0');
	}
	return n;
}

static int
slow_status(const struct tree *t)
{
	int found = -1;

	for (int i = JOB_CREATED; i <= JOB_SUCCEEDED; i++)
		if (tree_is(tree_get(t, "Status"), job_status_name((enum job_status)i)))
			found = i;
	return found;
}

static void
check_job(const char *text, size_t len, bool url_wanted)
{
	const struct job_pool pool = { NULL, "eu-west-1_x" };
	struct tree *whole = tree_parse(text, len);
	const struct tree *t = tree_get(whole, "UserImportJob"), *url, *id;
	struct job j = { .id = "another" };
	bool good, is_url;
	char *to = NULL;

	if (t != NULL && t->kind != TREE_OBJECT)
		t = NULL;
	url = tree_get(t, "PreSignedUrl");
	id = tree_get(t, "JobId");
	good = t != NULL && slow_status(t) >= 0 && id != NULL && id->kind == TREE_STRING &&
	    id->len > 0 && !id->nul;
	is_url = url != NULL && url->kind == TREE_STRING && url->len > 0 && !url->nul &&
	    url->len <= 16 * 1024;
	errors = 0;
	if (url_wanted) {
		good = good && is_url;
		check((job_create(&pool, "n", NULL, &j, &to) == PROG_OK) == good);
	} else {
		check((job_describe(&pool, &j) == PROG_OK) == (good && tree_is(id, "another")));
	}
	check((to != NULL) == (url_wanted && good));
	check(to == NULL || (strlen(to) == url->len && strcmp(to, url->s) == 0));
	if (to != NULL || (good && tree_is(id, "another"))) {
		check(errors == 0 && is_text(j.id, sizeof j.id, t, "JobId"));
		check(is_text(j.name, sizeof j.name, t, "JobName"));
		check(is_text(j.message, sizeof j.message, t, "CompletionMessage"));
		check((int)j.status == slow_status(t));
		check(j.imported == slow_number(tree_get(t, "ImportedUsers")));
		check(j.skipped == slow_number(tree_get(t, "SkippedUsers")));
		check(j.failed == slow_number(tree_get(t, "FailedUsers")));
	} else {
		check(errors > 0 && strcmp(j.id, "another") == 0);
	}
	mem_wipe_free(to);
	tree_free(whole);
}

/* What a member's text is to a domain's answer: numbers as they are written. */
static const char *
slow_text(const struct tree *t, const char *name)
{
	const struct tree *m = tree_get(t, name);

	return m != NULL && (m->kind == TREE_STRING || m->kind == TREE_NUMBER) ? m->s : "";
}

static bool
take(void *arg, const struct oci_answer *a, uint32_t object)
{
	static const char *const names[] = { "a", "b", "when", "status" };
	const struct tree *t;
	struct buf b;
	char word[12];
	int64_t ms;

	(void)arg;
	check(list != NULL && list->count > 0);
	t = list->kid[taken++ % list->count];
	if (t->kind != TREE_OBJECT)
		return true;
	buf_init(&b, OCI_TEXT_MAX);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct tree *m = tree_get(t, names[i]);
		const char *s = slow_text(t, names[i]);
		bool is_word = s[0] != '\0' && strlen(s) < sizeof word && strlen(s) == m->len &&
		    strpbrk(s, " \"\\") == NULL;

		check(strcmp(oci_answer_text(a, object, names[i], &b), s) == 0);
		check(oci_answer_word(a, object, names[i], word, sizeof word) == is_word);
		check(strcmp(word, is_word ? s : "") == 0);
		if (m == NULL || m->kind == TREE_NUMBER)
			check(oci_answer_number(a, object, names[i]) == slow_number(m));
		ms = -5;
		if (m == NULL || m->kind != TREE_STRING || m->nul || !slow_rfc3339(m->s, &ms))
			ms = -5;
		check(oci_answer_ms(a, object, names[i], -5) == ms);
	}
	buf_free(&b);
	return true;
}

static void
check_list(const char *text, size_t len)
{
	struct tree *t = tree_parse(text, len);
	const struct tree *number = tree_get(t, "totalResults");
	char digits[24] = "";
	size_t total, on_page;
	enum prog_status status;
	bool is_number;

	list = tree_get(t, "Resources");
	list = list != NULL && list->kind == TREE_ARRAY ? list : NULL;
	on_page = list != NULL ? list->count : 0;
	/* Some write a number as text. */
	if (number != NULL && !number->nul && number->len < sizeof digits)
		snprintf(digits, sizeof digits, "%s", slow_text(t, "totalResults"));
	total = strtoull(digits, NULL, 10);
	is_number = digits[0] != '\0' && strspn(digits, "0123456789") == strlen(digits) &&
	    strlen(digits) < 19;
	/* "-0", and what only just is one. */
	if (!is_number && strspn(digits, "-0123456789") == strlen(digits) && digits[0] != '\0') {
		tree_free(t);
		return;
	}
	calls = errors = 0;
	taken = 0;
	status = oci_answer_all(NULL, "Things", "id", "a b\"", take, NULL, NULL);
	if (status == PROG_OK)
		check(is_number && taken >= total && errors == 0 && taken == on_page * calls &&
		    (taken == on_page || taken - on_page < total));
	else
		check(errors == 1 && (!is_number || on_page == 0 || calls > CALLS_MAX));
	tree_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned random = (unsigned)size;
	struct tree *t;

	if (size == 0)
		return 0;
	answer.len = 0;
	text_add(&answer, data + 1, size - 1);
	t = tree_parse(answer.s, answer.len);
	if (t != NULL && !tree_has_lone(t) && (data[0] & 128) != 0) {
		answer.len = 0;
		text_tree_otherwise(&answer, t, &random);
	}
	tree_free(t);
	if (data[0] % 3 == 2)
		check_list(answer.s, answer.len);
	else
		check_job(answer.s, answer.len, data[0] % 3 == 1);
	return 0;
}
