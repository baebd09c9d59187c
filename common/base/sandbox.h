/*
 * The door.  After start-up a process gives up what it does not need any more, so that who takes it
 * over by a hostile record finds descriptors that were open anyway and nothing else.
 *
 * Two locks, each where the kernel has it: seccomp (libseccomp), a list of the system calls that
 * remain; and landlock, the files and TCP ports that remain.  What is not on the list fails: with
 * EPERM what one would try first (open, socket, execve, kill, ...), all else, and what nobody knew
 * when this was written, with ENOSYS, so that a newer C library takes its older way.  Nothing comes
 * back: the process, and what it starts, stays so, and no program that it runs gains privileges.
 *
 * What every process keeps, SANDBOX_FILTER: to use, wait for and close the descriptors that are
 * open, to change the size of a file behind one, memory that holds no code, signals
 * to itself, children to wait for, the time, its limits; and to ask for size, mode and times of a
 * file by its name, since the C library asks so for its descriptors too.
 *
 * Root gives up its capabilities too, but to signal children of other users; not who keeps WRITE,
 * since outputs may lie in other users' directories.
 *
 * Locks that the kernel does not have (or does not give: under another sandbox, an emulator) are
 * left out in silence; sandbox_state says which are there, and every command's --version --verbose.
 * Under AddressSanitizer, whose leak checker traces the program, and under valgrind the door stays
 * open.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is kept beside that, added up. */
enum sandbox_keep {
	SANDBOX_FILTER = 0,
	SANDBOX_READ = 1,	/* open files and directories, to read */
	/* READ; and make, write, rename, remove files and directories, change their modes. */
	SANDBOX_WRITE = 2,
	SANDBOX_NETWORK = 4,	/* sockets of TCP and UDP, and to ask for routes; connect */
	SANDBOX_SERVE = 8,	/* take connections from sockets that listen already */
	SANDBOX_THREADS = 16,	/* start threads; those that exist give up the same (seccomp) */
	/* To run programs, and WRITE: all calls but sockets, other processes and the system. */
	SANDBOX_RUN = 32,
	SANDBOX_TERMINAL = 64	/* a terminal's modes, and whose turn it is there */
};

enum { SANDBOX_CHILDREN_MAX = 256 };

struct sandbox {
	unsigned keep;		/* of enum sandbox_keep */
	/*
	 * What landlock leaves: files, or directories with all that is below, by paths that end in
	 * NULL; one that is not there is passed over.  read for READ, write (also to be read) for
	 * WRITE, run (also to be read) for RUN.  NULL: everything.  Without landlock seccomp alone
	 * says what may be done.
	 */
	const char *const *read, *const *write, *const *run;
	/* For NETWORK: the ports that TCP may connect to, by landlock.  NULL: all. */
	const uint16_t *ports;
	size_t port_count;
	int channel;		/* the broker's (broker.h), for sendmsg and recvmsg; 0: none */
};

/* kill(2) of this child remains possible; before sandbox_shut, for SANDBOX_CHILDREN_MAX. */
void sandbox_may_end(pid_t child);

/*
 * Shuts the door.  Returns 0, also where the kernel has no lock for it and when it is shut already;
 * or -1 with the reason printed: a lock that is there failed.
 *
 * Best called before the first thread: landlock holds for the calling thread and those that it
 * starts.
 */
int sandbox_shut(const struct sandbox *s);

/* Whether sandbox_shut was called. */
bool sandbox_is_shut(void);

/* Never to be shut in this process: for tests that want to look. */
void sandbox_leave_open(void);

/*
 * What is locked, after sandbox_shut: "seccomp yes, landlock ABI 7", "seccomp no, landlock no", or
 * why nothing is.  Static.
 */
const char *sandbox_state(void);

#endif
