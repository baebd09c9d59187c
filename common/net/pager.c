/*
 * All pages of one listing.
 *
 * The next page is asked for before this one is handed over, so that the service works while the
 * caller does.  Of tokens only 64-bit hashes are kept: a listing of 40,000,000 users has some
 * 670,000 of them, and a false alarm once in tens of millions of such runs is no worry.
 */
#include "net/pager.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "json/jtext.h"

enum {
	TOKENS_MAX = 4 * 1024 * 1024,	/* of JSON: 60 users of 70 attributes have 30,000 */
	REQUEST_MAX = 4 * 1024 * 1024,
	SET_START = 1024
};

/* The hashes of all requests of a chain; 0 marks a free place. */
struct seen {
	struct hash_key key;
	uint64_t *places;
	size_t count, size;
};

struct pager {
	struct aws_client *client;
	char *operation, *items, *token, *body, *where, *quiet_code;
	bool *told;
	bool (*page)(void *arg, const struct pager_page *page);
	void (*done)(void *arg, enum prog_status status, const char *why);
	bool (*may_prefetch)(void *arg);
	bool (*is_quiet)(void *arg, const char *code);
	void *arg;
	struct tok_list list;
	struct buf request;	/* the next page's */
	struct seen seen;
	uint64_t pages;
	bool paused;
	aws_done *on_answer;	/* asks for the next page, and is what its answer comes to */
};

/* Puts h into its place.  Returns false if it stands there. */
static bool
put(uint64_t *places, size_t size, uint64_t h)
{
	size_t i = (size_t)h & (size - 1);

	while (places[i] != 0 && places[i] != h)
		i = (i + 1) & (size - 1);
	if (places[i] == h)
		return false;
	places[i] = h;
	return true;
}

/* Returns false if there was this request before. */
static bool
remember(struct seen *s, const char *request, size_t len)
{
	uint64_t h = hash_bytes(&s->key, request, len) | 1;	/* never 0 */

	if (s->count * 2 >= s->size) {
		size_t size = s->size > 0 ? s->size * 2 : SET_START;
		uint64_t *places = mem_alloc(size * sizeof *places);

		for (size_t i = 0; i < s->size; i++)
			if (s->places[i] != 0)
				(void)put(places, size, s->places[i]);
		free(s->places);
		s->places = places;
		s->size = size;
	}
	if (!put(s->places, s->size, h))
		return false;
	s->count++;
	return true;
}

static void
release(struct pager *p)
{
	free(p->operation);
	free(p->items);
	free(p->token);
	free(p->body);
	free(p->where);
	free(p->quiet_code);
	free(p->seen.places);
	tok_free(&p->list);
	buf_free(&p->request);
	free(p);
}

static void
end(struct pager *p, enum prog_status status, const char *why)
{
	aws_drop(p->client, p);
	p->done(p->arg, status, why);
	release(p);
}

static void
fail(struct pager *p, enum prog_status status, const char *why)
{
	if (p->told == NULL || !*p->told)
		diag_error("%s: %s%s%s", p->operation, p->where, p->where[0] != '\0' ? ": " : "",
		    why);
	if (p->told != NULL)
		*p->told = true;
	end(p, status, why);
}

/* The request for the page behind a token, in p->request.  Returns 0, or -1 if it is too long. */
static int
make_request(struct pager *p, const struct tok *token, const char *text)
{
	size_t len = strlen(p->body) - 1;	/* without the closing brace */

	buf_clear(&p->request);
	if (buf_append(&p->request, p->body, len) != 0 ||
	    (len > 1 && buf_append_byte(&p->request, ',') != 0) ||
	    buf_appendf(&p->request, "\"%s\":", p->token) != 0 ||
	    jtext_string_token(&p->request, token, text) != 0)
		return -1;
	return buf_append_byte(&p->request, '}');
}

/* Whether a member stands there more than once: then it is anybody's guess which of them counts. */
static bool
is_twice(const struct tok_list *l, const char *text, const char *key)
{
	size_t len = strlen(key), count = 0;

	for (uint32_t i = 1; i < l->tok[0].next; i = tok_behind_member(l->tok, i))
		count += tok_is(&l->tok[i], text, key, len);
	return count > 1;
}

