/* Questions at a pseudo-terminal, with a person who types, interrupts and stops. */
#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/terminal.h"
#include "pty.h"
#include "tap.h"

enum { ANSWER_SIZE = 16 };

static const char prompt[] = "Code? ";
static char *program;

/* Starts the subject of that name; see main. */
static void
start(const char *name, const char *text, bool foreground)
{
	pty_start((char *[]){ program, (char *)name, (char *)text, NULL }, foreground);
}

/* The subjects. */

/* Returns 0 and says ANSWER, or 1 and says why. */
static int
ask(const char *text)
{
	char answer[ANSWER_SIZE], why[TERMINAL_WHY_SIZE];
	int rc;

	unsetenv("TERM");
	rc = terminal_ask(text, answer, sizeof answer, why);
	pty_say(rc == 0 ? answer : why);
	return rc == 0 ? 0 : 1;
}

static int
ask_ignoring(const char *text)
{
	signal(SIGINT, SIG_IGN);
	return ask(text);
}

static void
on_signal(int number)
{
	(void)number;
}

static int
ask_handling(const char *text)
{
	signal(SIGINT, on_signal);
	return ask(text);
}

static void *
ask_in_thread(void *arg)
{
	ask(arg);
	return NULL;
}

/* Like assume-role: signals are blocked everywhere and awaited in the main thread. */
static int
serve(const char *text)
{
	pthread_t thread;
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (pthread_create(&thread, NULL, ask_in_thread, (void *)text) != 0)
		return 9;
	for (;;) {
		sigwait(&set, &number);
		if (number == SIGTERM)
			exit(3);
		pty_say("[INT]");
	}
}

static int
serve_command(const char *text)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return ask(text);
}

/* Waits until somebody asks at the terminal. */
static void
await_question(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY);
	struct termios t;

	while (fd != -1 && tcgetattr(fd, &t) == 0 && (t.c_lflag & ECHO) != 0)
		clock_sleep_ms(1);
	close(fd);
}

/*
 * Like two commands of a pipeline: the second asks while the question of the first stands.  Ctrl-C
 * ends the second, and at most the question of the first: its end would give the terminal away
 * while the second is still restoring it.
 */
static int
ask_both(const char *text)
{
	int status, rc;
	pid_t second = fork();

	if (second == 0) {
		await_question();
		pty_say("[second]");
		_exit(ask(text));
	}
	signal(SIGINT, on_signal);
	rc = ask(text);
	pty_say(",");
	return waitpid(second, &status, 0) == second && status == 0 ? rc : 9;
}

static int
subject(const char *name, const char *text)
{
	if (strcmp(name, "ask") == 0)
		return ask(text);
	if (strcmp(name, "ask_ignoring") == 0)
		return ask_ignoring(text);
	if (strcmp(name, "ask_handling") == 0)
		return ask_handling(text);
	if (strcmp(name, "ask_both") == 0)
		return ask_both(text);
	return strcmp(name, "serve") == 0 ? serve(text) : serve_command(text);
}

/* The tests. */

static void
answers(void)
{
	bool echo;

	start("ask", prompt, true);
	ok(pty_shows(prompt, 1), "the prompt");
	ok(!pty_echoes(), "the echo is off");
	pty_type("123456\n");
	ok(pty_end(&echo) == 0 && echo, "answered; the echo is on again");
	is(pty_said, "123456", "the answer");
	is(pty_screen, "Code? \r\n", "which did not appear");

	start("ask", "a\033[2Jb? ", true);
	ok(pty_shows("a\\x1b[2Jb? ", 1), "a prompt from outside does not steer the terminal");
	pty_type("12\x7f" "34\n");
	ok(pty_end(&echo) == 0, "answered");
	is(pty_said, "134", "a key may be taken back");

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("12");
	pty_type("34\r");
	ok(pty_end(&echo) == 0, "answered in pieces");
	is(pty_said, "1234", "all of it");

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("123456789012345\n");
	ok(pty_end(&echo) == 0, "what just fits");
	is(pty_said, "123456789012345", "all of it");

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("\n");
	ok(pty_end(&echo) == 0, "an empty line is an answer");
	is(pty_said, "", "an empty one");
}

static void
no_answers(void)
{
	bool echo;

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("1234567890123456\n");
	ok(pty_end(&echo) == 1 && echo, "one byte too many");
	is(pty_said, "longer than 15 bytes", "is said");
	ok(strstr(pty_screen, "1234") == NULL, "and did not appear");

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("\004");
	ok(pty_end(&echo) == 1 && echo, "end of file");
	is(pty_said, "no answer: end of file at the terminal", "is said");
}

