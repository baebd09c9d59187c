/* Pages (listing.h). */
#include "listing.h"

#include <string.h>

#include "chance.h"
#include "exchange.h"
#include "json/jtext.h"
#include "pages.h"

struct found {
	size_t at;				/* its place in the listing */
	const struct store_item *item;
};

struct page {
	struct found found[PARAMS_LIMIT_MAX + 1];
	size_t count;
	size_t next;				/* where the next page begins */
	bool more;				/* there is one */
};

/* NULL: what stood there is gone. */
static const struct store_item *
item_at(const struct listing *l, size_t index)
{
	uint32_t number = index < l->count ? l->list[index] : l->tail[index - l->count];
	const struct store_item *item = &l->table->item[number];

	return number != STORE_GONE && store_is_defined(item) ? item : NULL;
}

/* How many items the page may hold: the limit, or any number from 0 with --short-pages. */
static size_t
page_size(const struct exchange *x, const struct page_place *place)
{
	uint64_t limit = (uint64_t)x->params.limit;

	if (!x->server->short_pages)
		return (size_t)limit;
	return (size_t)(chance(x->server->seed, 'p', place->at << 20 ^ place->step) % (limit + 1));
}

static void
collect(const struct exchange *x, const struct listing *l, const struct page_place *place,
    struct page *p)
{
	size_t i, size = page_size(x, place), end = l->count + l->tail_count;
	const struct store_item *item;

	p->count = 0;
	for (i = place->at; i < end; i++) {
		item = item_at(l, i);
		if (item == NULL || (l->search != NULL && !search_matches(l->search, item)))
			continue;
		if (p->count == size)
			break;
		p->found[p->count++] = (struct found){ .at = i, .item = item };
	}
	p->next = i;
	p->more = i < end;
	/* The service also ends with a page of nothing; half of the short listings do. */
	if (!p->more && p->count > 0 && x->server->short_pages &&
	    chance(x->server->seed, 'e', place->at) % 2 == 0)
		p->more = true;
}

static bool
strikes(struct exchange *x, enum fault_kind kind)
{
	if (!faults_strike(&x->server->faults, x->operation, kind))
		return false;
	x->fault = kind;
	return true;
}

/* The first user again as the last; the page keeps to its limit. */
static void
duplicate(const struct exchange *x, struct page *p)
{
	if (p->count == (size_t)x->params.limit) {
		p->next = p->found[--p->count].at;
		p->more = true;
	}
	p->found[p->count++] = p->found[0];
}

/* {"Username":...,"Attributes":[those asked for],...  Returns -1 if the user lacks one. */
static int
put_projected(struct exchange *x, const struct store_item *user)
{
	const struct params *p = &x->params;
	const struct tok *tok = p->list.tok;
	struct buf *b = &x->answer.body, name;
	const char *value = "";
	size_t len;
	uint32_t i;

	buf_append(b, user->text, user->attributes);
	buf_append_byte(b, '[');
	buf_init(&name, EXCHANGE_TEXT_MAX);
	for (i = p->attributes + 1; i < tok[p->attributes].next && value != NULL; i = tok[i].next) {
		buf_clear(&name);
		jtext_string_token(&name, &tok[i], buf_string(&x->body));
		value = search_attribute(user, name.data + 1, name.len - 2, &len);
		if (value != NULL)
			buf_appendf(b, "%s{\"Name\":%s,\"Value\":\"%.*s\"}",
			    i > p->attributes + 1 ? "," : "", name.data, (int)len, value);
	}
	buf_free(&name);
	buf_append_byte(b, ']');
	buf_append(b, user->text + user->attributes_end, user->listed - user->attributes_end);
	return value != NULL ? 0 : -1;
}

static int
put_items(struct exchange *x, const struct page *p)
{
	struct buf *b = &x->answer.body;
	const struct store_item *item;
	size_t i;

	for (i = 0; i < p->count; i++) {
		item = p->found[i].item;
		if (i > 0)
			buf_append_byte(b, ',');
		if (x->params.attributes == 0) {
			buf_append(b, item->text, item->listed);
		} else if (put_projected(x, item) != 0) {
			answer_error(&x->answer, 400, "InvalidParameterException",
			    "One or more requested attributes do not exist.");
			return -1;
		}
		buf_append_byte(b, '}');
	}
	return 0;
}

static void
put_token(struct exchange *x, const struct page *p, const struct page_place *place)
{
	struct page_place next = {.at = p->next, .step = place->step + 1};
	struct buf *b = &x->answer.body;
	char made[PAGES_TOKEN_SIZE];
	bool repeat = x->params.has_token && strikes(x, FAULT_REPEAT_TOKEN);

	if (!p->more && !repeat)
		return;
	if (!repeat)
		pages_token(x, &next, made);
	buf_appendf(b, ",\"%s\":\"%s\"",
	    strcmp(x->operation, "ListUsers") == 0 ? "PaginationToken" : "NextToken",
	    repeat ? x->params.token.data : made);
}

void
listing_answer(struct exchange *x, const struct listing *l)
{
	struct page_place place;
	struct page p;

	if (pages_open(x, &place) != 0)
		return;
	collect(x, l, &place, &p);
	if (l->users && p.count > 0 && strikes(x, FAULT_DUPLICATE_USER))
		duplicate(x, &p);
	if (l->users && p.count > 0 && strikes(x, FAULT_VANISH_USER))
		p.count--;
	buf_appendf(&x->answer.body, "{\"%s\":[", l->member);
	if (put_items(x, &p) != 0)
		return;
	buf_append_byte(&x->answer.body, ']');
	put_token(x, &p, &place);
	buf_append_byte(&x->answer.body, '}');
}
