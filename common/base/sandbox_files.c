/*
 * Landlock (sandbox_locks.h), by system calls: Debian 12 has no wrappers, and its headers stop at
 * what its own kernel knows.  Numbers and structures are those of the kernel's
 * include/uapi/linux/landlock.h.
 */
#include "base/sandbox_locks.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { QUERY_VERSION = 1, RULE_PATH = 1, RULE_PORT = 2 };

enum { OPEN_PATH = 010000000 };	/* O_PATH, which glibc has for _GNU_SOURCE alone */

/* Rights to files, in the order of their bits. */
enum {
	FS_EXECUTE = 1 << 0, FS_WRITE_FILE = 1 << 1, FS_READ_FILE = 1 << 2, FS_READ_DIR = 1 << 3,
	FS_IOCTL_DEVICE = 1 << 15,
	/* What a rule for a file, and no directory, may have. */
	FS_FILE = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | 1 << 14 | FS_IOCTL_DEVICE,
	FS_ABI_1 = (1 << 13) - 1,	/* down to MAKE_SYM */
	FS_ABI_2 = (1 << 14) - 1,	/* REFER */
	FS_ABI_3 = (1 << 15) - 1,	/* TRUNCATE */
	FS_ABI_5 = (1 << 16) - 1	/* IOCTL_DEV */
};

enum {
	NET_BIND = 1 << 0, NET_CONNECT = 1 << 1,
	/* Sockets without a name in the file system, and signals, to who is not behind this door. */
	SCOPE_ABSTRACT_SOCKET = 1 << 0, SCOPE_SIGNAL = 1 << 1
};

struct ruleset {
	uint64_t fs, net, scope;
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed, port;
};

static uint64_t
rights_of(int abi)
{
	return abi >= 5 ? FS_ABI_5 : abi >= 3 ? FS_ABI_3 : abi == 2 ? FS_ABI_2 : FS_ABI_1;
}

static int
allow_path(int ruleset, const char *path, uint64_t rights)
{
	struct path_rule rule = { .allowed = rights };
	long result;
	int error;

	rule.fd = open(path, OPEN_PATH | O_CLOEXEC);
	if (rule.fd == -1)
		return 0;
	result = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0);
	if (result == -1 && errno == EINVAL) {
		rule.allowed &= FS_FILE;
		result = syscall(SYS_landlock_add_rule, ruleset, RULE_PATH, &rule, 0);
	}
	error = result == -1 ? errno : 0;
	close(rule.fd);
	/* EBADFD: a pipe, say, that no name leads to. */
	return error == EBADFD ? 0 : error;
}

static int
allow_paths(int ruleset, const char *const *paths, uint64_t rights)
{
	static const char *const everything[] = { "/", NULL };
	int error = 0;

	for (paths = paths != NULL ? paths : everything; *paths != NULL && error == 0; paths++)
		error = allow_path(ruleset, *paths, rights);
	return error;
}

static int
allow_ports(int ruleset, const struct sandbox *s)
{
	for (size_t i = 0; s->ports != NULL && i < s->port_count; i++) {
		struct port_rule rule = { .allowed = NET_CONNECT, .port = s->ports[i] };

		if (syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &rule, 0) == -1)
			return errno;
	}
	return 0;
}

/* Fills the set that handled describes.  Returns 0 or an errno. */
static int
fill(int ruleset, const struct sandbox *s, const struct ruleset *handled)
{
	uint64_t reading = FS_READ_FILE | FS_READ_DIR;
	uint64_t writing = handled->fs & ~(uint64_t)FS_EXECUTE;
	int error = 0;

	if ((s->keep & (SANDBOX_READ | SANDBOX_WRITE)) != 0)
		error = allow_paths(ruleset, s->read, reading);
	if (error == 0 && (s->keep & SANDBOX_RUN) != 0)
		error = allow_paths(ruleset, s->run, reading | FS_EXECUTE);
	if (error == 0 && (s->keep & SANDBOX_WRITE) != 0)
		error = allow_paths(ruleset, s->write, writing);
	if (error == 0 && (handled->net & NET_CONNECT) != 0)
		error = allow_ports(ruleset, s);
	return error;
}

int
sandbox_lock_files(const struct sandbox *s)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, QUERY_VERSION);
	struct ruleset handled = { .fs = 0 };
	size_t size = sizeof handled.fs;
	int ruleset, error;

	if (abi == -1)
		return sandbox_is_missing(errno) ? 0 : -errno;
	handled.fs = rights_of((int)abi);
	if (abi >= 4) {
		/* Ports to listen at are taken before. */
		handled.net = NET_BIND;
		if ((s->keep & SANDBOX_NETWORK) == 0 || s->ports != NULL)
			handled.net |= NET_CONNECT;
		size += sizeof handled.net;
	}
	if (abi >= 6) {
		handled.scope = SCOPE_ABSTRACT_SOCKET;
		/* Of others seccomp knows whom they may signal; a command may stand before the door. */
		if ((s->keep & SANDBOX_RUN) != 0)
			handled.scope |= SCOPE_SIGNAL;
		size += sizeof handled.scope;
	}
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
	if (ruleset == -1)
		return sandbox_is_missing(errno) ? 0 : -errno;
	error = fill(ruleset, s, &handled);
	if (error == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) == -1)
		error = errno;
	close(ruleset);
	if (error != 0)
		return sandbox_is_missing(error) ? 0 : -error;
	return (int)abi;
}
