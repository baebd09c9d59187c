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

/* IAM's limits. */
enum { ROLE_ARN_MAX = 2048, ROLE_NAME_MAX = 64 };

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

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME, in IAM's characters: it is put into JSON and XML. */
static int
read_role(struct server *s)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "_+=,.@-/:";
	static const char iam[] = ":iam::", role[] = ":role/";
	const char *p = s->role_arn;
	size_t len;

	if (strncmp(p, "arn:", 4) != 0 || p[strspn(p, word)] != '\0' || strlen(p) > ROLE_ARN_MAX)
		return -1;
	p += 4;
	len = strcspn(p, ":");
	if (len == 0 || len >= sizeof s->partition || strncmp(p + len, iam, sizeof iam - 1) != 0)
		return -1;
	memcpy(s->partition, p, len);
	p += len + sizeof iam - 1;
	len = strspn(p, "0123456789");
	if (len != SERVER_ACCOUNT_SIZE - 1 || strncmp(p + len, role, sizeof role - 1) != 0)
		return -1;
	memcpy(s->account, p, len);
	s->role_name = strrchr(p, '/') + 1;
	len = strlen(s->role_name);
	return len > 0 && len <= ROLE_NAME_MAX ? 0 : -1;
}

int
server_set_role(struct server *s)
{
	if (read_role(s) != 0)
		return -1;
	snprintf(s->user_arn, sizeof s->user_arn, "arn:%s:iam::%s:user/serve-pool", s->partition,
	    s->account);
	return 0;
}

int
server_init(struct server *s)
{
	if (pipe(s->stop) != 0) {
		diag_error("cannot make a pipe: %s", strerror(errno));
		s->stop[0] = s->stop[1] = -1;
		return -1;
	}
	fcntl(s->stop[0], F_SETFD, FD_CLOEXEC);
	fcntl(s->stop[1], F_SETFD, FD_CLOEXEC);
	opaque_key(s->token_key, s->seed, "page tokens");
	opaque_key(s->session_key, s->seed, "sessions");
	return 0;
}

void
server_free(struct server *s)
{
	store_free(&s->store);
	quota_free(&s->quota);
	faults_free(&s->faults);
	if (s->stop[0] != -1)
		close(s->stop[0]);
	if (s->stop[1] != -1)
		close(s->stop[1]);
}
