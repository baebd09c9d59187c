#include "json/scim_batch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/num.h"
#include "json/jtext.h"

static const char head[] =
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":[";
static const char tail[] = "]}";

enum { TOKENS_MAX = SCIM_BATCH_MAX / 2 + 1 };

void
scim_batch_init(struct scim_batch *b, size_t operations_max, size_t bytes_max)
{
	memset(b, 0, sizeof *b);
	b->operations_max = operations_max;
	b->bytes_max = bytes_max;
	/* Its maximum leaves room for the tail, which must always fit. */
	buf_init(&b->text, bytes_max < sizeof head + sizeof tail ? sizeof head : bytes_max -
	    (sizeof tail - 1));
	(void)buf_append_string(&b->text, head);
}

void
scim_batch_free(struct scim_batch *b)
{
	buf_free(&b->text);
}

int
scim_batch_add(struct scim_batch *b, const char *method, const char *path, const char *bulk_id,
    const char *data, size_t len)
{
	return scim_batch_add_if(b, method, path, bulk_id, NULL, data, len);
}

int
scim_batch_add_if(struct scim_batch *b, const char *method, const char *path,
    const char *bulk_id, const char *version, const char *data, size_t len)
{
	struct buf *t = &b->text;
	size_t was = t->len;

	if (b->count >= b->operations_max)
		return -1;
	if ((b->count > 0 && buf_append_byte(t, ',') != 0) ||
	    buf_appendf(t, "{\"method\":\"%s\",\"path\":", method) != 0 ||
	    jtext_string(t, path, strlen(path)) != 0 ||
	    (bulk_id != NULL && buf_appendf(t, ",\"bulkId\":\"%s\"", bulk_id) != 0) ||
	    (version != NULL && (buf_append_string(t, ",\"version\":") != 0 ||
	    jtext_string(t, version, strlen(version)) != 0)) ||
	    (data != NULL && (buf_append_string(t, ",\"data\":") != 0 ||
	    buf_append(t, data, len) != 0)) ||
	    buf_append_byte(t, '}') != 0) {
		t->len = was;
		return -1;
	}
	b->count++;
	return 0;
}

void
scim_batch_end(struct scim_batch *b)
{
	b->text.max += sizeof tail - 1;
	(void)buf_append_string(&b->text, tail);
}

/* The member's text, or "". */
static char *
text_of(const struct json *object, const char *name)
{
	uint32_t at = tok_member(object->list, object->text, object->at, name);
	const struct tok *t = &object->list->tok[at];
	struct buf b;
	char *copy;

	buf_init(&b, SCIM_BATCH_MAX);
	if (at != 0 && t->type == TOK_STRING && (t->flags & TOK_NUL) == 0)
		(void)jtext_decode(&b, object->text + t->start, t->end - t->start);
	else if (at != 0 && t->type == TOK_NUMBER)
		(void)buf_append(&b, object->text + t->start, t->end - t->start);
	copy = mem_dup_string(buf_string(&b));
	buf_free(&b);
	return copy;
}

/* The status: a string, as the RFC has it, a number, or {"code":"201"} as older drafts. */
static long
status_of(const struct json *operation)
{
	struct json s = json_at(operation,
	    tok_member(operation->list, operation->text, operation->at, "status"));
	char *text;
	int64_t value = 0;
	const char *why;

	text = s.at != 0 && json_tok(&s)->type == TOK_OBJECT ? text_of(&s, "code") :
	    text_of(operation, "status");
	if (num_parse(text, 100, 599, &value, &why) != 0)
		value = 0;
	free(text);
	return (long)value;
}

static void
read_operation(struct scim_batch_answer *a, const struct json *operation)
{
	struct json response = json_at(operation,
	    tok_member(operation->list, operation->text, operation->at, "response"));
	char *location;

	a->status = status_of(operation);
	a->method = text_of(operation, "method");
	a->bulk_id = text_of(operation, "bulkId");
	location = text_of(operation, "location");
	a->location = location;
	if (response.at != 0 && json_tok(&response)->type == TOK_OBJECT) {
		a->id = text_of(&response, "id");
		a->scim_type = text_of(&response, "scimType");
		a->detail = text_of(&response, "detail");
	} else {
		a->id = mem_dup_string("");
		a->scim_type = mem_dup_string("");
		a->detail = mem_dup_string("");
	}
	/* One that is encoded there is not known as it is: whoever needs it asks the server. */
	if (a->id[0] == '\0' && strrchr(location, '/') != NULL &&
	    strpbrk(strrchr(location, '/'), "%?#") == NULL) {
		free(a->id);
		a->id = mem_dup_string(strrchr(location, '/') + 1);
	}
}

struct scim_batch_answer *
scim_batch_read(const char *text, size_t len, size_t *count)
{
	struct scim_batch_answer *answers = NULL;
	struct tok_list list;
	uint32_t at;

	*count = 0;
	tok_init(&list, TOKENS_MAX);
	if (tok_parse(&list, text, len) != TOK_OK || list.tok[0].type != TOK_OBJECT)
		goto done;
	at = tok_member(&list, text, 0, "Operations");
	if (at == 0 || list.tok[at].type != TOK_ARRAY)
		goto done;
	/* No more elements than tokens. */
	answers = mem_alloc((list.tok[at].next - at) * sizeof *answers);
	for (uint32_t i = at + 1; i < list.tok[at].next; i = list.tok[i].next)
		if (list.tok[i].type == TOK_OBJECT)
			read_operation(&answers[(*count)++], &(struct json){ &list, text, i });
done:
	tok_free(&list);
	return answers;
}

void
scim_batch_answers_free(struct scim_batch_answer *a, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(a[i].method);
		free(a[i].bulk_id);
		free(a[i].location);
		free(a[i].id);
		free(a[i].scim_type);
		free(a[i].detail);
	}
	free(a);
}

bool
scim_batch_is_about(const struct scim_batch_answer *a, const char *method, const char *path,
    const char *bulk_id)
{
	size_t path_len = strlen(path), len = strlen(a->location);

	if (bulk_id != NULL || a->bulk_id[0] != '\0')
		return bulk_id != NULL && strcmp(a->bulk_id, bulk_id) == 0;
	return strcasecmp(a->method, method) == 0 && len >= path_len &&
	    strcmp(a->location + len - path_len, path) == 0;
}
