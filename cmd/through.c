/*
 * through: runs a foreign filter on the rows of a stream and keeps the stream's seal.
 *
 * The rows go to CMD's standard input without the seal; what CMD writes is read as records, which
 * are given out and sealed again if the input was whole, CMD read all of it and exited 0.
 *
 * A thread feeds CMD while the main thread reads from it, so that neither can block the other for
 * good.  The read end of CMD's input stays open here: it alone shows, once CMD has ended, whether
 * rows are left in the pipe.
 *
 * Manual page: through(1).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/sandbox.h"
#include "json/filter.h"
#include "json/sink.h"

static const char usage[] =
    "through [-1v] [-o file] [--if-changed] [--reject file] [--same-scope] [--seal] [--stats file] "
    "cmd [arg ...]";

enum { SHELL_SIGNAL = 128, WHY_SIZE = 200 };

struct job {
	struct sink_options out_options, feed_options;
	bool allow_1, same_scope;
	char **argv;
	pid_t pid;
	int in[2], out[2];		/* CMD's standard input and output */
	int null;			/* /dev/null, for the end of CMD's input */
	struct sink sink;		/* what is given out */
	/* The feeder's until the thread was joined. */
	struct sink feed;		/* the rows on their way to CMD, and the rejects */
	struct filter filter;
	enum prog_status fed;
	const char *feed_why;
	pthread_t feeder;
	char why[WHY_SIZE];
};

/* CMD while it runs, for end_command; 0 before and after. */
static pid_t running;
static atomic_bool ending;

/*
 * An exit with CMD still running: the reader is gone, or the end has no use for CMD's output.  It
 * goes the same way, before it can take its input, cut off in a line, for all there is.
 */
static void
end_command(void)
{
	ending = true;
	if (running > 0)
		kill(running, SIGPIPE);
}

static const char *
feed_row(void *arg, const struct record_reader *r, struct sink *feed)
{
	(void)arg;
	sink_row(feed, r->text, r->len);
	return NULL;
}

static enum prog_status
feed_end(void *arg, struct sink *feed)
{
	(void)arg;
	return out_flush(&feed->out) == 0 ? PROG_OK : PROG_FAIL;
}

/* Puts /dev/null in fd's place: CMD sees the end of its input, and feed can still be closed. */
static void
end_input(int fd, int null)
{
	if (null < 0 || dup2(null, fd) < 0)
		close(fd);
	if (null >= 0)
		close(null);
}

static void *
feed(void *arg)
{
	struct job *job = arg;

	job->fed = filter_run(&job->filter, &job->feed_why);
	end_input(job->feed.out.fd, job->null);
	return NULL;
}

/* The child: CMD on both pipes.  What exec says goes through the pipe report. */
static _Noreturn void
run_child(const struct job *job, int report)
{
	int error;

	if (dup2(job->in[CHILD_READ], STDIN_FILENO) >= 0 &&
	    dup2(job->out[CHILD_WRITE], STDOUT_FILENO) >= 0) {
		prog_child();
		/* CMD gets plain rows: our own filters must not ask it for a seal. */
		unsetenv("COGNITO_SEAL");
		execvp(job->argv[0], job->argv);
	}
	error = errno;
	while (write(report, &error, sizeof error) < 0 && errno == EINTR)
		continue;
	_exit(PROG_CANNOT_EXEC);
}

