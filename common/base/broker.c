/*
 * The helper process (broker.h).  Messages go over a socket that keeps their bounds: the number of
 * the service and the request, an errno and the answer.
 */
#include "base/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/temp.h"

enum {
	HEAD = sizeof(int32_t),
	MESSAGE_SIZE = HEAD + BROKER_MESSAGE_MAX,
	DESCRIPTORS_MAX = 65536,	/* where the kernel cannot close them at once */
	TRUNCATED = -2
};

static struct {
	int (*serve)(void *arg, const void *request, size_t len, struct broker_answer *answer);
	void *arg;
} services[BROKER_SERVICES_MAX];

static int service_count;

/* In the parent.  A forked child has no helper. */
static volatile pid_t helper, owner;
static int channel;
static bool lost;		/* an answer: what comes is out of step */
static pthread_mutex_t one_call = PTHREAD_MUTEX_INITIALIZER;

static char message[MESSAGE_SIZE];

int
broker_add(int (*serve)(void *arg, const void *request, size_t len,
    struct broker_answer *answer), void *arg)
{
	if (service_count == BROKER_SERVICES_MAX)
		abort();	/* a mistake in the program */
	services[service_count].serve = serve;
	services[service_count].arg = arg;
	return ++service_count;
}

bool
broker_is_wanted(void)
{
	return service_count > 0;
}

bool
broker_runs(void)
{
	return channel != 0 && owner == getpid();
}

int
broker_channel(void)
{
	return broker_runs() ? channel : 0;
}

void
broker_answer_init(struct broker_answer *a)
{
	buf_init(&a->data, BROKER_MESSAGE_MAX);
	for (int i = 0; i < BROKER_FDS; i++)
		a->fd[i] = -1;
}

void
broker_answer_free(struct broker_answer *a)
{
	buf_wipe(&a->data);
	buf_free(&a->data);
}

/* Room for descriptors in a message. */
union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(BROKER_FDS * sizeof(int))];
};

/* Sends len bytes of message with the descriptors that are open.  Returns 0 or an errno. */
static int
put_message(int to, size_t len, const int fd[BROKER_FDS])
{
	struct iovec part = { message, len };
	union control control = { .space = { 0 } };
	struct msghdr head = { .msg_iov = &part, .msg_iovlen = 1 };
	int open[BROKER_FDS];
	size_t count = 0;
	ssize_t n;

	for (int i = 0; i < BROKER_FDS; i++)
		if (fd[i] != -1)
			open[count++] = fd[i];
	if (count > 0) {
		head.msg_control = control.space;
		head.msg_controllen = CMSG_SPACE(count * sizeof(int));
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(&control.head), open, count * sizeof(int));
	}
	do
		n = sendmsg(to, &head, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return n == -1 ? errno : 0;
}

/*
 * Takes a message; of the descriptors that may come along none, for fd NULL.  Returns its length, 0
 * if there is nobody to send one, -1 with errno set if none could be taken, or TRUNCATED if its
 * descriptors could not be, and are closed.
 */
static ssize_t
take_message(int from, int fd[BROKER_FDS])
{
	struct iovec part = { message, sizeof message };
	union control control;
	struct msghdr head = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.space, .msg_controllen = fd != NULL ? sizeof control : 0
	};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(from, &head, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n <= 0 || fd == NULL)
		return n;
	c = CMSG_FIRSTHDR(&head);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		memcpy(fd, CMSG_DATA(c), count * sizeof(int));
	}
	if ((head.msg_flags & MSG_CTRUNC) == 0)
		return n;
	for (int i = 0; i < BROKER_FDS; i++) {
		if (fd[i] != -1)
			close(fd[i]);
		fd[i] = -1;
	}
	return TRUNCATED;
}

/* One request, of len bytes in message, in the helper.  Returns 0 or an errno. */
static int
serve_one(int from, size_t len)
{
	static char request[BROKER_MESSAGE_MAX];
	struct broker_answer answer;
	int32_t head;
	int error;

	if (len < HEAD)
		return EPROTO;
	memcpy(&head, message, HEAD);
	memcpy(request, message + HEAD, len - HEAD);
	mem_wipe(message, len);
	broker_answer_init(&answer);
	error = head < 1 || head > service_count ? ENOSYS :
	    services[head - 1].serve(services[head - 1].arg, request, len - HEAD, &answer);
	mem_wipe(request, len - HEAD);
	head = error;
	memcpy(message, &head, HEAD);
	memcpy(message + HEAD, buf_string(&answer.data), answer.data.len);
	len = HEAD + answer.data.len;
	error = put_message(from, len, answer.fd);
	mem_wipe(message, len);
	for (int i = 0; i < BROKER_FDS; i++)
		if (answer.fd[i] != -1)
			close(answer.fd[i]);
	broker_answer_free(&answer);
	return error;
}

