#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"

#include "emit.h"
#include "resource.h"

/* The longest operation there can be: a resource and what stands round it. */
enum { ROW_MAX = 2 * RECORD_LINE_MAX };

const char emit_nothing[] = "nothing";

void
emit_init(struct emitter *e)
{
	e->stage = STAGE_USERS;
	roll_init(&e->roll);
	keyset_init(&e->custom);
	tok_init(&e->made_list, RECORD_TOKENS_MAX);
	tok_init(&e->name_list, RECORD_TOKENS_MAX);
	buf_init(&e->made, RECORD_LINE_MAX);
	buf_init(&e->row, ROW_MAX);
	buf_init(&e->external, KEYSET_KEY_MAX);
	buf_init(&e->name, KEYSET_KEY_MAX);
	buf_init(&e->id, KEYSET_KEY_MAX);
	buf_init(&e->sub, KEYSET_KEY_MAX);
	buf_init(&e->scratch, ROW_MAX);
	buf_init(&e->references, 64 * (size_t)RECORD_LINE_MAX);
	members_init(&e->members);
	if (e->bulky)
		bulk_init(&e->bulk);
}

void
emit_free(struct emitter *e)
{
	roll_free(&e->roll);
	keyset_free(&e->custom);
	tok_free(&e->made_list);
	tok_free(&e->name_list);
	buf_free(&e->made);
	buf_free(&e->row);
	buf_free(&e->external);
	buf_free(&e->name);
	buf_free(&e->id);
	buf_free(&e->sub);
	buf_free(&e->scratch);
	buf_free(&e->references);
	members_free(&e->members);
	if (e->bulky)
		bulk_free(&e->bulk);
}

const char *
emit_stop(struct emitter *e, const struct record_reader *r, const char *why)
{
	diag_error("%s:%llu: %s", r->name, (unsigned long long)r->line, why);
	filter_halt(&e->filter, PROG_FAIL, why);
	return why;
}

/* An output of the mapping. */
static const char *
take_output(void *arg, const char *text, size_t len)
{
	struct emitter *e = arg;
	char reason[RECORD_REASON_SIZE];
	struct record_keys keys;
	const char *wrong;

	if (e->made.len > 0)
		return "the mapping gave more than one resource";
	wrong = record_check(text, len, &e->made_list, &keys, reason);
	if (wrong == NULL) {
		buf_append(&e->made, text, len);
		return NULL;
	}
	snprintf(e->reason, sizeof e->reason, "the mapping gave a wrong record: %.100s", wrong);
	return e->reason;
}

const char *
emit_map(struct emitter *e, const struct tok_list *l, const char *text, size_t len)
{
	const char *wrong;

	buf_clear(&e->made);
	wrong = jqprog_run(e->program, l, text, len, take_output, e);
	if (wrong != NULL && jqprog_args_are_wrong(e->program)) {
		diag_error("%s", wrong);
		filter_halt(&e->filter, PROG_USAGE, "a variable of the mapping");
	}
	if (wrong != NULL)
		return wrong;
	e->list = &e->made_list;
	e->text = buf_string(&e->made);
	return e->made.len > 0 ? NULL : emit_nothing;
}

bool
emit_text(const struct tok_list *l, const char *text, uint32_t value, struct buf *b)
{
	const struct tok *t = &l->tok[value];

	buf_clear(b);
	if (value == 0 || t->type != TOK_STRING || (t->flags & TOK_NUL) != 0 ||
	    jtext_decode(b, text + t->start, t->end - t->start) != 0) {
		buf_clear(b);
		return false;
	}
	return b->len > 0;
}

/* Takes a text that others compare or refer to. */
static const char *
take_key(struct emitter *e, const char *name, uint32_t value, struct buf *b)
{
	if (emit_text(e->list, e->text, value, b))
		return NULL;
	if (value == 0 || e->list->tok[value].type == TOK_NULL)
		snprintf(e->reason, sizeof e->reason, "%s: required", name);
	else
		snprintf(e->reason, sizeof e->reason, "%s: holds a NUL, or is longer than %d bytes",
		    name, KEYSET_KEY_MAX);
	return e->reason;
}

