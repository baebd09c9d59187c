/*
 * fail-call [-a] [-l LOG] [-t SECONDS] [-f CALL:N:ACTION] ... CMD [ARG ...]
 *
 * Runs CMD and makes its system calls fail, as strace(1) --inject does.  What strace cannot do: a
 * read or write that is really shorter, one process of several (workers, brokers), counting from
 * main on, and telling who is left over when CMD has ended.
 *
 *   -a         counts from exec on, also in programs that are not ours
 *   -l LOG     at the end: "status N", "count PROCESS CALL N", "fired N" (how often an action was
 *              taken), "left COMM" (a process that outlived CMD, and was killed), "hung" (CMD did
 *              not end in SECONDS, and was killed), "hit PROCESS CALL ERROR PATH" (which file an
 *              error was said of, where the call's first argument is a descriptor)
 *   -t         how long CMD may take, and what it left (60)
 *   -f         N is the number of the call in its process, from 1 on; "N+" means all from there
 *              on.  CALL may be "process.call": processes are numbered as they are made, CMD is 0.
 *              ACTION is an error (EIO), short (one byte is read or written), or a signal (KILL),
 *              which the process gets before the call; or ALL.KILL, to every process of CMD
 *
 * Counted are the calls of our programs, from prog_start's first one on (the loader's are no
 * business of ours), and of what they fork; not those of other programs that these execute.
 *
 * seccomp(2) stops just the calls of the table, so that a run costs little more than one without.
 * Ends with CMD's status (128 + N for a death by signal N), or with 125 if it cannot do its work.
 * x86-64 alone: elsewhere it ends with 77.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "base/clock.h"

enum { CANNOT = 125, NOT_HERE = 77 };

#ifndef __x86_64__
int
main(void)
{
	fputs("fail-call: x86-64 only\n", stderr);
	return NOT_HERE;
}
#else	/* to the end of the file */

enum {
	ACTIONS_MAX = 8,
	PROCESSES_MAX = 4096,
	THREADS_MAX = 1024,
	TICK_US = 100 * 1000,
	FOR_ALL = 1000		/* above every signal */
};

struct call {
	const char *name;
	int number;
	bool sized;		/* its third argument is a size */
};

