/* CreateGroup, UpdateGroup, DeleteGroup (write.h). */
#include <string.h>

#include "json/jtext.h"
#include "wire.h"
#include "write.h"

/* AWS's limit, and a group with all that a request may say. */
enum { GROUPS_MAX = 10000, FORM_MAX = 16 * EXCHANGE_BODY_MAX };

/* What the group is now: its form as JSON; empty for a new one. */
struct old {
	struct tok_list list;
	const char *text;
};

/* ,"NAME":VALUE of the request, else of the group as it was. */
static void
put_member(struct exchange *x, struct buf *b, const struct old *old, const char *name,
    uint32_t token)
{
	uint32_t value = 0;

	if (token == 0 && old->text != NULL)
		value = tok_member(&old->list, old->text, 0, name);
	if (token == 0 && value == 0)
		return;
	buf_appendf(b, ",\"%s\":", name);
	if (token != 0)
		jtext_value(b, &x->params.list, buf_string(&x->body), token);
	else
		jtext_value(b, &old->list, old->text, value);
}

/* What other members the group had. */
static void
put_others(struct buf *b, const struct old *old)
{
	static const char *const known[] = { "GroupName", "UserPoolId", "Description", "RoleArn",
		"Precedence", "LastModifiedDate", "CreationDate" };
	const struct tok *tok = old->list.tok;
	uint32_t i;
	size_t k;

	for (i = 1; old->text != NULL && i < tok[0].next; i = tok[i + 1].next) {
		for (k = 0; k < sizeof known / sizeof *known; k++)
			if (tok_is(&tok[i], old->text, known[k], strlen(known[k])))
				break;
		if (k < sizeof known / sizeof *known)
			continue;
		buf_append_byte(b, ',');
		jtext_string_token(b, &tok[i], old->text);
		buf_append_byte(b, ':');
		jtext_value(b, &old->list, old->text, i + 1);
	}
}

static void
render(struct exchange *x, struct buf *b, const struct old *old, struct store_item *form)
{
	const struct params_write *w = &x->params.write;
	int64_t now = server_now_ms(x->server);
	uint32_t created = old->text == NULL ? 0 :
	    tok_member(&old->list, old->text, 0, "CreationDate");

	memset(form, 0, sizeof *form);
	buf_append_string(b, "{\"GroupName\":");
	form->name_at = (uint32_t)b->len;
	buf_append(b, x->params.key.data, x->params.key.len);
	form->name_len = (uint32_t)b->len - form->name_at;
	buf_appendf(b, ",\"UserPoolId\":\"%s\"", x->pool->id);
	put_member(x, b, old, "Description", w->description);
	put_member(x, b, old, "RoleArn", w->role);
	put_member(x, b, old, "Precedence", w->precedence);
	put_others(b, old);
	buf_append_string(b, ",\"LastModifiedDate\":");
	wire_put_epoch(b, now);
	buf_append_string(b, ",\"CreationDate\":");
	if (created != 0)
		jtext_value(b, &old->list, old->text, created);
	else
		wire_put_epoch(b, now);
	form->listed = (uint32_t)b->len;
	buf_append_byte(b, '}');
	form->text = b->data;
	form->len = (uint32_t)b->len;
}

static void
answer_group(struct exchange *x, const struct store_item *form)
{
	buf_append_string(&x->answer.body, "{\"Group\":");
	buf_append(&x->answer.body, form->text, form->len);
	buf_append_byte(&x->answer.body, '}');
}

void
write_create_group(struct exchange *x)
{
	struct store_table *groups = &x->pool->store.groups;
	const struct buf *key = &x->params.key;
	uint32_t i = store_find(groups, buf_string(key), key->len);
	struct old none = { .text = NULL };
	struct store_item form;
	struct buf b;

	if (i != UINT32_MAX && store_is_defined(&groups->item[i])) {
		answer_error(&x->answer, 400, "GroupExistsException",
		    "A group with the name already exists.");
		return;
	}
	if (groups->order_count - groups->deleted >= GROUPS_MAX) {
		answer_error(&x->answer, 400, "LimitExceededException",
		    "Maximum number of groups exceeded");
		return;
	}
	buf_init(&b, FORM_MAX);
	render(x, &b, &none, &form);
	store_create(groups, &form);
	answer_group(x, &form);
	buf_free(&b);
}

void
write_update_group(struct exchange *x)
{
	struct store_table *groups = &x->pool->store.groups;
	uint32_t group = write_find_group(x);
	const struct store_item *item;
	struct store_item form;
	struct old old;
	struct buf b;

	if (group == UINT32_MAX)
		return;
	item = &groups->item[group];
	old.text = item->text;
	tok_init(&old.list, item->len + 1);
	buf_init(&b, FORM_MAX);
	if (tok_parse(&old.list, item->text, item->len) == TOK_OK) {
		render(x, &b, &old, &form);
		store_replace(groups, group, &form);
		answer_group(x, &form);
	}
	tok_free(&old.list);
	buf_free(&b);
}

void
write_delete_group(struct exchange *x)
{
	uint32_t group = write_find_group(x);

	if (group != UINT32_MAX)
		store_delete(&x->pool->store.groups, group);
}
