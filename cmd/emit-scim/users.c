#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"

#include "emit.h"

/* Whether the mapping takes the attribute along: it stands in "employeeNumber:NAME,...". */
static bool
is_taken(const char *taken, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = taken; s != NULL; s = strchr(s, ',')) {
		const char *from;

		s += *s == ',';
		from = strchr(s, ':');
		if (from != NULL && strncmp(from + 1, name, len) == 0 &&
		    (from[1 + len] == '\0' || from[1 + len] == ','))
			return true;
	}
	return false;
}

/* Says once of each custom attribute that it is left out. */
static void
tell_custom(struct emitter *e, const struct record_reader *r)
{
	static const char prefix[] = "custom:";
	const struct tok *tok = r->list.tok;
	uint32_t object = r->keys.attributes;

	if (object == 0 || tok[object].type != TOK_OBJECT)
		return;
	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		size_t before = e->custom.count;
		struct keyset_key k;

		if (tok[i].end - tok[i].start < sizeof prefix ||
		    memcmp(r->text + tok[i].start, prefix, sizeof prefix - 1) != 0)
			continue;
		buf_clear(&e->scratch);
		jtext_decode(&e->scratch, r->text + tok[i].start, tok[i].end - tok[i].start);
		if (e->scratch.len > KEYSET_KEY_MAX || is_taken(e->taken, e->scratch.data))
			continue;
		keyset_key(&k, e->scratch.data, e->scratch.len);
		keyset_add(&e->custom, &k);
		if (e->custom.count > before)
			diag_verbose(1, "%s: left out; --extension takes custom attributes along",
			    e->scratch.data);
	}
}

/* {"method":"POST","path":"/Users","bulkId":ID,"data":...} or a PUT of the user with this id. */
static const char *
add_operation(struct emitter *e, bool known)
{
	buf_clear(&e->scratch);
	if (known) {
		buf_append_string(&e->scratch, "{\"method\":\"PUT\",\"path\":\"/Users/");
		bulk_escape(&e->scratch, e->id.data, '%');
		buf_append_byte(&e->scratch, '"');
	} else {
		buf_append_string(&e->scratch, "{\"method\":\"POST\",\"path\":\"/Users\","
		    "\"bulkId\":");
		jtext_string(&e->scratch, e->external.data, e->external.len);
	}
	buf_append_string(&e->scratch, ",\"data\":");
	buf_append(&e->scratch, e->row.data, e->row.len);
	buf_append_string(&e->scratch, "}}");
	return emit_operation(e, e->scratch.data, e->scratch.len);
}

/* Makes the record's resource and gives it out.  Returns NULL, emit_nothing or the reason. */
static const char *
give_out(struct emitter *e, const struct record_reader *r)
{
	const char *wrong = hold_judge(&e->hold, r);
	bool known;

	if (wrong == NULL && !e->mapped)
		wrong = emit_map(e, &r->list, r->text, r->len);
	if (wrong == NULL)
		wrong = emit_check(e, SCHEMA_IS_USER);
	if (wrong == NULL)
		wrong = roll_refuse(&e->roll, &e->external, &e->name);
	if (wrong == NULL)
		wrong = emit_write(e, false, &known);
	if (wrong != NULL)
		return wrong;
	if (!e->bulky) {
		buf_append_byte(&e->row, '}');
		sink_row(e->sink, e->row.data, e->row.len);
		return NULL;
	}
	/* What the bulkIds of groups begin with. */
	if (strncmp(e->external.data, "group:", 6) == 0)
		return "externalId: must not begin with group:";
	/* Entra takes nothing but POST, and means create or update by it. */
	return add_operation(e, known && e->dialect != DIALECT_ENTRA);
}

const char *
emit_user(struct emitter *e, const struct record_reader *r)
{
	const char *wrong;
	uint32_t sub = e->mapped ? tok_member(&r->list, r->text, 0, "externalId") : r->keys.sub;

	if (e->stage != STAGE_USERS)
		return emit_stop(e, r, "a user behind a group: users must come first, then groups, "
		    "then memberships");
	emit_text(&r->list, r->text, sub, &e->sub);
	if (e->tell_custom)
		tell_custom(e, r);
	wrong = give_out(e, r);
	if (wrong == NULL) {
		roll_add(&e->roll, buf_string(&e->sub), e->sub.len, &e->external, &e->name,
		    e->bulky ? e->bulk.number : 0);
		e->users++;
		return NULL;
	}
	if (e->sub.len > 0)
		roll_miss(&e->roll, e->sub.data, e->sub.len,
		    wrong == emit_nothing ? ROLL_LEFT_OUT : ROLL_REJECTED);
	if (wrong != emit_nothing)
		return wrong;
	e->left_out++;
	return NULL;
}
