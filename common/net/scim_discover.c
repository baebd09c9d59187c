/* What the server announces: ServiceProviderConfig (RFC 7643 section 5). */
#include <string.h>

#include "base/diag.h"
#include "base/num.h"
#include "json/tok.h"

#include "net/scim_client.h"

enum {
	CONFIG_TOKENS_MAX = 16 * 1024,
	OPERATIONS_ASSUMED = 50, OPERATIONS_MAX = 1000,
	/* A payload is kept in memory, and repeated in whole where the server is not well. */
	BYTES_ASSUMED = 1000 * 1000, BYTES_MAX = 10 * 1000 * 1000,
	PAGE_ASSUMED = 100, PAGE_MAX = 1000,
	MEMBERS_MAX = 100		/* AWS takes no more in a PATCH */
};

struct document {
	struct tok_list list;
	const char *text;
};

/* The member of one of the document's objects, or NULL. */
static const struct tok *
find(const struct document *d, const char *object, const char *member)
{
	uint32_t at = tok_member(&d->list, d->text, 0, object);

	if (at == 0 || d->list.tok[at].type != TOK_OBJECT)
		return NULL;
	at = tok_member(&d->list, d->text, at, member);
	return at != 0 ? &d->list.tok[at] : NULL;
}

/* Some servers write the text "true". */
static bool
read_flag(const struct document *d, const char *object, bool assumed)
{
	const struct tok *t = find(d, object, "supported");

	if (t == NULL || t->type == TOK_NULL)
		return assumed;
	return t->type == TOK_TRUE || (t->type == TOK_STRING && tok_is(t, d->text, "true", 4));
}

/* A number above 0, at most max; assumed if it is none, or not there. */
static size_t
read_limit(const struct document *d, const char *object, const char *member, size_t assumed,
    size_t max)
{
	const struct tok *t = find(d, object, member);
	char digits[20] = "";
	const char *why;
	int64_t n;

	if (t == NULL || (t->type != TOK_NUMBER && t->type != TOK_STRING) ||
	    t->end - t->start >= sizeof digits)
		return assumed;
	memcpy(digits, d->text + t->start, t->end - t->start);
	if (num_parse(digits, 1, INT64_MAX, &n, &why) != 0)
		return assumed;
	return (uint64_t)n < max ? (size_t)n : max;
}

static void
assume(struct scim_client *c, struct scim_features *f)
{
	*f = (struct scim_features){
		.bulk = c->config.dialect == SCIM_OCI, .patch = true, .filter = true,
		.bulk_operations = OPERATIONS_ASSUMED, .bulk_bytes = BYTES_ASSUMED,
		.page_max = PAGE_ASSUMED, .members_max = MEMBERS_MAX
	};
}

static void
read_features(struct scim_client *c, const struct document *d, struct scim_features *f)
{
	f->bulk = read_flag(d, "bulk", false) && c->config.dialect != SCIM_AWS;
	f->patch = read_flag(d, "patch", true);
	f->filter = read_flag(d, "filter", true);
	f->etag = read_flag(d, "etag", false);
	f->bulk_operations = read_limit(d, "bulk", "maxOperations", OPERATIONS_ASSUMED,
	    OPERATIONS_MAX);
	f->bulk_bytes = read_limit(d, "bulk", "maxPayloadSize", BYTES_ASSUMED, BYTES_MAX);
	f->page_max = read_limit(d, "filter", "maxResults", PAGE_ASSUMED, PAGE_MAX);
}

enum prog_status
scim_discover(struct scim_client *c, struct scim_features *f)
{
	static const char path[] = "/ServiceProviderConfig";
	enum prog_status status = PROG_OK;
	const struct scim_result *r;
	struct document d;

	if (c->discovered) {
		*f = c->features;
		return PROG_OK;
	}
	assume(c, &c->features);
	r = scim_call(c, "GET", path, NULL, 0);
	d.text = r->body;
	tok_init(&d.list, CONFIG_TOKENS_MAX);
	if (r->outcome == SCIM_DENIED && (r->status == 404 || r->status == 501)) {
		diag_verbose(1, "%s: %s: usual limits are assumed", path + 1, r->summary);
	} else if (r->outcome != SCIM_OK) {
		diag_error("%s: %s", path + 1, r->summary);
		status = scim_status(r->outcome);
	} else if (tok_parse(&d.list, d.text, r->body_len) != TOK_OK ||
	    d.list.tok[0].type != TOK_OBJECT) {
		diag_error("%s: the answer is not a JSON object", path + 1);
		status = PROG_FAIL;
	} else {
		read_features(c, &d, &c->features);
	}
	tok_free(&d.list);
	c->discovered = status == PROG_OK;
	*f = c->features;
	return status;
}
