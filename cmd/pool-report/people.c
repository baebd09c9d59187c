/* Who is in which group (people.h). */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sorter.h"

enum {
	NUMBER_WIDTH = 4,
	READ = 32 * 1024	/* numbers read at once */
};

int
people_init(struct people *p, struct figures *f)
{
	memset(p, 0, sizeof *p);
	if (spool_open(&p->lists) != 0)
		return -1;
	p->figures = f;
	buf_init(&p->last, SORTER_LINE_MAX);
	return 0;
}

void
people_free(struct people *p)
{
	for (int s = 0; s < SIDES; s++)
		free(p->side[s].groups);
	buf_free(&p->last);
	spool_close(&p->lists);
}

static void
add_group(struct presence *h, uint16_t group)
{
	/* No more than there are groups, but for those beyond GROUPS_MAX. */
	if (h->count == h->cap) {
		if (group == PEOPLE_OTHERS && h->cap > (size_t)2 * GROUPS_MAX)
			return;
		h->cap += h->cap + 16;
		h->groups = mem_resize(h->groups, h->cap, sizeof *h->groups);
	}
	h->groups[h->count++] = group;
}

bool
people_line(struct people *p, const struct line *l)
{
	struct presence *h = &p->side[l->side];
	struct tally *groups = &p->figures->groups;
	uint64_t number;

	if (l->rest_len == 2 && l->rest[0] == LINE_USER) {
		h->users++;
		h->native += ((l->rest[1] - '0') & FLAG_FEDERATED) == 0;
		h->asked |= ((l->rest[1] - '0') & FLAG_ASKED) != 0;
		return true;
	}
	if (l->rest_len < 1 + NUMBER_WIDTH || l->rest[0] != LINE_MEMBER ||
	    !sorter_hex(l->rest + 1, NUMBER_WIDTH, &number) ||
	    (number >= groups->count && number != PEOPLE_OTHERS))
		return false;
	/* Told twice: by his Groups and by a membership. */
	if (p->last.len == l->rest_len + 1 && p->last.data[0] == '0' + (char)l->side &&
	    memcmp(p->last.data + 1, l->rest, l->rest_len) == 0)
		return true;
	buf_clear(&p->last);
	buf_append_byte(&p->last, (char)('0' + l->side));
	buf_append(&p->last, l->rest, l->rest_len);
	add_group(h, (uint16_t)number);
	return true;
}

static struct tally_row *
row_of(struct people *p, uint16_t group)
{
	struct tally *t = &p->figures->groups;

	return &t->rows[group == PEOPLE_OTHERS ? t->count : group];
}

static void
count_side(struct people *p, enum side side)
{
	static const size_t steps[GROUP_STEPS] = { 0, 1, 2, 3, 4, 5, 10 };
	const struct presence *h = &p->side[side];
	struct totals *t = &p->figures->side[side];
	int step = GROUP_STEPS - 1;

	t->memberships += h->count;
	for (size_t i = 0; i < h->count; i++)
		row_of(p, h->groups[i])->count[side][GROUP_MEMBERS]++;
	if (h->users == 0) {
		t->strays += h->count;
		return;
	}
	if (h->count == 0 && !h->asked && !t->listed) {
		t->unasked++;
		return;
	}
	while (h->count < steps[step])
		step--;
	t->by_groups[step]++;
	t->members += h->count > 0;
}

/* Which groups he has joined and left. */
static void
count_moves(struct people *p)
{
	const struct presence *now = &p->side[NOW], *before = &p->side[BEFORE];
	struct totals *t = &p->figures->side[NOW];
	size_t n = 0, b = 0;

	while (n < now->count || b < before->count) {
		if (b == before->count || (n < now->count && now->groups[n] < before->groups[b])) {
			row_of(p, now->groups[n++])->count[NOW][GROUP_JOINED]++;
			t->joined++;
			t->joined_new += before->users == 0;
		} else if (n == now->count || now->groups[n] > before->groups[b]) {
			row_of(p, before->groups[b++])->count[NOW][GROUP_LEFT]++;
			t->left++;
			t->left_gone += now->users == 0;
		} else {
			n++;
			b++;
		}
	}
}

int
people_end(struct people *p)
{
	struct presence *now = &p->side[NOW];
	uint16_t count = (uint16_t)(now->count < UINT16_MAX ? now->count : UINT16_MAX);
	int result = 0;

	for (int s = 0; s < SIDES; s++)
		count_side(p, (enum side)s);
	if (p->figures->side[NOW].groups_known && p->figures->side[BEFORE].groups_known)
		count_moves(p);
	if (count > 1 && (spool_append(&p->lists, &count, sizeof count) != 0 ||
	    spool_append(&p->lists, now->groups, count * sizeof *now->groups) != 0))
		result = -1;
	buf_clear(&p->last);
	for (int s = 0; s < SIDES; s++) {
		p->side[s].users = p->side[s].native = p->side[s].count = 0;
		p->side[s].asked = false;
	}
	return result;
}

/* The groups of one user, which are n, by their ranks. */
static void
count_pairs(struct overlap *o, const size_t *ranks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (i != j)
				o->both[ranks[i] * o->n + ranks[j]]++;
}

/* All lists, in pieces: each a count and so many numbers. */
static int
count_lists(struct people *p, const uint16_t *rank_of)
{
	static uint16_t piece[READ];
	struct overlap *o = &p->figures->overlap;
	uint64_t total = p->lists.len / sizeof *piece;
	size_t ranks[OVERLAP_GROUPS], n = 0;
	uint32_t wanted = 0;

	for (uint64_t at = 0; at < total; at += READ) {
		size_t here = total - at < READ ? (size_t)(total - at) : READ;

		if (spool_read(&p->lists, piece, here * sizeof *piece, at * sizeof *piece) != 0)
			return -1;
		for (size_t i = 0; i < here; i++) {
			if (wanted == 0) {
				wanted = piece[i];
				continue;
			}
			if (piece[i] != PEOPLE_OTHERS && rank_of[piece[i]] != 0)
				ranks[n++] = rank_of[piece[i]] - (size_t)1;
			if (--wanted == 0) {
				count_pairs(o, ranks, n);
				n = 0;
			}
		}
	}
	return 0;
}

int
people_overlap(struct people *p)
{
	struct overlap *o = &p->figures->overlap;
	struct tally *t = &p->figures->groups;
	uint16_t *rank_of = mem_alloc((t->count + 1) * sizeof *rank_of);
	size_t n, *order = tally_sort(t, GROUP_MEMBERS, &n);
	int result;

	memset(o, 0, sizeof *o);
	while (o->n < n && o->n < OVERLAP_GROUPS &&
	    t->rows[order[o->n]].count[NOW][GROUP_MEMBERS] > 0)
		o->n++;
	for (size_t i = 0; i < o->n; i++) {
		o->group[i] = order[i];
		rank_of[order[i]] = (uint16_t)(i + 1);
		o->both[i * o->n + i] = t->rows[order[i]].count[NOW][GROUP_MEMBERS];
	}
	result = count_lists(p, rank_of);
	free(order);
	free(rank_of);
	return result;
}
