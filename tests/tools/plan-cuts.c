/*
 * plan-cuts STEP FILE... -- ARGUMENT...: runs plan-sync with the arguments once for every STEP-th
 * byte of each FILE, cut there, and once with all of them whole; a FILE is one that the arguments
 * name.  Prints what came of it, a line a status; what takes something away, out of a cut input, is
 * a failure and is named.
 *
 * The command runs in a forked child and not as a program, a few thousand times in seconds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../cmd/plan-sync/sync.h"
#include "base/datafile.h"
#include "base/prog.h"
#include "base/sandbox.h"
#include "json/fold.h"

enum { FILES_MAX = 32, SIZE_MAX_READ = 1 << 20, STATUSES = 256 };

static const char *const destructive[] = {
	"{\"Op\":\"disable-user\"", "{\"Op\":\"delete-user\"", "{\"Op\":\"delete-group\"",
	"{\"Op\":\"remove-member\""
};

struct cuts {
	char **files;
	size_t count;
	struct buf data[FILES_MAX];
	int argc;
	char **argv;
	FILE *out;		/* of the child */
	unsigned statuses[STATUSES], runs;
};

static _Noreturn void
fail(const char *what)
{
	perror(what);
	exit(1);
}

/* len bytes of the file, which the run before may have replaced. */
static void
put_file(const struct cuts *c, size_t i, size_t len)
{
	int fd = open(c->files[i], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, buf_string(&c->data[i]), len) != (ssize_t)len || close(fd) != 0)
		fail(c->files[i]);
}

static void
run(struct cuts *c)
{
	int null, status;
	pid_t child;

	rewind(c->out);
	if (ftruncate(fileno(c->out), 0) != 0)
		fail("temporary file");
	child = fork();
	if (child == -1)
		fail("fork");
	if (child == 0) {
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (null < 0 || dup2(fileno(c->out), STDOUT_FILENO) == -1 ||
		    dup2(null, STDERR_FILENO) == -1)
			_exit(1);
		exit(sync_run(c->argc, c->argv));
	}
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			fail("waitpid");
	c->runs++;
	c->statuses[WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)]++;
}

/* How many rows of the child's take something away. */
static unsigned
count_destructive(struct cuts *c, unsigned kinds[])
{
	char *line = NULL;
	size_t cap = 0;
	unsigned found = 0;

	rewind(c->out);
	while (getline(&line, &cap, c->out) > 0) {
		const char *after = strstr(line, "\"After\":");
		size_t k = 0;

		while (k < sizeof destructive / sizeof *destructive &&
		    strncmp(line, destructive[k], strlen(destructive[k])) != 0)
			k++;
		if (k == sizeof destructive / sizeof *destructive &&
		    (after == NULL || strstr(after, ":null") == NULL))
			continue;
		found++;
		kinds[k]++;
	}
	free(line);
	return found;
}

/* Every cut of one file.  Returns how many were wrong. */
static unsigned
cut_file(struct cuts *c, size_t which, size_t step)
{
	unsigned kinds[sizeof destructive / sizeof *destructive + 1] = { 0 }, wrong = 0;

	for (size_t at = 0; at < c->data[which].len; at += step) {
		for (size_t i = 0; i < c->count; i++)
			put_file(c, i, i == which ? at : c->data[i].len);
		run(c);
		if (count_destructive(c, kinds) == 0)
			continue;
		wrong++;
		printf("%s: cut at byte %zu of %zu, and something would be taken away\n",
		    c->files[which], at, c->data[which].len);
	}
	put_file(c, which, c->data[which].len);
	return wrong;
}

/* What the whole inputs take away: nothing proves nothing. */
static unsigned
run_whole(struct cuts *c)
{
	unsigned kinds[sizeof destructive / sizeof *destructive + 1] = { 0 }, missing = 0;

	for (size_t i = 0; i < c->count; i++)
		put_file(c, i, c->data[i].len);
	run(c);
	(void)count_destructive(c, kinds);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		printf("whole: %s %u\n", k < sizeof destructive / sizeof *destructive ?
		    destructive[k] + strlen("{\"Op\":") : "cleared", kinds[k]);
		missing += kinds[k] == 0;
	}
	return missing;
}

int
main(int argc, char **argv)
{
	static struct cuts c;
	unsigned wrong;
	size_t step;
	int i = 2;

	prog_start("plan-sync");
	sandbox_leave_open();
	fold_prepare();	/* once, for all children */
	if (argc < 5 || (step = strtoul(argv[1], NULL, 10)) == 0)
		return 2;
	for (c.files = argv + 2; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (c.count == FILES_MAX)
			return 2;
		buf_init(&c.data[c.count], SIZE_MAX_READ);
		if (datafile_read(argv[i], &c.data[c.count++]) != 0)
			return 2;
	}
	c.argc = argc - i;
	c.argv = argv + i;	/* "--" stands for the name */
	c.out = tmpfile();
	if (c.out == NULL)
		fail("temporary file");
	wrong = run_whole(&c);
	for (size_t f = 0; f < c.count; f++)
		wrong += cut_file(&c, f, step);
	for (int s = 0; s < STATUSES; s++)
		if (c.statuses[s] > 0)
			printf("status %d: %u\n", s, c.statuses[s]);
	printf("runs: %u\n", c.runs);
	return wrong > 0;
}