static int
ask_without(void)
{
	char answer[ANSWER_SIZE], why[TERMINAL_WHY_SIZE];

	setsid();
	return terminal_ask(prompt, answer, sizeof answer, why) == -1 &&
	    strcmp(why, "no terminal to ask at") == 0 ? 0 : 1;
}

static void
no_terminal(void)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(ask_without());
	ok(waitpid(pid, &status, 0) == pid && status == 0, "no controlling terminal");
}

static void
killed_by(int number, const char *key, const char *title)
{
	bool echo;
	int status;

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("12");
	if (key != NULL)
		pty_type(key);
	else
		kill(pty_subject, number);
	status = pty_end(&echo);
	if (!ok(status == 128 + number && echo, title))
		printf("# status %d, echo %d\n", status, echo);
}

static void
deadly_signals(void)
{
	killed_by(SIGINT, "\003", "Ctrl-C ends the program, with the echo on");
	killed_by(SIGQUIT, "\034", "Ctrl-\\, too");
	killed_by(SIGTERM, NULL, "SIGTERM, too");
	killed_by(SIGHUP, NULL, "SIGHUP, too");
}

static void
other_signals(void)
{
	bool echo;

	start("ask_ignoring", prompt, true);
	pty_shows(prompt, 1);
	kill(pty_subject, SIGINT);
	pty_type("1\n");
	ok(pty_end(&echo) == 0 && echo, "an ignored signal stays ignored");
	is(pty_said, "1", "and the question is answered");

	start("ask_handling", prompt, true);
	pty_shows(prompt, 1);
	pty_type("\003");
	ok(pty_end(&echo) == 1 && echo, "a handler of the program's own that returns");
	is(pty_said, "interrupted by a signal", "ends the question");
}

static void
stops(void)
{
	bool echo;

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	pty_type("99\004");
	pty_type("\032");
	ok(pty_stopped() == SIGTSTP && pty_echoes(), "Ctrl-Z stops the program, with the echo on");
	pty_continue();
	ok(pty_shows(prompt, 2) && !pty_echoes(), "continued, it asks again, without echo");
	pty_type("\032");
	ok(pty_stopped() == SIGTSTP && pty_echoes(), "stopped again");
	pty_continue();
	ok(pty_shows(prompt, 3), "asked again");
	pty_type("7\n");
	ok(pty_end(&echo) == 0 && echo, "and is answered");
	is(pty_said, "7", "by what was typed since");

	start("ask", prompt, true);
	pty_shows(prompt, 1);
	kill(pty_subject, SIGSTOP);
	ok(pty_stopped() == SIGSTOP, "stopped without warning");
	pty_continue();
	ok(pty_shows(prompt, 2) && !pty_echoes(), "continued, it asks again, without echo");
	pty_type("8\n");
	ok(pty_end(&echo) == 0 && echo, "and leaves the echo on");

	start("ask", prompt, false);
	ok(pty_stopped() == SIGTTOU, "in the background it stops");
	ok(pty_echoes(), "before it touches the terminal");
	pty_continue();
	ok(pty_shows(prompt, 1), "in the foreground it asks");
	pty_type("9\n");
	ok(pty_end(&echo) == 0 && echo, "and is answered");

	start("ask", prompt, false);
	ok(pty_stopped() == SIGTTOU, "in the background again");
	kill(pty_subject, SIGTERM);
	pty_continue();
	ok(pty_end(&echo) == 128 + SIGTERM && echo, "a signal that came meanwhile ends it");
}

static void
threads(void)
{
	bool echo;

	start("serve", prompt, true);
	pty_shows(prompt, 1);
	pty_type("\003");
	pty_type("5\n");
	ok(pty_shows("\n", 1) && pty_echoes(), "a thread asks; awaited signals do not disturb it");
	ok(pty_hears("[INT]") && pty_hears("5"), "there is the signal, and the answer");
	kill(pty_subject, SIGTERM);
	ok(pty_end(&echo) == 3 && echo, "the main thread ends the program");

	start("serve", prompt, true);
	pty_shows(prompt, 1);
	kill(pty_subject, SIGTERM);
	ok(pty_end(&echo) == 3 && echo, "ended in the middle of a question, it leaves the echo on");

	start("serve", prompt, true);
	pty_shows(prompt, 1);
	pty_type("\032");
	ok(pty_stopped() == SIGTSTP && pty_echoes(), "Ctrl-Z stops it");
	pty_continue();
	ok(pty_shows(prompt, 2), "continued, it asks again");
	pty_type("\034");
	ok(pty_end(&echo) == 128 + SIGQUIT && echo, "a signal that is not blocked ends it");

	start("serve", prompt, false);
	pty_hears("another program");
	kill(pty_subject, SIGTERM);
	ok(pty_end(&echo) == 3, "in the background it is not stopped");
}

