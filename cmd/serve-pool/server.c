/* The server's clock, keys and identity (server.h). */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"

int64_t
server_now_ms(const struct server *s)
{
	return clock_wall_ms() + s->clock_offset_ms;
}

void
server_pause(struct server *s, int64_t ms)
{
	struct pollfd p = {.fd = s->stop[0]};

	/*
	 * The end of the pipe is reported whatever is asked for.  Signals are blocked in every
	 * thread.
	 */
	if (ms > 0)
		(void)poll(&p, 1, (int)ms);
}

void
server_stop(struct server *s)
{
	close(s->stop[1]);
	s->stop[1] = -1;
}

int
server_init(struct server *s)
{
	if (pipe(s->stop) != 0) {
		diag_error("cannot make a pipe: %s", strerror(errno));
		s->stop[0] = s->stop[1] = -1;
		return -1;
	}
	snprintf(s->user_arn, sizeof s->user_arn, "arn:%s:iam::%s:user/serve-pool",
	    s->role.partition, s->role.account);
	fcntl(s->stop[0], F_SETFD, FD_CLOEXEC);
	fcntl(s->stop[1], F_SETFD, FD_CLOEXEC);
	opaque_key(s->token_key, s->seed, "page tokens");
	opaque_key(s->session_key, s->seed, "sessions");
	return 0;
}

void
server_free(struct server *s)
{
	pools_free(&s->pools);
	pool_lists_free(&s->pool_lists);
	directory_free(&s->directory);
	accounts_free(&s->accounts);
	quota_free(&s->quota);
	faults_free(&s->faults);
	if (s->stop[0] != -1)
		close(s->stop[0]);
	if (s->stop[1] != -1)
		close(s->stop[1]);
}
