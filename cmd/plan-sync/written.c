/* What a ledger says of attributes (written.h). */
#include "written.h"

#include <string.h>

#include "json/jtext.h"
#include "json/plan_digest.h"
#include "json/record.h"

/* Of all attributes that a pool can have three times; escaped they are still no long record. */
enum { NAMES_MAX = 8 * 1024 };

void
written_init(struct written *w)
{
	w->enabled = WRITTEN_UNSAID;
	buf_init(&w->digest, PLAN_DIGEST_LEN + 1);
	buf_init(&w->names, NAMES_MAX);
}

void
written_free(struct written *w)
{
	buf_free(&w->digest);
	buf_free(&w->names);
}

void
written_clear(struct written *w)
{
	w->enabled = WRITTEN_UNSAID;
	buf_clear(&w->digest);
	buf_clear(&w->names);
}

/* Where the name stands, or NULL. */
static char *
find(const struct written *w, const char *name)
{
	for (size_t at = 0; at < w->names.len; at += strlen(w->names.data + at) + 1)
		if (strcmp(w->names.data + at, name) == 0)
			return w->names.data + at;
	return NULL;
}

static void
remove_name(struct written *w, char *at)
{
	size_t len = strlen(at) + 1;

	memmove(at, at + len, (size_t)(w->names.data + w->names.len - at) - len);
	w->names.len -= len;
}

/* Adds the names in a list, or takes them out. */
static void
take_names(struct written *w, const struct tok_list *l, const char *text, const char *member,
    bool add)
{
	uint32_t in = tok_member(l, text, 0, member);
	struct buf name;

	if (in == 0 || l->tok[in].type != TOK_ARRAY)
		return;
	buf_init(&name, RECORD_LINE_MAX);
	for (uint32_t i = in + 1; i < l->tok[in].next; i = l->tok[i].next) {
		const struct tok *t = &l->tok[i];
		char *at;

		buf_clear(&name);
		if (t->type != TOK_STRING || (t->flags & (TOK_NUL | TOK_LONE)) != 0 ||
		    t->start == t->end ||
		    jtext_decode(&name, text + t->start, t->end - t->start) != 0)
			continue;
		at = find(w, buf_string(&name));
		if (add && at == NULL)
			(void)buf_append(&w->names, name.data, name.len + 1);
		else if (!add && at != NULL)
			remove_name(w, at);
	}
	buf_free(&name);
}

void
written_take(struct written *w, const struct tok_list *l, const char *text)
{
	uint32_t enabled = tok_member(l, text, 0, "Enabled");
	uint32_t digest = tok_member(l, text, 0, "Digest");

	if (enabled != 0)
		w->enabled = l->tok[enabled].type == TOK_TRUE ? WRITTEN_YES :
		    l->tok[enabled].type == TOK_FALSE ? WRITTEN_NO : WRITTEN_UNKNOWN;
	if (digest != 0 || enabled == 0)
		buf_clear(&w->digest);
	if (digest != 0 && l->tok[digest].type == TOK_STRING)
		(void)jtext_decode(&w->digest, text + l->tok[digest].start,
		    l->tok[digest].end - l->tok[digest].start);
	take_names(w, l, text, "Names", true);
	take_names(w, l, text, "Cleared", false);
}
