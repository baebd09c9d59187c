#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"

#include "assemble.h"

/* Left free in a record of many members: a mapping may name the group once more, and its class. */
enum { MAPPING_ROOM = 64 * 1024 };

struct assembly {
	struct job *job;
	struct roster_members index;
	struct buf line, name;
	bool *given;		/* by group: was its record here before? */
};

struct assembly *
assemble_new(struct job *job)
{
	struct assembly *a = mem_alloc(sizeof *a);

	a->job = job;
	roster_index(&job->roster, &a->index);
	a->given = mem_alloc(job->roster.groups.count + 1);
	buf_init(&a->line, RECORD_LINE_MAX);
	buf_init(&a->name, JOB_NAME_MAX);
	return a;
}

void
assemble_free(struct assembly *a)
{
	if (a == NULL)
		return;
	roster_index_free(&a->index);
	free(a->given);
	buf_free(&a->line);
	buf_free(&a->name);
	free(a);
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

static bool
put_member(struct assembly *a, uint32_t user, bool first)
{
	const char *name = roster_user_name(&a->job->roster, user);
	size_t was = a->line.len, room = first ? 0 : MAPPING_ROOM;

	if ((first || buf_append_byte(&a->line, ',') == 0) &&
	    jtext_string(&a->line, name, strlen(name)) == 0 &&
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

const char *
assemble_take(struct assembly *a, const struct record_reader *r)
{
	static const char too_long[] = "a record that has no room for its members";
	const uint32_t *member = NULL;
	size_t count = 0, head;
	uint32_t group;

	if (job_decode(&a->name, &r->list, r->text, r->keys.group_name) != 0)
		return "a GroupName that is too long";
	if (roster_find_group(&a->job->roster, a->name.data, a->name.len, &group)) {
		if (a->given[group])
			return "the same group for the second time";
		a->given[group] = true;
		member = a->index.user + a->index.start[group];
		count = a->index.start[group + 1] - a->index.start[group];
	}
	if (!put_group(a, r))
		return too_long;
	head = a->line.len;
	for (size_t i = 0, first = 0; i < count && !a->job->stopped;) {
		if (put_member(a, member[i], i == first)) {
			i++;
			continue;
		}
		if (i == first)
			return too_long;
		end_record(a);
		a->line.len = head;
		first = i;
	}
	end_record(a);
	return NULL;
}
