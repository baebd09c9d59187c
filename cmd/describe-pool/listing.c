/* What hangs on a pool (listing.h). */
#include "listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "net/pool.h"

struct listed {
	struct listing *of;
	struct buf names;	/* by which it is sorted */
	char *id;		/* NULL: nothing is asked about it */
	struct buf brief, json;	/* what the list says; what the answer to a question of its own does */
	bool pending;		/* asked for and not answered */
	bool gone;		/* it went away meanwhile */
};

static struct listed *
add(struct listing *l)
{
	struct listed *thing = mem_alloc(sizeof *thing);

	thing->of = l;
	buf_init(&thing->names, SIZE_MAX);
	buf_init(&thing->brief, SIZE_MAX);
	buf_init(&thing->json, SIZE_MAX);
	l->things = mem_resize(l->things, l->count + 1, sizeof(struct listed *));
	l->things[l->count++] = thing;
	return thing;
}

/* Takes what an answer says of a thing.  Returns NULL or what is wrong. */
static const char *
take(struct listed *thing, struct buf *json, enum user_pool_thing as, const struct tok_list *list,
    const char *text, uint32_t at)
{
	struct listing *l = thing->of;
	const char *why = user_pool_thing(json, as, list, text, at, l->run->wrong);

	l->bytes += json->len;
	if (why != NULL || as == USER_POOL_LIMIT)
		return why;
	buf_clear(&thing->names);
	return user_pool_names(&thing->names, as, list, text, at) ? NULL : "one without a name";
}

/* What is too much is known before the last answer is there. */
static bool
fits(struct listing *l)
{
	if (l->bytes <= RECORD_LINE_MAX)
		return true;
	describe_too_long(l->run);
	return false;
}

/* Each. */

/*
 * Nobody may ask for the others either.  Of those that were answered no more is told than of these:
 * it would be by chance which they are.
 */
static void
drop_pending(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++) {
		if (l->things[i]->pending)
			aws_drop(l->run->client, l->things[i]);
		l->things[i]->pending = false;
	}
}

static void
on_refusal(struct listed *thing, const struct aws_result *r)
{
	struct listing *l = thing->of;
	char shown[160];

	if (r->outcome == AWS_DENIED && describe_is_missing(r->code)) {
		describe_miss(l->run, l->kind->describe);
		l->short_of = true;
		l->missing = l->kind->list == NULL;
		drop_pending(l);
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, "ResourceNotFoundException") == 0) {
		/* The pool is there: this one was taken away after it was listed. */
		thing->gone = true;
	} else {
		diag_error("%s: \"%s\": %s", l->kind->describe,
		    diag_quote(shown, sizeof shown, thing->id, strlen(thing->id)), r->message);
		describe_stop(l->run, aws_status(r->outcome), r->message);
	}
}

/* Returns NULL, or what is wrong with the answer. */
static const char *
read_answer(struct listed *thing, struct tok_list *list, const struct aws_result *r)
{
	const struct listing_kind *kind = thing->of->kind;
	uint32_t at, id;

	if (tok_parse(list, r->body, r->body_len) != TOK_OK || list->tok[0].type != TOK_OBJECT)
		return "not JSON";
	at = tok_member(list, r->body, 0, kind->answer);
	if (at == 0 || list->tok[at].type != TOK_OBJECT)
		return "nothing is described";
	/* So the service says that there is no such domain. */
	if (kind->described == USER_POOL_DOMAIN && list->tok[at].next == at + 1) {
		thing->gone = true;
		return NULL;
	}
	if (kind->id != NULL) {
		id = tok_member(list, r->body, at, kind->id);
		if (!tok_is(&list->tok[id], r->body, thing->id, strlen(thing->id)))
			return "another than the one that was asked for";
	}
	thing->of->bytes -= thing->brief.len;
	return take(thing, &thing->json, kind->described, list, r->body, at);
}

static void
on_answer(void *arg, const struct aws_result *r)
{
	struct listed *thing = arg;
	struct describe *run = thing->of->run;
	struct tok_list list;
	const char *why;

	thing->pending = false;
	if (run->stopped)
		return;
	progress_show(&run->progress, ++run->answered, run->asked);
	if (r->outcome != AWS_OK) {
		on_refusal(thing, r);
		return;
	}
	tok_init(&list, DESCRIBE_TOKENS_MAX);
	why = read_answer(thing, &list, r);
	tok_free(&list);
	if (why != NULL)
		describe_wrong(run, thing->of->kind->describe, why);
	else
		(void)fits(thing->of);
}

static void
ask(struct listed *thing)
{
	const struct listing_kind *kind = thing->of->kind;
	struct describe *run = thing->of->run;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)buf_append_byte(&body, '{');
	if (kind->of_pool) {
		(void)buf_append_string(&body, "\"UserPoolId\":");
		(void)jtext_string(&body, run->pool, strlen(run->pool));
		(void)buf_append_byte(&body, ',');
	}
	(void)buf_append_string(&body, kind->before);
	if (jtext_string(&body, thing->id, strlen(thing->id)) != 0 ||
	    buf_append_string(&body, kind->after) != 0) {
		describe_wrong(run, kind->describe, "a name that is too long");
	} else {
		thing->pending = true;
		run->asked++;
		aws_submit(run->client, kind->describe, body.data, body.len, on_answer, thing);
	}
	buf_free(&body);
}

