/* Which groups are still at the source (groups.h). */
#include "groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "net/pool.h"

enum { WINDOW = 8 };	/* asked for at a time: a pool answers five a second */

void
groups_init(struct groups *g)
{
	keyset_init(&g->keys);
}

void
groups_free(struct groups *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->group[i].name);
	free(g->group);
	keyset_free(&g->keys);
}

const struct old_group *
groups_find(struct groups *g, const char *name)
{
	struct keyset_key k;
	uint32_t entry;

	keyset_key(&k, name, strlen(name));
	entry = keyset_find(&g->keys, &k);
	return entry != 0 ? &g->group[keyset_number(&g->keys, entry)] : NULL;
}

const char *
groups_add(struct groups *g, const char *name)
{
	struct keyset_key k;

	if (groups_find(g, name) != NULL)
		return NULL;
	if (g->count == GROUPS_MAX)
		return "more groups to confirm than there may be in a pool (10000)";
	if (g->count == g->cap) {
		g->cap += g->cap + 64;
		g->group = mem_resize(g->group, g->cap, sizeof *g->group);
	}
	keyset_key(&k, name, strlen(name));
	(void)keyset_insert(&g->keys, &k, (uint32_t)g->count);
	g->group[g->count++] = (struct old_group){ .groups = g, .name = mem_dup_string(name) };
	return NULL;
}

static void
complain(struct groups *g, const struct aws_result *r)
{
	if (!g->told)
		diag_error("%s: %s", r->operation, r->message);
	g->told = true;
}

static void
on_group(void *arg, const struct aws_result *r)
{
	struct old_group *o = arg;
	struct groups *g = o->groups;

	g->wake = true;
	g->ended++;
	snprintf(o->code, sizeof o->code, "%s", r->outcome != AWS_OK ? r->code : "");
	if (r->outcome == AWS_OK) {
		o->verdict = VERDICT_FOUND;
		g->failures = 0;
	} else if (r->outcome == AWS_DENIED && strcmp(r->code, "ResourceNotFoundException") == 0) {
		o->verdict = VERDICT_GONE;
		o->code[0] = '\0';
		g->any_gone = true;
		g->failures = 0;
	} else if (r->outcome != AWS_DENIED || strcmp(r->code, "InvalidParameterException") != 0) {
		complain(g, r);
		o->retryable = r->outcome == AWS_TEMPORARY;
		if (!o->retryable || ++g->failures == GROUPS_FAILURES)
			g->halted = true;
	}
}

static void
fill(struct groups *g)
{
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	while (!g->halted && g->begun < g->count && g->begun - g->ended < WINDOW) {
		struct old_group *o = &g->group[g->begun++];

		if (pool_request(&body, g->pool, "GroupName", o->name, false) != 0)
			g->ended++;
		else
			aws_submit(g->client, "GetGroup", body.data, body.len, on_group, o);
	}
	buf_free(&body);
}

/* Behind the groups: a pool that was deleted meanwhile has none either. */
static void
ask_pool(struct groups *g)
{
	const struct aws_result *r;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, g->pool, NULL, NULL, true);
	r = aws_call(g->client, "ListGroups", body.data, body.len);
	buf_free(&body);
	if (r->outcome == AWS_OK)
		return;
	complain(g, r);
	for (size_t i = 0; i < g->count; i++)
		if (g->group[i].verdict == VERDICT_GONE)
			g->group[i].verdict = VERDICT_UNKNOWN;
}

void
groups_ask(struct groups *g)
{
	do {
		fill(g);
		g->wake = false;
		aws_run(g->client, &g->wake);
	} while (g->wake);
	if (g->any_gone)
		ask_pool(g);
}
