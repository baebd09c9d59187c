/* base/sandbox.h: what goes and what stays, by a child for each door. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "base/sandbox.h"
#include "child.h"
#include "tap.h"

enum {
	NEWEST_CALL = 2000,	/* no kernel has so many */
	LARGE = 64 * 1024 * 1024
};

static const struct sandbox filter = { .keep = SANDBOX_FILTER };

static bool seccomp;
static int landlock;		/* ABI, 0: none */
static pid_t bystander;
static char directory[] = "/tmp/cognito-filters.unit.XXXXXX";

/* Prints the line NAME ERRNO for a call that returned result. */
static void
tell(const char *name, long result)
{
	printf("%s %d\n", name, result == -1 ? errno : 0);
}

static bool
said(const char *name, int error)
{
	char line[80];

	snprintf(line, sizeof line, "%s %d\n", name, error);
	for (const char *at = child_out; (at = strstr(at, line)) != NULL; at++)
		if (at == child_out || at[-1] == '\n')
			return true;
	return false;
}

/* One test for what the child told, where the locks are there. */
static void
check(bool there, const char *name, int error, const char *title)
{
	char text[120];

	if (!there)
		snprintf(text, sizeof text, "%s %s # SKIP no such lock here", name, title);
	else
		snprintf(text, sizeof text, "%s %s", name, title);
	if (!ok(!there || said(name, error), text))
		printf("# wanted %d\n%s", error, child_out);
}

/* Names, programs, other processes. */
static int
try_forbidden(void *door)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int existing = socket(AF_INET, SOCK_STREAM, 0);
	char name[] = "true", *argv[] = { name, NULL };

	if (sandbox_shut(door) != 0)
		return 2;
	tell("open-read", open("/dev/null", O_RDONLY));
	tell("open-write", open("/dev/null", O_WRONLY));
	tell("open-old", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0));
	tell("create", open("/tmp/cognito-filters.unit.made", O_WRONLY | O_CREAT | O_EXCL, 0600));
	tell("unlink", unlink("/tmp/cognito-filters.unit.none"));
	tell("rename", rename("/tmp/cognito-filters.unit.none", "/tmp/cognito-filters.unit.made"));
	tell("mkdir", mkdir("/tmp/cognito-filters.unit.made", 0700));
	tell("chmod", chmod("/tmp", 01777));
	tell("socket-inet", socket(AF_INET, SOCK_STREAM, 0));
	tell("socket-unix", socket(AF_UNIX, SOCK_STREAM, 0));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	tell("connect", connect(existing, (struct sockaddr *)&to, sizeof to));
	tell("execve", execve("/bin/true", argv, argv + 1));
	tell("fork", fork());
	tell("vfork", syscall(SYS_clone, SIGCHLD | 0x4100, 0, 0, 0, 0));
	tell("clone3", syscall(SYS_clone3, NULL, 0));
	tell("newest", syscall(NEWEST_CALL, 0));
	tell("kill", kill(bystander, 0));
	tell("tgkill", syscall(SYS_tgkill, bystander, bystander, 0));
	tell("ptrace", ptrace(PTRACE_ATTACH, bystander, NULL, NULL));
	tell("process-vm", syscall(SYS_process_vm_readv, bystander, NULL, 0, NULL, 0, 0));
	tell("pidfd", syscall(SYS_pidfd_open, bystander, 0));
	tell("bpf", syscall(SYS_bpf, 0, NULL, 0));
	tell("io-uring", syscall(SYS_io_uring_setup, 1, NULL));
	tell("prctl", syscall(SYS_prctl, 4, 1, 0, 0, 0));
	tell("memfd", syscall(SYS_memfd_create, "x", 0));
	tell("unshare", syscall(SYS_unshare, 0x10000000));
	/* Of any file that was given to it. */
	tell("fchmod", fchmod(existing, 0666));
	tell("fchown", fchown(existing, (uid_t)-1, (gid_t)-1));
	return 0;
}

