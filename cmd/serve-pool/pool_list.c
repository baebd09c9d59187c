/* ListUserPools (pool_list.h). */
#include "pool_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "exchange.h"
#include "json/jtext.h"
#include "listing.h"
#include "wire.h"

/* A description of a megabyte, each byte of which may become six. */
enum { TEXT_MAX = 8 * 1024 * 1024 };

/* What a list says of a pool's description; the service always says LambdaConfig. */
static void
put_said(const struct pool *p, struct buf *b)
{
	static const char *const names[] = {"Name", "LambdaConfig", "Status"};
	const struct buf *other = &p->schema.other;
	struct tok_list list;
	struct buf text;
	bool parsed;

	buf_init(&text, TEXT_MAX);
	tok_init(&list, TEXT_MAX);
	buf_append_byte(&text, '{');
	if (other->len > 0)
		buf_append(&text, other->data + 1, other->len - 1);
	buf_append_byte(&text, '}');
	parsed = tok_parse(&list, text.data, text.len) == TOK_OK;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uint32_t value = parsed ? tok_member(&list, text.data, 0, names[i]) : 0;

		if (value == 0 && strcmp(names[i], "LambdaConfig") != 0)
			continue;
		buf_appendf(b, ",\"%s\":", names[i]);
		if (value == 0)
			buf_append_string(b, "{}");
		else
			jtext_value(b, &list, text.data, value);
	}
	tok_free(&list);
	buf_free(&text);
}

static void
make_item(struct store_item *item, const struct pool *p, struct buf *b)
{
	buf_clear(b);
	buf_appendf(b, "{\"Id\":\"%s\"", p->id);
	put_said(p, b);
	buf_append_string(b, ",\"LastModifiedDate\":");
	wire_put_epoch(b, p->modified_ms);
	buf_append_string(b, ",\"CreationDate\":");
	wire_put_epoch(b, p->created_ms);
	item->listed = (uint32_t)b->len;
	buf_append_byte(b, '}');
	item->len = (uint32_t)b->len;
	item->text = mem_dup(b->data, b->len);
	item->own = true;
}

static struct pool_list *
find(const struct pool_lists *l, const struct role *owner, const char *region)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].owner == owner && strcmp(l->list[i].region, region) == 0)
			return &l->list[i];
	return NULL;
}

static void
append(struct pool_lists *l, const struct pool *p, uint32_t number)
{
	struct pool_list *list = find(l, p->owner, p->region);

	if (list == NULL) {
		l->list = mem_resize(l->list, l->count + 1, sizeof *l->list);
		list = &l->list[l->count++];
		*list = (struct pool_list){ .owner = p->owner, .region = p->region };
	}
	list->list = mem_resize(list->list, list->count + 1, sizeof *list->list);
	list->list[list->count++] = number;
}

void
pool_lists_make(struct pool_lists *l, const struct pools *pools)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	l->table.item = mem_alloc(pools->count * sizeof *l->table.item);
	l->table.count = pools->count;
	for (uint32_t i = 0; i < pools->count; i++) {
		make_item(&l->table.item[i], pools->pool[i], &b);
		append(l, pools->pool[i], i);
	}
	buf_free(&b);
}

void
pool_lists_free(struct pool_lists *l)
{
	store_free_table(&l->table);
	for (size_t i = 0; i < l->count; i++)
		free(l->list[i].list);
	free(l->list);
}

void
pool_list_answer(struct exchange *x)
{
	const struct pool_lists *lists = &x->server->pool_lists;
	const struct pool_list *list = find(lists, x->owner, x->region);
	struct listing l = {.table = &lists->table, .member = "UserPools"};

	if (list != NULL) {
		l.list = list->list;
		l.count = list->count;
	}
	listing_answer(x, &l);
}
