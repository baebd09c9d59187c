#include <string.h>

#include "json/jtext.h"
#include "json/record.h"

#include "members.h"
#include "schema.h"

void
members_init(struct members *m)
{
	/* The limit of what is given out is watched by fits(); a head alone may pass it. */
	buf_init(&m->text, 4 * (size_t)RECORD_LINE_MAX);
	m->group = NULL;
}

void
members_free(struct members *m)
{
	buf_free(&m->text);
}

void
members_drop(struct members *m)
{
	buf_clear(&m->text);
	m->group = NULL;
	m->count = 0;
}

void
members_close(struct members *m)
{
	if (m->group != NULL && m->count > 0) {
		buf_append_string(&m->text, m->tail);
		if (m->bulk != NULL)
			bulk_add(m->bulk, m->text.data, m->text.len);
		else
			sink_row(m->sink, m->text.data, m->text.len);
	}
	members_drop(m);
}

void
members_bulk_id(struct buf *b, const struct group *g)
{
	buf_append_string(b, "group:");
	bulk_escape(b, g->external, '=');
}

void
members_path(struct buf *b, const struct group *g)
{
	buf_append_string(b, "/Groups/");
	if (g->id != NULL) {
		bulk_escape(b, g->id, '%');
	} else {
		buf_append_string(b, "bulkId:");
		members_bulk_id(b, g);
	}
}

static void
append_member(struct buf *b, const char *name, const char *value)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, value, strlen(value));
}

static void
begin(struct members *m, struct group *g)
{
	m->group = g;
	m->count = 0;
	buf_clear(&m->text);
	if (m->bulk == NULL) {
		buf_append_string(&m->text, "{\"schemas\":[\"" SCHEMA_GROUP "\"]");
		if (g->id != NULL)
			append_member(&m->text, "id", g->id);
		append_member(&m->text, "externalId", g->external);
		append_member(&m->text, "displayName", g->display);
		buf_append_string(&m->text, ",\"members\":[");
		m->tail = "]}";
		return;
	}
	buf_append_string(&m->text, "{\"method\":\"PATCH\",\"path\":\"");
	members_path(&m->text, g);
	buf_append_string(&m->text, "\",\"data\":{\"schemas\":["
	    "\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],"
	    "\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[");
	m->tail = "]}]}}";
}

void
members_begin(struct members *m, struct group *g, const char *resource, size_t len)
{
	members_close(m);
	m->group = g;
	buf_append(&m->text, resource, len);
	buf_append_string(&m->text, ",\"members\":[");
	m->tail = "]}";
}

/* Whether an entry of len bytes goes into what is open. */
static bool
fits(const struct members *m, size_t len)
{
	size_t room = m->bulk != NULL ? bulk_room(m->bulk) : RECORD_LINE_MAX;

	return m->count < m->max && m->text.len + 1 + len + strlen(m->tail) <= room;
}

static void
append(struct members *m, const char *entry, size_t len)
{
	if (m->count > 0)
		buf_append_byte(&m->text, ',');
	buf_append(&m->text, entry, len);
	m->count++;
	m->added++;
}

const char *
members_add(struct members *m, struct group *g, const char *entry, size_t len, bool here)
{
	if (m->group == g && fits(m, len)) {
		append(m, entry, len);
		return NULL;
	}
	if (m->group == g && m->count == 0 && m->bulk == NULL) {
		members_drop(m);
		return "too long for a line with members";
	}
	members_close(m);
	begin(m, g);
	if (!fits(m, len) && m->bulk != NULL && !here && !m->stay)
		bulk_flush(m->bulk);
	if (!fits(m, len)) {
		members_drop(m);
		return here || m->stay ?
		    "the request that its user and its group are in is full; --ids is needed" :
		    "a member: longer than an operation may be";
	}
	append(m, entry, len);
	return NULL;
}
