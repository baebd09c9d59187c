#include <stdio.h>

#include "json/jtext.h"

#include "job.h"

bool
job_stop(struct job *job, enum prog_status status, const char *why)
{
	if (!job->stopped) {
		job->stopped = true;
		job->status = status;
		snprintf(job->why, sizeof job->why, "%s", why);
	}
	return false;
}

int
job_decode(struct buf *b, const struct tok_list *list, const char *text, uint32_t index)
{
	const struct tok *t = &list->tok[index];

	buf_clear(b);
	return jtext_decode(b, text + t->start, t->end - t->start);
}
