/* base/diag.h, and of base/prog.h what needs no exec. */
#include <errno.h>
#include <signal.h>

#include "base/diag.h"
#include "base/prog.h"
#include "child.h"
#include "tap.h"

static void
test_quote(void)
{
	char out[20];

	is(diag_quote(out, sizeof out, "plain text~", 11), "plain text~", "printable stays");
	is(diag_quote(out, sizeof out, "a\0b\n\x1b\xff", 6), "a\\x00b\\x0a\\x1b\\xff",
	    "the rest is hexadecimal");
	is(diag_quote(out, sizeof out, "a\0b\n\x1b\xff\xff", 7), "a\\x00b\\x0a\\x1b...",
	    "and cut behind a whole byte");
	is(diag_quote(out, sizeof out, "0123456789012345678", 19), "0123456789012345678",
	    "what fits exactly is not cut");
	is(diag_quote(out, sizeof out, "01234567890123456789", 20), "0123456789012345...",
	    "one more is cut");
	is(diag_quote(out, 1, "abc", 3), "", "a size of 1 holds only the end");
	is(diag_quote(out, 3, "abc", 3), "..", "a small size holds a part of the dots");
	is(diag_quote(out, sizeof out, NULL, 0), "", "nothing");
}

static int
say(void *arg)
{
	prog_start("/usr/bin/some-name");
	errno = ENOENT;
	diag_error("%s: what", "wh\nere");
	if (errno != ENOENT)
		return 9;
	diag_warn("careful");
	diag_verbose(1, "not shown");
	diag_set_verbosity(1);
	diag_verbose(1, "shown");
	diag_verbose(2, "not shown");
	diag_error("%s", (const char *)arg);
	return diag_verbosity();
}

static void
test_messages(void)
{
	char text[3000];
	char *last;

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ok(child_run(say, text) == 1, "messages keep errno");
	last = strstr(child_err, "some-name: xx");
	ok(last != NULL && strlen(last) == DIAG_LINE_MAX, "a long line is cut");
	ok(last != NULL && strcmp(last + DIAG_LINE_MAX - 5, "x...\n") == 0, "and says so");
	if (last != NULL)
		*last = '\0';
	is(child_err, "some-name: wh\\x0aere: what\n"
	    "some-name: warning: careful\nsome-name: shown\n", "messages are one line each");
	is(child_out, "", "nothing goes to standard output");
}

static bool
put_mark(void)
{
	diag_put("<wipe>", 6);
	return true;
}

static bool
put_mark_alone(void)
{
	diag_put("<alone>", 7);
	return false;
}

static void
put_end(void)
{
	diag_put("<end>", 5);
}

static int
say_with_hook(void *arg)
{
	(void)arg;
	diag_set_around(put_mark, put_end);
	diag_error("one");
	diag_set_around(put_mark_alone, put_end);
	diag_error("two");
	diag_set_around(NULL, NULL);
	diag_error("three");
	return 0;
}

static void
at_exit(void)
{
	diag_error("exit handler");
}

static int
lose_reader(void *arg)
{
	sigset_t set;

	(void)arg;
	prog_start("x");
	atexit(at_exit);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prog_reader_gone();
}

static int
start_closed(void *arg)
{
	char byte;

	(void)arg;
	close(0);
	close(1);
	close(2);
	prog_start("x");
	if (read(0, &byte, 1) != -1 || errno != EBADF)
		return 10;
	if (write(1, "x", 1) != -1 || errno != EBADF)
		return 11;
	if (write(2, "x", 1) != 1)
		return 12;
	return 0;
}

static int
start_and_look(void *arg)
{
	struct sigaction action;

	(void)arg;
	setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
	prog_start("");
	if (prog_name()[0] == '\0' || prog_version()[0] == '\0')
		return 10;
	if (getenv("SSLKEYLOGFILE") != NULL)
		return 11;
	sigaction(SIGPIPE, NULL, &action);
	if (action.sa_handler != SIG_IGN)
		return 12;
	prog_child();
	sigaction(SIGPIPE, NULL, &action);
	return action.sa_handler == SIG_DFL ? 0 : 13;
}

int
main(void)
{
	test_quote();
	test_messages();
	child_run(say_with_hook, NULL);
	ok(strncmp(child_err, "<wipe>", 6) == 0 && strstr(child_err, ": one\n<end><alone>") != NULL,
	    "the hooks run around a message while they are set");
	ok(strstr(child_err, ": two\n<end>") == NULL, "the last only if the first wants it");
	ok(strstr(child_err, "<alone>") != NULL && strstr(child_err, ": three\n") != NULL &&
	    strstr(strstr(child_err, ": two\n"), "<") == NULL, "and then no more");
	ok(child_run(lose_reader, NULL) == 128 + SIGPIPE, "a lost reader is a death by SIGPIPE");
	is(child_err, "x: exit handler\n", "exit handlers run before it");
	ok(child_run(start_closed, NULL) == 0, "closed standard descriptors are safe and stay bad");
	ok(child_run(start_and_look, NULL) == 0, "names, environment and SIGPIPE are set");
	return tap_done();
}