#if defined(__x86_64__)
/* The same calls by other ways into the kernel: getpid(2) as a program of 32 bits, and of x32. */
static int
try_old_way(void *door)
{
	long result = 20;

	if (sandbox_shut(door) != 0)
		return 2;
	__asm__ volatile ("int $0x80" : "+a" (result) : : "memory", "r8", "r9", "r10", "r11");
	return 0;
}

static int
try_x32(void *door)
{
	if (sandbox_shut(door) != 0)
		return 2;
	return syscall(0x40000000 | SYS_getpid) == -1 && errno == ENOSYS ? 3 : 0;
}
#endif

/* What root may do beyond others, as the kernel says it. */
static int
try_root(void *door)
{
	char text[4096], *line;
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n;

	if (sandbox_shut(door) != 0)
		return 2;
	n = pread(fd, text, sizeof text - 1, 0);
	if (n <= 0)
		return 3;
	text[n] = '\0';
	line = strstr(text, "CapEff:");
	printf("may %d\n", line != NULL && strtoull(line + 7, NULL, 16) != 0);
	printf("more %d\n", line == NULL || (strtoull(line + 7, NULL, 16) & ~UINT64_C(0x20)) != 0);
	return 0;
}

static volatile sig_atomic_t signals;

static void
count_signal(int number)
{
	(void)number;
	signals++;
}

/* What every process keeps. */
static int
try_kept(void *unused)
{
	struct timespec t = { 0, 1000 };
	int fd = open(directory, O_RDONLY), to[2];
	char path[64], byte = 'x';
	struct rlimit limit;
	struct stat st;
	void *p;

	(void)unused;
	snprintf(path, sizeof path, "%s/kept", directory);
	int file = open(path, O_RDWR | O_CREAT, 0600);
	if (pipe(to) != 0 || sandbox_shut(&filter) != 0 || sandbox_shut(&filter) != 0)
		return 2;
	tell("write", write(file, "records", 7));
	tell("pread", pread(file, path, 7, 0));
	tell("truncate", ftruncate(file, 3));
	tell("fsync", fsync(file));
	tell("fstat", fstat(file, &st));
	tell("stat", stat("/etc/passwd", &st));
	tell("pipe", write(to[1], &byte, 1) == 1 && read(to[0], &byte, 1) == 1 ? 0 : -1);
	tell("poll", poll(&(struct pollfd){ to[0], POLLIN, 0 }, 1, 0));
	tell("dup", dup2(to[0], 40));
	tell("flags", fcntl(to[0], F_GETFL));
	p = malloc(LARGE);
	tell("memory", p == NULL ? -1 : 0);
	free(p);
	tell("code", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	    MAP_FAILED ? -1 : 0);
	signal(SIGUSR1, count_signal);
	tell("raise", raise(SIGUSR1) == 0 && signals == 1 ? 0 : -1);
	tell("time", nanosleep(&t, NULL));
	tell("limits", getrlimit(RLIMIT_NOFILE, &limit) == 0 ?
	    setrlimit(RLIMIT_NOFILE, &limit) : -1);
	tell("type", ioctl(fd, TIOCSTI, "x"));
	return 0;
}

static int
try_child(void *unused)
{
	pid_t child = fork(), sibling;

	(void)unused;
	if (child == 0) {
		pause();
		_exit(0);
	}
	sandbox_may_end(child);
	fflush(stdout);
	/* Another child of ours, with a door of its own, has no part in the first. */
	sibling = fork();
	if (sibling == 0) {
		if (sandbox_shut(&filter) != 0)
			_exit(2);
		tell("sibling", kill(child, 0));
		fflush(stdout);
		_exit(0);
	}
	waitpid(sibling, NULL, 0);
	if (sandbox_shut(&filter) != 0)
		return 2;
	tell("other", kill(bystander, 0));
	tell("mine", kill(child, SIGKILL));
	tell("wait", waitpid(child, NULL, 0));
	return 0;
}

