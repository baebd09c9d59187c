/* Buffered output: to standard output, or to a file that is replaced only by a good end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/place.h"
#include "base/prog.h"
#include "base/screen.h"
#include "base/temp.h"

static int
open_file(struct out *o, const char *path)
{
	o->path = place_resolve(path);
	if (o->path == NULL)
		return -1;
	o->name = o->path;
	files_will_replace(o->path);
	/* A link, whose place may be looked for again (sink.c: statistics of a bad end). */
	if (strcmp(path, o->path) != 0)
		files_will_replace(path);
	o->fd = temp_create(o->path, &o->temporary);
	return o->fd == -1 ? -1 : 0;
}

int
out_open(struct out *o, const char *path, bool if_changed)
{
	memset(o, 0, sizeof *o);
	o->fd = -1;
	o->if_changed = if_changed;
	if (path == NULL || strcmp(path, "-") == 0) {
		o->fd = STDOUT_FILENO;
		o->name = "stdout";
		if (isatty(STDOUT_FILENO))
			o->screen = mem_alloc(sizeof *o->screen);
	} else if (open_file(o, path) == -1) {
		free(o->path);
		return -1;
	}
	o->cap = OUT_BUFFER;
	o->data = mem_resize(NULL, o->cap, 1);
	return 0;
}

