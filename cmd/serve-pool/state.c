/* The pool in a file (state.h). */
#include "state.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/out.h"
#include "json/cognito.h"
#include "json/record.h"
#include "password.h"
#include "wire.h"

/* Records longer than RECORD_LINE_MAX could not be read again. */
enum { TEXT_MAX = 16 * 1024 * 1024 };

struct writing {
	const struct pool *pool;
	struct out out;
	struct tok_list list;
	struct buf line, groups;
	struct seal seal;
};

static int
put_line(struct writing *w, const char *what)
{
	if (w->line.len > RECORD_LINE_MAX) {
		diag_error("%s: a %s is too long to be read again", w->out.name, what);
		return -1;
	}
	buf_append_byte(&w->line, '\n');
	w->seal.rows++;
	w->seal.bytes += w->line.len;
	return out_write(&w->out, w->line.data, w->line.len);
}

static int
put_description(struct writing *w)
{
	buf_clear(&w->line);
	buf_append_string(&w->line, "{\"UserPool\":{\"Id\":");
	buf_appendf(&w->line, "\"%s\"", w->pool->id);
	schema_put(&w->pool->schema, &w->line);
	buf_append_string(&w->line, "}}");
	return put_line(w, "description");
}

static int
parse(struct writing *w, const struct store_item *item)
{
	buf_clear(&w->line);
	if (tok_parse(&w->list, item->text, item->len) == TOK_OK)
		return 0;
	diag_error("%s: a record of ours is no JSON", w->out.name);
	return -1;
}

static int
put_group(struct writing *w, const struct store_item *item)
{
	const char *why;

	if (parse(w, item) != 0)
		return -1;
	if ((why = cognito_group(&w->line, &w->list, item->text, 0)) != NULL) {
		diag_error("%s: a group cannot be written: %s", w->out.name, why);
		return -1;
	}
	return put_line(w, "group");
}

/* The names of the user's groups as a JSON array. */
static void
list_groups(struct writing *w, uint32_t user)
{
	const struct store *s = &w->pool->store;
	const struct store_item *group;
	const uint32_t *list;
	size_t count, i;

	buf_clear(&w->groups);
	buf_append_byte(&w->groups, '[');
	store_partners(&s->groups_of, user, &list, &count);
	for (i = 0; i < count; i++) {
		if (list[i] == STORE_GONE || !store_is_defined(&s->groups.item[list[i]]))
			continue;
		group = &s->groups.item[list[i]];
		if (w->groups.len > 1)
			buf_append_byte(&w->groups, ',');
		buf_append(&w->groups, group->text + group->name_at, group->name_len);
	}
	buf_append_byte(&w->groups, ']');
}

static int
put_user(struct writing *w, uint32_t number)
{
	const struct store_item *item = &w->pool->store.users.item[number];
	const char *hash = password_get(w->pool, number), *why;
	size_t replaced = 0;

	if (parse(w, item) != 0)
		return -1;
	list_groups(w, number);
	if ((why = cognito_user(&w->line, &w->list, item->text, 0, w->groups.data,
	    &replaced)) != NULL) {
		diag_error("%s: a user cannot be written: %s", w->out.name, why);
		return -1;
	}
	if (hash != NULL) {
		w->line.len--;	/* the brace */
		buf_appendf(&w->line, ",\"" WIRE_PASSWORD "\":\"%s\"}", hash);
	}
	return put_line(w, "user");
}

static int
put_table(struct writing *w, const struct store_table *t, bool users)
{
	const struct store_item *item;
	size_t i;

	for (i = 0; i < t->order_count; i++) {
		item = &t->item[t->order[i]];
		if (store_is_defined(item) &&
		    (users ? put_user(w, t->order[i]) : put_group(w, item)) != 0)
			return -1;
	}
	return 0;
}

static int
put_all(struct writing *w)
{
	const struct store *s = &w->pool->store;

	if (put_description(w) != 0 || put_table(w, &s->groups, false) != 0 ||
	    put_table(w, &s->users, true) != 0)
		return -1;
	buf_clear(&w->line);
	if (seal_write(&w->seal, &w->line) != 0)
		return -1;
	return out_write(&w->out, w->line.data, w->line.len);
}

int
state_write(const struct pool *p, const char *path)
{
	struct writing w = { .pool = p };
	int result = -1;

	if (out_open(&w.out, path, false) != 0)
		return -1;
	seal_init(&w.seal);
	tok_init(&w.list, TEXT_MAX);
	buf_init(&w.line, TEXT_MAX);
	buf_init(&w.groups, TEXT_MAX);
	if (put_all(&w) == 0)
		result = out_commit(&w.out);
	else
		out_abandon(&w.out);
	seal_free(&w.seal);
	tok_free(&w.list);
	buf_free(&w.line);
	buf_free(&w.groups);
	return result;
}

int
state_begin(const struct pool *p, const char *path)
{
	struct out out;

	if (access(path, F_OK) != 0)
		return state_write(p, path);
	if (out_open(&out, path, false) != 0)
		return -1;
	out_abandon(&out);
	return 0;
}
