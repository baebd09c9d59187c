/*
 * The calls that probe-door makes another process try.  Included by probe-door.c alone.
 *
 * All are such that they fail with another error than EPERM, EACCES and ENOSYS, or succeed, where
 * nobody forbids them, as far as the system itself lets a plain user make them.
 */
#ifndef PROBE_CALLS_H
#define PROBE_CALLS_H

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe-machine.h"

/* What the calls point to, below the stack of the one that performs them. */
struct block {
	char passwd[32], key[128], environ[32], made[32], there[32], other[32], program[32];
	char directory[8], empty[8];
	siginfo_t queued;		/* one that a program may send */
	struct sockaddr_in listener, any;
	struct iovec iov;
	unsigned long how[3];		/* struct open_how: for reading */
	unsigned long argv[2];
	unsigned params[32];
	char room[64];
};

enum {
	CHILDREN_MAX = 512, RESULT_SIZE = 24,
	EMPTY_PATH = 0x1000,	/* AT_EMPTY_PATH, which glibc has for _GNU_SOURCE alone */
	LOST = -10000,		/* no result of a call */
	BLOCK_AT = 4096		/* below the stack pointer, where the first 128 bytes may be in use */
};

static bool
get_registers(pid_t tid, struct user_regs_struct *r)
{
	struct iovec iov = { r, sizeof *r };

	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &iov) == 0;
}

static bool
set_registers(pid_t tid, struct user_regs_struct *r)
{
	struct iovec iov = { r, sizeof *r };

	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &iov) == 0;
}

/* Whether it is a child that a probe made; if now, it is one. */
static bool
is_doomed(pid_t tid, bool now)
{
	static pid_t doomed[CHILDREN_MAX];
	static size_t count;

	for (size_t i = 0; i < count; i++)
		if (doomed[i] == tid)
			return true;
	if (now && count < CHILDREN_MAX)
		doomed[count++] = tid;
	return now;
}

/* One that performs calls for us. */
struct probe {
	pid_t tid;
	FILE *report;
	struct sockaddr_in listener;	/* a port that should not be reached */
	struct user_regs_struct before;
	unsigned long at;		/* its struct block */
	bool gone, told;		/* it has ended; and that was said */
	int pending;			/* a signal that came meanwhile */
};

/* Lets it run to the beginning or the end of its call.  A child that it makes does not live. */
static bool
step(struct probe *p)
{
	unsigned long child;
	int status;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, p->tid, NULL, NULL) != 0 ||
		    waitpid(p->tid, &status, __WALL) != p->tid || !WIFSTOPPED(status))
			return false;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			return true;
		if (WSTOPSIG(status) != SIGTRAP)
			p->pending = WSTOPSIG(status);
		else if (status >> 16 != 0 &&
		    ptrace(PTRACE_GETEVENTMSG, p->tid, NULL, &child) == 0)
			(void)(is_doomed((pid_t)child, true) && kill((pid_t)child, SIGKILL) != 0);
	}
}

static long
perform(struct probe *p, long number, const long a[MACHINE_ARGUMENTS])
{
	struct user_regs_struct r = p->before;

	machine_prepare(&r, number, a);
	if (p->gone || !set_registers(p->tid, &r) || !step(p) || !step(p) ||
	    !get_registers(p->tid, &r)) {
		p->gone = true;
		return LOST;
	}
	return machine_result(&r);
}

struct call {
	const char *name;
	long number;
	long a[MACHINE_ARGUMENTS];
	bool opens;		/* the result is a descriptor, which is closed again */
};

/* Those that say that a call is forbidden by name; of others the number will do. */
static const char *
result_text(long result, char text[RESULT_SIZE])
{
	snprintf(text, RESULT_SIZE, "%ld", -result);
	if (result == -EPERM)
		return "EPERM";
	if (result == -EACCES)
		return "EACCES";
	if (result == -ENOSYS)
		return "ENOSYS";
	return result == LOST ? "killed" : result < 0 && result > -4096 ? text : "done";
}

static long
try(struct probe *p, const struct call *c)
{
	long result = p->gone ? LOST : perform(p, c->number, c->a);
	char text[RESULT_SIZE];

	if (p->gone && result == LOST && p->told)
		return LOST;
	p->told = p->gone;
	fprintf(p->report, "%s %s\n", c->name, result_text(result, text));
	if (c->opens && result >= 0)
		(void)perform(p, SYS_close, (const long[MACHINE_ARGUMENTS]){ result });
	fflush(p->report);
	return result;
}

#define COUNT(array) (sizeof (array) / sizeof *(array))
/* Where a member of the block is in the other's memory. */
#define AT(member) ((long)(p->at + offsetof(struct block, member)))

static void
try_all(struct probe *p, const struct call *calls, size_t count)
{
	for (size_t i = 0; i < count && !p->gone; i++)
		(void)try(p, &calls[i]);
}