static const struct call calls[] = {
	{ "accept", SYS_accept, false }, { "accept4", SYS_accept4, false },
	{ "access", SYS_access, false }, { "bind", SYS_bind, false },
	{ "chdir", SYS_chdir, false }, { "clock_nanosleep", SYS_clock_nanosleep, false },
	{ "clone", SYS_clone, false }, { "clone3", SYS_clone3, false },
	{ "close", SYS_close, false }, { "close_range", SYS_close_range, false },
	{ "connect", SYS_connect, false }, { "copy_file_range", SYS_copy_file_range, false },
	{ "dup", SYS_dup, false }, { "dup2", SYS_dup2, false }, { "dup3", SYS_dup3, false },
	{ "epoll_create1", SYS_epoll_create1, false }, { "epoll_ctl", SYS_epoll_ctl, false },
	{ "epoll_wait", SYS_epoll_wait, false }, { "eventfd2", SYS_eventfd2, false },
	{ "execve", SYS_execve, false }, { "faccessat2", SYS_faccessat2, false },
	{ "fallocate", SYS_fallocate, false }, { "fchmod", SYS_fchmod, false },
	{ "fchown", SYS_fchown, false }, { "fcntl", SYS_fcntl, false },
	{ "fdatasync", SYS_fdatasync, false }, { "flock", SYS_flock, false },
	{ "fork", SYS_fork, false }, { "fstat", SYS_fstat, false },
	{ "fstatfs", SYS_fstatfs, false }, { "fsync", SYS_fsync, false },
	{ "ftruncate", SYS_ftruncate, false }, { "getcwd", SYS_getcwd, false },
	{ "getdents64", SYS_getdents64, false }, { "getpeername", SYS_getpeername, false },
	{ "getrandom", SYS_getrandom, false }, { "getsockname", SYS_getsockname, false },
	{ "getsockopt", SYS_getsockopt, false }, { "ioctl", SYS_ioctl, false },
	{ "kill", SYS_kill, false }, { "landlock_add_rule", SYS_landlock_add_rule, false },
	{ "landlock_create_ruleset", SYS_landlock_create_ruleset, false },
	{ "landlock_restrict_self", SYS_landlock_restrict_self, false },
	{ "link", SYS_link, false }, { "linkat", SYS_linkat, false },
	{ "listen", SYS_listen, false }, { "lseek", SYS_lseek, false },
	{ "lstat", SYS_lstat, false }, { "memfd_create", SYS_memfd_create, false },
	{ "mkdir", SYS_mkdir, false }, { "mkdirat", SYS_mkdirat, false },
	{ "mmap", SYS_mmap, false }, { "mprotect", SYS_mprotect, false },
	{ "mremap", SYS_mremap, false }, { "newfstatat", SYS_newfstatat, false },
	{ "open", SYS_open, false }, { "openat", SYS_openat, false },
	{ "pidfd_open", SYS_pidfd_open, false }, { "pipe", SYS_pipe, false },
	{ "pipe2", SYS_pipe2, false }, { "poll", SYS_poll, false },
	{ "ppoll", SYS_ppoll, false }, { "prctl", SYS_prctl, false },
	{ "pread64", SYS_pread64, true }, { "prlimit64", SYS_prlimit64, false },
	{ "pselect6", SYS_pselect6, false }, { "pwrite64", SYS_pwrite64, true },
	{ "read", SYS_read, true }, { "readlink", SYS_readlink, false },
	{ "readlinkat", SYS_readlinkat, false }, { "readv", SYS_readv, false },
	{ "recvfrom", SYS_recvfrom, true }, { "recvmmsg", SYS_recvmmsg, false },
	{ "recvmsg", SYS_recvmsg, false }, { "rename", SYS_rename, false },
	{ "renameat", SYS_renameat, false }, { "renameat2", SYS_renameat2, false },
	{ "rmdir", SYS_rmdir, false }, { "rt_sigtimedwait", SYS_rt_sigtimedwait, false },
	{ "seccomp", SYS_seccomp, false }, { "sendfile", SYS_sendfile, false },
	{ "sendmmsg", SYS_sendmmsg, false }, { "sendmsg", SYS_sendmsg, false },
	{ "sendto", SYS_sendto, true }, { "setpgid", SYS_setpgid, false },
	{ "setsid", SYS_setsid, false }, { "setsockopt", SYS_setsockopt, false },
	{ "shutdown", SYS_shutdown, false }, { "socket", SYS_socket, false },
	{ "socketpair", SYS_socketpair, false }, { "stat", SYS_stat, false },
	{ "statx", SYS_statx, false }, { "uname", SYS_uname, false },
	{ "unlink", SYS_unlink, false }, { "unlinkat", SYS_unlinkat, false },
	{ "vfork", SYS_vfork, false }, { "wait4", SYS_wait4, false },
	{ "waitid", SYS_waitid, false }, { "write", SYS_write, true },
	{ "writev", SYS_writev, false }
};

enum { CALLS = sizeof calls / sizeof *calls };

static const struct {
	const char *name;
	int number;
} errors[] = {
	{ "EACCES", EACCES }, { "EAGAIN", EAGAIN }, { "EBUSY", EBUSY },
	{ "ECONNREFUSED", ECONNREFUSED }, { "ECONNRESET", ECONNRESET }, { "EDQUOT", EDQUOT },
	{ "EINTR", EINTR }, { "EINVAL", EINVAL }, { "EIO", EIO }, { "EMFILE", EMFILE },
	{ "ENFILE", ENFILE }, { "ENOENT", ENOENT }, { "ENOLCK", ENOLCK }, { "ENOMEM", ENOMEM },
	{ "ENOSPC", ENOSPC }, { "ENOSYS", ENOSYS }, { "EPERM", EPERM }, { "EPIPE", EPIPE }, { "EROFS", EROFS },
	{ "ETIMEDOUT", ETIMEDOUT }
}, signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "KILL", SIGKILL }, { "PIPE", SIGPIPE },
	{ "STOP", SIGSTOP }, { "TERM", SIGTERM }
};