void
listing_ask(struct listing *l, const char *id)
{
	struct listed *thing = add(l);

	thing->id = mem_dup_string(id);
	(void)buf_append(&thing->names, id, strlen(id) + 1);
	ask(thing);
}

/* The list. */

/* Returns NULL, or what is wrong with one of the list. */
static const char *
take_item(struct listing *l, const struct pager_page *page, uint32_t at)
{
	const struct tok *tok = page->list->tok;
	struct listed *thing;
	const char *why;
	struct buf id;
	uint32_t member;

	if (tok[at].type != TOK_OBJECT)
		return "one that is no object";
	if (l->kind->need != NULL) {
		member = tok_member(page->list, page->text, at, l->kind->need);
		if (member == 0 || tok[member].type == TOK_NULL)
			return NULL;
	}
	thing = add(l);
	why = take(thing, &thing->brief, l->kind->listed, page->list, page->text, at);
	if (why != NULL || l->kind->describe == NULL || l->short_of)
		return why;
	member = tok_member(page->list, page->text, at, l->kind->id);
	if (member == 0 || tok[member].start == tok[member].end)
		return "one without an id";
	/* It is a text without NULs: take saw to it. */
	buf_init(&id, SIZE_MAX);
	(void)jtext_decode(&id, page->text + tok[member].start, tok[member].end - tok[member].start);
	thing->id = mem_dup(id.data, id.len);
	buf_free(&id);
	ask(thing);
	return NULL;
}

static bool
on_page(void *arg, const struct pager_page *page)
{
	struct listing *l = arg;
	const struct tok *tok = page->list->tok;
	const char *why = NULL;

	l->begun = true;
	for (uint32_t i = page->items + 1; !l->run->stopped && i < tok[page->items].next;
	    i = tok[i].next) {
		why = take_item(l, page, i);
		if (why != NULL)
			describe_wrong(l->run, l->kind->list, why);
		else
			(void)fits(l);
	}
	return !l->run->stopped;
}

static bool
is_quiet(void *arg, const char *code)
{
	struct listing *l = arg;

	/* The first page says it; what ends a listing in its middle is a failure. */
	l->missing = !l->begun && describe_is_missing(code);
	return l->missing;
}

static void
on_end(void *arg, enum prog_status status, const char *why)
{
	struct listing *l = arg;

	l->pager = NULL;
	if (l->missing)
		describe_miss(l->run, l->kind->list);
	else if (status != PROG_OK)
		describe_stop(l->run, status, why);
}

void
listing_start(struct listing *l, const struct listing_kind *kind, struct describe *run)
{
	struct buf body;

	*l = (struct listing){ .kind = kind, .run = run };
	if (kind->list == NULL)
		return;
	buf_init(&body, POOL_REQUEST_MAX);
	(void)buf_append_string(&body, "{\"UserPoolId\":");
	(void)jtext_string(&body, run->pool, strlen(run->pool));
	(void)buf_appendf(&body, ",%s}", kind->size);
	l->pager = pager_start(run->client, &(struct pager_request){ .operation = kind->list,
	    .items = kind->items, .token = "NextToken", .body = buf_string(&body), .where = "",
	    .page = on_page, .done = on_end, .is_quiet = is_quiet, .arg = l,
	    .told = &run->told });
	buf_free(&body);
}

/* The record. */

static int
compare(const void *a, const void *b)
{
	const struct buf *x = &(*(struct listed *const *)a)->names;
	const struct buf *y = &(*(struct listed *const *)b)->names;
	int way = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

	return way != 0 ? way : (x->len > y->len) - (x->len < y->len);
}

const char *
listing_put(struct listing *l, struct buf *b)
{
	const char *comma = "";

	if (l->missing)
		return NULL;
	if (l->count > 1)
		qsort(l->things, l->count, sizeof(struct listed *), compare);
	(void)buf_appendf(b, ",\"%s\":[", user_pool_list(l->kind->described));
	for (size_t i = 0; i < l->count; i++) {
		const struct listed *thing = l->things[i];
		const struct buf *json = thing->json.len > 0 && !l->short_of ? &thing->json : &thing->brief;

		if (i > 0 && compare(&l->things[i - 1], &l->things[i]) == 0)
			return "the service gave the same one twice";
		if (thing->gone)
			continue;
		(void)buf_append_string(b, comma);
		(void)buf_append(b, json->data, json->len);
		comma = ",";
	}
	(void)buf_append_byte(b, ']');
	return NULL;
}

void
listing_free(struct listing *l)
{
	pager_cancel(l->pager);
	for (size_t i = 0; i < l->count; i++) {
		buf_free(&l->things[i]->names);
		buf_free(&l->things[i]->brief);
		buf_free(&l->things[i]->json);
		free(l->things[i]->id);
		free(l->things[i]);
	}
	free(l->things);
}
