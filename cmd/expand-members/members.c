#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"

#include "members.h"

/* Enters one membership.  Returns NULL, or what is wrong. */
static const char *
take(struct job *job, const struct record_reader *r, struct buf *name)
{
	uint32_t group;

	if (record_kind(&r->keys) != RECORD_MEMBERSHIP)
		return "not a membership";
	job_decode(name, &r->list, r->text, r->keys.group_name);
	if (roster_group(&job->roster, name->data, name->len, &group, NULL) != 0)
		return "more groups than a pool can have";
	job_decode(name, &r->list, r->text, r->keys.username);
	if (gather_add(job->gather, name->data, name->len, group, r->line) != 0)
		job_stop(job, PROG_FAIL, "sort failed");
	return NULL;
}

static bool
judge(struct job *job, struct record_reader *r, bool need_seal)
{
	switch (record_verdict(r, need_seal)) {
	case RECORD_PLAIN:
		return true;
	case RECORD_WHOLE:
		seal_merge(&job->members_seal, &r->seal);
		job->members_sealed = true;
		return true;
	case RECORD_FAILED:
		diag_error("%s: %s", r->name, r->reason);
		return job_stop(job, r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE,
		    r->reason);
	default:
		diag_error("%s: incomplete: %s", r->name, r->reason);
		return job_stop(job, PROG_INCOMPLETE, r->reason);
	}
}

/* All lines, then the verdict. */
static bool
read_all(struct job *job, struct record_reader *r, struct buf *name, bool need_seal)
{
	const char *wrong;

	for (;;) {
		switch (record_next(r)) {
		case RECORD_LINE:
			wrong = take(job, r, name);
			break;
		case RECORD_WRONG:
			wrong = r->reason;
			break;
		case RECORD_END:
			return judge(job, r, need_seal);
		default:
			return job_stop(job, PROG_FAIL, "--members cannot be read");
		}
		if (wrong != NULL) {
			diag_error("%s:%llu: %s", r->name, (unsigned long long)r->line, wrong);
			return job_stop(job, PROG_FAIL, "a wrong record in --members");
		}
		if (job->stopped)
			return false;
	}
}

enum prog_status
members_open(struct job *job)
{
	job->members_fd = open(job->members, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (job->members_fd >= 0)
		return PROG_OK;
	diag_error("%s: cannot open: %s", job->members, strerror(errno));
	job_stop(job, PROG_FAIL, "--members cannot be opened");
	return job->status;
}

enum prog_status
members_read(struct job *job, bool need_seal)
{
	struct record_reader r;
	struct buf name;

	job->gather = gather_new();
	if (job->gather == NULL)
		job_stop(job, PROG_FAIL, "sort cannot be run");
	buf_init(&name, RECORD_LINE_MAX);
	record_open(&r, job->members_fd, job->members);
	if (!job->stopped)
		read_all(job, &r, &name, need_seal);
	record_close(&r);
	close(job->members_fd);
	buf_free(&name);
	return job->stopped ? job->status : PROG_OK;
}

int
members_gather(struct job *job, int (*each)(void *arg, const struct gather_user *user), void *arg)
{
	uint64_t repeated;

	job->gathered = true;
	if (gather_end(job->gather, each, arg, &repeated) != 0) {
		job_stop(job, PROG_FAIL, "the memberships cannot be sorted");
		return -1;
	}
	if (repeated == UINT64_MAX)
		return 0;
	diag_error("%s:%" PRIu64 ": the same membership for the second time", job->members,
	    repeated);
	job_stop(job, PROG_FAIL, "a wrong record in --members");
	return -1;
}

enum prog_status
members_seal(struct job *job)
{
	struct seal *seal = &job->members_seal;

	if (!job->sink.sealing)
		return PROG_OK;
	if (!job->members_sealed) {
		diag_error("%s: incomplete: no seal, and the users have one", job->members);
		job_stop(job, PROG_INCOMPLETE, "--members has no seal");
		return job->status;
	}
	/* The rows are users; of the memberships only what restricts them is of interest. */
	seal_set(&seal->source, NULL);
	if (seal->scope != NULL && strcmp(seal->scope, "all") == 0)
		seal_set(&seal->scope, NULL);
	seal_merge(&job->sink.seal, seal);
	return PROG_OK;
}