static void
try_files(struct probe *p)
{
	const long here = AT_FDCWD;
	const struct call calls[] = {
		{ "read-file", SYS_openat, { here, AT(passwd), O_RDONLY }, true },
		{ "read-key", SYS_openat, { here, AT(key), O_RDONLY }, true },
		{ "read-environ", SYS_openat, { here, AT(environ), O_RDONLY }, true },
		{ "open-directory", SYS_openat, { here, AT(directory), O_RDONLY | O_DIRECTORY },
		    true },
		{ "openat2", SYS_openat2, { here, AT(passwd), AT(how), sizeof(unsigned long[3]) },
		    true },
		{ "make-file", SYS_openat, { here, AT(made), O_WRONLY | O_CREAT, 0600 }, true },
		{ "write-file", SYS_openat, { here, AT(there), O_WRONLY }, true },
		{ "append-file", SYS_openat, { here, AT(there), O_RDWR | O_APPEND }, true },
		{ "truncate-file", SYS_truncate, { AT(there), 0 }, false },
		{ "chmod-file", SYS_fchmodat, { here, AT(there), 0666 }, false },
		{ "link-file", SYS_linkat, { here, AT(there), here, AT(other), 0 }, false },
		{ "symlink", SYS_symlinkat, { AT(there), here, AT(made) }, false },
		{ "make-directory", SYS_mkdirat, { here, AT(made), 0700 }, false },
		{ "make-fifo", SYS_mknodat, { here, AT(made), 0010600, 0 }, false },
		{ "rename-file", SYS_renameat2, { here, AT(there), here, AT(other), 0 }, false },
		{ "remove-file", SYS_unlinkat, { here, AT(there), 0 }, false },
		{ "memory-file", SYS_memfd_create, { AT(empty), 0 }, true },
		{ "chmod-descriptor", SYS_fchmod, { -1, 0666 }, false },
		{ "chown-descriptor", SYS_fchown, { -1, -1, -1 }, false },
		{ "file-handle", SYS_name_to_handle_at, { here, AT(passwd), AT(room), AT(room), 0 },
		    false },
		{ "watch-files", SYS_inotify_init1, { 0 }, true },
#ifdef SYS_open
		{ "old-open", SYS_open, { AT(passwd), O_RDONLY }, true },
#endif
	};

	try_all(p, calls, COUNT(calls));
}

/* Calls on a socket, which fail with ENOTSOCK where there is none but nobody forbids them. */
static void
try_sockets(struct probe *p)
{
	const long length = (long)sizeof(struct sockaddr_in);
	const struct call open = { "socket-tcp", SYS_socket, { AF_INET, SOCK_STREAM }, false };
	long fd = try(p, &open), on = fd >= 0 ? fd : STDIN_FILENO;
	const struct call calls[] = {
		{ "connect", SYS_connect, { on, AT(listener), length }, false },
		{ "bind", SYS_bind, { on, AT(any), length }, false },
		{ "listen", SYS_listen, { on, 1 }, false },
		{ "accept", SYS_accept4, { on, 0, 0, SOCK_NONBLOCK }, true },
		{ "socket-tcp6", SYS_socket, { AF_INET6, SOCK_STREAM }, true },
		{ "socket-udp", SYS_socket, { AF_INET, SOCK_DGRAM }, true },
		{ "socket-seqpacket", SYS_socket, { AF_INET, SOCK_SEQPACKET }, true },
		{ "socket-raw", SYS_socket, { AF_INET, SOCK_RAW, IPPROTO_ICMP }, true },
		{ "socket-sctp", SYS_socket, { AF_INET, SOCK_STREAM, IPPROTO_SCTP }, true },
		{ "socket-unix", SYS_socket, { AF_UNIX, SOCK_STREAM }, true },
		{ "socket-route", SYS_socket, { AF_NETLINK, SOCK_RAW, 0 }, true },
		{ "socket-uevent", SYS_socket, { AF_NETLINK, SOCK_RAW, 15 }, true },
		{ "socket-vsock", SYS_socket, { 40, SOCK_STREAM, 0 }, true },	/* AF_VSOCK */
		{ "socket-crypto", SYS_socket, { 38, SOCK_SEQPACKET, 0 }, true },	/* AF_ALG */
		{ "socket-packet", SYS_socket, { AF_PACKET, SOCK_DGRAM, 0 }, true },
		{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, AT(room) }, false }
	};

	/* Which is root's alone to ask for: SO_RCVBUFFORCE. */
	const struct call admin = { "socket-admin", SYS_setsockopt, { on, SOL_SOCKET, 33, AT(room),
	    sizeof(int) }, false };

	try_all(p, calls, COUNT(calls));
	if (fd >= 0) {
		(void)try(p, &admin);
		(void)perform(p, SYS_close, (const long[MACHINE_ARGUMENTS]){ fd });
	}
}

