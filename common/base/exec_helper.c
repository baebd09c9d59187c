/*
 * Commands that the helper runs (exec.h).  A request is a ticket and the most that may be printed;
 * an answer is the result, why, and what was printed.
 */
#include "base/exec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/broker.h"
#include "base/buf.h"
#include "base/files.h"
#include "base/mem.h"

struct request {
	int ticket;
	size_t max;
};

struct answer_head {
	enum exec_result result;
	char why[EXEC_WHY_SIZE];
};

_Static_assert(sizeof(struct answer_head) + EXEC_HELPER_MAX + 64 <= BROKER_MESSAGE_MAX,
    "an answer fits");

static struct exec *announced;		/* of ticket n: announced[n - 1]; its argv NULL: withdrawn */
static int count;
static int service;

static bool
is_announced(int ticket)
{
	return ticket >= 1 && ticket <= count && announced[ticket - 1].argv != NULL;
}

/* In the helper. */
static int
serve(void *arg, const void *text, size_t len, struct broker_answer *answer)
{
	struct answer_head head;
	struct request request;
	struct buf out;
	int failed;

	(void)arg;
	if (len != sizeof request)
		return EPROTO;
	memcpy(&request, text, sizeof request);
	if (!is_announced(request.ticket) || request.max > EXEC_HELPER_MAX)
		return EACCES;
	memset(&head, 0, sizeof head);
	buf_init(&out, request.max);
	head.result = exec_output(&announced[request.ticket - 1], &out, head.why);
	failed = buf_reserve(&answer->data, sizeof head + out.len) != 0 ||
	    buf_append(&answer->data, &head, sizeof head) != 0 ||
	    buf_append(&answer->data, buf_string(&out), out.len) != 0;
	buf_wipe(&out);
	return failed ? EMSGSIZE : 0;
}

int
exec_announce(const struct exec *e)
{
	if (service == 0 && !broker_runs()) {
		service = broker_add(serve, NULL);
		files_will_run();
	}
	announced = mem_resize(announced, (size_t)count + 1, sizeof *announced);
	announced[count++] = *e;
	return count;
}

void
exec_withdraw(int ticket)
{
	if (is_announced(ticket))
		announced[ticket - 1].argv = NULL;
}

/* Takes the helper's answer apart.  Returns 0, or -1 if it is none. */
static int
take(const struct buf *data, struct buf *out, struct answer_head *head)
{
	if (data->len < sizeof *head)
		return -1;
	memcpy(head, data->data, sizeof *head);
	head->why[EXEC_WHY_SIZE - 1] = '\0';
	return buf_append(out, data->data + sizeof *head, data->len - sizeof *head);
}

enum exec_result
exec_announced(int ticket, struct buf *out, char why[EXEC_WHY_SIZE])
{
	struct request request;
	struct broker_answer answer;
	struct answer_head head;
	int error;

	if (!broker_runs())
		return exec_output(&announced[ticket - 1], out, why);
	memset(&request, 0, sizeof request);
	request.ticket = ticket;
	request.max = out->max < EXEC_HELPER_MAX ? out->max : EXEC_HELPER_MAX;
	(void)buf_reserve(out, out->max);
	broker_answer_init(&answer);
	(void)buf_reserve(&answer.data, sizeof head + request.max);
	error = broker_call(service, &request, sizeof request, &answer);
	if (error == 0 && take(&answer.data, out, &head) != 0)
		error = EPROTO;
	broker_answer_free(&answer);
	if (error != 0) {
		snprintf(why, EXEC_WHY_SIZE, "cannot start: %s", error == ECHILD ?
		    "the helper process has ended" : strerror(error));
		return EXEC_FAILED;
	}
	memcpy(why, head.why, EXEC_WHY_SIZE);
	return head.result;
}
