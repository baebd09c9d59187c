/*
 * measure FILE CMD...: runs CMD and writes "wall cpu peak" (seconds, seconds, KiB) to FILE; ends with
 * CMD's status.
 *
 * A program of its own, because a child's peak memory counts what its parent held when it forked:
 * started from an interpreter, every figure would be the interpreter's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/prog.h"

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	int64_t start = clock_mono_ms();
	struct rusage usage;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3) {
		fprintf(stderr, "usage: measure file command ...\n");
		return PROG_USAGE;
	}
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
		_exit(PROG_NOT_FOUND);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return PROG_FAIL;
	f = fopen(argv[1], "w");
	if (f == NULL || fprintf(f, "%.3f %.6f %ld\n", (double)(clock_mono_ms() - start) / 1e3,
	    seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss) < 0 || fclose(f) != 0)
		return PROG_FAIL;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