/* Who may read, write or speak, and where. */
static int
try_places(void *door)
{
	char path[64], moved[64];

	if (sandbox_shut(door) != 0)
		return 2;
	snprintf(path, sizeof path, "%s/made", directory);
	snprintf(moved, sizeof moved, "%s/moved", directory);
	tell("read-within", open(directory, O_RDONLY));
	tell("read-elsewhere", open("/etc/passwd", O_RDONLY));
	tell("append", open(path, O_WRONLY | O_APPEND));
	tell("truncate", open(path, O_RDONLY | O_TRUNC));
	tell("create", open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
	tell("rename", rename(path, moved));
	tell("unlink", unlink(moved));
	tell("create-elsewhere", open("/var/tmp/cognito-filters.unit.made",
	    O_WRONLY | O_CREAT | O_EXCL, 0600));
	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	return 0;
}

static int
listener(in_port_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0)
		exit(2);
	*port = at.sin_port;
	return fd;
}

static long
connect_to(in_port_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = port };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd == -1 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static int
try_network(void *unused)
{
	in_port_t good, other;
	struct sandbox door = { .keep = SANDBOX_NETWORK };
	uint16_t ports[1];
	int open_before = listener(&good);

	(void)unused;
	listener(&other);
	ports[0] = ntohs(good);
	door.ports = ports;
	door.port_count = 1;
	if (open_before == -1 || sandbox_shut(&door) != 0)
		return 2;
	tell("right-port", connect_to(good));
	tell("wrong-port", connect_to(other));
	tell("packet", socket(AF_PACKET, SOCK_RAW, 0));
	tell("listen", listen(open_before, 5));
	tell("accept", accept(open_before, NULL, NULL));
	tell("open", open("/etc/passwd", O_RDONLY));
	return 0;
}

static int gate[2];

static void *
open_late(void *result)
{
	char byte;

	if (gate[0] != -1)
		(void)!read(gate[0], &byte, 1);
	*(int *)result = open("/dev/null", O_RDONLY) == -1 ? errno : 0;
	return NULL;
}

static int
try_threads(void *unused)
{
	static const struct sandbox door = { .keep = SANDBOX_THREADS };
	int early = -1, late = -1;
	pthread_t a, b;

	(void)unused;
	if (pipe(gate) != 0 || pthread_create(&a, NULL, open_late, &early) != 0 ||
	    sandbox_shut(&door) != 0)
		return 2;
	close(gate[1]);
	pthread_join(a, NULL);
	gate[0] = -1;
	if (pthread_create(&b, NULL, open_late, &late) == 0)
		pthread_join(b, NULL);
	printf("thread-before %d\nthread-after %d\n", early, late);
	tell("fork", fork());
	return 0;
}

static int
try_run(void *unused)
{
	static const char *const places[] = { directory, NULL };
	static const char *const programs[] = { "/usr", "/bin", "/lib", "/lib64", NULL };
	struct sandbox door = { .keep = SANDBOX_WRITE | SANDBOX_RUN };
	siginfo_t info = { .si_code = SI_QUEUE };
	int status = -1;
	pid_t child;

	(void)unused;
	door.read = places;
	door.write = places;
	door.run = programs;
	if (sandbox_shut(&door) != 0)
		return 2;
	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	tell("ptrace", ptrace(PTRACE_ATTACH, bystander, NULL, NULL));
	tell("create-elsewhere", open("/var/tmp/cognito-filters.unit.made",
	    O_WRONLY | O_CREAT | O_EXCL, 0600));
	tell("read-elsewhere", open("/etc/passwd", O_RDONLY));
	tell("kill", kill(bystander, 0));
	tell("queue", syscall(SYS_rt_sigqueueinfo, bystander, 0, &info));
	tell("priority", setpriority(PRIO_PROCESS, (id_t)bystander, 19));
	tell("limits", syscall(SYS_prlimit64, bystander, RLIMIT_CORE, NULL, NULL));
	tell("shared", syscall(SYS_shmget, 0, 0, 0));
	tell("memory-file", syscall(SYS_memfd_create, "x", 0));
	/* Bits that the kernel does not look at. */
	tell("type", syscall(SYS_ioctl, STDIN_FILENO, UINT64_C(1) << 32 | TIOCSTI, "x"));
	tell("owner", fcntl(STDIN_FILENO, F_SETOWN, getpid()));
	tell("dumpable", syscall(SYS_prctl, 4, 1, 0, 0, 0));
	tell("namespace", syscall(SYS_clone, 0x10000000 | SIGCHLD, 0, 0, 0, 0));
	tell("clone3", syscall(SYS_clone3, NULL, 0));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		execl("/bin/sh", "sh", "-c", "true </bin/sh", (char *)NULL);
		_exit(99);
	}
	waitpid(child, &status, 0);
	printf("run %d\n", status);
	return 0;
}

