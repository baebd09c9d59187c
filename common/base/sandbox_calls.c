/*
 * seccomp (sandbox_locks.h).  Names of one architecture alone are negative numbers on others and
 * passed over.
 *
 * What fails with EPERM is listed as well: all that is on no list fails with ENOSYS, which is the
 * answer that the C library understands of a call that it prefers where it is new (clone3).  Only a
 * helper that runs sort(1), of which nobody knows what it will need, has all calls but some.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/sandbox_locks.h"

/* glibc's headers have these for _GNU_SOURCE alone; the numbers are the kernel's. */
enum {
	CALL_CLONE_THREAD = 0x10000, CALL_TMPFILE = 020000000, CALL_SETPIPE_SZ = 1031,
	CALL_GETPIPE_SZ = 1032, CALL_SETOWN_EX = 15, CALL_SETLEASE = 1024, CALL_NOTIFY = 1026,
	CALL_TYPE_MASK = 0xf
};

/* Namespaces that clone(2) can make, a bit each; of clone3 the flags cannot be seen. */
#define CALL_CLONE_NEW UINT32_C(0x7e020000)

/* Bytes of a struct sockaddr_nl: fewer than any address of the Internet has. */
enum { NETLINK_ADDRESS = 12 };

/* What a terminal is asked in place of TCGETS by C libraries to come. */
#define CALL_TCGETS2 UINT32_C(0x802c542a)

enum { NO_CALL = 0x7fffffff };	/* the end of a list */

static const int always[] = {
	/* The most frequent first. */
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(close),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(nanosleep), SCMP_SYS(time), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fsync),
	SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(flock), SCMP_SYS(dup),
	SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigpending),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getpgrp),
	SCMP_SYS(getpgid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(getrandom), SCMP_SYS(getrlimit), SCMP_SYS(setrlimit),
	SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(set_tid_address), NO_CALL
};

static const int reading[] = {
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(fadvise64),
	SCMP_SYS(fstatfs), SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(statfs), SCMP_SYS(statx), NO_CALL
};

static const int writing[] = {
	SCMP_SYS(creat), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(fallocate), SCMP_SYS(link),
	SCMP_SYS(linkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rename),
	SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(rmdir), SCMP_SYS(truncate),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmodat),
	SCMP_SYS(fchmod), SCMP_SYS(fchown), NO_CALL
};

static const int networking[] = {
	SCMP_SYS(connect), SCMP_SYS(getpeername), SCMP_SYS(getsockname), SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt), SCMP_SYS(recvfrom), SCMP_SYS(recvmmsg), SCMP_SYS(recvmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(shutdown),
	SCMP_SYS(bind), SCMP_SYS(socketpair), SCMP_SYS(pipe), SCMP_SYS(pipe2),
	SCMP_SYS(eventfd2), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), NO_CALL
};

static const int serving[] = {
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(getpeername), SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(sendfile), SCMP_SYS(shutdown),
	SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(select),
	SCMP_SYS(pselect6), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait), NO_CALL
};

/* Of both, by their arguments where a process may connect. */
static const int network_judged[] = {
	SCMP_SYS(socket), SCMP_SYS(bind), SCMP_SYS(socketpair), NO_CALL
};

/* And of who serves as well. */
static const int sending_judged[] = {
	SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), NO_CALL
};

static const int *const groups[] = { reading, writing, networking, serving };

/*
 * What fails with EPERM unless it was kept: what one would try first, and what a person reads in a
 * trace.  The rest fails as well, with ENOSYS; each line here costs start-up time.
 */