static void
try_others(struct probe *p)
{
	const long we = (long)getpid(), self = (long)p->tid;
	const struct call calls[] = {
		{ "kill", SYS_kill, { we, 0 }, false },
		{ "tgkill", SYS_tgkill, { we, we, 0 }, false },
		{ "pidfd", SYS_pidfd_open, { we, 0 }, true },
		{ "signal-pidfd", SYS_pidfd_send_signal, { -1, 0, 0, 0 }, false },
		{ "queue-signal", SYS_rt_sigqueueinfo, { we, 0, AT(queued) }, false },
		{ "queue-to-thread", SYS_rt_tgsigqueueinfo, { we, we, 0, AT(queued) }, false },
		{ "signal-owner", SYS_fcntl, { STDIN_FILENO, F_SETOWN, self }, false },
		{ "lease", SYS_fcntl, { STDIN_FILENO, 1024, F_UNLCK }, false },	/* F_SETLEASE */
		{ "notify", SYS_fcntl, { STDIN_FILENO, 1026, 0 }, false },	/* F_NOTIFY */
		{ "priority", SYS_setpriority, { PRIO_PROCESS, we, 19 }, false },
		{ "schedule", SYS_sched_setscheduler, { we, -1, AT(room) }, false },
		{ "processors", SYS_sched_setaffinity, { we, 0, AT(room) }, false },
		{ "shared-memory", SYS_shmget, { 0, 0, 0 }, false },
		{ "message-queue", SYS_msgctl, { -1, 0, 0 }, false },
		{ "semaphores", SYS_semget, { 0, 0, 0 }, false },
		{ "posix-queue", SYS_mq_open, { 1, O_RDONLY }, false },
		{ "ptrace", SYS_ptrace, { PTRACE_PEEKDATA, we, 0, 0 }, false },
		{ "read-memory", SYS_process_vm_readv, { self, AT(iov), 1, AT(iov), 1 }, false },
		{ "write-memory", SYS_process_vm_writev, { self, AT(iov), 1, AT(iov), 1 }, false },
		{ "limits", SYS_prlimit64, { we, RLIMIT_CORE, 0, AT(room) }, false },
		{ "namespace", SYS_unshare, { 1 }, false },		/* no such flag */
		{ "enter-namespace", SYS_setns, { -1, 0 }, false },
		{ "mount", SYS_mount, { 1, 1, 1, 0, 0 }, false },	/* nobody's address */
		{ "io-uring", SYS_io_uring_setup, { 1, AT(params) }, true },
		{ "file-system", SYS_fsopen, { 1, 0 }, false },
		{ "page-faults", SYS_userfaultfd, { 1 }, true },	/* of the program's own: anybody's */
		{ "perf-event", SYS_perf_event_open, { 1, 0, -1, -1 }, false },
		{ "keyring", SYS_keyctl, { 0, -3, 1 }, false },
		{ "personality", SYS_personality, { 0xffffffff }, false },
		{ "dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1 }, false },
		{ "type-on-terminal", SYS_ioctl, { STDIN_FILENO, TIOCSTI, AT(room) }, false },
		{ "virtual-terminal", SYS_ioctl, { STDIN_FILENO, TIOCLINUX, AT(room) }, false },
		{ "make-code", SYS_mprotect, { 0, 0, PROT_READ | PROT_EXEC }, false },
		{ "write-code", SYS_mmap, { 0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 }, false },
#ifdef SYS_fork
		{ "fork", SYS_fork, { 0 }, false },
#endif
		{ "clone", SYS_clone, { SIGCHLD }, false },
		{ "clone-user", SYS_clone, { 0x10000000 | SIGCHLD }, false },	/* CLONE_NEWUSER */
		{ "clone3", SYS_clone3, { 0, 0 }, false },
		{ "exec-descriptor", SYS_execveat, { -1, AT(empty), AT(argv), 0, EMPTY_PATH },
		    false },
		/* With arguments at nobody's address: it must not succeed. */
		{ "exec", SYS_execve, { AT(program), 1, 0 }, false }
	};

	try_all(p, calls, COUNT(calls));
}

static bool
put_block(const struct probe *p)
{
	const char *home = getenv("HOME");
	struct block b = { .passwd = "/etc/passwd", .made = "probe.made", .there = "probe.there",
		.other = "probe.other", .program = "/bin/true", .directory = "/etc",
		.queued.si_code = SI_QUEUE, .listener = p->listener, .any.sin_family = AF_INET };
	long word;

	snprintf(b.key, sizeof b.key, "%s/probe.key", home != NULL ? home : "");
	snprintf(b.environ, sizeof b.environ, "/proc/%d/environ", (int)getpid());
	b.iov = (struct iovec){ (void *)(uintptr_t)AT(room), 1 };
	b.argv[0] = (unsigned long)AT(program);
	for (size_t i = 0; i < sizeof b; i += sizeof word) {
		memcpy(&word, (const char *)&b + i, sizeof word);
		if (ptrace(PTRACE_POKEDATA, p->tid, p->at + i, word) != 0)
			return false;
	}
	return true;
}

/*
 * Tries all of them in the stopped p->tid, whose call has just ended; p->pending is a signal that
 * came meanwhile.
 */
static void
probe_run(struct probe *p)
{
	if (!get_registers(p->tid, &p->before))
		return;
	p->at = (machine_stack(&p->before) - BLOCK_AT) & ~15UL;
	if (!put_block(p)) {
		fprintf(p->report, "memory %d\n", errno);
		return;
	}
	try_files(p);
	try_sockets(p);
	try_others(p);
	if (!p->gone)
		(void)set_registers(p->tid, &p->before);
}

#endif
