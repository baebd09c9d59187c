#include "oci_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/num.h"
#include "json/jtext.h"

enum {
	TOKENS_MAX = 4 * 1024 * 1024, PATH_MAX_LENGTH = 2048,
	PAGE = 50			/* what the service gives by itself */
};

bool
oci_answer_read(struct oci_answer *a, const struct scim_result *r)
{
	tok_init(&a->list, TOKENS_MAX);
	a->text = r->body;
	return r->outcome == SCIM_OK && tok_parse(&a->list, r->body, r->body_len) == TOK_OK &&
	    a->list.tok[0].type == TOK_OBJECT;
}

void
oci_answer_free(struct oci_answer *a)
{
	tok_free(&a->list);
}

const char *
oci_answer_text(const struct oci_answer *a, uint32_t object, const char *member, struct buf *b)
{
	uint32_t value = tok_member(&a->list, a->text, object, member);
	const struct tok *t = &a->list.tok[value];

	buf_clear(b);
	if (value != 0 && t->type == TOK_STRING)
		(void)jtext_decode(b, a->text + t->start, t->end - t->start);
	else if (value != 0 && t->type == TOK_NUMBER)
		(void)buf_append(b, a->text + t->start, t->end - t->start);
	return buf_string(b);
}

/* Returns whether it is there. */
static bool
read_number(const struct oci_answer *a, uint32_t object, const char *member, uint64_t *n)
{
	const char *why;
	int64_t value = 0;
	struct buf b;
	bool good;

	buf_init(&b, OCI_TEXT_MAX);
	good = num_parse(oci_answer_text(a, object, member, &b), 0, INT64_MAX, &value, &why) == 0 &&
	    strlen(b.data) == b.len;
	buf_free(&b);
	*n = good ? (uint64_t)value : 0;
	return good;
}

uint64_t
oci_answer_number(const struct oci_answer *a, uint32_t object, const char *member)
{
	uint64_t n;

	(void)read_number(a, object, member, &n);
	return n;
}

bool
oci_answer_word(const struct oci_answer *a, uint32_t object, const char *member, char *to,
    size_t size)
{
	struct buf b;
	bool good;

	buf_init(&b, OCI_TEXT_MAX);
	oci_answer_text(a, object, member, &b);
	good = b.len > 0 && b.len < size && strlen(b.data) == b.len &&
	    strpbrk(b.data, "\"\\ ") == NULL;
	snprintf(to, size, "%s", good ? b.data : "");
	buf_free(&b);
	return good;
}

int64_t
oci_answer_ms(const struct oci_answer *a, uint32_t object, const char *member, int64_t missing)
{
	int64_t ms = missing;
	struct buf b;

	buf_init(&b, OCI_TEXT_MAX);
	oci_answer_text(a, object, member, &b);
	if (clock_parse_rfc3339(buf_string(&b), b.len, &ms) != 0)
		ms = missing;
	buf_free(&b);
	return ms;
}

uint32_t
oci_answer_list(const struct oci_answer *a, uint32_t object, const char *member)
{
	uint32_t list = tok_member(&a->list, a->text, object, member);

	return list != 0 && a->list.tok[list].type == TOK_ARRAY ? list : 0;
}

enum prog_status
oci_answer_refuse(const struct scim_result *r, const char *what)
{
	if (r->outcome == SCIM_OK) {
		diag_error("%s: the answer does not say what it should", what);
		return PROG_FAIL;
	}
	diag_error("%s: %s%s", what, r->summary, r->lost ? "; whether it was carried out is not "
	    "known: another run imports the same rows again" : "");
	return scim_status(r->outcome);
}

/* GET /job/v1/RESOURCES?filter=NAME eq "VALUE", a page of it. */
static const struct scim_result *
ask(struct scim_client *client, const char *resources, const char *name, const char *value,
    uint64_t start)
{
	const struct scim_result *r;
	struct buf b;

	buf_init(&b, PATH_MAX_LENGTH);
	(void)buf_appendf(&b, "/job/v1/%s?filter=%s%%20eq%%20", resources, name);
	(void)scim_append_filter_value(&b, value, strlen(value));
	(void)buf_appendf(&b, "&startIndex=%" PRIu64 "&count=%d", start, PAGE);
	r = scim_call_beside(client, "GET", b.data, "application/scim+json", NULL, 0);
	buf_free(&b);
	return r;
}

enum prog_status
oci_answer_all(struct scim_client *client, const char *resources, const char *name,
    const char *value, bool (*take)(void *arg, const struct oci_answer *a, uint32_t object),
    void *arg, bool *answered)
{
	char what[80];

	snprintf(what, sizeof what, "GET /job/v1/%s", resources);
	for (uint64_t start = 1, total = 1, before; start <= total;) {
		const struct scim_result *r = ask(client, resources, name, value, start);
		struct oci_answer a;
		bool good = oci_answer_read(&a, r);
		uint32_t list = good ? oci_answer_list(&a, 0, "Resources") : 0;

		before = start;
		/* Without it nobody could tell the end from an answer of somebody in between. */
		good = good && read_number(&a, 0, "totalResults", &total);
		for (uint32_t i = list + 1; good && list != 0 && i < a.list.tok[list].next;
		    i = a.list.tok[i].next, start++)
			good = take(arg, &a, i);
		oci_answer_free(&a);
		if (answered != NULL)
			*answered = r->status != 0;
		/* An empty page before the end would come for ever. */
		if (!good || (start == before && start <= total))
			return oci_answer_refuse(r, what);
	}
	return PROG_OK;
}
