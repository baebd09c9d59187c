/*
 * probe-door [-a] REPORT CMD...: runs CMD and, once the door of each of its processes is shut,
 * makes that process itself try what it should not be able to do: open, make and change files,
 * make sockets, connect, bind and listen, fork, exec, reach into other processes, and what else
 * leads out.  Then all goes on as if nothing had been.  Ends with CMD's status; or with 125, having
 * said why, where it cannot do its work: on another machine than x86_64 and aarch64, or where
 * ptrace(2) is forbidden.
 *
 * REPORT gets a line "probe N COMMAND" for the Nth process when it is probed; a line "CALL RESULT"
 * for each call, where RESULT is "done", the name of an errno that forbids, or the number of
 * another one; "end N COMMAND seccomp=S nnp=P" for each thread (as /proc/PID/status has them); and
 * "program N COMMAND seccomp=S nnp=P" for each other program that a process becomes, which is let
 * go unprobed.
 *
 * A door counts as shut when a process has a seccomp filter, and the first call after that in which
 * a program waits for something is where it is probed; with -a there is no such condition.  That a
 * program makes itself unreadable (PR_SET_DUMPABLE) is answered in the kernel's place, since a
 * plain user could not read it either then.
 */
#include "base/prog.h"
#include "probe-calls.h"

enum {
	CANNOT = 125, TASKS_MAX = 512, NAME_SIZE = 32,
	SECCOMP_FILTERED = 2	/* in /proc/PID/status */
};

struct task {
	pid_t tid, tgid;
	int number;		/* of its process */
	unsigned long call;	/* the one that it is in */
	bool started;		/* its first stop is behind it */
};

static struct task tasks[TASKS_MAX];
static size_t task_count;
static int process_count;
static bool always;
static FILE *report;
static struct sockaddr_in listener;

/* A number from the line that begins with name, in /proc/TID/status; -1: it cannot be read. */
static long
read_status(pid_t tid, const char *name)
{
	char path[64], line[256];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtol(line + strlen(name), NULL, 10);
	if (f != NULL)
		fclose(f);
	return value;
}

static void
read_name(pid_t tid, char name[NAME_SIZE])
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/comm", (int)tid);
	snprintf(name, NAME_SIZE, "?");
	f = fopen(path, "r");
	if (f != NULL && fgets(name, NAME_SIZE, f) != NULL)
		name[strcspn(name, "\n")] = '\0';
	if (f != NULL)
		fclose(f);
}

static void
tell_state(const struct task *t, const char *what)
{
	char name[NAME_SIZE];

	read_name(t->tid, name);
	fprintf(report, "%s %d %s seccomp=%ld nnp=%ld\n", what, t->number, name,
	    read_status(t->tid, "Seccomp:"), read_status(t->tid, "NoNewPrivs:"));
	fflush(report);
}

static struct task *
find_task(pid_t tid)
{
	for (size_t i = 0; i < task_count; i++)
		if (tasks[i].tid == tid)
			return &tasks[i];
	return NULL;
}

/* A thread or process that has just begun to exist. */
static struct task *
add_task(pid_t tid)
{
	struct task *t = &tasks[task_count], *of = NULL;
	long tgid = read_status(tid, "Tgid:");

	if (task_count == TASKS_MAX || tgid == -1)
		return NULL;
	for (size_t i = 0; i < task_count; i++)
		if (tasks[i].tgid == tgid)
			of = &tasks[i];
	*t = (struct task){ .tid = tid, .tgid = (pid_t)tgid };
	t->number = of != NULL ? of->number : ++process_count;
	task_count++;
	return t;
}

static void
forget_task(struct task *t)
{
	*t = tasks[--task_count];
}

/* Whether the call was broken off, to be begun again. */
static bool
is_restarted(long result)
{
	return result <= -512 && result >= -516;	/* ERESTARTSYS and its like */
}

/* Calls in which a program waits for its input, its peers, its time or its children. */
static bool
waits(unsigned long number)
{
	static const long calls[] = { SYS_read, SYS_recvfrom, SYS_recvmsg, SYS_ppoll, SYS_accept4,
		SYS_pselect6, SYS_epoll_pwait, SYS_rt_sigtimedwait, SYS_wait4, SYS_futex,
#ifdef SYS_poll
		SYS_poll, SYS_select, SYS_epoll_wait, SYS_accept,
#endif
		SYS_clock_nanosleep };

	for (size_t i = 0; i < COUNT(calls); i++)
		if (calls[i] == (long)number)
			return true;
	return false;
}

/* Whether the process was probed before; from now on it was. */
static bool
is_probed(int number, bool now)
{
	static bool probed[TASKS_MAX];
	bool was = number < TASKS_MAX && probed[number];

	if (now && number < TASKS_MAX)
		probed[number] = true;
	return was;
}

