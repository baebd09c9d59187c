/* The two locks of sandbox.h. */
#ifndef BASE_SANDBOX_LOCKS_H
#define BASE_SANDBOX_LOCKS_H

#include "base/sandbox.h"

/* The children whom kill(2) may reach. */
struct sandbox_children {
	pid_t pid[SANDBOX_CHILDREN_MAX];
	size_t count;
};

/*
 * Each locks the process.  Returns what the kernel has of it (1; landlock's ABI), 0 if it has none,
 * or a negative errno.
 */
int sandbox_lock_calls(const struct sandbox *s, const struct sandbox_children *children);
int sandbox_lock_files(const struct sandbox *s);

/* Whether an errno says that the kernel does not have a lock, or does not give it to us. */
bool sandbox_is_missing(int error);

#endif
