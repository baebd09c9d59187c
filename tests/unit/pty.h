/*
 * A process with a pseudo-terminal as its controlling terminal, and the person at it.
 *
 * Three processes: the test, which types and looks; a session's leader, which does what a shell
 * does (the subject has a process group of its own in the foreground, stops are seen and
 * continued); and the subject, which is the test program again with an argument, so that a test
 * under valgrind, whose job control is not the kernel's, has a subject without it.
 */
#ifndef UNIT_PTY_H
#define UNIT_PTY_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PTY_PATIENCE_MS = 20000 };	/* then the test has failed */

static int pty_master = -1;
static char pty_screen[16 * 1024];		/* all that has appeared */
static char pty_said[1024];			/* by the subject: pty_say */
static int pty_result[2], pty_events[2], pty_orders[2];
static pid_t pty_leader, pty_subject;

enum { PTY_RESULT = 3 };		/* in the subject */

/* In the subject: hands a text, without LF, to the test. */
static inline void
pty_say(const char *text)
{
	if (write(PTY_RESULT, text, strlen(text)) < 0)
		abort();
}

static inline void
pty_foreground(pid_t group)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
	tcsetpgrp(STDIN_FILENO, group);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* What the leader tells the test: 's' stopped, or its status behind 'e'. */
static inline void
pty_attend(pid_t subject, bool foreground)
{
	char order, event[2];
	int status;

	for (;;) {
		if (waitpid(subject, &status, WUNTRACED) != subject)
			_exit(1);
		event[0] = WIFSTOPPED(status) ? 's' : 'e';
		event[1] = (char)(WIFSTOPPED(status) ? WSTOPSIG(status) : WIFSIGNALED(status) ?
		    128 + WTERMSIG(status) : WEXITSTATUS(status));
		if (foreground)
			pty_foreground(getpgrp());
		if (write(pty_events[1], event, 2) != 2 || event[0] == 'e' ||
		    read(pty_orders[0], &order, 1) != 1)
			break;
		pty_foreground(subject);
		kill(-subject, SIGCONT);
		foreground = true;
	}
	/* The test wants to look at the terminal before it is gone. */
	_exit(read(pty_orders[0], &order, 1) == 1);
}