static int
tell_state(void *leave_open)
{
	if (leave_open != NULL)
		sandbox_leave_open();
	printf("%s\n", sandbox_state());
	if (sandbox_shut(&filter) != 0)
		return 2;
	printf("%s\n", sandbox_state());
	tell("open", open("/dev/null", O_RDONLY));
	return 0;
}

static void
test_state(void)
{
	char *abi;

	ok(child_run(tell_state, NULL) == 0, "the door of a filter is shut");
	seccomp = strstr(child_out, "seccomp yes") != NULL;
	abi = strstr(child_out, "landlock ABI ");
	landlock = abi != NULL ? (int)strtol(abi + 13, NULL, 10) : 0;
	printf("# %s", child_out);
	ok(strncmp(child_out, "not shut\n", 9) == 0, "before that it says so");
	ok(strstr(child_out, "seccomp ") != NULL || strstr(child_out, "none (") != NULL,
	    "and then what there is");
	check(seccomp, "open", EPERM, "is refused then");
	ok(child_run(tell_state, &landlock) == 0 && said("open", 0), "it can be left open");
}

static void
test_filter(void)
{
	static const char *const refused[] = {
		"open-read", "open-write", "open-old", "create", "unlink", "rename", "mkdir",
		"chmod", "socket-inet", "socket-unix", "connect", "execve", "fork", "vfork", "kill",
		"tgkill", "ptrace", "process-vm", "pidfd", "bpf", "io-uring", "prctl", "memfd",
		"unshare"
	};
	static const char *const works[] = {
		"write", "pread", "truncate", "fsync", "fstat", "stat", "pipe", "poll",
		"dup", "flags", "memory", "raise", "time", "limits"
	};
	struct sandbox door = filter;

	/* Without a lock all of it would be done. */
	ok(!seccomp || child_run(try_forbidden, &door) == 0, "a filter");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		check(seccomp, refused[i], EPERM, "is refused to a filter");
	check(seccomp, "clone3", ENOSYS, "is not there");
	check(seccomp, "newest", ENOSYS, "is not there");
	check(seccomp, "fchmod", ENOSYS, "is not there");
	check(seccomp, "fchown", ENOSYS, "is not there");
	ok(child_run(try_kept, NULL) == 0, "and what it keeps");
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		check(true, works[i], 0, "works");
	check(seccomp, "code", EPERM, "in new memory is refused");
	check(seccomp, "type", ENOSYS, "at the terminal is not there");
	ok(child_run(try_child, NULL) == 0, "with a child");
	check(true, "mine", 0, "is ended");
	check(true, "wait", 0, "for it works");
	check(seccomp, "other", ENOSYS, "is not");
	check(seccomp, "sibling", EPERM, "of a forked child is not");
}

