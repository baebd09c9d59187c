/* One line a request (log.h). */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "exchange.h"

int
log_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1)
		diag_error("%s: cannot open: %s", path, strerror(errno));
	return fd;
}

static void
put_name(struct buf *b, const char *member, const char *value)
{
	if (value != NULL)
		buf_appendf(b, ",\"%s\":\"%s\"", member, value);
	else
		buf_appendf(b, ",\"%s\":null", member);
}

/* Of which of several pools, accounts and Regions; null where that was not found out. */
static void
put_place(struct buf *b, const struct exchange *x)
{
	put_name(b, "Region", x->owner != NULL ? x->region : NULL);
	put_name(b, "Account", x->owner != NULL ? x->owner->account : NULL);
	put_name(b, "UserPoolId", x->pool != NULL ? x->pool->id : NULL);
}

/* What was asked for, as far as the parameters were read. */
static void
put_parameters(struct buf *b, const struct exchange *x)
{
	const struct params *p = &x->params;

	if (p->has_limit)
		buf_appendf(b, ",\"Limit\":%d", p->limit);
	buf_appendf(b, ",\"Token\":%s", p->has_token ? "true" : "false");
	if (p->filter.len > 0)
		buf_append_string(b, ",\"Filter\":true");
	if (p->attributes != 0)
		buf_append_string(b, ",\"AttributesToGet\":true");
	if (strcmp(x->operation, "GetGroup") == 0 || strcmp(x->operation, "ListUsersInGroup") == 0)
		buf_appendf(b, ",\"GroupName\":%s", p->key.len > 0 ? p->key.data : "null");
}

void
log_exchange(const struct exchange *x)
{
	const char *code = x->answer.code != NULL ? x->answer.code : "";
	struct buf line;

	diag_verbose(1, "%s: %u %s", x->operation[0] != '\0' ? x->operation : "unknown operation",
	    x->answer.status, code[0] != '\0' ? code : "ok");
	if (x->server->log_fd == -1)
		return;
	buf_init(&line, EXCHANGE_TEXT_MAX);
	buf_appendf(&line, "{\"Operation\":\"%s\",\"Status\":%u,\"Code\":\"%s\"", x->operation,
	    x->answer.status, code);
	if (x->server->inventory != NULL)
		put_place(&line, x);
	put_parameters(&line, x);
	if (x->fault != FAULT_NONE)
		buf_appendf(&line, ",\"Fault\":\"%s\"", fault_name(x->fault));
	if (x->messages > 0)
		buf_appendf(&line, ",\"Messages\":%u", x->messages);
	buf_appendf(&line, ",\"Bytes\":%zu}\n", x->answer.body.len);
	/* One write a line, so that lines of several connections do not mix. */
	if (write(x->server->log_fd, line.data, line.len) != (ssize_t)line.len)
		diag_error("log: cannot write: %s", strerror(errno));
	buf_free(&line);
}
