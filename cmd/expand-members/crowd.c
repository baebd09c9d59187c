#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "net/pager.h"

#include "crowd.h"

void
crowd_free(struct crowd *c)
{
	for (size_t i = 0; i < c->cap; i++)
		free(c->record[i]);
	free(c->record);
}

/* Room for the record of the user of this number. */
static void
cover(struct crowd *c, uint32_t user)
{
	size_t more = c->cap + c->cap / 2 + PAGER_LIMIT;

	if (user < c->cap)
		return;
	c->record = mem_resize(c->record, more, sizeof *c->record);
	memset(c->record + c->cap, 0, (more - c->cap) * sizeof *c->record);
	c->cap = more;
}

enum roster_result
crowd_add(struct crowd *c, struct roster *roster, const struct buf *name, uint32_t group,
    const struct buf *line)
{
	uint32_t user;
	enum roster_result result = roster_join(roster, name->data, name->len, group, &user);

	if (result != ROSTER_JOINED)
		return result;
	cover(c, user);
	if (c->record[user] == NULL)
		c->record[user] = mem_dup(line->data, line->len);
	return result;
}

void
crowd_give(struct crowd *c, struct job *job)
{
	const struct roster *roster = &job->roster;
	struct buf line;

	buf_init(&line, RECORD_LINE_MAX);
	for (uint32_t user = 0; user < roster->users.count && !job->stopped; user++) {
		const char *text = c->record[user];

		buf_clear(&line);
		if (buf_append(&line, text, strlen(text) - 1) != 0 ||
		    buf_append_string(&line, ",\"Groups\":") != 0 ||
		    roster_groups(roster, user, &line) != 0 ||
		    buf_append_byte(&line, '}') != 0) {
			diag_error("a user's record with all groups is longer than %d bytes",
			    RECORD_LINE_MAX);
			job_stop(job, PROG_FAIL, "a record is too long");
		} else if (sink_row(&job->sink, line.data, line.len) != 0) {
			job_stop(job, PROG_FAIL, "the output failed");
		}
	}
	buf_free(&line);
}
