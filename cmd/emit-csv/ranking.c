/* The names that most records speak for (ranking.h). */
#include "ranking.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum {
	/*
	 * What is remembered when a record begins: sixteen times the columns that there may be, in
	 * bytes eight times the longest record.  Of more, the half spoken for least is forgotten.
	 */
	NAMES_MAX = 16 * 1000,
	BYTES_MAX = 8 * 1024 * 1024,
	SLOTS = 64 * 1024
};

/* A record's voice; of a thousand names each gets more than four million parts of it. */
#define VOICE (UINT64_C(1) << 32)

struct name {
	char *text;
	size_t len;
	uint64_t voices;
	uint64_t record;	/* the first that has it */
	uint64_t order;		/* among all names, as they first came */
	bool top;
};

struct ranking {
	struct hash_key key;
	struct name *names;
	size_t count, bytes;
	uint32_t *slots;	/* number of a name plus one; 0: free */
	uint64_t records, seen;
	uint64_t voice;		/* of each name of the record at hand */
};

struct ranking *
ranking_new(void)
{
	struct ranking *r = mem_alloc(sizeof *r);

	r->key = hash_key_random();
	r->names = mem_alloc(NAMES_MAX * sizeof *r->names);
	r->slots = mem_alloc(SLOTS * sizeof *r->slots);
	return r;
}

void
ranking_free(struct ranking *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->names[i].text);
	free(r->names);
	free(r->slots);
	free(r);
}

/* The slot of a name, or the free one where it would stand. */
static size_t
find(const struct ranking *r, const char *name, size_t len)
{
	size_t slot = hash_bytes(&r->key, name, len) % SLOTS;

	for (; r->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
		const struct name *n = &r->names[r->slots[slot] - 1];

		if (n->len == len && memcmp(n->text, name, len) == 0)
			break;
	}
	return slot;
}

static int
by_voices(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->voices != y->voices)
		return x->voices > y->voices ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* The end of the names that stand behind i and belong to it: they become columns together. */
static size_t
group_end(const struct ranking *r, size_t i)
{
	size_t end = i + 1;

	while (end < r->count && r->names[end].voices == r->names[i].voices &&
	    r->names[end].record == r->names[i].record)
		end++;
	return end;
}

/* Forgets the half that is spoken for least, and of no record a part. */
static void
forget(struct ranking *r)
{
	size_t keep = 0, bytes = 0;

	qsort(r->names, r->count, sizeof *r->names, by_voices);
	while (keep < r->count) {
		size_t end = group_end(r, keep), more = 0;

		for (size_t i = keep; i < end; i++)
			more += r->names[i].len;
		if (end > NAMES_MAX / 2 || bytes + more > BYTES_MAX / 2)
			break;
		keep = end;
		bytes += more;
	}
	for (size_t i = keep; i < r->count; i++)
		free(r->names[i].text);
	r->count = keep;
	r->bytes = bytes;
	memset(r->slots, 0, SLOTS * sizeof *r->slots);
	for (size_t i = 0; i < keep; i++)
		r->slots[find(r, r->names[i].text, r->names[i].len)] = (uint32_t)i + 1;
}

void
ranking_record(struct ranking *r, size_t count)
{
	if (r->count + count > NAMES_MAX || r->bytes > BYTES_MAX)
		forget(r);
	r->records++;
	r->voice = VOICE / (count > 0 ? count : 1);
}

void
ranking_name(struct ranking *r, const char *name, size_t len, bool top)
{
	size_t slot = find(r, name, len);
	struct name *n;

	if (r->slots[slot] == 0) {
		n = &r->names[r->count++];
		*n = (struct name){ .text = mem_alloc(len + 1), .len = len, .record = r->records };
		memcpy(n->text, name, len);
		r->bytes += len;
		r->slots[slot] = (uint32_t)r->count;
	}
	n = &r->names[r->slots[slot] - 1];
	n->voices += r->voice;
	/* As it is written first: the place at a top level counts. */
	if (n->order == 0 || (top && !n->top))
		n->order = ++r->seen;
	n->top |= top;
}

/* Moves the names that become columns to the front.  Returns their number. */
static size_t
choose(struct ranking *r, size_t max)
{
	size_t chosen = 0;

	qsort(r->names, r->count, sizeof *r->names, by_voices);
	for (size_t i = 0, end; i < r->count; i = end) {
		end = group_end(r, i);
		if (end - i > max - chosen)
			continue;
		for (size_t k = i; k < end; k++) {
			struct name n = r->names[chosen];

			r->names[chosen++] = r->names[k];
			r->names[k] = n;
		}
	}
	return chosen;
}

static int
by_column(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->top != y->top)
		return x->top ? -1 : 1;
	if (!x->top)
		return strcmp(x->text, y->text);
	return x->order < y->order ? -1 : 1;
}

void
ranking_choose(struct ranking *r, size_t max, void (*take)(void *arg, const char *name), void *arg)
{
	size_t chosen = choose(r, max);

	qsort(r->names, chosen, sizeof *r->names, by_column);
	for (size_t i = 0; i < chosen; i++)
		take(arg, r->names[i].text);
}