struct action {
	unsigned process;
	int call;		/* index into calls */
	unsigned long from, to;
	int error;		/* 0: none */
	int signal;		/* 0: none; FOR_ALL + N: to all */
	bool shorten;
};

struct process {
	pid_t pid;
	bool counting, ended;
	unsigned long count[CALLS];
};

struct thread {
	pid_t tid;		/* 0: a free place */
	struct process *of;	/* NULL: stopped, until its maker's stop tells */
	int answer;		/* the error that the call at hand is to end with; 0: its own */
};

static struct action actions[ACTIONS_MAX];
static size_t action_count;
static struct process processes[PROCESSES_MAX];
static unsigned process_count;
static struct thread threads[THREADS_MAX];
static bool count_all, hung;
static unsigned long fired;
static FILE *report;

_Noreturn static void
cannot(const char *what)
{
	fprintf(stderr, "fail-call: %s: %s\n", what, strerror(errno));
	exit(CANNOT);
}

_Noreturn static void
wrong(const char *what)
{
	fprintf(stderr, "fail-call: wrong: %s\n", what);
	exit(CANNOT);
}

static int
find_call(const char *name, size_t len)
{
	for (int i = 0; i < CALLS; i++)
		if (strlen(calls[i].name) == len && memcmp(calls[i].name, name, len) == 0)
			return i;
	return -1;
}

static void
parse_what(struct action *a, const char *text)
{
	int base = 0;

	if (strcmp(text, "short") == 0) {
		a->shorten = true;
		return;
	}
	if (strncmp(text, "ALL.", 4) == 0) {
		base = FOR_ALL;
		text += 4;
	}
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (strcmp(errors[i].name, text) == 0)
			a->error = errors[i].number;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (strcmp(signals[i].name, text) == 0)
			a->signal = base + signals[i].number;
	if (a->error == 0 && a->signal == 0)
		wrong(text);
}

static void
parse_action(const char *text)
{
	struct action *a = &actions[action_count];
	const char *colon = strchr(text, ':'), *name = text;
	char *end;

	if (action_count++ == ACTIONS_MAX || colon == NULL)
		wrong(text);
	if (*name >= '0' && *name <= '9') {
		a->process = (unsigned)strtoul(name, &end, 10);
		name = end + 1;
	}
	if (name < colon)
		a->call = find_call(name, (size_t)(colon - name));
	if (name >= colon || a->call == -1)
		wrong(text);
	a->from = a->to = strtoul(colon + 1, &end, 10);
	if (*end == '+') {
		a->to = (unsigned long)-1;
		end++;
	}
	if (*end != ':' || a->from == 0)
		wrong(text);
	parse_what(a, end + 1);
}

/* In the child: only the calls of the table stop. */
static int
install_filter(void)
{
	struct sock_filter code[CALLS + 3];
	struct sock_fprog program = { .len = CALLS + 3, .filter = code };

	code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, nr));
	for (unsigned i = 0; i < CALLS; i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		    (unsigned)calls[i].number, (unsigned char)(CALLS - i), 0);
	code[CALLS + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[CALLS + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static struct thread *
find_thread(pid_t tid)
{
	struct thread *place = NULL;

	for (size_t i = 0; i < THREADS_MAX; i++) {
		if (threads[i].tid == tid)
			return &threads[i];
		if (threads[i].tid == 0 && place == NULL)
			place = &threads[i];
	}
	if (place == NULL)
		wrong("too many threads");
	place->tid = tid;
	place->of = NULL;
	place->answer = 0;
	return place;
}

static struct process *
add_process(pid_t pid, bool counting)
{
	struct process *p = &processes[process_count];

	if (process_count++ == PROCESSES_MAX)
		wrong("too many processes");
	p->pid = pid;
	p->counting = counting;
	return p;
}

/* The thread may be dead already: what ptrace says of that is of no interest. */
static void
go_on(const struct thread *t, int number)
{
	ptrace(t->answer != 0 ? PTRACE_SYSCALL : PTRACE_CONT, t->tid, NULL,
	    (void *)(intptr_t)number);
}

static void
kill_all(int number)
{
	for (unsigned i = 0; i < process_count; i++)
		if (!processes[i].ended)
			kill(processes[i].pid, number);
}

static const char *
error_name(int number)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].number == number)
			return errors[i].name;
	return "?";
}