/* Finds the items and the token (0: none) of a page.  Returns NULL, or what is wrong with it. */
static const char *
read_page(struct pager *p, const struct aws_result *r, uint32_t *items, uint32_t *token)
{
	enum tok_error e = tok_parse(&p->list, r->body, r->body_len);
	const struct tok *t;

	if (e == TOK_MANY)
		return "the answer has more JSON values than a page can have";
	if (e != TOK_OK || p->list.tok[0].type != TOK_OBJECT)
		return "the answer is not a JSON object";
	*items = tok_member(&p->list, r->body, 0, p->items);
	if (*items == 0 || p->list.tok[*items].type != TOK_ARRAY)
		return "the answer has no list of items";
	if (is_twice(&p->list, r->body, p->items) || is_twice(&p->list, r->body, p->token))
		return "the answer has its items or its page token twice";
	*token = tok_member(&p->list, r->body, 0, p->token);
	t = &p->list.tok[*token];
	if (*token == 0 || t->type == TOK_NULL) {
		*token = 0;
		return NULL;
	}
	if (t->type != TOK_STRING || t->end == t->start)
		return "the answer's page token is not a text";
	if (p->pages >= PAGER_PAGES_MAX)
		return "the listing has more pages than any pool can have";
	if (make_request(p, t, r->body) != 0)
		return "the page token is too long";
	/* By what is asked for: the same token can be written with other escapes. */
	if (!remember(&p->seen, p->request.data, p->request.len))
		return "the service sent a page token for the second time: the listing would "
		    "never end";
	return NULL;
}

static void
ask(struct pager *p)
{
	p->paused = false;
	aws_submit(p->client, p->operation, p->request.data, p->request.len, p->on_answer, p);
	aws_kick(p->client);
}

static void
on_refusal(struct pager *p, const struct aws_result *r)
{
	struct buf why;

	if ((p->quiet_code != NULL && strcmp(p->quiet_code, r->code) == 0) ||
	    (p->is_quiet != NULL && p->is_quiet(p->arg, r->code))) {
		end(p, PROG_FAIL, r->message);
		return;
	}
	/* Nothing but the token differs from the pages that were good. */
	if (p->pages > 0 && strcmp(r->code, "InvalidParameterException") == 0) {
		buf_init(&why, 4000);
		(void)buf_appendf(&why, "%s; the chain of pages broke after page %llu: a page "
		    "token lives an hour, so what reads this output may be too slow; start a "
		    "new run", r->message, (unsigned long long)p->pages);
		fail(p, PROG_TEMPORARY, buf_string(&why));
		buf_free(&why);
		return;
	}
	fail(p, aws_status(r->outcome), r->message);
}

static void
on_answer(void *arg, const struct aws_result *r)
{
	struct pager *p = arg;
	struct pager_page page = { .text = r->body, .list = &p->list };
	uint32_t token = 0;
	const char *wrong;

	if (r->outcome != AWS_OK) {
		on_refusal(p, r);
		return;
	}
	p->pages++;
	wrong = read_page(p, r, &page.items, &token);
	if (wrong != NULL) {
		fail(p, PROG_FAIL, wrong);
		return;
	}
	page.last = token == 0;
	p->paused = token != 0;
	if (token != 0 && (p->may_prefetch == NULL || p->may_prefetch(p->arg)))
		ask(p);
	if (!p->page(p->arg, &page) || page.last) {
		end(p, PROG_OK, NULL);
		return;
	}
}

struct pager *
pager_start(struct aws_client *client, const struct pager_request *r)
{
	struct pager *p = mem_alloc(sizeof *p);

	p->client = client;
	p->operation = mem_dup_string(r->operation);
	p->items = mem_dup_string(r->items);
	p->token = mem_dup_string(r->token);
	p->body = mem_dup_string(r->body);
	p->where = mem_dup_string(r->where != NULL ? r->where : "");
	p->quiet_code = mem_dup_string(r->quiet_code);
	p->told = r->told;
	p->page = r->page;
	p->done = r->done;
	p->may_prefetch = r->may_prefetch;
	p->is_quiet = r->is_quiet;
	p->on_answer = on_answer;
	p->arg = r->arg;
	p->seen.key = hash_key_random();
	tok_init(&p->list, TOKENS_MAX);
	buf_init(&p->request, REQUEST_MAX);
	(void)buf_append_string(&p->request, p->body);
	aws_submit(client, p->operation, p->request.data, p->request.len, on_answer, p);
	return p;
}

void
pager_resume(struct pager *p)
{
	if (p->paused)
		ask(p);
}

void
pager_cancel(struct pager *p)
{
	if (p == NULL)
		return;
	aws_drop(p->client, p);
	release(p);
}
