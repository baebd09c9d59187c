/* Who is still at the source (people.h). */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/record.h"
#include "net/pager.h"
#include "net/pool.h"

enum { GROUPS_MAX = 10 * 1000, SUB_MAX = 128 };	/* groups of a pool; characters of a sub */

static const char not_found[] = "UserNotFoundException";

void
people_init(struct people *p)
{
	keyset_init(&p->keys);
	tok_init(&p->list, RECORD_TOKENS_MAX);
}

void
people_free(struct people *p)
{
	for (size_t i = 0; i < p->count; i++) {
		for (size_t k = 0; k < p->person[i].groups; k++)
			free(p->person[i].group[k]);
		free(p->person[i].group);
		free(p->person[i].username);
		free(p->person[i].sub);
	}
	free(p->person);
	keyset_free(&p->keys);
	tok_free(&p->list);
}

const struct person *
people_find(struct people *p, const char *key)
{
	struct keyset_key k;
	uint32_t entry;

	keyset_key(&k, key, strlen(key));
	entry = keyset_find(&p->keys, &k);
	return entry != 0 ? &p->person[keyset_number(&p->keys, entry)] : NULL;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

const char *
people_add(struct people *p, const char *key, const char *username, const char *sub)
{
	const struct person *old = people_find(p, key);
	struct keyset_key k;

	if (old != NULL)
		return is_same(old->username, username) && is_same(old->sub, sub) ? NULL :
		    "Source: another one than in an earlier line of the same key";
	if (p->count == PEOPLE_MAX)
		return "more people to confirm than there may be in a plan (1000000)";
	if (p->count == p->cap) {
		p->cap += p->cap + 64;
		p->person = mem_resize(p->person, p->cap, sizeof *p->person);
	}
	keyset_key(&k, key, strlen(key));
	(void)keyset_insert(&p->keys, &k, (uint32_t)p->count);
	p->person[p->count++] = (struct person){ .people = p,
		.username = mem_dup_string(username), .sub = mem_dup_string(sub) };
	return NULL;
}

/* The last word about somebody. */
static void
end(struct person *q, enum verdict verdict)
{
	struct people *p = q->people;

	q->verdict = verdict;
	p->ended++;
	if (verdict != VERDICT_UNKNOWN)
		p->failures = 0;
	p->wake = true;
	progress_show(&p->progress, p->ended, p->count);
}

/* No answer: of for_now there may be several, of others none more is asked. */
static void
fail(struct person *q, bool for_now)
{
	struct people *p = q->people;

	q->retryable = for_now;
	if (!for_now || ++p->failures == PEOPLE_FAILURES) {
		p->halted = true;
		/* What is under way has its answer, or not. */
		aws_set_retry(p->client, 0);
	}
	end(q, VERDICT_UNKNOWN);
}

static char *
decode(const struct tok_list *l, const char *text, uint32_t at)
{
	struct buf b;
	char *s;

	if (at == 0 || l->tok[at].type != TOK_STRING)
		return NULL;
	buf_init(&b, SIZE_MAX);
	(void)buf_append_string(&b, "");
	(void)jtext_decode(&b, text + l->tok[at].start, l->tok[at].end - l->tok[at].start);
	s = mem_dup(b.data, b.len);
	buf_free(&b);
	return s;
}

/* His groups. */

static bool
take_groups(void *arg, const struct pager_page *page)
{
	const struct tok *tok = page->list->tok;
	struct person *q = arg;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		char *name = NULL;

		if (tok[i].type == TOK_OBJECT)
			name = decode(page->list, page->text,
			    tok_member(page->list, page->text, i, "GroupName"));
		if (name == NULL || q->groups == GROUPS_MAX) {
			free(name);
			q->present = false;
			return false;
		}
		q->group = mem_resize(q->group, q->groups + 1, sizeof *q->group);
		q->group[q->groups++] = name;
	}
	return true;
}

static void
end_groups(void *arg, enum prog_status status, const char *why)
{
	struct person *q = arg;

	if (status == PROG_OK)
		end(q, q->present ? VERDICT_FOUND : VERDICT_UNKNOWN);
	else if (status == PROG_FAIL && strncmp(why, not_found, sizeof not_found - 1) == 0)
		end(q, VERDICT_GONE);
	else
		fail(q, status == PROG_TEMPORARY);
}

