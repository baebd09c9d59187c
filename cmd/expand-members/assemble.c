#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sorter.h"
#include "json/jtext.h"

#include "assemble.h"
#include "members.h"
#include "stash.h"

/* Left free in a record of many members: a mapping may name the group once more, and its class. */
enum { MAPPING_ROOM = 64 * 1024 };

enum {
	GROUP_WIDTH = 4,
	AT_WIDTH = 16,
	LINE_START = GROUP_WIDTH + AT_WIDTH,
	AHEAD = 64 * 1024	/* bytes of names that are read at once */
};

struct assembly {
	struct job *job;
	struct sorter sorter;	/* "GROUP AT NAME", without the blanks */
	struct stash stash;	/* the names by group, each behind its length */
	uint64_t *start;	/* by group, one more behind the last */
	struct buf line, name;
	bool *given;		/* by group: was its record here before? */
};

static int
put_user(void *arg, const struct gather_user *user)
{
	struct assembly *a = arg;
	struct buf *line = &a->sorter.pending;

	for (size_t i = 0; i < user->count; i++) {
		buf_appendf(line, "%0*" PRIx32 "%0*" PRIx64, GROUP_WIDTH, user->in[i].group,
		    AT_WIDTH, user->in[i].at);
		buf_append(line, user->name, user->len);
		if (sorter_end_line(&a->sorter) != 0)
			return -1;
	}
	return 0;
}

/* Takes all names from the sorter.  Returns 0, or -1 with the reason printed. */
static int
take_names(struct assembly *a)
{
	struct sorter *s = &a->sorter;
	size_t groups = a->job->roster.count, next = 0;
	uint64_t group;
	uint32_t len;
	int more;

	while ((more = sorter_next(s)) > 0) {
		if (s->len < LINE_START || !sorter_hex(s->line, GROUP_WIDTH, &group) ||
		    group >= groups) {
			sorter_fail(s, "gave back a line that it was not given");
			return -1;
		}
		while (next <= group)
			a->start[next++] = a->stash.len;
		len = (uint32_t)(s->len - LINE_START);
		if (stash_append(&a->stash, &len, sizeof len) != 0 ||
		    stash_append(&a->stash, s->line + LINE_START, len) != 0)
			return -1;
	}
	while (next <= groups)
		a->start[next++] = a->stash.len;
	return more;
}

static bool
sort_names(struct assembly *a)
{
	return (sorter_start(&a->sorter) == 0 && members_gather(a->job, put_user, a) == 0 &&
	    sorter_end(&a->sorter) == 0 && take_names(a) == 0) ||
	    job_stop(a->job, PROG_FAIL, "the memberships cannot be sorted");
}

void
assemble_free(struct assembly *a)
{
	if (a == NULL)
		return;
	sorter_free(&a->sorter);
	stash_free(&a->stash);
	free(a->start);
	free(a->given);
	buf_free(&a->line);
	buf_free(&a->name);
	free(a);
}

struct assembly *
assemble_new(struct job *job)
{
	struct assembly *a = mem_alloc(sizeof *a);

	a->job = job;
	a->sorter.to = -1;
	stash_init(&a->stash, STASH_KEPT);
	a->start = mem_alloc((job->roster.count + 1) * sizeof *a->start);
	a->given = mem_alloc(job->roster.count + 1);
	buf_init(&a->line, RECORD_LINE_MAX);
	buf_init(&a->name, JOB_NAME_MAX);
	if (sort_names(a))
		return a;
	assemble_free(a);
	return NULL;
}

/* The record without its closing brace, an older Members left out, up to where the names begin. */
static bool
put_group(struct assembly *a, const struct record_reader *r)
{
	const struct tok *tok = r->list.tok;
	bool good;

	buf_clear(&a->line);
	good = buf_append_byte(&a->line, '{') == 0;
	for (uint32_t key = 1; good && key < tok[0].next; key = tok[key + 1].next) {
		if (tok_is(&tok[key], r->text, "Members", 7))
			continue;
		good = (a->line.len == 1 || buf_append_byte(&a->line, ',') == 0) &&
		    jtext_string_token(&a->line, &tok[key], r->text) == 0 &&
		    buf_append_byte(&a->line, ':') == 0 &&
		    jtext_value(&a->line, &r->list, r->text, key + 1) == 0;
	}
	return good && buf_append_string(&a->line, ",\"Members\":[") == 0;
}

/* The name as it is the first or a further one; false if it has no room. */
static bool
put_member(struct assembly *a, const char *name, size_t len, bool first)
{
	size_t was = a->line.len, room = first ? 0 : MAPPING_ROOM;

	if ((first || buf_append_byte(&a->line, ',') == 0) &&
	    jtext_string(&a->line, name, len) == 0 &&
	    a->line.len + 2 + room <= a->line.max)	/* the closing brackets */
		return true;
	a->line.len = was;
	return false;
}

static void
end_record(struct assembly *a)
{
	buf_append_string(&a->line, "]}");
	if (sink_row(&a->job->sink, a->line.data, a->line.len) != 0)
		job_stop(a->job, PROG_FAIL, "the output failed");
}

/* The members in the stash from at to end.  Returns false if the record has no room for one. */
static bool
put_members(struct assembly *a, uint64_t at, uint64_t end)
{
	size_t head = a->line.len;
	bool first = true;
	uint32_t len;

	while (at < end && !a->job->stopped) {
		const char *text = stash_read(&a->stash, at, sizeof len, AHEAD);

		if (text != NULL) {
			memcpy(&len, text, sizeof len);
			text = stash_read(&a->stash, at + sizeof len, len, AHEAD);
		}
		if (text == NULL) {
			job_stop(a->job, PROG_FAIL, "a temporary file cannot be read");
		} else if (put_member(a, text, len, first)) {
			at += sizeof len + len;
			first = false;
		} else if (first) {
			return false;
		} else {
			end_record(a);
			a->line.len = head;
			first = true;
		}
	}
	return true;
}

const char *
assemble_take(struct assembly *a, const struct record_reader *r)
{
	static const char too_long[] = "a record that has no room for its members";
	uint64_t at = 0, end = 0;
	uint32_t group;

	if (job_decode(&a->name, &r->list, r->text, r->keys.group_name) != 0)
		return "a GroupName that is too long";
	if (roster_find_group(&a->job->roster, a->name.data, a->name.len, &group)) {
		if (a->given[group])
			return "the same group for the second time";
		a->given[group] = true;
		at = a->start[group];
		end = a->start[group + 1];
	}
	if (!put_group(a, r) || !put_members(a, at, end))
		return too_long;
	if (!a->job->stopped)
		end_record(a);
	return NULL;
}