static const int refused[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(creat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(symlink),
	SCMP_SYS(symlinkat), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(truncate),
	SCMP_SYS(readlink), SCMP_SYS(memfd_create),
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept),
	SCMP_SYS(accept4), SCMP_SYS(sendto), SCMP_SYS(socketpair),
	SCMP_SYS(clone), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(execve), SCMP_SYS(execveat),
	SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_open), SCMP_SYS(prctl), SCMP_SYS(setuid),
	SCMP_SYS(unshare), SCMP_SYS(mount), SCMP_SYS(chroot), SCMP_SYS(bpf),
	SCMP_SYS(io_uring_setup), SCMP_SYS(keyctl), SCMP_SYS(userfaultfd),
	SCMP_SYS(perf_event_open), NO_CALL
};

/*
 * What a helper that runs a program, sort(1), does not do, nor the program: reach other processes,
 * make sockets, shared memory and namespaces, change the system.
 */
static const int never[] = {
	SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4),
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise), SCMP_SYS(process_mrelease), SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp), SCMP_SYS(tkill),
	SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo), SCMP_SYS(setpriority),
	SCMP_SYS(ioprio_set), SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam),
	SCMP_SYS(sched_setattr), SCMP_SYS(sched_setaffinity), SCMP_SYS(migrate_pages),
	SCMP_SYS(move_pages),
	SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(shmctl), SCMP_SYS(msgget), SCMP_SYS(msgsnd),
	SCMP_SYS(msgrcv), SCMP_SYS(msgctl), SCMP_SYS(semget), SCMP_SYS(semop), SCMP_SYS(semctl),
	SCMP_SYS(mq_open), SCMP_SYS(mq_unlink), SCMP_SYS(memfd_create), SCMP_SYS(memfd_secret),
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
	SCMP_SYS(inotify_init), SCMP_SYS(inotify_init1), SCMP_SYS(fanotify_init),
	SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
	SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(fsconfig), SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(setns),
	SCMP_SYS(unshare), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(name_to_handle_at),
	SCMP_SYS(open_by_handle_at), SCMP_SYS(quotactl), SCMP_SYS(quotactl_fd), SCMP_SYS(swapon),
	SCMP_SYS(swapoff), SCMP_SYS(acct),
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(keyctl),
	SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(init_module),
	SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(syslog), SCMP_SYS(iopl),
	SCMP_SYS(ioperm), SCMP_SYS(modify_ldt), SCMP_SYS(personality), SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime), SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex),
	SCMP_SYS(sethostname), SCMP_SYS(setdomainname), NO_CALL
};

/* A filter under construction, and the first thing that went wrong, a negative errno. */
struct filter {
	scmp_filter_ctx ctx;
	int error;
};

static bool
is_in(const int *list, int call)
{
	while (*list != NO_CALL && *list != call)
		list++;
	return *list == call;
}

static void
rule(struct filter *f, uint32_t action, int call)
{
	if (f->error == 0 && call >= 0)
		f->error = seccomp_rule_add(f->ctx, action, call, 0);
}

static void
rule_if(struct filter *f, uint32_t action, int call, struct scmp_arg_cmp condition)
{
	if (f->error == 0 && call >= 0)
		f->error = seccomp_rule_add(f->ctx, action, call, 1, condition);
}

/*
 * The whole register counts, though the kernel takes the lower half of it as an int: an argument
 * with anything above it is none of ours.
 */
static struct scmp_arg_cmp
compare(unsigned argument, enum scmp_compare how, uint32_t a, uint32_t b)
{
	return (struct scmp_arg_cmp){ .arg = argument, .op = how, .datum_a = a, .datum_b = b };
}

/* Allowed, or forbidden, by whether the condition holds. */
static void
choose(struct filter *f, int call, struct scmp_arg_cmp yes, struct scmp_arg_cmp no)
{
	rule_if(f, SCMP_ACT_ALLOW, call, yes);
	rule_if(f, SCMP_ACT_ERRNO(EPERM), call, no);
}

/* Allowed if the argument has this value. */
static void
equals(struct filter *f, int call, unsigned argument, uint32_t value)
{
	choose(f, call, compare(argument, SCMP_CMP_EQ, value, 0),
	    compare(argument, SCMP_CMP_NE, value, 0));
}