static void
others(void)
{
	bool echo;

	start("serve_command", prompt, false);
	ok(pty_end(&echo) == 1 && echo, "who serves a command that has the terminal does not ask");
	is(pty_said, "another program has the terminal", "and says so");
	is(pty_screen, "", "nothing appears");
}

/* The second one's time to spoil the question of the first, if it does not wait for its turn. */
enum { SPOIL_MS = 200 };

static void
turns(void)
{
	bool echo;

	start("ask_both", prompt, true);
	ok(pty_shows(prompt, 1) && pty_hears("[second]"), "two programs ask at one terminal");
	clock_sleep_ms(SPOIL_MS);
	pty_look();
	is(pty_screen, prompt, "one of them at a time");
	pty_type("111\n");
	ok(pty_shows(prompt, 2) && !pty_echoes(), "then the other, without echo");
	pty_type("222\n");
	ok(pty_end(&echo) == 0 && echo, "and both leave the echo on");
	is(pty_said, "[second]111,222", "each has the answer to its question");
	ok(strstr(pty_screen, "222") == NULL, "which did not appear");

	start("ask_both", prompt, true);
	ok(pty_shows(prompt, 1) && pty_hears("[second]"), "two programs again");
	pty_type("\032");
	ok(pty_stopped() == SIGTSTP && pty_echoes(), "Ctrl-Z stops them, with the echo on");
	pty_continue();
	ok(pty_shows(prompt, 2) && !pty_echoes(), "continued, one of them asks");
	pty_type("333\n");
	ok(pty_shows(prompt, 3), "then the other");
	pty_type("\003");
	ok(pty_end(&echo) > 0 && echo, "Ctrl-C ends it, with the echo on");
}

static void
from(const char *text, int expected, const char *answer, const char *title)
{
	char got[7], rest[32] = "", why[TERMINAL_WHY_SIZE] = "";
	int fds[2], rc;
	ssize_t n;

	if (pipe(fds) != 0 || write(fds[1], text, strlen(text)) < 0)
		abort();
	close(fds[1]);
	rc = terminal_read_fd(fds[0], got, sizeof got, why);
	ok(rc == expected, title);
	is(rc == 0 ? got : why, answer, title);
	if (rc == 0 && strchr(text, '\n') != NULL) {
		n = read(fds[0], rest, sizeof rest - 1);
		rest[n > 0 ? n : 0] = '\0';
		is(rest, strchr(text, '\n') + 1, "nothing behind the line is taken");
	}
	close(fds[0]);
}

static void
descriptors(void)
{
	char got[7], why[TERMINAL_WHY_SIZE];
	int fds[2];

	from("123456\nmore\n", 0, "123456", "a line");
	from("123456", 0, "123456", "without its end");
	from("12345\r\n", 0, "12345", "CRLF");
	from("1234567\n", -1, "longer than 6 bytes", "too long");
	from("1234567", -1, "longer than 6 bytes", "too long, without its end");
	from("", -1, "empty", "nothing");
	from("\n1\n", -1, "empty", "an empty line");
	ok(terminal_read_fd(-1, got, sizeof got, why) == -1, "no descriptor");
	is(why, "cannot be read: Bad file descriptor", "is said");
	if (pipe(fds) != 0)
		abort();
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	if (fork() == 0)
		_exit(write(fds[1], "654321\n", 7) != 7);
	ok(terminal_read_fd(fds[0], got, sizeof got, why) == 0 && strcmp(got, "654321") == 0,
	    "one that does not block is waited for");
	wait(NULL);
}

int
main(int argc, char **argv)
{
	program = argv[0];
	if (argc == 3)
		return subject(argv[1], argv[2]);
	answers();
	no_answers();
	no_terminal();
	deadly_signals();
	other_signals();
	stops();
	threads();
	others();
	turns();
	descriptors();
	return tap_done();
}
