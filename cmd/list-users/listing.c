/* One chain, and what shards have in common with it (listing.h). */
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "json/cognito.h"
#include "net/pool.h"

#include "listing.h"
#include "sub.h"

struct whole {
	struct listing *listing;
	struct hash_key key;
};

bool
listing_stop(struct listing *l, enum prog_status status, const char *why)
{
	l->status = status;
	snprintf(l->why, sizeof l->why, "%s", why);
	return false;
}

enum listing_user
listing_user(struct listing *l, const struct pager_page *page, uint32_t user,
    const struct hash_key *key, uint64_t number)
{
	const struct tok *t = &page->list->tok[user];
	uint32_t index = tok_member(page->list, page->text, user, "Username");
	const struct tok *name = &page->list->tok[index];
	uint64_t hash = index == 0 ? 0 : recent_hash(&l->recent, key, page->text + name->start,
	    name->end - name->start);
	const char *wrong;

	buf_clear(&l->line);
	wrong = cognito_user(&l->line, page->list, page->text, user, NULL, &l->replaced);
	/* The service promises that one chain gives nobody twice; what we can see of it is checked. */
	if (index != 0 && recent_put(&l->recent, hash)) {
		diag_error("ListUsers: the service gave the same user twice (number %llu)",
		    (unsigned long long)number);
		listing_stop(l, PROG_FAIL, "the service gave the same user twice");
		return LISTING_STOPPED;
	}
	if (wrong == NULL)
		return LISTING_ROW;
	if (sink_reject(&l->sink, "ListUsers", number, wrong, page->text + t->start,
	    t->end - t->start) == 0)
		return LISTING_REJECTED;
	listing_stop(l, PROG_FAIL, "a wrong record");
	return LISTING_STOPPED;
}

static bool
take_user(struct whole *w, const struct pager_page *page, uint32_t user)
{
	struct listing *l = w->listing;

	if (l->count != NULL) {
		size_t len = 0;
		const char *sub = sub_find(page->list, page->text, user, &l->scratch, &len);

		proof_count(l->count, sub, len);
	}
	switch (listing_user(l, page, user, &w->key, l->seen)) {
	case LISTING_STOPPED:
		return false;
	case LISTING_REJECTED:
		return true;
	default:
		if (sink_row(&l->sink, l->line.data, l->line.len) != 0)
			return listing_stop(l, PROG_FAIL, "the output failed");
		return true;
	}
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct whole *w = arg;
	struct listing *l = w->listing;
	const struct tok *tok = page->list->tok;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (l->max_items > 0 && l->seen == l->max_items)
			return false;
		l->seen++;
		if (!take_user(w, page, i))
			return false;
	}
	progress_show(&l->progress, l->seen, 0);
	if (out_flush(&l->sink.out) != 0)
		return listing_stop(l, PROG_FAIL, "the output failed");
	return l->max_items == 0 || l->seen < l->max_items;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct whole *w = arg;

	if (w->listing->status == PROG_OK && status != PROG_OK)
		listing_stop(w->listing, status, why);
}

void
listing_chain(struct listing *l, const char *filter)
{
	struct whole w = { .listing = l, .key = hash_key_random() };
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	/* Cannot be too long: both were checked. */
	(void)pool_request(&body, l->pool, filter != NULL ? "Filter" : NULL, filter, true);
	pager_start(l->client, &(struct pager_request){ .operation = "ListUsers",
	    .items = "Users", .token = "PaginationToken", .body = body.data, .where = "",
	    .page = take_page, .done = take_end, .arg = &w });
	aws_run(l->client, NULL);
	buf_free(&body);
}
