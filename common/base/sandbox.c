/* The door (sandbox.h). */
#include "base/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/sandbox_locks.h"

#if defined(__SANITIZE_ADDRESS__)
#define STAYS_OPEN true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STAYS_OPEN true
#endif
#endif
#ifndef STAYS_OPEN
#define STAYS_OPEN false
#endif

enum { STATE_SIZE = 80 };

static struct sandbox_children children;
static pid_t parent;	/* of these */
static bool shut, open_on_purpose;
static char state[STATE_SIZE] = "not shut";

bool
sandbox_is_missing(int error)
{
	/*
	 * Kernels without it say ENOSYS, EOPNOTSUPP (landlock is built in and not switched on) or
	 * EINVAL (seccomp); other sandboxes EPERM or EACCES.
	 */
	return error == ENOSYS || error == EOPNOTSUPP || error == EINVAL || error == EPERM ||
	    error == EACCES;
}

/* A forked child has no part in its parent's children. */
static void
forget_others(void)
{
	if (parent != getpid())
		children.count = 0;
	parent = getpid();
}

void
sandbox_may_end(pid_t child)
{
	forget_others();
	if (children.count < SANDBOX_CHILDREN_MAX)
		children.pid[children.count++] = child;
}

void
sandbox_leave_open(void)
{
	open_on_purpose = true;
}

static int
fail(const char *lock, int error)
{
	diag_error("sandbox: %s: %s", lock, strerror(error));
	return -1;
}

/*
 * What makes the door stay open, or NULL.  valgrind does its own work, code in new memory and
 * files, from within the process; it shows in a variable by which anybody could run code in us.
 */
static const char *
reason_to_stay_open(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	if (STAYS_OPEN)
		return "address sanitizer";
	if (preloaded != NULL && strstr(preloaded, "/vgpreload_") != NULL)
		return "valgrind";
	return open_on_purpose ? "left open" : NULL;
}

/*
 * A door that lets root reach the routes of the machine, say, is none.  Failure is what another
 * sandbox may want.
 */
static void
drop_capabilities(const struct sandbox *s)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if ((s->keep & SANDBOX_WRITE) != 0 || syscall(SYS_capget, &head, data) != 0)
		return;
	data[0].permitted &= 1U << CAP_KILL;
	data[0].effective &= data[0].permitted;
	data[0].inheritable = 0;
	memset(&data[1], 0, sizeof data[1]);
	(void)syscall(SYS_capset, &head, data);
}

int
sandbox_shut(const struct sandbox *s)
{
	const char *reason = reason_to_stay_open();
	int files, calls;

	if (shut)
		return 0;
	shut = true;
	forget_others();
	if (reason != NULL) {
		snprintf(state, sizeof state, "none (%s)", reason);
		return 0;
	}
	/* Both locks want it from who is not root; where it cannot be, they say so. */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	drop_capabilities(s);
	files = sandbox_lock_files(s);
	if (files < 0)
		return fail("landlock", -files);
	calls = sandbox_lock_calls(s, &children);
	if (calls < 0)
		return fail("seccomp", -calls);
	if (files > 0)
		snprintf(state, sizeof state, "seccomp %s, landlock ABI %d", calls ? "yes" : "no",
		    files);
	else
		snprintf(state, sizeof state, "seccomp %s, landlock no", calls ? "yes" : "no");
	return 0;
}

bool
sandbox_is_shut(void)
{
	return shut;
}

const char *
sandbox_state(void)
{
	return state;
}