static inline void
pty_lead(const char *slave, char **argv, bool foreground)
{
	int fd;
	pid_t subject;

	setsid();
	fd = open(slave, O_RDWR);
	if (fd == -1 || ioctl(fd, TIOCSCTTY, 0) != 0)
		_exit(1);
	dup2(fd, STDIN_FILENO);
	subject = fork();
	if (subject == 0) {
		setpgid(0, 0);
		if (foreground)
			pty_foreground(getpgrp());
		dup2(pty_result[1], PTY_RESULT);
		/* Neither standard input nor output is to be used. */
		close(STDIN_FILENO);
		close(STDOUT_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	setpgid(subject, subject);
	if (write(pty_events[1], &subject, sizeof subject) != sizeof subject)
		_exit(1);
	pty_attend(subject, foreground);
}

/* Starts argv[0] in the foreground or background of a new terminal. */
static inline void
pty_start(char **argv, bool foreground)
{
	unsigned number = 0;
	int unlocked = 0;
	char slave[32];

	pty_screen[0] = pty_said[0] = '\0';
	/* Linux's own calls: posix_openpt(3) and its like belong to X/Open, not POSIX. */
	pty_master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (pty_master == -1 || ioctl(pty_master, TIOCSPTLCK, &unlocked) != 0 ||
	    ioctl(pty_master, TIOCGPTN, &number) != 0 || pipe(pty_result) != 0 ||
	    pipe(pty_events) != 0 || pipe(pty_orders) != 0) {
		perror("pseudo-terminal");
		exit(1);
	}
	snprintf(slave, sizeof slave, "/dev/pts/%u", number);
	fflush(stdout);
	pty_leader = fork();
	if (pty_leader == 0) {
		close(pty_orders[1]);
		pty_lead(slave, argv, foreground);
	}
	close(pty_result[1]);
	close(pty_events[1]);
	close(pty_orders[0]);
	if (read(pty_events[0], &pty_subject, sizeof pty_subject) != sizeof pty_subject) {
		perror("session");
		exit(1);
	}
}

/* Reads from fd to the end of text, which has size bytes, until part is there so many times. */
static inline bool
pty_read_until(int fd, char *text, size_t size, const char *part, int times)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (;;) {
		size_t len = strlen(text);
		const char *at = text;
		int seen = 0;
		ssize_t n;

		while ((at = strstr(at, part)) != NULL) {
			at += strlen(part);
			seen++;
		}
		if (seen >= times)
			return true;
		if (len + 1 >= size || poll(&p, 1, PTY_PATIENCE_MS) != 1)
			return false;
		n = read(fd, text + len, size - 1 - len);
		if (n <= 0)
			return false;
		text[len + (size_t)n] = '\0';
	}
}

/* Waits until text has appeared so many times; whether it has. */
static inline bool
pty_shows(const char *text, int times)
{
	return pty_read_until(pty_master, pty_screen, sizeof pty_screen, text, times);
}

/* Waits until the subject has said text; whether it has. */
static inline bool
pty_hears(const char *text)
{
	return pty_read_until(pty_result[0], pty_said, sizeof pty_said, text, 1);
}

/* What is there by now, without waiting. */
static inline void
pty_look(void)
{
	struct pollfd p = { .fd = pty_master, .events = POLLIN };
	size_t len = strlen(pty_screen);

	while (poll(&p, 1, 0) == 1 && len + 1 < sizeof pty_screen) {
		ssize_t n = read(pty_master, pty_screen + len, sizeof pty_screen - 1 - len);

		if (n <= 0)
			break;
		len += (size_t)n;
		pty_screen[len] = '\0';
	}
}

static inline void
pty_type(const char *text)
{
	if (write(pty_master, text, strlen(text)) < 0)
		perror("typing");
}

static inline bool
pty_echoes(void)
{
	struct termios t;

	return tcgetattr(pty_master, &t) == 0 && (t.c_lflag & ECHO) != 0;
}

/* Waits for the subject: returns the signal that stopped it, or -1 if it has ended instead. */
static inline int
pty_stopped(void)
{
	struct pollfd p = { .fd = pty_events[0], .events = POLLIN };
	unsigned char event[2];

	if (poll(&p, 1, PTY_PATIENCE_MS) != 1 || read(pty_events[0], event, 2) != 2)
		return -1;
	return event[0] == 's' ? event[1] : -1;
}

/* Continues a stopped subject in the foreground. */
static inline void
pty_continue(void)
{
	if (write(pty_orders[1], "c", 1) != 1)
		perror("session");
}

/*
 * Waits for the end.  Returns the status, 128 + N for a death by signal N, or -1; *echo is whether
 * the terminal was left with echo.
 */
static inline int
pty_end(bool *echo)
{
	struct pollfd p = { .fd = pty_events[0], .events = POLLIN };
	unsigned char event[2] = { 0, 0 };
	bool ended = poll(&p, 1, PTY_PATIENCE_MS) == 1 && read(pty_events[0], event, 2) == 2 &&
	    event[0] == 'e';

	if (!ended) {
		kill(-pty_subject, SIGKILL);
		kill(pty_leader, SIGKILL);
	}
	*echo = pty_echoes();
	pty_look();
	close(pty_orders[1]);
	waitpid(pty_leader, NULL, 0);
	/* Until the end: the leader and the subject are gone. */
	if (ended)
		(void)pty_read_until(pty_result[0], pty_said, sizeof pty_said, "\n", 1);
	close(pty_result[0]);
	close(pty_events[0]);
	close(pty_master);
	return ended ? event[1] : -1;
}

#endif