/* The parent is gone, or wants us to be. */
static _Noreturn void
end_helper(int number)
{
	(void)number;
	temp_remove_all();
	_exit(PROG_OK);
}

static void
close_from(int first)
{
	struct rlimit limit;
	rlim_t last = DESCRIPTORS_MAX;

#ifdef SYS_close_range
	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < last)
		last = limit.rlim_cur;
	for (rlim_t fd = (rlim_t)first; fd < last; fd++)
		close((int)fd);
}

/*
 * Nothing of the parent's but standard error.  Pipes above all: who waits for the end of one must
 * not wait for us.  The channel becomes 3.  Where that fails the first call does, and says so.
 */
static void
keep_channel(int fd)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing == -1 || dup2(nothing, STDIN_FILENO) == -1 ||
	    dup2(nothing, STDOUT_FILENO) == -1)
		end_helper(0);
	if (fd != STDERR_FILENO + 1 && dup2(fd, STDERR_FILENO + 1) == -1)
		end_helper(0);
	fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
	close_from(STDERR_FILENO + 2);
}

static _Noreturn void
run_helper(int fd, pid_t parent, const struct sandbox *door)
{
	struct sigaction action = { .sa_handler = end_helper };
	struct sandbox own;
	sigset_t set;
	ssize_t n;

	/* The caller has blocked all signals. */
	temp_take_over();
	sigfillset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	if (getppid() != parent)
		end_helper(0);
	keep_channel(fd);
	fd = STDERR_FILENO + 1;
	if (door != NULL) {
		own = *door;
		own.channel = fd;
		if (sandbox_shut(&own) != 0)
			end_helper(0);
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	while ((n = take_message(fd, NULL)) > 0 && serve_one(fd, (size_t)n) == 0)
		continue;
	sigprocmask(SIG_BLOCK, &set, NULL);
	end_helper(0);
}

/* Exit, where no temporary has made temp.h see to it. */
static void
end_at_exit(void)
{
	broker_end();
}

int
broker_start(const struct sandbox *door)
{
	pid_t parent = getpid(), child;
	sigset_t all, old;
	int pair[2];

	if (broker_runs() || !broker_is_wanted())
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1 ||
	    atexit(end_at_exit) != 0) {
		diag_error("cannot start a helper: %s", strerror(errno));
		return -1;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	child = fork();
	if (child == 0)
		run_helper(pair[1], parent, door);
	if (child == -1) {
		diag_error("cannot start a helper: %s", strerror(errno));
		close(pair[0]);
	} else {
		owner = parent;
		channel = pair[0];
		helper = child;
		lost = false;
		sandbox_may_end(child);
	}
	close(pair[1]);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return child == -1 ? -1 : 0;
}

static int
call(int service, const void *request, size_t len, struct broker_answer *answer)
{
	static const int none[BROKER_FDS] = { -1, -1 };
	int32_t head = service;
	ssize_t n;

	memcpy(message, &head, HEAD);
	memcpy(message + HEAD, request, len);
	if (helper == 0 || lost || put_message(channel, HEAD + len, none) != 0)
		return ECHILD;
	mem_wipe(message, HEAD + len);
	n = take_message(channel, answer->fd);
	if (n == TRUNCATED)
		return EMFILE;
	/* An answer that could not be taken would be taken for that of the next question. */
	lost = n < HEAD;
	if (lost)
		return ECHILD;
	memcpy(&head, message, HEAD);
	/* Takes memory only for what came. */
	if (n > HEAD)
		(void)buf_append(&answer->data, message + HEAD, (size_t)n - HEAD);
	mem_wipe(message, (size_t)n);
	return head;
}

int
broker_call(int service, const void *request, size_t len, struct broker_answer *answer)
{
	int error;

	if (len > BROKER_MESSAGE_MAX)
		return EMSGSIZE;
	pthread_mutex_lock(&one_call);
	error = call(service, request, len, answer);
	pthread_mutex_unlock(&one_call);
	return error;
}

void
broker_end(void)
{
	int saved = errno;
	pid_t pid = helper;

	if (pid == 0 || owner != getpid())
		return;
	helper = 0;
	/* The end of the channel ends it as well, unless it waits for something else. */
	close(channel);
	kill(pid, SIGUSR1);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	errno = saved;
}
