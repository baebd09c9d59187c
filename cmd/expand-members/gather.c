/*
 * sort(1) gets lines "HASH LENGTH NAME AT GROUP", all but the name as hexadecimal digits of fixed
 * width, without the blanks.  In the order of bytes a user's memberships then stand together, in
 * the order in which they were seen.  The hash comes first because it is what the lines are
 * found by later, and because it tells most of them apart within a few bytes.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sorter.h"

#include "gather.h"
#include "roster.h"

enum {
	HASH_WIDTH = 16,
	LENGTH_WIDTH = 8,
	AT_WIDTH = 16,
	GROUP_WIDTH = 4,
	NAME_START = HASH_WIDTH + LENGTH_WIDTH,
	TAIL = AT_WIDTH + GROUP_WIDTH
};

struct gather {
	struct hash_key key;
	struct sorter sorter;
	struct buf name;		/* of the user at hand */
	struct gather_user user;
	struct gather_place *in;
	size_t cap;
	uint64_t number;		/* of the user at hand, from 1 */
	uint64_t *last;			/* by group: the last user who was in it */
	uint64_t repeated;
};

struct gather *
gather_new(void)
{
	struct gather *g = mem_alloc(sizeof *g);

	g->key = hash_key_random();
	g->repeated = UINT64_MAX;
	buf_init(&g->name, SORTER_LINE_MAX);
	if (sorter_start(&g->sorter) == 0)
		return g;
	gather_free(g);
	return NULL;
}

void
gather_free(struct gather *g)
{
	if (g == NULL)
		return;
	sorter_free(&g->sorter);
	buf_free(&g->name);
	free(g->in);
	free(g->last);
	free(g);
}

uint64_t
gather_hash(const struct gather *g, const char *name, size_t len)
{
	return hash_bytes(&g->key, name, len);
}

int
gather_add(struct gather *g, const char *name, size_t len, uint32_t group, uint64_t at)
{
	struct buf *line = &g->sorter.pending;

	buf_appendf(line, "%0*" PRIx64 "%0*zx", HASH_WIDTH, gather_hash(g, name, len), LENGTH_WIDTH,
	    len);
	buf_append(line, name, len);
	buf_appendf(line, "%0*" PRIx64 "%0*" PRIx32, AT_WIDTH, at, GROUP_WIDTH, group);
	return sorter_end_line(&g->sorter);
}

static void
add_place(struct gather *g, uint32_t group, uint64_t at)
{
	if (g->last[group] == g->number) {
		if (at < g->repeated)
			g->repeated = at;
		return;
	}
	g->last[group] = g->number;
	/* No more than there are groups, since no group comes twice. */
	if (g->user.count == g->cap) {
		g->cap += g->cap + 64;
		g->in = mem_resize(g->in, g->cap, sizeof *g->in);
	}
	g->in[g->user.count++] = (struct gather_place){ .at = at, .group = group };
}

/* Hands the user at hand over, if there is one. */
static int
end_user(struct gather *g, int (*each)(void *arg, const struct gather_user *user), void *arg)
{
	if (g->user.count == 0 || each == NULL)
		return 0;
	g->user.name = buf_string(&g->name) + NAME_START;
	g->user.len = g->name.len - NAME_START;
	g->user.in = g->in;
	return each(arg, &g->user);
}

/* The line at hand.  Returns 0, or -1 if each did or with the reason printed. */
static int
take_line(struct gather *g, int (*each)(void *arg, const struct gather_user *user), void *arg)
{
	struct sorter *s = &g->sorter;
	size_t len = s->len - TAIL;
	uint64_t hash, length, at, group;

	if (s->len < NAME_START + TAIL || !sorter_hex(s->line, HASH_WIDTH, &hash) ||
	    !sorter_hex(s->line + HASH_WIDTH, LENGTH_WIDTH, &length) ||
	    length != len - NAME_START || !sorter_hex(s->line + len, AT_WIDTH, &at) ||
	    !sorter_hex(s->line + len + AT_WIDTH, GROUP_WIDTH, &group) ||
	    group >= ROSTER_GROUPS_MAX) {
		sorter_fail(s, "gave back a line that it was not given");
		return -1;
	}
	if (g->name.len != len || memcmp(g->name.data, s->line, len) != 0) {
		if (end_user(g, each, arg) != 0)
			return -1;
		buf_clear(&g->name);
		buf_append(&g->name, s->line, len);
		g->user = (struct gather_user){ .hash = hash };
		g->number++;
	}
	add_place(g, (uint32_t)group, at);
	return 0;
}

int
gather_end(struct gather *g, int (*each)(void *arg, const struct gather_user *user), void *arg,
    uint64_t *repeated)
{
	int more = sorter_end(&g->sorter);

	g->last = mem_alloc(ROSTER_GROUPS_MAX * sizeof *g->last);
	while (more == 0 && (more = sorter_next(&g->sorter)) > 0)
		more = take_line(g, each, arg);
	if (more == 0)
		more = end_user(g, each, arg);
	*repeated = g->repeated;
	return more;
}
