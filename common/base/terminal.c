/*
 * Questions at the terminal (terminal.h).
 *
 * A signal must find the echo restored, whichever thread it is delivered to: so the handlers only
 * write its number to a pipe, and the thread that asks, which waits for the pipe and the terminal
 * together, restores the terminal, raises the signal in itself, and asks again if it is still
 * there.
 *
 * In a program that blocks SIGINT and its like in every thread and waits for them in one of them
 * (run.h: assume-role, whose server thread may have to ask), no handler ever runs: the signal is
 * that one thread's business, the question stays, and when that thread ends the program the exit
 * handler restores the terminal.  Such a program serves a command and must not be stopped; when
 * the command has taken the terminal for itself (a shell that is interactive), asking would stop
 * it by SIGTTOU, so nothing is asked then.  Every other program in the background is stopped like
 * that until it is in the foreground, as usual.
 */
#include "base/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/progress_line.h"
#include "base/terminal_turn.h"

enum { CHUNK = 256, PROMPT_SIZE = 512, STUCK_MS = 1000, TURN_MS = 50 };

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT };

enum { CAUGHT = sizeof caught / sizeof *caught };

struct line {
	char *text;
	size_t size, len;
	bool too_long;
};

static pthread_mutex_t one_question = PTHREAD_MUTEX_INITIALIZER;

/* Never closed: a handler may still be running in another thread when a question is over. */
static int signal_pipe[2];
static bool prepared;

/* The terminal, opened by terminal_prepare; -1: not. */
static int kept = -1, kept_turn = -1;

/* What the exit handler, perhaps in another thread, needs in order to restore the terminal. */
static struct {
	pthread_mutex_t lock;
	int fd, turn;
	bool hidden;			/* the modes are ours; before holds those to restore */
	bool ending;			/* of the program: nothing may be hidden any more */
	struct termios before;
} terminal = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
on_signal(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;
	ssize_t n = write(signal_pipe[1], &byte, 1);

	(void)n;
	errno = saved;
}

/* What is written of ourselves; a terminal that takes nothing may lose it. */
static void
put(int fd, const char *s, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (len > 0) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && (errno != EAGAIN || poll(&p, 1, STUCK_MS) != 1))
			return;
		if (n > 0) {
			s += n;
			len -= (size_t)n;
		}
	}
}

static bool
in_background(int fd)
{
	return tcgetpgrp(fd) != getpgrp();
}