/* Starts CMD.  Returns PROG_OK, or what failed, with the reason printed. */
static enum prog_status
start_command(struct job *job)
{
	int report[2], error;

	if (child_pipe(job->in) != 0 || child_pipe(job->out) != 0 || child_pipe(report) != 0) {
		diag_error("cannot make a pipe: %s", strerror(errno));
		return PROG_FAIL;
	}
	/* A parent that ignores SIGCHLD would take CMD's status away. */
	signal(SIGCHLD, SIG_DFL);
	job->pid = fork();
	if (job->pid < 0) {
		diag_error("cannot start a process: %s", strerror(errno));
		return PROG_FAIL;
	}
	if (job->pid == 0)
		run_child(job, report[CHILD_WRITE]);
	close(report[CHILD_WRITE]);
	close(job->out[CHILD_WRITE]);
	error = child_exec_error(report[CHILD_READ]);
	close(report[CHILD_READ]);
	if (error == 0) {
		running = job->pid;
		sandbox_may_end(job->pid);
		return PROG_OK;
	}
	waitpid(job->pid, NULL, 0);
	diag_error("%s: cannot run: %s", job->argv[0], strerror(error));
	return error == ENOENT ? PROG_NOT_FOUND : PROG_CANNOT_EXEC;
}

static enum prog_status
start_feeder(struct job *job)
{
	int error;

	job->feed.out.fd = job->in[CHILD_WRITE];
	job->feed.out.name = job->argv[0];
	error = pthread_create(&job->feeder, NULL, feed, job);
	if (error == 0)
		return PROG_OK;
	diag_error("cannot start a thread: %s", strerror(error));
	return PROG_FAIL;
}

static void
flush_before_read(void *sink)
{
	/* Whatever CMD has written is seen downstream before more of it is waited for. */
	out_flush(&((struct sink *)sink)->out);
}

/* Gives out what CMD writes, to its end.  Returns PROG_OK, or PROG_FAIL with the reason printed. */
static enum prog_status
pass_rows(struct job *job, struct record_reader *r)
{
	r->before_read = flush_before_read;
	r->before_read_arg = &job->sink;
	for (;;) {
		switch (record_next(r)) {
		case RECORD_LINE:
			if (sink_row(&job->sink, r->text, r->len) != 0)
				return PROG_FAIL;
			break;
		case RECORD_WRONG:
			diag_error("%s: line %llu of its output: %s", job->argv[0],
			    (unsigned long long)r->line, r->reason);
			return PROG_FAIL;
		case RECORD_END:
			return PROG_OK;
		default:
			return PROG_FAIL;
		}
	}
}

/* Waits for CMD.  Returns its status as a shell shows it, told if it is not good. */
static int
end_of_command(struct job *job)
{
	int status = 0;

	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	/* The feeder has no memory, ends the program and says so: CMD's death is but the echo. */
	while (ending)
		poll(NULL, 0, -1);
	running = 0;
	if (WIFSIGNALED(status)) {
		snprintf(job->why, sizeof job->why, "killed by signal %d", WTERMSIG(status));
		return SHELL_SIGNAL + WTERMSIG(status);
	}
	status = WEXITSTATUS(status);
	if (status == 1 && job->allow_1)
		status = 0;
	if (status != 0)
		snprintf(job->why, sizeof job->why, "ended with status %d", status);
	return status;
}

/*
 * Whether the feeder is done and CMD, which has ended, left nothing in the pipe.  A feeder that
 * still waits for input is waited for, or counts as not done.
 */
static bool
all_was_read(const struct job *job, bool wait)
{
	struct pollfd p = { .fd = job->in[CHILD_READ], .events = POLLIN };
	ssize_t n;
	char byte;

	if (!wait && poll(&p, 1, 0) == 0)
		return false;
	do {
		n = read(job->in[CHILD_READ], &byte, 1);
	} while (n < 0 && errno == EINTR);
	return n == 0;
}

/* The good end of both sides: their seal, their rejects. */
static enum prog_status
take_over(struct job *job)
{
	struct sink *sink = &job->sink;

	seal_merge(&sink->seal, &job->feed.seal);
	if (!job->same_scope)
		seal_add_via(&sink->seal, "through");
	sink->rejected = job->feed.rejected;
	sink->reasons = job->feed.reasons;
	job->feed.reasons = NULL;
	return sink_close(&job->feed, PROG_OK, NULL, NULL) == PROG_FAIL ? PROG_FAIL : PROG_OK;
}

