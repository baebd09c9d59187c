/*
 * Any JSON as a server's answer to a BulkRequest of apply-scim's.  Compared with a tree of it
 * (tree.h): each operation gets one answer, that of the only element which is about it, by its
 * bulkId if it creates something, else by method and the end of the location; what the element
 * does not say of it is silence, and silence is neither done nor refused.  The request itself,
 * byte for byte, has the operations that fit, in order, and no more bytes or operations than it
 * may have.
 *
 * The first two bytes choose the limits; the operations are always the same ones.
 *
 * With: cmd/apply-scim/bulk_answer.c
 * Link: -Wl,--wrap=diag_warn
 */
#include <stdint.h>
#include <strings.h>

#include "apply-scim/bulk_op.h"
#include "base/diag.h"
#include "json/scim_batch.h"

#include "tree.h"

enum { OPS = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __wrap_diag_warn(const char *fmt, ...);

void
__wrap_diag_warn(const char *fmt, ...)
{
	(void)fmt;
}

/* What was handed to an operation. */
struct owner {
	bool alone, mine, again, waits;
	unsigned calls;
	enum scim_outcome outcome;
	bool lost;
	long status;
	char *id, *type, *message;
};

static const struct {
	const char *method, *path, *data, *version;
} asked[OPS] = {
	{ "POST", "/Users", "{\"userName\":\"a\"}", NULL },
	{ "PATCH", "/Users/1", "{\"x\":1}", "W/\"1\"" },
	{ "PATCH", "/Users/11", "{}", NULL }, { "DELETE", "/Users/1", NULL, NULL },
	{ "POST", "/Groups", "{\"displayName\":\"\xc3\xa9\\u0000\"}", NULL },
	{ "PUT", "/Groups/g", "{\"a\":[]}", "\"2\"" }
};

/* Elsewhere in apply-scim: it may halt the run. */
void
task_judge(struct apply *a, const struct answer *r, const char *where)
{
	(void)a;
	check(strcmp(where, "/Bulk") == 0 && r->status >= 100 && r->status <= 599);
}

static void
again(void *owner, bool wait)
{
	struct owner *o = owner;

	o->calls++;
	o->again = true;
	o->waits = wait;
}

static void
then(void *owner, const struct answer *r)
{
	struct owner *o = owner;

	o->calls++;
	o->outcome = r->outcome;
	o->lost = r->lost;
	o->status = r->status;
	o->id = strdup(r->id);
	o->type = strdup(r->scim_type);
	o->message = strdup(r->message);
}

/* The text or number of a member, or "". */
static const char *
slow_text(const struct tree *t, const char *name)
{
	const struct tree *m = tree_get(t, name);

	if (m == NULL || (m->kind != TREE_STRING && m->kind != TREE_NUMBER) || m->nul)
		return "";
	return m->s;
}

static long
slow_status(const struct tree *t)
{
	const struct tree *status = tree_get(t, "status");
	const char *s = status != NULL && status->kind == TREE_OBJECT ?
	    slow_text(status, "code") : slow_text(t, "status");

	s += strspn(s, "0");
	return strlen(s) == 3 && s[0] >= '1' && s[0] <= '5' && s[1] >= '0' && s[1] <= '9' &&
	    s[2] >= '0' && s[2] <= '9' ? strtol(s, NULL, 10) : 0;
}

static bool
slow_about(const struct tree *t, int op)
{
	const char *location = slow_text(t, "location"), *id = slow_text(t, "bulkId");
	size_t len = strlen(location), n = strlen(asked[op].path);
	char mine[8];

	snprintf(mine, sizeof mine, "n%d", op);
	if (strcmp(asked[op].method, "POST") == 0)
		return strcmp(id, mine) == 0;
	return id[0] == '\0' && strcasecmp(slow_text(t, "method"), asked[op].method) == 0 &&
	    len >= n && strcmp(location + len - n, asked[op].path) == 0;
}

/* The id that was given: in the response, else at the end of the location, unless encoded there. */
static const char *
slow_id(const struct tree *t)
{
	const char *id = slow_text(tree_get(t, "response"), "id");
	const char *slash = strrchr(slow_text(t, "location"), '/');

	if (id[0] != '\0' || slash == NULL || slash[strcspn(slash, "%?#")] != '\0')
		return id;
	return slash + 1;
}

/* What a status means: those by which a single request is better asked once more. */
static bool
is_put_off(long status)
{
	return status == 408 || status == 429 || status == 503;
}

static bool
is_asked_alone(int op, long status)
{
	if (status == 405 || status == 413 || status == 501 || status == 505)
		return true;
	return strcmp(asked[op].method, "POST") != 0 && status >= 400 && status < 500 &&
	    status != 401 && status != 403;
}

static void
compare(const struct owner *o, int op, const struct tree *list, bool halted)
{
	const struct tree *its = NULL;
	const struct tree *response;
	size_t about = 0;
	long status = 0;

	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (list->kid[i]->kind == TREE_OBJECT && slow_about(list->kid[i], op)) {
			its = list->kid[i];
			about++;
		}
	if (about == 1)
		status = slow_status(its);
	check(o->calls == 1 && o->alone);
	if (status == 0) {
		check(!o->again && o->outcome == SCIM_TEMPORARY && o->lost && o->status == 0);
		return;
	}
	check(o->again == (!halted && (is_put_off(status) || is_asked_alone(op, status))));
	check(o->mine == is_put_off(status));
	if (o->again) {
		check(o->waits == is_put_off(status));
		return;
	}
	response = tree_get(its, "response");
	check(o->status == status && strcmp(o->id, slow_id(its)) == 0);
	check(strcmp(o->type, slow_text(response, "scimType")) == 0);
	check(strstr(o->message, slow_text(response, "detail")) != NULL);
	check((o->outcome == SCIM_OK) == (status >= 200 && status < 300));
	check((o->outcome == SCIM_DENIED) == (!is_put_off(status) && ((status >= 400 &&
	    status < 500) || status == 501 || status == 505)));
	check(o->lost == (o->outcome == SCIM_TEMPORARY && !is_put_off(status)));
}

static void
check_answer(const char *text, size_t len, bool halted)
{
	struct tree *t = tree_parse(text, len);
	const struct tree *list = tree_get(t, "Operations");
	struct owner owner[OPS] = { { .calls = 0 } };
	struct buf path[OPS];
	struct bulk_op ops[OPS];
	struct apply a = { .halted = halted };
	bool wrote = false;

	list = list != NULL && list->kind == TREE_ARRAY ? list : NULL;
	for (int i = 0; i < OPS; i++) {
		buf_init(&path[i], 100);
		check(buf_append_string(&path[i], asked[i].path) == 0);
		ops[i] = (struct bulk_op){
			.method = asked[i].method, .path = &path[i], .alone = &owner[i].alone,
			.mine = &owner[i].mine, .owner = &owner[i], .again = again, .then = then
		};
	}
	bulk_take(&a, ops, OPS, &(struct answer){
		.outcome = SCIM_OK, .status = 200, .body = text, .body_len = len
	});
	for (size_t i = 0; list != NULL && i < list->count; i++)
		wrote |= list->kid[i]->kind == TREE_OBJECT && slow_status(list->kid[i]) / 100 == 2;
	for (int i = 0; i < OPS; i++) {
		compare(&owner[i], i, list, halted);
		wrote |= !owner[i].again && owner[i].lost;
		free(owner[i].id);
		free(owner[i].type);
		free(owner[i].message);
		buf_free(&path[i]);
	}
	check(a.wrote == wrote);
	tree_free(t);
}

/* The operation as it stands in a request. */
static void
put_operation(struct text *t, int op)
{
	char id[16];

	snprintf(id, sizeof id, ",\"bulkId\":\"n%d\"", op);
	text_say(t, op == 0 ? "{\"method\":\"" : ",{\"method\":\"");
	text_say(t, asked[op].method);
	text_say(t, "\",\"path\":");
	text_string(t, asked[op].path, strlen(asked[op].path));
	text_say(t, strcmp(asked[op].method, "POST") == 0 ? id : "");
	if (asked[op].version != NULL) {
		text_say(t, ",\"version\":");
		text_string(t, asked[op].version, strlen(asked[op].version));
	}
	text_say(t, asked[op].data != NULL ? ",\"data\":" : "");
	text_say(t, asked[op].data != NULL ? asked[op].data : "");
	text_say(t, "}");
}

/* A batch of the operations, as many as fit: the next one would be one too many, or too long. */
static void
check_request(size_t most, size_t bytes)
{
	static struct text wanted;
	struct scim_batch b;
	bool fits = true;

	scim_batch_init(&b, most, bytes);
	wanted.len = 0;
	text_say(&wanted, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],"
	    "\"Operations\":[");
	for (int i = 0; i < OPS && fits; i++) {
		size_t was = wanted.len;
		const char *body = asked[i].data != NULL ? asked[i].data : "";
		bool post = strcmp(asked[i].method, "POST") == 0;
		char id[8];

		snprintf(id, sizeof id, "n%d", i);
		put_operation(&wanted, i);
		fits = (size_t)i < most && wanted.len + 2 <= bytes;
		wanted.len = fits ? wanted.len : was;
		check((scim_batch_add_if(&b, asked[i].method, asked[i].path, post ? id : NULL,
		    asked[i].version, asked[i].data, strlen(body)) == 0) == fits);
		check(b.count == (size_t)i + fits);
	}
	scim_batch_end(&b);
	text_say(&wanted, "]}");
	check(b.text.len == wanted.len && memcmp(b.text.data, wanted.s, wanted.len) == 0);
	scim_batch_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct text otherwise;
	unsigned random = (unsigned)size;
	struct tree *t;

	if (size < 2)
		return 0;
	check_request(data[0] % (OPS + 2), (size_t)data[0] * 8 + data[1]);
	check_answer((const char *)data + 2, size - 2, (data[1] & 1) != 0);
	t = tree_parse((const char *)data + 2, size - 2);
	if (t != NULL && !tree_has_lone(t)) {
		otherwise.len = 0;
		text_tree_otherwise(&otherwise, t, &random);
		check_answer(otherwise.s, otherwise.len, (data[1] & 1) != 0);
	}
	tree_free(t);
	return 0;
}
