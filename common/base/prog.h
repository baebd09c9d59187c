/*
 * The start and the end of every command: name, file descriptors, signals, core files, exit
 * statuses.
 */
#ifndef BASE_PROG_H
#define BASE_PROG_H

/* The exit statuses, the same in every command; each page's EXIT STATUS explains them. */
enum prog_status {
	PROG_OK = 0,
	PROG_FAIL = 1,		/* repeating unchanged will not help */
	PROG_USAGE = 2,		/* wrong usage or configuration; nothing was tried */
	PROG_REJECTED = 3,	/* finished, some records were rejected or held back */
	PROG_INCOMPLETE = 4,	/* the input is not whole */
	PROG_GUARD = 5,		/* a safety limit stands; nothing was changed */
	PROG_TEMPORARY = 75,	/* temporary, after our own retries: run again later */
	PROG_CANNOT_EXEC = 126,
	PROG_NOT_FOUND = 127,
	PROG_READER_GONE = 141	/* as a shell shows a death by SIGPIPE */
};

/*
 * First statement of every main.  Takes the program's name from argv0 (directory stripped,
 * borrowed), opens /dev/null on whichever of the descriptors 0 to 2 is closed (0 for writing and
 * 1 for reading, so that using them still fails), switches core files and ptrace off, drops
 * SSLKEYLOGFILE from the environment, and ignores SIGPIPE and SIGXFSZ: a reader that goes away is
 * seen as EPIPE (prog_reader_gone), a file that grows too large as EFBIG.  Ends the program with
 * status 1 if the descriptors cannot be opened.
 */
void prog_start(const char *argv0);

/* The name under which messages appear; never NULL. */
const char *prog_name(void);

/* The version that --version prints. */
const char *prog_version(void);

/*
 * Ends the program the way a classic filter ends when its reader is gone: by SIGPIPE, which a
 * shell shows as 141, without a message, whatever the parent did to that signal.  Exit handlers
 * run first; never call it from one.
 */
_Noreturn void prog_reader_gone(void);

/* In a child between fork and exec: the default for these signals, and core files as they were. */
void prog_child(void);

#endif
