#include "whole.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

enum { OCI_MEMBERS_MAX = 10000 };	/* of a group, in one answer of Oracle's */

const char whole_hidden[] = "the server does not show who is in the group: a PUT could drop them";
const char whole_asks[] = "?attributes=members";

/* Whether the look may show a part of them alone. */
static bool
is_part(const struct apply *a, const struct found *f)
{
	/* AWS gives every group an empty list. */
	return a->dialect == SCIM_AWS ||
	    (a->dialect == SCIM_OCI && found_members(f) >= OCI_MEMBERS_MAX);
}

/* The list of members, or 0. */
static uint32_t
list_of(const struct found *f)
{
	struct json members = json_at(&f->resource, json_member(&f->resource, "members"));

	return members.at != 0 && json_tok(&members)->type == TOK_ARRAY ? members.at : 0;
}

bool
whole_shows(struct apply *a, const struct found *f)
{
	a->shows_members |= found_members(f) > 0;
	return list_of(f) != 0 && !is_part(a, f);
}

char *
whole_keep(const struct found *f)
{
	const struct tok *t = json_tok(&f->resource);

	return mem_dup(f->resource.text + t->start, t->end - t->start);
}

static bool
is_empty(struct apply *a, const char *id)
{
	struct keyset_key k;
	uint32_t entry;

	if (a->empty_groups.count == 0 || strlen(id) > KEYSET_KEY_MAX)
		return false;
	keyset_key(&k, id, strlen(id));
	entry = keyset_find(&a->empty_groups, &k);
	return entry != 0 && keyset_number(&a->empty_groups, entry) != 0;
}

/* The group with the members of f.  Returns whether they are in it. */
static bool
join(char **shown, const struct found *f, struct answer *r)
{
	struct found both;
	struct buf b;
	bool joined;

	buf_init(&b, SCIM_BODY_MAX);
	joined = buf_append_string(&b, "{\"members\":") == 0 &&
	    jtext_value(&b, f->resource.list, f->resource.text, list_of(f)) == 0 &&
	    buf_append_byte(&b, ',') == 0 && buf_append_string(&b, *shown + 1) == 0;
	if (joined) {
		free(*shown);
		*shown = mem_dup(b.data, b.len);
		r->body = *shown;
		r->body_len = b.len;
		joined = found_one(&both, r) && found_members(&both) == found_members(f);
		found_free(&both);
	}
	buf_free(&b);
	return joined;
}

bool
whole_join(struct apply *a, char **shown, const char *id, struct answer *r)
{
	struct found f;
	bool known = false;

	if (r->outcome != SCIM_OK)
		return true;
	if (found_one(&f, r)) {
		if (whole_shows(a, &f)) {
			known = join(shown, &f, r);
		} else if (!is_part(a, &f) && (a->shows_members || is_empty(a, id))) {
			r->body = *shown;
			r->body_len = strlen(*shown);
			known = true;
		}
	}
	found_free(&f);
	return known;
}

void
whole_note(struct apply *a, const char *id, bool empty)
{
	struct keyset_key k;

	if (strlen(id) > KEYSET_KEY_MAX || (!empty && !is_empty(a, id)))
		return;
	keyset_key(&k, id, strlen(id));
	keyset_set_number(&a->empty_groups, keyset_add(&a->empty_groups, &k), empty ? 1 : 0);
}