/* What CMD wrote, judged once CMD has ended well.  Returns NULL or what is wrong. */
static const char *
judge_output(struct record_reader *r)
{
	if (r->seals > 0)
		return "its output holds a seal";
	return record_verdict(r, false) == RECORD_PLAIN ? NULL : r->reason;
}

/* CMD's output is at its end.  Returns the exit status, with the reason printed and in job->why. */
static int
conclude(struct job *job, struct record_reader *r)
{
	int command = end_of_command(job);
	bool done = all_was_read(job, command == 0);
	const char *wrong;

	if (done) {
		pthread_join(job->feeder, NULL);
		job->sink.sealing |= job->feed.sealing;
		/* The input's failure is the cause and CMD's, which saw it cut, the echo. */
		if (job->fed != PROG_OK) {
			snprintf(job->why, sizeof job->why, "%s", job->feed_why);
			sink_close(&job->feed, job->fed, NULL, NULL);
			return job->fed;
		}
	}
	wrong = command != 0 ? job->why : done ? judge_output(r) : "left rows unread";
	if (wrong == NULL)
		return take_over(job);
	diag_error("%s: %s", job->argv[0], wrong);
	if (wrong != job->why)
		snprintf(job->why, sizeof job->why, "%s", wrong);
	if (done)
		sink_close(&job->feed, PROG_FAIL, NULL, NULL);
	return command != 0 ? command : PROG_FAIL;
}

static int
run(struct job *job)
{
	static const struct sandbox door = { .keep = SANDBOX_THREADS };
	int status = start_command(job);
	struct record_reader r;

	/* CMD is outside, with all that it may need. */
	job->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (status == PROG_OK && files_shut(&door) != 0)
		status = PROG_FAIL;
	if (status == PROG_OK)
		status = start_feeder(job);
	if (status != PROG_OK)
		return status;
	record_open(&r, job->out[CHILD_READ], job->argv[0]);
	status = pass_rows(job, &r);
	if (status == PROG_OK)
		status = conclude(job, &r);
	record_close(&r);
	return status;
}

static void
parse_options(int argc, char **argv, struct job *job)
{
	const struct opt_spec own[] = {
		{ "allow-1", '1', OPT_FLAG, &job->allow_1 },
		{ "same-scope", 0, OPT_FLAG, &job->same_scope },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = {
		sink_option_table(&job->out_options), own, NULL
	};
	int operand = opt_parse(argc, argv, tables, usage, true);

	sink_options_finish(&job->out_options);
	if (operand == argc)
		opt_usage_error("no command to run");
	job->argv = argv + operand;
	job->feed_options.reject = job->out_options.reject;
	job->out_options.reject = NULL;
}

int
main(int argc, char **argv)
{
	/* Static: the feeder may still wait for input when main is over. */
	static struct job job;
	static char *no_files[] = { NULL };
	enum prog_status end = PROG_FAIL;
	int status;

	prog_start(argv[0]);
	if (atexit(end_command) != 0) {
		diag_error("cannot register an exit handler");
		exit(PROG_FAIL);
	}
	parse_options(argc, argv, &job);
	/* The feed is no output of ours: whatever the input was, CMD gets no seal. */
	if (sink_open(&job.sink, &job.out_options, true) != 0 ||
	    sink_open(&job.feed, &job.feed_options, false) != 0)
		exit(PROG_FAIL);
	job.filter = (struct filter){ .opts = &job.out_options, .files = no_files,
	    .sink = &job.feed, .row = feed_row, .end = feed_end };
	status = run(&job);
	/* A status of CMD's own may look like one of ours; only these two speak for themselves. */
	if (status == PROG_OK || status == PROG_TEMPORARY)
		end = status;
	end = sink_close(&job.sink, end, job.why[0] != '\0' ? job.why : NULL, NULL);
	exit(status == PROG_OK ? (int)end : status);
}