const char *
emit_check(struct emitter *e, enum schema_type type)
{
	const char *wrong = schema_check(e->list, e->text, e->dialect, e->mapped, &e->keys,
	    e->reason);

	if (wrong != NULL)
		return wrong;
	if (e->keys.type != type)
		return type == SCHEMA_IS_USER ? "the mapping gave a Group for a user" :
		    "the mapping gave a User for a group";
	wrong = take_key(e, type == SCHEMA_IS_USER ? "userName" : "displayName", e->keys.name,
	    &e->name);
	if (wrong != NULL)
		return wrong;
	wrong = take_key(e, "externalId", e->keys.external, &e->external);
	/* A resource that nothing refers to needs none. */
	if (wrong != NULL && e->mapped && !e->bulky && type == SCHEMA_IS_USER &&
	    e->keys.external == 0)
		return NULL;
	return wrong;
}

const char *
emit_write(struct emitter *e, bool group, bool *known)
{
	struct resource_form form = {
		.canonical = !e->mapped,
		.keep_null = e->for_push,
		.keep_verified = e->for_push || e->dialect == DIALECT_OCI
	};

	*known = emit_text(e->list, e->text, e->keys.id, &e->id);
	switch (ids_find(&e->ids, group, buf_string(&e->external), e->external.len, &e->id)) {
	case IDS_TWO:
		return "externalId: two resources of --ids have it";
	case IDS_ONE:
		*known = true;
		break;
	case IDS_NONE:
		/* For the members of groups to come. */
		if (*known && e->external.len > 0)
			ids_add(&e->ids, group, &e->external, &e->id);
		break;
	}
	/* In an operation the id stands in the path. */
	if (*known && !e->bulky) {
		form.id = e->id.data;
		form.id_len = e->id.len;
	}
	buf_clear(&e->row);
	if (resource_write(&e->row, e->list, e->text, &e->keys, &form) != 0 ||
	    e->row.len >= RECORD_LINE_MAX) {
		snprintf(e->reason, sizeof e->reason, "longer than %d bytes", RECORD_LINE_MAX);
		return e->reason;
	}
	return NULL;
}

const char *
emit_operation(struct emitter *e, const char *text, size_t len)
{
	if (len > bulk_room_empty(&e->bulk))
		return "its operation alone is longer than --max-bytes";
	members_close(&e->members);
	if (len > bulk_room(&e->bulk))
		bulk_flush(&e->bulk);
	bulk_add(&e->bulk, text, len);
	return NULL;
}

/* A line of --mapped that is no membership. */
static const char *
emit_resource(struct emitter *e, const struct record_reader *r)
{
	e->list = &r->list;
	e->text = r->text;
	switch (schema_type(&r->list, r->text)) {
	case SCHEMA_IS_USER:
		return emit_user(e, r);
	case SCHEMA_IS_GROUP:
		return emit_group(e, r);
	default:
		return schema_check(&r->list, r->text, e->dialect, true, &e->keys, e->reason);
	}
}

const char *
emit_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct emitter *e = arg;
	enum record_kind kind = record_kind(&r->keys);

	(void)sink;
	if (e->dialect == DIALECT_ENTRA && kind != RECORD_USER && kind != RECORD_OTHER)
		return "Entra's bulkUpload takes users only";
	switch (kind) {
	case RECORD_MEMBERSHIP:
		return emit_membership(e, r);
	case RECORD_OTHER:
		if (e->mapped)
			return emit_resource(e, r);
		return schema_type(&r->list, r->text) != SCHEMA_NEITHER ?
		    "a SCIM resource, which only --mapped takes" :
		    "neither a user nor a group nor a membership";
	default:
		if (e->mapped)
			return "a record of the pool, where --mapped takes SCIM resources";
		return kind == RECORD_USER ? emit_user(e, r) : emit_group(e, r);
	}
}

enum prog_status
emit_end(void *arg, struct sink *sink)
{
	struct emitter *e = arg;

	members_close(&e->members);
	if (e->bulky)
		bulk_flush(&e->bulk);
	if (e->left_out > 0)
		seal_add_via(&sink->seal, "emit-scim");
	return sink->out.failed ? PROG_FAIL : PROG_OK;
}