/* A shell that has the terminal in our place has set it to its own modes already. */
static void
restore(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	pthread_mutex_lock(&terminal.lock);
	if (terminal.hidden && !in_background(terminal.fd)) {
		tcsetattr(terminal.fd, TCSANOW, &terminal.before);
		put(terminal.fd, "\n", 1);	/* in place of the one that was not echoed */
	}
	terminal.hidden = false;
	pthread_mutex_unlock(&terminal.lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void
restore_at_exit(void)
{
	pthread_mutex_lock(&terminal.lock);
	terminal.ending = true;
	pthread_mutex_unlock(&terminal.lock);
	restore();
}

/*
 * Switches the echo off and forgets what was typed ahead, which was echoed.  Returns 0 or an
 * errno.  TCSAFLUSH would also wait for output that Ctrl-S may hold back, with the lock held.
 */
static int
hide(void)
{
	struct termios silent;
	int rc = 0;

	pthread_mutex_lock(&terminal.lock);
	if (terminal.ending || (!terminal.hidden && tcgetattr(terminal.fd, &terminal.before) != 0)) {
		rc = terminal.ending ? ECANCELED : errno;
	} else {
		silent = terminal.before;
		silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
		if (tcsetattr(terminal.fd, TCSANOW, &silent) != 0) {
			rc = errno;
		} else {
			tcflush(terminal.fd, TCIFLUSH);
			terminal.hidden = true;
		}
	}
	pthread_mutex_unlock(&terminal.lock);
	return rc;
}

/* Once in a program.  Returns 0 or -1 with errno set. */
static int
prepare(void)
{
	if (prepared)
		return 0;
	if (pipe(signal_pipe) != 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
	}
	if (atexit(restore_at_exit) != 0)
		return -1;
	prepared = true;
	return 0;
}

/*
 * Not with SA_RESTART: a program that was stopped in the middle of hide by SIGTTOU must see the
 * signal that is to end it before it tries again.
 */
static void
catch_signal(int number, struct sigaction *old)
{
	struct sigaction new = { .sa_handler = on_signal };

	sigemptyset(&new.sa_mask);
	/* One that is ignored (nohup) stays so. */
	if (sigaction(number, NULL, old) == 0 && old->sa_handler != SIG_IGN)
		sigaction(number, &new, NULL);
}

/* Takes the oldest signal that came.  Returns its number, or 0. */
static int
next_signal(void)
{
	unsigned char byte;

	return read(signal_pipe[0], &byte, 1) == 1 ? byte : 0;
}

/*
 * Lets a signal have the effect that it had before the question.  Returns whether the question
 * goes on.  raise and not kill: its effect is over when it returns.
 */
static bool
yield_to(int number, struct sigaction old[CAUGHT])
{
	sigset_t set, mask;

	if (number == SIGCONT)
		return true;
	restore();
	terminal_turn_end(terminal.turn);	/* a stopped program must not have it */
	sigemptyset(&set);
	sigaddset(&set, number);
	for (int i = 0; i < CAUGHT; i++) {
		if (caught[i] != number)
			continue;
		sigaction(number, &old[i], NULL);
		pthread_sigmask(SIG_UNBLOCK, &set, &mask);
		raise(number);
		pthread_sigmask(SIG_SETMASK, &mask, NULL);
		catch_signal(number, &old[i]);
	}
	return number == SIGTSTP;
}

/* Whether asking would stop a program that must not be stopped; see above. */
static bool
is_out_of_reach(int fd)
{
	struct sigaction action;
	sigset_t mask;

	if (!in_background(fd))
		return false;
	if (sigaction(SIGTTOU, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
		return true;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, SIGINT) == 1 || sigismember(&mask, SIGTTOU) == 1;
}

/* Shows the prompt, in place of a progress line if there is one. */
static void
show(int fd, const char *prompt)
{
	static const char wipe[] = "\r\033[K";
	const char *term = getenv("TERM");
	char text[PROMPT_SIZE];

	if (term != NULL && strcmp(term, "dumb") != 0)
		put(fd, wipe, sizeof wipe - 1);
	diag_quote(text, sizeof text, prompt, strlen(prompt));
	put(fd, text, strlen(text));
}

/* Adds bytes to the line.  Returns whether it has ended. */
static bool
add(struct line *l, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			return true;
		if (l->len + 1 < l->size)
			l->text[l->len++] = s[i];
		else
			l->too_long = true;
	}
	return false;
}

/* Ends the line's text.  Returns 0, or -1 with why set. */
static int
finish(struct line *l, char why[TERMINAL_WHY_SIZE])
{
	if (l->len > 0 && l->text[l->len - 1] == '\r')
		l->len--;
	l->text[l->len] = '\0';
	if (!l->too_long)
		return 0;
	snprintf(why, TERMINAL_WHY_SIZE, "longer than %zu bytes", l->size - 1);
	return -1;
}

/* Reads what has been typed.  Returns 1 if that ends the line, 0 if not, -1 with why set. */
static int
read_typed(int fd, struct line *l, char why[TERMINAL_WHY_SIZE])
{
	char chunk[CHUNK];
	ssize_t n = read(fd, chunk, sizeof chunk);
	bool ended = n > 0 && add(l, chunk, (size_t)n);

	mem_wipe(chunk, sizeof chunk);
	if (n > 0 || (n == -1 && (errno == EINTR || errno == EAGAIN)))
		return ended;
	snprintf(why, TERMINAL_WHY_SIZE, "no answer: %s",
	    n == 0 ? "end of file at the terminal" : strerror(errno));
	return -1;
}

/*
 * Whether we may ask, or else a signal has come or it is time to look again.  In the background
 * nobody has a turn: hide stops us there, and must not find us with it.
 */
static bool
is_our_turn(int fd)
{
	struct pollfd p = { .fd = signal_pipe[0], .events = POLLIN };

	if (in_background(fd) || terminal_turn_take(terminal.turn))
		return true;
	(void)poll(&p, 1, TURN_MS);
	return false;
}

/*
 * Puts the question, for the first time or again.  Returns 1 if it stands, 0 if it does not yet or
 * there was a signal in between, -1 with why set.
 */
static int
put_question(int fd, const char *prompt, struct line *l, char why[TERMINAL_WHY_SIZE])
{
	int failed;

	if (is_out_of_reach(fd)) {
		snprintf(why, TERMINAL_WHY_SIZE, "another program has the terminal");
		return -1;
	}
	if (!is_our_turn(fd))
		return 0;
	failed = hide();
	if (failed == EINTR)
		return 0;
	if (failed != 0) {
		snprintf(why, TERMINAL_WHY_SIZE, "cannot switch the terminal's echo off: %s",
		    strerror(failed));
		return -1;
	}
	show(fd, prompt);
	l->len = 0;
	l->too_long = false;
	return 1;
}

/* Question and answer, with the signals caught.  Returns 0, or -1 with why set. */
static int
converse(int fd, const char *prompt, struct line *l, struct sigaction old[CAUGHT],
    char why[TERMINAL_WHY_SIZE])
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = signal_pipe[0], .events = POLLIN } };
	int number, standing = 0, ended = 0;

	while (standing >= 0 && ended == 0) {
		number = next_signal();
		if (number != 0 && !yield_to(number, old)) {
			snprintf(why, TERMINAL_WHY_SIZE, "interrupted by a signal");
			return -1;
		}
		if (number != 0)
			standing = 0;
		else if (standing == 0)
			standing = put_question(fd, prompt, l, why);
		else if (poll(p, 2, -1) > 0 && p[1].revents == 0)
			ended = read_typed(fd, l, why);
	}
	return ended == 1 ? finish(l, why) : -1;
}

