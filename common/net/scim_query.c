/* The queries of a listing (scim_query.h). */
#include "net/scim_query.h"

#include <string.h>
#include <strings.h>

#include "json/json.h"
#include "json/jtext.h"

/* Whether a name in a list of attributes is the attribute members, or a part of it. */
static bool
is_members(const char *name, size_t len)
{
	static const char members[] = "members";
	const char *colon = NULL;

	for (size_t i = 0; i < len; i++)
		if (name[i] == ':')
			colon = &name[i];
	if (colon != NULL) {
		len -= (size_t)(colon + 1 - name);
		name = colon + 1;
	}
	return len >= sizeof members - 1 && strncasecmp(name, members, sizeof members - 1) == 0 &&
	    (len == sizeof members - 1 || name[sizeof members - 1] == '.');
}

/* The next name of a list of attributes, its length in *len; NULL behind the last. */
static const char *
next_name(const char **list, size_t *len)
{
	const char *name = *list + strspn(*list, ", \t");

	*len = strcspn(name, ", \t");
	*list = name + *len;
	return *len > 0 ? name : NULL;
}

static bool
wants_members(const struct scim_list *l)
{
	const char *rest = l->attributes, *name;
	size_t len;

	if (l->no_members || rest == NULL)
		return !l->no_members;
	while ((name = next_name(&rest, &len)) != NULL)
		if (is_members(name, len))
			return true;
	return false;
}

enum scim_ask
scim_query_members(const struct scim_list *l)
{
	if (!wants_members(l))
		return SCIM_ASK_NOTHING;
	switch (scim_dialect_of(l->client)) {
	case SCIM_OCI:
		return SCIM_ASK_PAGES;
	case SCIM_AWS:
		return SCIM_ASK_USERS;
	default:
		return SCIM_ASK_MISSING;
	}
}

static int
append_attributes(const struct scim_list *l, bool without_members, struct buf *path)
{
	const char *rest = l->attributes, *name;
	bool any = false;
	size_t len;
	int failed = buf_append_string(path, "attributes=");

	while (!failed && (name = next_name(&rest, &len)) != NULL) {
		if (without_members && is_members(name, len))
			continue;
		failed = (any && buf_append_string(path, "%2C") != 0) ||
		    scim_append_encoded(path, name, len) != 0;
		any = true;
	}
	if (!failed && !any)
		failed = buf_append_string(path, "id");
	return failed || buf_append_byte(path, '&') != 0 ? -1 : 0;
}

int
scim_query_path(const struct scim_list *l, bool without_members, struct buf *path)
{
	enum scim_dialect dialect = scim_dialect_of(l->client);
	int failed = buf_append_string(path, l->path) != 0 || buf_append_byte(path, '?') != 0;

	if (l->filter != NULL)
		failed = failed || buf_append_string(path, "filter=") != 0 ||
		    scim_append_encoded(path, l->filter, strlen(l->filter)) != 0 ||
		    buf_append_byte(path, '&') != 0;
	/* AWS refuses a query with either of them. */
	if (l->attributes != NULL && dialect != SCIM_AWS)
		failed = failed || append_attributes(l, without_members, path) != 0;
	else if (without_members && dialect == SCIM_RFC)
		failed = failed || buf_append_string(path, "excludedAttributes=members&") != 0;
	return failed ? -1 : 0;
}

int
scim_query_cursor(struct buf *path, const struct buf *cursor)
{
	if (buf_append_string(path, "cursor") != 0 || (cursor->len > 0 &&
	    (buf_append_byte(path, '=') != 0 ||
	    scim_append_encoded(path, cursor->data, cursor->len) != 0)))
		return -1;
	return 0;
}

int
scim_query_next(const struct tok_list *l, const char *text, const struct buf *cursor,
    struct buf *next)
{
	const struct json answer = { l, text, 0 };
	uint32_t at = json_member(&answer, "nextCursor");
	const struct tok *t = &l->tok[at];

	buf_clear(next);
	if (at == 0 || t->type == TOK_NULL || (t->type == TOK_STRING && t->end == t->start))
		return 0;
	if (t->type != TOK_STRING || jtext_decode(next, text + t->start, t->end - t->start) != 0)
		return -1;
	return strcmp(buf_string(next), buf_string(cursor)) != 0 ? 1 : -1;
}

void
scim_query_turn(struct buf *cursor, struct buf *next)
{
	struct buf was = *cursor;

	*cursor = *next;
	*next = was;
}
