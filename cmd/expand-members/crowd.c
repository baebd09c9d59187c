/*
 * Every record is put aside, a user's as often as it comes: whether it came before is known at the
 * end.  Its place in the stash says when it came.  A second sort(1) gets a line for each user,
 * "PLACE GROUP...", where its first record lies, and brings them into the order of their coming.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/sorter.h"

#include "crowd.h"
#include "gather.h"
#include "stash.h"

enum {
	PLACE_WIDTH = 16,
	GROUP_WIDTH = 4,
	KEPT = 256 * 1024,	/* bytes of records in memory: of a small pool all */
	AHEAD = 64 * 1024	/* of them are read at once */
};

struct crowd {
	struct stash stash;	/* the records, each behind its length */
	struct gather *gather;
	struct sorter users;
	uint64_t given;		/* users, the one at hand included */
};

struct crowd *
crowd_new(void)
{
	struct crowd *c = mem_alloc(sizeof *c);

	stash_init(&c->stash, KEPT);
	c->users.to = -1;
	c->gather = gather_new();
	if (c->gather != NULL)
		return c;
	crowd_free(c);
	return NULL;
}

void
crowd_free(struct crowd *c)
{
	if (c == NULL)
		return;
	stash_free(&c->stash);
	gather_free(c->gather);
	sorter_free(&c->users);
	free(c);
}

int
crowd_add(struct crowd *c, const struct buf *name, uint32_t group, const struct buf *line)
{
	uint64_t place = c->stash.len;
	uint32_t len = (uint32_t)line->len;

	return stash_append(&c->stash, &len, sizeof len) != 0 ||
	    stash_append(&c->stash, line->data, len) != 0 ||
	    gather_add(c->gather, name->data, name->len, group, place) != 0 ? -1 : 0;
}

static int
put_user(void *arg, const struct gather_user *user)
{
	struct crowd *c = arg;
	struct buf *line = &c->users.pending;

	buf_appendf(line, "%0*" PRIx64, PLACE_WIDTH, user->in[0].at);
	for (size_t i = 0; i < user->count; i++)
		buf_appendf(line, "%0*" PRIx32, GROUP_WIDTH, user->in[i].group);
	return sorter_end_line(&c->users);
}

/* Brings the users into their order. */
static bool
sort_users(struct crowd *c, struct job *job)
{
	uint64_t repeated;

	if (sorter_start(&c->users) != 0 ||
	    gather_end(c->gather, put_user, c, &repeated) != 0 || sorter_end(&c->users) != 0)
		return job_stop(job, PROG_FAIL, "the users cannot be sorted");
	if (repeated != UINT64_MAX) {
		diag_error("ListUsersInGroup: the service gave the same user of a group twice");
		return job_stop(job, PROG_FAIL, "the service gave the same user twice");
	}
	return true;
}

/* Begins line with the record at place, but for its closing brace. */
static bool
put_record(struct crowd *c, struct job *job, uint64_t place, struct buf *line)
{
	const char *text = stash_read(&c->stash, place, sizeof(uint32_t), AHEAD);
	uint32_t len;

	if (text != NULL) {
		memcpy(&len, text, sizeof len);
		text = stash_read(&c->stash, place + sizeof len, len, AHEAD);
	}
	if (text == NULL)
		return job_stop(job, PROG_FAIL, "a temporary file cannot be read");
	buf_clear(line);
	buf_append(line, text, len - 1);
	return true;
}

/* The user whose record has no room for the groups, without them. */
static bool
reject_user(struct crowd *c, struct job *job, uint64_t place, struct buf *line)
{
	if (!put_record(c, job, place, line))
		return false;
	buf_append_byte(line, '}');
	return sink_reject(&job->sink, "ListUsersInGroup", c->given,
	    "longer than a record may be with all its groups", line->data, line->len) == 0 ||
	    job_stop(job, PROG_FAIL, "a wrong record");
}

/* The user of the sorter's line. */
static bool
give_user(struct crowd *c, struct job *job, struct buf *line)
{
	struct sorter *s = &c->users;
	uint64_t place, group;
	bool fits;

	if (s->len < PLACE_WIDTH || !sorter_hex(s->line, PLACE_WIDTH, &place) ||
	    place >= c->stash.len) {
		sorter_fail(s, "gave back a line that it was not given");
		return job_stop(job, PROG_FAIL, "the users cannot be sorted");
	}
	c->given++;
	if (!put_record(c, job, place, line))
		return false;
	fits = buf_append_string(line, ",\"Groups\":") == 0;
	for (size_t i = 0; fits && sorter_hex(s->line + PLACE_WIDTH + i * GROUP_WIDTH, GROUP_WIDTH,
	    &group) && group < job->roster.count; i++)
		fits = roster_put(&job->roster, (uint32_t)group, i, line) == 0;
	if (!fits || buf_append_string(line, "]}") != 0)
		return reject_user(c, job, place, line);
	return sink_row(&job->sink, line->data, line->len) == 0 ||
	    job_stop(job, PROG_FAIL, "the output failed");
}

void
crowd_give(struct crowd *c, struct job *job)
{
	struct buf line;
	int more = 0;

	if (job->stopped || !sort_users(c, job))
		return;
	buf_init(&line, RECORD_LINE_MAX);
	while (!job->stopped && (more = sorter_next(&c->users)) > 0)
		give_user(c, job, &line);
	if (more < 0)
		job_stop(job, PROG_FAIL, "the users cannot be sorted");
	buf_free(&line);
}