/* Without O_NONBLOCK a read could wait for what Ctrl-C has just thrown away. */
static int
open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

void
terminal_prepare(void)
{
	pthread_mutex_lock(&one_question);
	if (kept == -1 && (kept = open_terminal()) != -1) {
		kept_turn = terminal_turn_open(kept);
		(void)prepare();
	}
	pthread_mutex_unlock(&one_question);
}

int
terminal_ask(const char *prompt, char *answer, size_t size, char why[TERMINAL_WHY_SIZE])
{
	struct line l = { .text = answer, .size = size };
	struct sigaction old[CAUGHT];
	bool alone;
	int fd, rc = -1;

	pthread_mutex_lock(&one_question);
	fd = kept != -1 ? kept : open_terminal();
	if (fd == -1) {
		snprintf(why, TERMINAL_WHY_SIZE, "no terminal to ask at");
	} else if (prepare() != 0) {
		snprintf(why, TERMINAL_WHY_SIZE, "cannot ask: %s", strerror(errno));
	} else {
		terminal.fd = fd;
		terminal.turn = kept != -1 ? kept_turn : terminal_turn_open(fd);
		for (int i = 0; i < CAUGHT; i++)
			catch_signal(caught[i], &old[i]);
		alone = progress_line_pause();
		rc = converse(fd, prompt, &l, old, why);
		if (alone)
			progress_line_resume();
		restore();
		for (int i = 0; i < CAUGHT; i++)
			sigaction(caught[i], &old[i], NULL);
		if (terminal.turn == kept_turn)
			terminal_turn_end(kept_turn);
		else
			close(terminal.turn);
	}
	if (fd != kept)
		close(fd);
	if (rc != 0)
		mem_wipe(answer, size);
	pthread_mutex_unlock(&one_question);
	return rc;
}