/* That a call of the thread on this descriptor fails. */
static void
tell_hit(const struct action *a, const struct call *call, const struct thread *t,
    unsigned long long fd)
{
	char link[64], path[4096];
	ssize_t n;

	if (report == NULL || (!call->sized && call->number != SYS_close &&
	    call->number != SYS_fsync && call->number != SYS_ftruncate))
		return;
	snprintf(link, sizeof link, "/proc/%ld/fd/%llu", (long)t->tid, fd);
	n = readlink(link, path, sizeof path);
	if (n > 0)
		fprintf(report, "hit %u %s %s %.*s\n", a->process, call->name,
		    error_name(a->error), (int)n, path);
}

static void
apply(const struct action *a, const struct call *call, struct thread *t,
    struct user_regs_struct *regs)
{
	fired++;
	if (a->error != 0)
		tell_hit(a, call, t, regs->rdi);
	if (a->error != 0 && call->number == SYS_close) {
		t->answer = a->error;	/* Linux closes the descriptor whatever it says */
		return;
	}
	if (a->error != 0) {
		regs->orig_rax = (unsigned long long)-1;
		regs->rax = (unsigned long long)-a->error;
	} else if (a->shorten) {
		if (call->sized && regs->rdx > 1)
			regs->rdx = 1;
	} else if (a->signal > FOR_ALL) {
		kill_all(a->signal - FOR_ALL);
		return;
	} else {
		kill(t->of->pid, a->signal);
		return;
	}
	ptrace(PTRACE_SETREGS, t->tid, NULL, regs);
}

/* A call of the table is about to be made. */
static void
enter(struct thread *t)
{
	struct user_regs_struct regs;
	struct process *p = t->of;
	int i = 0;

	if (ptrace(PTRACE_GETREGS, t->tid, NULL, &regs) == -1)
		return;
	while (i < CALLS && (unsigned long long)calls[i].number != regs.orig_rax)
		i++;
	/* prog_start looks whether descriptor 0 is open, before all else. */
	if (!p->counting && regs.orig_rax == SYS_fcntl && regs.rdi == 0 && regs.rsi == F_GETFD)
		p->counting = true;
	if (!p->counting || i == CALLS)
		return;
	p->count[i]++;
	for (size_t k = 0; k < action_count; k++)
		if (actions[k].call == i && p->count[i] >= actions[k].from &&
		    p->count[i] <= actions[k].to && p == &processes[actions[k].process])
			apply(&actions[k], &calls[i], t, &regs);
}

/* A call was made, and ends as if it had not. */
static void
leave(struct thread *t)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, t->tid, NULL, &regs) == 0) {
		regs.rax = (unsigned long long)-t->answer;
		ptrace(PTRACE_SETREGS, t->tid, NULL, &regs);
	}
	t->answer = 0;
}

/* Someone new: fork makes a process, CLONE_THREAD a thread. */
static void
begin(struct thread *maker, bool process)
{
	unsigned long tid;
	struct thread *t;

	if (ptrace(PTRACE_GETEVENTMSG, maker->tid, NULL, &tid) == -1)
		return;
	t = find_thread((pid_t)tid);
	t->of = process ? add_process((pid_t)tid, maker->of->counting) : maker->of;
	/* Its first stop may have come already; else this has no effect. */
	go_on(t, 0);
}

static void
stopped(struct thread *t, int status)
{
	int event = status >> 16, number = WSTOPSIG(status);

	if (t->of == NULL)
		return;		/* begin lets it go on */
	if (number == (SIGTRAP | 0x80)) {
		leave(t);
		go_on(t, 0);
		return;
	}
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		enter(t);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
		begin(t, true);
		break;
	case PTRACE_EVENT_CLONE:
		begin(t, false);
		break;
	case PTRACE_EVENT_EXEC:
		t->of->counting = count_all;
		break;
	case PTRACE_EVENT_STOP:
		if (number != SIGTRAP) {
			ptrace(PTRACE_LISTEN, t->tid, NULL, NULL);
			return;
		}
		break;
	default:
		go_on(t, number);
		return;
	}
	go_on(t, 0);
}

