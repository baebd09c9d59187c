/* Runs a function in a child process and keeps what it prints and how it ends. */
#ifndef UNIT_CHILD_H
#define UNIT_CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char child_out[8192], child_err[8192];	/* NUL-terminated, cut if longer */

static inline void
child_slurp(FILE *f, char *s, size_t size)
{
	rewind(f);
	s[fread(s, 1, size - 1, f)] = '\0';
	fclose(f);
}

/*
 * Returns the exit status of function(arg), whose own result is the status if it returns, or 128
 * and the signal's number.
 */
static inline int
child_run(int (*function)(void *), void *arg)
{
	FILE *out = tmpfile(), *err = tmpfile();
	int status = 0;
	pid_t pid;

	if (out == NULL || err == NULL) {
		perror("tmpfile");
		exit(1);
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		exit(function(arg));
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1) {
		perror("fork");
		exit(1);
	}
	child_slurp(out, child_out, sizeof child_out);
	child_slurp(err, child_err, sizeof child_err);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
