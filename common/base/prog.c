/* The start and the end of every command. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/prog.h"

#if defined(__SANITIZE_ADDRESS__)
#define LEAK_CHECKER_TRACES true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAK_CHECKER_TRACES true
#endif
#endif
#ifndef LEAK_CHECKER_TRACES
#define LEAK_CHECKER_TRACES false
#endif

static const char *name = "cognito-filters";
static struct rlimit core_limit;
static bool core_limit_known;
static bool reader_gone;

/* Registered before every other exit handler, so that it runs behind all of them. */
static void
end_by_sigpipe(void)
{
	sigset_t set;

	if (!reader_gone)
		return;
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGPIPE);
}

/* A closed 0 or 1 gets a descriptor of the wrong direction: using it still fails with EBADF. */
static void
open_standard_descriptors(void)
{
	static const int mode[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		if (open("/dev/null", mode[fd]) != fd) {
			diag_error("/dev/null: cannot open: %s", strerror(errno));
			exit(PROG_FAIL);
		}
	}
}

/* Keys and personal data stand in memory: no core file, no reader by ptrace. */
static void
protect_memory(void)
{
	if (getrlimit(RLIMIT_CORE, &core_limit) == 0) {
		/* Only the soft limit: the hard one could not be raised again in prog_child. */
		struct rlimit none = { .rlim_cur = 0, .rlim_max = core_limit.rlim_max };

		core_limit_known = setrlimit(RLIMIT_CORE, &none) == 0;
	}
	if (!LEAK_CHECKER_TRACES)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void
prog_start(const char *argv0)
{
	sigset_t set;

	if (argv0 != NULL && argv0[0] != '\0') {
		const char *slash = strrchr(argv0, '/');

		name = slash != NULL && slash[1] != '\0' ? slash + 1 : argv0;
	}
	open_standard_descriptors();
	protect_memory();
	unsetenv("SSLKEYLOGFILE");
	signal(SIGPIPE, SIG_IGN);
	/* A file too large (ulimit -f) is then a failed write, and its temporary is removed. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	if (atexit(end_by_sigpipe) != 0) {
		diag_error("cannot register an exit handler");
		exit(PROG_FAIL);
	}
}

const char *
prog_name(void)
{
	return name;
}

const char *
prog_version(void)
{
	return PROG_VERSION_TEXT;
}

void
prog_reader_gone(void)
{
	reader_gone = true;
	exit(PROG_READER_GONE);
}

void
prog_child(void)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	if (core_limit_known)
		setrlimit(RLIMIT_CORE, &core_limit);
}