/* A call begins or ends.  Returns a signal to go on with, or 0. */
static int
on_call(struct task *t)
{
	struct __ptrace_syscall_info info;
	struct probe p = { .tid = t->tid, .report = report, .listener = listener };
	struct user_regs_struct r = { 0 };
	char name[NAME_SIZE];

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, sizeof info, &info) <= 0)
		return 0;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		t->call = info.entry.nr;
		if (t->call == SYS_prctl && info.entry.args[0] == PR_SET_DUMPABLE &&
		    info.entry.args[1] == 0 && get_registers(t->tid, &r)) {
			machine_set_second(&r, 1);
			(void)set_registers(t->tid, &r);
		}
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && waits(t->call) &&
	    !is_probed(t->number, false) && !is_restarted(info.exit.rval) &&
	    (always || read_status(t->tid, "Seccomp:") == SECCOMP_FILTERED)) {
		(void)is_probed(t->number, true);
		read_name(t->tid, name);
		fprintf(report, "probe %d %s\n", t->number, name);
		probe_run(&p);
	}
	return p.pending;
}

/* A program begins: the one that we are to look at, or another, which goes its way. */
static bool
on_exec(struct task *t)
{
	static bool begun;

	if (!begun) {
		begun = true;
		return true;
	}
	tell_state(t, "program");
	(void)ptrace(PTRACE_DETACH, t->tid, NULL, NULL);
	forget_task(t);
	return false;
}

static void
go_on(const struct task *t, int number)
{
	(void)ptrace(is_probed(t->number, false) ? PTRACE_CONT : PTRACE_SYSCALL, t->tid, NULL,
	    (void *)(intptr_t)number);
}

static void
on_stop(pid_t tid, int status)
{
	struct task *t = find_task(tid);
	int number = WSTOPSIG(status), event = status >> 16;

	if (is_doomed(tid, false) || (t == NULL && (t = add_task(tid)) == NULL)) {
		(void)ptrace(PTRACE_CONT, tid, NULL, NULL);
		return;
	}
	if (number == (SIGTRAP | 0x80)) {
		number = on_call(t);
	} else if (event == PTRACE_EVENT_EXEC) {
		if (!on_exec(t))
			return;
		number = 0;
	} else if (event != 0) {
		if (event == PTRACE_EVENT_EXIT)
			tell_state(t, "end");
		number = 0;
	} else if (number == SIGSTOP && !t->started) {
		number = 0;
	}
	t->started = true;
	go_on(t, number);
}

/* Until the last of them has ended.  Returns what waitpid(2) says of the first. */
static int
attend(pid_t child)
{
	int status, result = 0;
	struct task *t;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (tid > 0 && WIFSTOPPED(status)) {
			on_stop(tid, status);
		} else if (tid > 0) {
			if (tid == child)
				result = status;
			t = find_task(tid);
			if (t != NULL)
				forget_task(t);
		}
	}
	return result;
}

/* What is there to be read, changed and connected to. */
static bool
set_up(void)
{
	const char *home = getenv("HOME");
	socklen_t length = sizeof listener;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), key, file;
	char path[128];

	snprintf(path, sizeof path, "%s/probe.key", home != NULL ? home : "");
	key = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	file = open("probe.there", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (key != -1)
		close(key);
	if (file != -1)
		close(file);
	listener = (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	return key != -1 && file != -1 && fd != -1 &&
	    bind(fd, (struct sockaddr *)&listener, length) == 0 && listen(fd, TASKS_MAX) == 0 &&
	    getsockname(fd, (struct sockaddr *)&listener, &length) == 0;
}

static pid_t
start(char **argv)
{
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
	    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(CANNOT);
		raise(SIGSTOP);
		execvp(argv[0], argv);
		_exit(PROG_NOT_FOUND);
	}
	if (child == -1 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, options) != 0)
		return -1;
	go_on(add_task(child), 0);
	return child;
}

int
main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "-a") == 0 ? 2 : 1, status;
	pid_t child;

	always = first == 2;
	if (argc < first + 2) {
		fprintf(stderr, "usage: probe-door [-a] report command ...\n");
		return PROG_USAGE;
	}
	report = fopen(argv[first], "we");
	if (!MACHINE_KNOWN || report == NULL || !set_up() ||
	    (child = start(argv + first + 1)) == -1) {
		fprintf(stderr, "probe-door: %s\n", !MACHINE_KNOWN ? "not on this machine" :
		    strerror(errno));
		return CANNOT;
	}
	status = attend(child);
	if (fclose(report) != 0)
		return CANNOT;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
