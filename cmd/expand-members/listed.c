/*
 * The users lie in a stash by rising hash, and a table says where each of as many equal parts of
 * the hashes begins.  A look-up reads one part, all of it: some users, even in the largest pool
 * some hundreds.
 *
 * A user is a struct entry, the name and the groups' numbers, two bytes each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "gather.h"
#include "listed.h"
#include "members.h"
#include "stash.h"

enum { PART_BITS = 16, PARTS = 1 << PART_BITS };

struct entry {
	uint32_t len, groups;
};

struct listed {
	struct job *job;
	struct stash stash;
	struct buf entry;
	uint64_t *start;	/* by part, one more behind the last */
	size_t parts;		/* whose start is known */
};

_Static_assert(ROSTER_GROUPS_MAX <= UINT16_MAX, "a group's number fits into two bytes");

/* Every part up to this one begins here at the latest. */
static void
begin_part(struct listed *l, size_t part)
{
	while (l->parts <= part)
		l->start[l->parts++] = l->stash.len;
}

static int
put_user(void *arg, const struct gather_user *user)
{
	struct listed *l = arg;
	struct entry e = { .len = (uint32_t)user->len, .groups = (uint32_t)user->count };

	begin_part(l, user->hash >> (64 - PART_BITS));
	buf_clear(&l->entry);
	buf_append(&l->entry, &e, sizeof e);
	buf_append(&l->entry, user->name, user->len);
	for (size_t i = 0; i < user->count; i++) {
		uint16_t group = (uint16_t)user->in[i].group;

		buf_append(&l->entry, &group, sizeof group);
	}
	return stash_append(&l->stash, l->entry.data, l->entry.len);
}

struct listed *
listed_new(struct job *job)
{
	struct listed *l = mem_alloc(sizeof *l);

	l->job = job;
	stash_init(&l->stash, STASH_KEPT);
	/* The name is shorter than a record, and each group is there once. */
	buf_init(&l->entry, RECORD_LINE_MAX + sizeof(struct entry) +
	    ROSTER_GROUPS_MAX * sizeof(uint16_t));
	l->start = mem_alloc((PARTS + 1) * sizeof *l->start);
	if (members_gather(job, put_user, l) == 0) {
		begin_part(l, PARTS);
		return l;
	}
	listed_free(l);
	return NULL;
}

void
listed_free(struct listed *l)
{
	if (l == NULL)
		return;
	stash_free(&l->stash);
	buf_free(&l->entry);
	free(l->start);
	free(l);
}

static int
put_groups(struct listed *l, const char *numbers, size_t count, struct buf *b)
{
	for (size_t i = 0; i < count; i++) {
		uint16_t group;

		memcpy(&group, numbers + i * sizeof group, sizeof group);
		if (roster_put(&l->job->roster, group, i, b) != 0)
			return -1;
	}
	return buf_append_byte(b, ']');
}

int
listed_groups(struct listed *l, const char *user, size_t len, struct buf *b)
{
	size_t part = gather_hash(l->job->gather, user, len) >> (64 - PART_BITS);
	size_t size = l->start[part + 1] - l->start[part];
	const char *text = stash_read(&l->stash, l->start[part], size, 0), *end;

	if (text == NULL) {
		job_stop(l->job, PROG_FAIL, "a temporary file cannot be read");
		return -1;
	}
	end = text + size;
	while (text < end) {
		struct entry e;

		memcpy(&e, text, sizeof e);
		text += sizeof e;
		if (e.len == len && memcmp(text, user, len) == 0)
			return put_groups(l, text + len, e.groups, b);
		text += e.len + e.groups * sizeof(uint16_t);
	}
	return buf_append_string(b, "[]");
}