/* He is there, under that name, which is freed. */
static void
find(struct person *q, char *username)
{
	struct people *p = q->people;
	struct buf body;

	q->present = true;
	buf_init(&body, POOL_REQUEST_MAX);
	if (!p->by_groups) {
		end(q, VERDICT_FOUND);
	} else if (username == NULL ||
	    pool_request(&body, p->pool, "Username", username, true) != 0) {
		end(q, VERDICT_UNKNOWN);
	} else {
		(void)pager_start(p->client, &(struct pager_request){
		    .operation = "AdminListGroupsForUser", .items = "Groups", .token = "NextToken",
		    .body = body.data, .where = "", .page = take_groups, .done = end_groups,
		    .arg = q, .quiet_code = not_found, .told = &p->told });
	}
	buf_free(&body);
	free(username);
}

/* By his sub. */

static bool
take_users(void *arg, const struct pager_page *page)
{
	const struct tok *tok = page->list->tok;
	struct person *q = arg;
	uint32_t first = page->items + 1;

	if (first >= tok[page->items].next)
		return true;
	q->present = true;
	free(q->username);
	q->username = NULL;
	if (tok[first].type == TOK_OBJECT)
		q->username = decode(page->list, page->text,
		    tok_member(page->list, page->text, first, "Username"));
	return false;
}

static void
end_users(void *arg, enum prog_status status, const char *why)
{
	struct person *q = arg;

	(void)why;
	if (q->present)
		find(q, mem_dup_string(q->username));
	else if (status == PROG_OK)
		end(q, VERDICT_GONE);
	else
		fail(q, status == PROG_TEMPORARY);
}

static void
ask_by_sub(struct person *q)
{
	struct people *p = q->people;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	/* What was looked at below needs no escapes. */
	(void)pool_request(&body, p->pool, NULL, NULL, true);
	body.len--;
	(void)buf_appendf(&body, ",\"Filter\":\"sub = \\\"%s\\\"\"}", q->sub);
	(void)pager_start(p->client, &(struct pager_request){ .operation = "ListUsers",
	    .items = "Users", .token = "PaginationToken", .body = body.data, .where = "",
	    .page = take_users, .done = end_users, .arg = q, .told = &p->told });
	buf_free(&body);
}

/* By his name. */

static void
on_user(void *arg, const struct aws_result *r)
{
	struct person *q = arg;
	struct people *p = q->people;
	char *name = NULL;

	snprintf(q->code, sizeof q->code, "%s", r->outcome != AWS_OK ? r->code : "");
	if (r->outcome == AWS_OK) {
		if (tok_parse(&p->list, r->body, r->body_len) == TOK_OK &&
		    p->list.tok[0].type == TOK_OBJECT)
			name = decode(&p->list, r->body, tok_member(&p->list, r->body, 0, "Username"));
		if (name != NULL) {
			find(q, name);
			return;
		}
		if (!p->told)
			diag_error("%s: an answer without a user", r->operation);
		p->told = true;
		fail(q, true);
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, not_found) == 0) {
		q->code[0] = '\0';
		ask_by_sub(q);
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, "InvalidParameterException") == 0) {
		/* A name that no user can have. */
		end(q, VERDICT_UNKNOWN);
	} else {
		if (!p->told)
			diag_error("%s: %s", r->operation, r->message);
		p->told = true;
		fail(q, r->outcome == AWS_TEMPORARY);
		/* What was no answer of the service may be one the next time. */
		q->retryable |= r->outcome == AWS_PROTOCOL;
	}
}

static bool
is_sub(const char *text)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= SUB_MAX &&
	    strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
	    strlen(text);
}

static void
fill(struct people *p)
{
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	while (!p->halted && p->begun < p->count && p->begun - p->ended < PEOPLE_WINDOW) {
		struct person *q = &p->person[p->begun++];

		/* Without both nobody is known to be gone (people.h). */
		if (q->username == NULL || !is_sub(q->sub) ||
		    pool_request(&body, p->pool, "Username", q->username, false) != 0) {
			p->ended++;
			continue;
		}
		aws_submit(p->client, "AdminGetUser", body.data, body.len, on_user, q);
	}
	buf_free(&body);
}

void
people_ask(struct people *p)
{
	do {
		fill(p);
		p->wake = false;
		aws_run(p->client, &p->wake);
	} while (p->wake);
	progress_end(&p->progress);
}