/* Returns 0 or an errno. */
static int
write_all(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, s, len);

		if (n >= 0) {
			s += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			/* Some other program made the pipe that we share non-blocking. */
			struct pollfd p = { .fd = fd, .events = POLLOUT };

			if (poll(&p, 1, -1) == -1 && errno != EINTR)
				return errno;
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* As write_all, but for a terminal; last: nothing comes behind it. */
static int
show(struct out *o, const char *s, size_t len, bool last)
{
	struct buf b;
	int error;

	buf_init(&b, 6 * (len + sizeof o->screen->held));
	screen_append(o->screen, &b, s, len);
	if (last)
		screen_end(o->screen, &b);
	error = write_all(o->fd, buf_string(&b), b.len);
	buf_free(&b);
	return error;
}

/* what: "cannot write", ...; only the first failure is worth a line. */
static void
fail(struct out *o, const char *what, int error)
{
	if (o->failed)
		return;
	o->failed = true;
	if (error == EPIPE && o->path == NULL)
		prog_reader_gone();
	diag_error("%s: %s: %s", o->name, what, strerror(error));
}

/* Writes past the buffer.  Returns 0 or -1. */
static int
write_through(struct out *o, const char *s, size_t len)
{
	int error = 0;

	if (!o->failed)
		error = o->screen != NULL ? show(o, s, len, false) : write_all(o->fd, s, len);
	if (error != 0)
		fail(o, "cannot write", error);
	return o->failed ? -1 : 0;
}

int
out_flush(struct out *o)
{
	size_t len = o->len;

	o->len = 0;
	return write_through(o, o->data, len);
}

char *
out_reserve(struct out *o, size_t n)
{
	if (n > o->cap - o->len)
		out_flush(o);
	if (n > o->cap) {
		o->data = mem_resize(o->data, n, 1);
		o->cap = n;
	}
	return o->data + o->len;
}

int
out_write(struct out *o, const void *s, size_t len)
{
	if (len > o->cap - o->len && out_flush(o) == -1)
		return -1;
	if (len > o->cap)
		return write_through(o, s, len);
	if (len > 0)
		memcpy(o->data + o->len, s, len);
	o->len += len;
	return o->failed ? -1 : 0;
}

static int
close_checked(int fd)
{
	/* Linux has closed the descriptor even where it says EINTR. */
	return close(fd) == -1 && errno != EINTR ? errno : 0;
}

/* What can fail of a file's commit but the rename.  Returns 0, or -1 with the reason printed. */
static int
prepare_file(struct out *o)
{
	int error;

	if (o->failed)
		return -1;
	o->unchanged = o->if_changed && place_holds(o->path, o->fd);
	if (o->unchanged)
		return 0;
	error = files_copy_mode(o->path, o->temporary);
	if (error != 0) {
		fail(o, "cannot keep its mode", error);
		return -1;
	}
	if (fsync(o->fd) == -1) {
		fail(o, "cannot write", errno);
		return -1;
	}
	return 0;
}

int
out_settle(struct out *o)
{
	out_flush(o);
	free(o->data);
	o->data = NULL;
	o->cap = 0;
	o->settled = true;
	return prepare_file(o);
}

int
out_rename(struct out *o, const char *path)
{
	char *to = place_resolve(path), *from_directory, *to_directory;
	bool same;

	if (to == NULL)
		return -1;
	from_directory = temp_directory(o->path);
	to_directory = temp_directory(to);
	same = strcmp(from_directory, to_directory) == 0;
	free(from_directory);
	free(to_directory);
	if (!same) {
		diag_error("%s: cannot write: a symbolic link into another directory", path);
		free(to);
		return -1;
	}
	free(o->path);
	o->name = o->path = to;
	return 0;
}

int
out_withdraw(struct out *o)
{
	/* The old file itself waits under the temporary's name, which its equal gives up. */
	int result = o->unchanged ? files_rename(o->path, o->temporary) : files_unlink(o->path);
	int error = result == -1 && errno != ENOENT ? errno : place_sync(o->path);

	if (error != 0)
		fail(o, "cannot replace", error);
	o->unchanged = false;
	return error == 0 ? 0 : -1;
}

static void
commit_file(struct out *o)
{
	int error;

	if (!o->settled)
		prepare_file(o);
	if (o->failed || o->unchanged)
		return;
	/* Of a settled file fsync(2) has said all; other outputs may stand already. */
	error = close_checked(o->fd);
	o->fd = -1;
	if (error != 0 && !o->settled) {
		fail(o, "cannot write", error);
		return;
	}
	if (files_rename(o->temporary, o->path) == -1) {
		fail(o, "cannot replace", errno);
		return;
	}
	temp_forget(o->temporary);
	o->temporary = NULL;
	error = place_sync(o->path);
	if (error != 0)
		fail(o, "cannot sync its directory", error);
}

/*
 * What of standard output's end can fail is tried before the last bytes go out, which may be those
 * of a seal, as far as that can be.
 */
static void
commit_stdout(struct out *o)
{
	/* Without output no write tells that the descriptor is not one for writing. */
	int flags = fcntl(o->fd, F_GETFL);
	int error = flags == -1 ? errno : (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;

	if (error == 0 && out_flush(o) == 0) {
		if (o->screen != NULL)
			error = show(o, "", 0, true);
		if (error == 0)
			error = close_checked(o->fd);
	}
	if (error != 0)
		fail(o, "cannot write", error);
}

/* Removes what is left of the temporary and frees everything. */
static void
release(struct out *o)
{
	if (o->temporary != NULL) {
		(void)files_unlink(o->temporary);
		temp_forget(o->temporary);
		o->temporary = NULL;
	}
	if (o->path != NULL && o->fd != -1)
		close(o->fd);
	free(o->path);
	free(o->data);
	free(o->screen);
	o->path = o->data = NULL;
	o->screen = NULL;
	o->name = "closed output";
	o->fd = -1;
	o->len = o->cap = 0;
}

int
out_commit(struct out *o)
{
	if (o->path != NULL) {
		out_flush(o);
		commit_file(o);
	} else {
		commit_stdout(o);
	}
	release(o);
	return o->failed ? -1 : 0;
}

void
out_abandon(struct out *o)
{
	/* The run has failed already: a reader that is gone as well does not change how it ends. */
	if (o->screen != NULL && !o->failed)
		show(o, o->data, o->len, true);
	else if (o->path == NULL && !o->failed)
		write_all(o->fd, o->data, o->len);
	release(o);
}