static void
test_places(void)
{
	static const char *const places[] = { directory, "/nowhere/at/all", NULL };
	struct sandbox door = { .keep = SANDBOX_READ, .read = places, .write = places };

	ok(child_run(try_places, &door) == 0, "who reads");
	check(true, "read-within", 0, "works");
	check(landlock > 0, "read-elsewhere", EACCES, "is refused");
	check(seccomp, "append", EPERM, "is refused to who reads");
	check(seccomp, "truncate", EPERM, "is refused to who reads");
	check(seccomp, "create", EPERM, "is refused to who reads");
	check(seccomp, "rename", EPERM, "is refused to who reads");
	check(seccomp, "socket", EPERM, "is refused to who reads");
	door.keep = SANDBOX_WRITE;
	ok(child_run(try_places, &door) == 0, "who writes");
	check(true, "create", 0, "works within");
	check(true, "rename", 0, "works within");
	check(true, "unlink", 0, "works within");
	check(landlock > 0, "create-elsewhere", EACCES, "is refused");
	check(seccomp, "socket", ENOSYS, "is not there for who writes");
	unlink("/var/tmp/cognito-filters.unit.made");
	ok(child_run(try_network, NULL) == 0, "who speaks");
	check(true, "right-port", 0, "works");
	check(landlock >= 4, "wrong-port", EACCES, "is refused");
	check(seccomp, "packet", ENOSYS, "sockets are not there");
	check(seccomp, "listen", EPERM, "is refused to who speaks");
	check(seccomp, "accept", EPERM, "is refused to who speaks");
	check(seccomp, "open", EPERM, "is refused to who speaks");
}

/* Whether CHILD is killed by seccomp. */
static void
test_ways(void)
{
	struct sandbox doors[] = { filter, { .keep = SANDBOX_WRITE | SANDBOX_RUN } };

	for (size_t i = 0; i < 2; i++) {
#if defined(__x86_64__)
		ok(!seccomp || child_run(try_old_way, &doors[i]) == 128 + SIGSYS,
		    "calls of 32 bits are the end of it");
		ok(!seccomp || child_run(try_x32, &doors[i]) == 128 + SIGSYS,
		    "and those of x32");
#endif
	}
	ok(child_run(try_root, &doors[0]) == 0, "what root may");
	check(seccomp || landlock, "more", 0, "than to end children of others it does not");
}

static void
test_others(void)
{
	static const char *const refused[] = {
		"ptrace", "queue", "priority", "limits", "shared", "memory-file", "type", "owner",
		"dumpable", "namespace"
	};

	ok(child_run(try_threads, NULL) == 0, "who has threads");
	check(seccomp, "thread-before", EPERM, "opens nothing");
	check(seccomp, "thread-after", EPERM, "opens nothing, but starts");
	check(seccomp, "fork", EPERM, "is refused to who has threads");
	ok(child_run(try_run, NULL) == 0, "who runs programs");
	check(true, "run", 0, "works");
	check(seccomp, "socket", EPERM, "is refused to who runs programs");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		check(seccomp, refused[i], EPERM, "is refused to who runs programs");
	check(seccomp, "clone3", ENOSYS, "is not there");
	check(landlock > 0, "create-elsewhere", EACCES, "is refused to who runs programs");
	check(landlock > 0, "read-elsewhere", EACCES, "is refused to who runs programs");
	check(landlock >= 6, "kill", EPERM, "is refused to who runs programs");
	unlink("/var/tmp/cognito-filters.unit.made");
}

int
main(void)
{
	char path[64];

	if (mkdtemp(directory) == NULL)
		return 1;
	bystander = fork();
	if (bystander == 0) {
		pause();
		_exit(0);
	}
	test_state();
	test_filter();
	test_ways();
	test_places();
	test_others();
	kill(bystander, SIGKILL);
	waitpid(bystander, NULL, 0);
	snprintf(path, sizeof path, "%s/kept", directory);
	unlink(path);
	snprintf(path, sizeof path, "%s/made", directory);
	unlink(path);
	rmdir(directory);
	return tap_done();
}