/* Who outlived CMD. */
static void
end_others(void)
{
	char path[40], name[40];

	for (unsigned i = 0; i < process_count; i++) {
		ssize_t n = 0;
		int fd;

		if (processes[i].ended)
			continue;
		snprintf(path, sizeof path, "/proc/%ld/comm", (long)processes[i].pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd != -1) {
			n = read(fd, name, sizeof name - 1);
			close(fd);
		}
		name[n > 0 ? n - 1 : 0] = '\0';
		if (report != NULL)
			fprintf(report, "left %s\n", name);
		kill(processes[i].pid, SIGKILL);
	}
}

static void
tick(int number)
{
	(void)number;
}

/* Ends and stops, until nobody is left.  Returns what waitpid said of CMD. */
static int
attend(int64_t limit_ms)
{
	int64_t end = clock_mono_ms() + limit_ms;
	int result = 0, status;
	pid_t tid;

	while ((tid = waitpid(-1, &status, __WALL)) != -1 || errno == EINTR) {
		struct thread *t;

		if (clock_mono_ms() > end) {
			if (processes[0].ended) {
				end_others();
			} else {
				hung = true;
				kill_all(SIGKILL);
			}
			end += limit_ms;
		}
		if (tid == -1)
			continue;
		t = find_thread(tid);
		if (WIFSTOPPED(status)) {
			stopped(t, status);
			continue;
		}
		for (unsigned i = 0; i < process_count; i++)
			if (processes[i].pid == tid)
				processes[i].ended = true;
		if (tid == processes[0].pid)
			result = status;
		t->tid = 0;
	}
	return result;
}

static pid_t
start(char **argv)
{
	unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
	    PTRACE_O_TRACEFORK | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD |
	    PTRACE_O_TRACEVFORK;
	int go[2];
	char c = 0;
	pid_t child;

	if (pipe(go) != 0)
		cannot("pipe");
	child = fork();
	if (child == -1)
		cannot("fork");
	if (child == 0) {
		close(go[1]);
		/* Before the tracer has us, calls of the table would fail. */
		while (read(go[0], &c, 1) == -1 && errno == EINTR)
			continue;
		close(go[0]);
		if (install_filter() != 0)
			cannot("seccomp");
		execvp(argv[0], argv);
		cannot(argv[0]);
	}
	close(go[0]);
	if (ptrace(PTRACE_SEIZE, child, NULL, (void *)options) == -1)
		cannot("ptrace");
	find_thread(child)->of = add_process(child, false);
	if (write(go[1], &c, 1) != 1)
		cannot("pipe");
	close(go[1]);
	return child;
}

static void
write_report(int status)
{
	if (report == NULL)
		return;
	fprintf(report, "status %d\nfired %lu\n%s", status, fired, hung ? "hung\n" : "");
	for (unsigned p = 0; p < process_count; p++)
		for (unsigned i = 0; i < CALLS; i++)
			if (processes[p].count[i] > 0)
				fprintf(report, "count %u %s %lu\n", p, calls[i].name,
				    processes[p].count[i]);
	if (fclose(report) != 0)
		cannot("log");
}

int
main(int argc, char **argv)
{
	struct itimerval timer = { .it_interval.tv_usec = TICK_US, .it_value.tv_usec = TICK_US };
	struct sigaction action = { .sa_handler = tick };	/* waitpid is not started again */
	unsigned long seconds = 60;
	int option, status;

	while ((option = getopt(argc, argv, "+af:l:t:")) != -1) {
		if (option == 'a')
			count_all = true;
		else if (option == 'f')
			parse_action(optarg);
		else if (option == 't')
			seconds = strtoul(optarg, NULL, 10);
		else if (option != 'l')
			return CANNOT;
		else if ((report = fopen(optarg, "we")) == NULL)
			cannot(optarg);
	}
	if (argv[optind] == NULL)
		wrong("CMD is missing");
	start(argv + optind);
	/* What ends us would end all of it by EXITKILL, and leave no report. */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	status = attend((int64_t)seconds * 1000);
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	write_report(status);
	return status;
}
#endif