/* One of several: what is none of them fails with ENOSYS, which no list can tell from EPERM. */
static void
one_of(struct filter *f, int call, unsigned argument, const uint32_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rule_if(f, SCMP_ACT_ALLOW, call, compare(argument, SCMP_CMP_EQ, values[i], 0));
}

/* Memory, descriptors, limits and signals, within their arguments. */
static void
add_own(struct filter *f, bool terminal)
{
	static const uint32_t commands[] = {
		F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK,
		CALL_SETPIPE_SZ, CALL_GETPIPE_SZ
	};
	/* Not TIOCSTI, which types at the terminal. */
	static const uint32_t requests[] = {
		TCGETS, CALL_TCGETS2, TIOCGWINSZ, TIOCGPGRP, FIONREAD
	};
	static const uint32_t modes[] = { TCSETS, TCFLSH, TIOCSPGRP };
	static const int mapping[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	enum { MEMORY_RIGHTS = 2, FIRST = 0, SECOND = 1 };

	for (size_t i = 0; i < sizeof mapping / sizeof *mapping; i++)
		choose(f, mapping[i],
		    compare(MEMORY_RIGHTS, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		    compare(MEMORY_RIGHTS, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
	one_of(f, SCMP_SYS(fcntl), SECOND, commands, sizeof commands / sizeof *commands);
	one_of(f, SCMP_SYS(ioctl), SECOND, requests, sizeof requests / sizeof *requests);
	if (terminal)
		one_of(f, SCMP_SYS(ioctl), SECOND, modes, sizeof modes / sizeof *modes);
	equals(f, SCMP_SYS(prlimit64), FIRST, 0);
	equals(f, SCMP_SYS(tgkill), FIRST, (uint32_t)getpid());
}

static void
add_children(struct filter *f, const struct sandbox_children *children)
{
	for (size_t i = 0; i < children->count; i++)
		rule_if(f, SCMP_ACT_ALLOW, SCMP_SYS(kill),
		    /* One that is negative, a group, may be extended by ones or zeros. */
		    compare(0, SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)children->pid[i]));
}

static void
add_threads(struct filter *f)
{
	choose(f, SCMP_SYS(clone),
	    compare(0, SCMP_CMP_MASKED_EQ, CALL_CLONE_THREAD, CALL_CLONE_THREAD),
	    compare(0, SCMP_CMP_MASKED_EQ, CALL_CLONE_THREAD, 0));
}

/* Opening is allowed by what no bit of the flags contradicts. */
static void
add_opening(struct filter *f, int call, unsigned flags)
{
	static const uint32_t bits[] = { O_CREAT, O_TRUNC, CALL_TMPFILE };
	const uint32_t all = O_ACCMODE | O_CREAT | O_TRUNC | CALL_TMPFILE;

	rule_if(f, SCMP_ACT_ALLOW, call, compare(flags, SCMP_CMP_MASKED_EQ, all, O_RDONLY));
	for (uint32_t mode = O_RDONLY + 1; mode <= O_ACCMODE; mode++)
		rule_if(f, SCMP_ACT_ERRNO(EPERM), call,
		    compare(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
		rule_if(f, SCMP_ACT_ERRNO(EPERM), call,
		    compare(flags, SCMP_CMP_MASKED_EQ, bits[i], bits[i]));
}

/* No raw ones, and none to what serves this machine: a container runtime, a session's bus. */
static void
add_sockets(struct filter *f)
{
	static const uint32_t families[] = { AF_INET, AF_INET6 };
	static const uint32_t types[] = { SOCK_STREAM, SOCK_DGRAM };
	static const uint32_t protocols[] = { 0, IPPROTO_TCP, IPPROTO_UDP };
	enum { SOCKETS = 2 * 2 * 3 };

	for (size_t i = 0; i < SOCKETS && f->error == 0; i++)
		f->error = seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 3,
		    compare(0, SCMP_CMP_EQ, families[i % 2], 0),
		    compare(1, SCMP_CMP_MASKED_EQ, CALL_TYPE_MASK, types[i / 2 % 2]),
		    compare(2, SCMP_CMP_EQ, protocols[i / 4], 0));
	/* Of others, datagrams could be sent to any local socket that has a name. */
	rule_if(f, SCMP_ACT_ALLOW, SCMP_SYS(socketpair),
	    compare(1, SCMP_CMP_MASKED_EQ, CALL_TYPE_MASK, SOCK_STREAM));
	/* By which the resolver learns what addresses this machine has. */
	if (f->error == 0)
		f->error = seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
		    compare(0, SCMP_CMP_EQ, AF_NETLINK, 0),
		    compare(2, SCMP_CMP_EQ, NETLINK_ROUTE, 0));
	equals(f, SCMP_SYS(bind), 2, NETLINK_ADDRESS);
}

/* To be sent, but not so that a connection is made, of which landlock is not told then. */
static void
add_sending(struct filter *f)
{
	static const struct {
		int call;
		unsigned flags;
	} sending[] = {
		{ SCMP_SYS(sendto), 3 }, { SCMP_SYS(sendmsg), 2 }, { SCMP_SYS(sendmmsg), 3 }
	};

	for (size_t i = 0; i < sizeof sending / sizeof *sending; i++)
		choose(f, sending[i].call, compare(sending[i].flags, SCMP_CMP_MASKED_EQ,
		    MSG_FASTOPEN, 0), compare(sending[i].flags, SCMP_CMP_MASKED_EQ,
		    MSG_FASTOPEN, MSG_FASTOPEN));
}

/* Whether some rule depends on the arguments of this call, which a rule without would replace. */
static bool
is_judged(const struct sandbox *s, const struct sandbox_children *children, int call)
{
	return (call == SCMP_SYS(clone) && (s->keep & SANDBOX_THREADS) != 0) ||
	    ((s->keep & SANDBOX_NETWORK) != 0 && is_in(network_judged, call)) ||
	    ((s->keep & (SANDBOX_NETWORK | SANDBOX_SERVE)) != 0 && is_in(sending_judged, call)) ||
	    ((call == SCMP_SYS(open) || call == SCMP_SYS(openat)) &&
	    (s->keep & SANDBOX_READ) != 0) ||
	    (call == SCMP_SYS(kill) && children->count > 0);
}

static void
allow_group(struct filter *f, const struct sandbox *s, const int *calls)
{
	static const struct sandbox_children none = { .count = 0 };

	for (; *calls != NO_CALL; calls++)
		if (!is_judged(s, &none, *calls))
			rule(f, SCMP_ACT_ALLOW, *calls);
}

static void
refuse(struct filter *f, const struct sandbox *s, const struct sandbox_children *children,
    const bool kept[])
{
	for (const int *call = refused; *call != NO_CALL; call++) {
		bool allowed = is_judged(s, children, *call);

		for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
			allowed |= kept[g] && is_in(groups[g], *call);
		if (!allowed)
			rule(f, SCMP_ACT_ERRNO(EPERM), *call);
	}
}

static void
build(struct filter *f, const struct sandbox *s, const struct sandbox_children *children)
{
	const bool kept[] = {
		(s->keep & (SANDBOX_READ | SANDBOX_WRITE)) != 0, (s->keep & SANDBOX_WRITE) != 0,
		(s->keep & SANDBOX_NETWORK) != 0, (s->keep & SANDBOX_SERVE) != 0
	};
	bool messages = kept[2] || kept[3];

	allow_group(f, s, always);
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (kept[i])
			allow_group(f, s, groups[i]);
	add_own(f, (s->keep & SANDBOX_TERMINAL) != 0);
	add_children(f, children);
	if ((s->keep & SANDBOX_THREADS) != 0)
		add_threads(f);
	if (kept[0] && !kept[1]) {
		add_opening(f, SCMP_SYS(open), 1);
		add_opening(f, SCMP_SYS(openat), 2);
	}
	if (kept[2])
		add_sockets(f);
	if (messages)
		add_sending(f);
	if (s->channel != 0 && !messages) {
		equals(f, SCMP_SYS(sendmsg), 0, (uint32_t)s->channel);
		equals(f, SCMP_SYS(recvmsg), 0, (uint32_t)s->channel);
	}
	/* A helper, whom nobody reads a trace of, is sooner there without. */
	if ((s->keep & SANDBOX_WRITE) == 0)
		refuse(f, s, children, kept);
}

/* Whatever stands above the 32 bits that the kernel looks at. */
static void
forbid_value(struct filter *f, int call, unsigned argument, uint32_t value)
{
	rule_if(f, SCMP_ACT_ERRNO(EPERM), call,
	    compare(argument, SCMP_CMP_MASKED_EQ, UINT32_MAX, value));
}

/* All but what is never done. */
static void
build_for_programs(struct filter *f)
{
	static const uint32_t commands[] = { F_SETOWN, CALL_SETOWN_EX, CALL_SETLEASE, CALL_NOTIFY };
	enum { FIRST = 0, SECOND = 1, BITS = 32 };

	for (const int *call = never; *call != NO_CALL; call++)
		rule(f, SCMP_ACT_ERRNO(EPERM), *call);
	for (unsigned bit = 0; bit < BITS; bit++) {
		uint32_t flag = UINT32_C(1) << bit;

		if ((CALL_CLONE_NEW & flag) != 0)
			rule_if(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone),
			    compare(FIRST, SCMP_CMP_MASKED_EQ, flag, flag));
	}
	rule(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
	/* What types at a terminal, lets another process be signalled or read, or makes it wait. */
	forbid_value(f, SCMP_SYS(ioctl), SECOND, TIOCSTI);
	forbid_value(f, SCMP_SYS(ioctl), SECOND, TIOCLINUX);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		forbid_value(f, SCMP_SYS(fcntl), SECOND, commands[i]);
	forbid_value(f, SCMP_SYS(prctl), FIRST, PR_SET_DUMPABLE);
	rule_if(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64),
	    compare(FIRST, SCMP_CMP_NE, 0, 0));
}

int
sandbox_lock_calls(const struct sandbox *s, const struct sandbox_children *children)
{
	bool most = (s->keep & SANDBOX_RUN) != 0;
	struct filter f = { .error = 0 };
	int loaded;

	f.ctx = seccomp_init(most ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS));
	if (f.ctx == NULL)
		return -ENOMEM;
	/* To be told what the kernel says, and not one word for all. */
	(void)seccomp_attr_set(f.ctx, SCMP_FLTATR_API_SYSRAWRC, 1);
	/* sandbox.c has asked for it; root needs none where another sandbox refused. */
	(void)seccomp_attr_set(f.ctx, SCMP_FLTATR_CTL_NNP, 0);
	/* A tree, which the kernel walks for each call that there is when it takes the filter. */
	(void)seccomp_attr_set(f.ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if ((s->keep & SANDBOX_THREADS) != 0)
		(void)seccomp_attr_set(f.ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	/* Calls of another architecture (int 0x80, x32) are in no list. */
	(void)seccomp_attr_set(f.ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (most)
		build_for_programs(&f);
	else
		build(&f, s, children);
	errno = 0;
	loaded = f.error == 0 ? seccomp_load(f.ctx) : 0;
	/* What libseccomp knows no reason for, such as EPERM, it calls EFAULT. */
	if (loaded == -EFAULT && errno != 0)
		loaded = -errno;
	seccomp_release(f.ctx);
	if (f.error != 0)
		return f.error;
	if (loaded == 0)
		return 1;
	return sandbox_is_missing(-loaded) ? 0 : loaded;
}
