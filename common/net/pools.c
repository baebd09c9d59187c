/* The pools of an account in a Region (pools.h). */
#include "net/pools.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"
#include "json/jtext.h"
#include "json/scope.h"
#include "json/utf8.h"
#include "net/pager.h"

enum {
	COUNT_MAX = 100 * 1000,	/* ten times what AWS gives a Region at most */
	TEXT_MAX = 2048		/* an id has 55 characters, a name 128 */
};

static const struct kind {
	const char *operation, *items, *id, *name;
	const char *request;	/* the member that an id is asked by */
	const char *what;
} kinds[] = {
	[POOLS_USER] = { "ListUserPools", "UserPools", "Id", "Name", "UserPoolId", "user pool" },
	[POOLS_IDENTITY] = { "ListIdentityPools", "IdentityPools", "IdentityPoolId",
	    "IdentityPoolName", "IdentityPoolId", "identity pool" }
};

struct reading {
	const struct kind *kind;
	struct pools *pools;
	size_t room;
	enum prog_status status;
	bool *told;
	char *why;
};

void
pools_check(char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);
		char shown[80];

		if (len == 0 || utf8_valid(words[i], len) != len)
			opt_value_error("neither an id nor a name: \"%s\"",
			    diag_quote(shown, sizeof shown, words[i], len));
	}
}

/* The meaning of a member that is a text, or NULL; the caller frees. */
static char *
read_text(const struct pager_page *page, uint32_t at, const char *member)
{
	uint32_t index = tok_member(page->list, page->text, at, member);
	const struct tok *t = &page->list->tok[index];
	char *text = NULL;
	struct buf b;

	if (index == 0 || t->type != TOK_STRING || (t->flags & TOK_NUL) != 0)
		return NULL;
	buf_init(&b, TEXT_MAX);
	if (jtext_decode(&b, page->text + t->start, t->end - t->start) == 0)
		text = mem_dup_string(buf_string(&b));
	buf_free(&b);
	return text;
}

static bool
fail(struct reading *r, const char *why)
{
	diag_error("%s: %s", r->kind->operation, why);
	snprintf(r->why, POOLS_WHY_SIZE, "%s", why);
	r->status = PROG_FAIL;
	*r->told = true;
	return false;
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct reading *r = arg;
	struct pools *p = r->pools;
	const struct tok *tok = page->list->tok;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		char *id = tok[i].type == TOK_OBJECT ? read_text(page, i, r->kind->id) : NULL;

		if (id == NULL || id[0] == '\0' || p->count == COUNT_MAX) {
			bool many = id != NULL && id[0] != '\0';

			free(id);
			return fail(r, many ? "the list has more pools than a Region can have" :
			    "the list has a pool without an id");
		}
		if (p->count == r->room) {
			r->room = r->room > 0 ? 2 * r->room : PAGER_LIMIT;
			p->item = mem_resize(p->item, r->room, sizeof *p->item);
		}
		p->item[p->count].id = id;
		p->item[p->count].name = read_text(page, i, r->kind->name);
		if (p->item[p->count].name == NULL)
			p->item[p->count].name = mem_dup_string("");
		p->item[p->count].len = tok[i].end - tok[i].start;
		p->item[p->count].text = mem_dup(page->text + tok[i].start, p->item[p->count].len);
		p->count++;
	}
	return true;
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct reading *r = arg;

	if (status == PROG_OK || r->status != PROG_OK)
		return;
	r->status = status;
	snprintf(r->why, POOLS_WHY_SIZE, "%s", why);
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(((const struct pools_item *)a)->id, ((const struct pools_item *)b)->id);
}

enum prog_status
pools_list(struct aws_client *client, enum pools_kind kind, struct pools *p,
    const char *quiet_code, bool *quiet, char why[POOLS_WHY_SIZE])
{
	bool told = false;
	struct reading r = { .kind = &kinds[kind], .pools = p, .status = PROG_OK, .told = &told,
		.why = why };
	char body[40];

	*p = (struct pools){ NULL, 0 };
	snprintf(body, sizeof body, "{\"MaxResults\":%d}", PAGER_LIMIT);
	pager_start(client, &(struct pager_request){ .operation = r.kind->operation,
	    .items = r.kind->items, .token = "NextToken", .body = body, .where = "",
	    .page = take_page, .done = take_end, .arg = &r, .quiet_code = quiet_code,
	    .told = &told });
	aws_run(client, NULL);
	if (p->count > 1)
		qsort(p->item, p->count, sizeof *p->item, compare_ids);
	for (size_t i = 1; r.status == PROG_OK && i < p->count; i++)
		if (strcmp(p->item[i - 1].id, p->item[i].id) == 0)
			(void)fail(&r, "the service gave the same pool twice");
	if (r.status != PROG_OK)
		pools_free(p);
	if (quiet != NULL)
		*quiet = r.status != PROG_OK && !told;
	return r.status;
}

static bool
is_meant(const struct pools_item *item, const char *word)
{
	return strcmp(item->id, word) == 0 || strcmp(item->name, word) == 0 ||
	    fnmatch(word, item->id, 0) == 0 || fnmatch(word, item->name, 0) == 0;
}

static void
free_item(struct pools_item *item)
{
	free(item->id);
	free(item->name);
	free(item->text);
}

enum prog_status
pools_choose(struct pools *p, enum pools_kind kind, char *const *words, size_t count,
    char why[POOLS_WHY_SIZE])
{
	bool *meant = mem_alloc(p->count + 1);
	size_t kept = 0;

	memset(meant, count == 0, p->count + 1);
	for (size_t w = 0; w < count; w++) {
		bool found = strpbrk(words[w], "*?[") != NULL;

		for (size_t i = 0; i < p->count; i++) {
			bool one = is_meant(&p->item[i], words[w]);

			found = found || one;
			meant[i] = meant[i] || one;
		}
		if (!found) {
			diag_error("no %s %s", kinds[kind].what, words[w]);
			snprintf(why, POOLS_WHY_SIZE, "a %s that was asked for is not there",
			    kinds[kind].what);
			free(meant);
			return PROG_FAIL;
		}
	}
	for (size_t i = 0; i < p->count; i++)
		if (meant[i])
			p->item[kept++] = p->item[i];
		else
			free_item(&p->item[i]);
	p->count = kept;
	free(meant);
	return PROG_OK;
}

void
pools_scope(struct buf *b, char *const *words, size_t count)
{
	if (count == 0)
		(void)buf_append_string(b, "all");
	else
		scope_of_names(b, "pools", words, count);
}

void
pools_request(struct buf *b, enum pools_kind kind, const char *id)
{
	(void)buf_appendf(b, "{\"%s\":", kinds[kind].request);
	(void)jtext_string(b, id, strlen(id));
	(void)buf_append_byte(b, '}');
}

void
pools_brief(struct buf *b, enum pools_kind kind, const struct pools_item *item)
{
	(void)buf_appendf(b, "{\"%s\":", kinds[kind].id);
	(void)jtext_string(b, item->id, strlen(item->id));
	(void)buf_appendf(b, ",\"%s\":", kinds[kind].name);
	(void)jtext_string(b, item->name, strlen(item->name));
	(void)buf_append_byte(b, '}');
}

void
pools_name(enum pools_kind kind, const char *id, char *to, size_t size)
{
	snprintf(to, size, "%s %s", kinds[kind].what, id);
}

void
pools_free(struct pools *p)
{
	for (size_t i = 0; i < p->count; i++)
		free_item(&p->item[i]);
	free(p->item);
	*p = (struct pools){ NULL, 0 };
}
