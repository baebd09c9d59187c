/* Buffered output: to standard output, or to a file that is replaced only by a good end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/prog.h"
#include "base/temp.h"

enum { COMPARE_CHUNK = 16 * 1024 };

/*
 * Whether the file is the one that standard output or error writes to already, which a symbolic
 * link such as /dev/stderr may lead to: replacing it would drop what was written there.
 */
static bool
is_in_use(const struct stat *file)
{
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &st) == 0 && st.st_dev == file->st_dev && st.st_ino == file->st_ino)
			return true;
	}
	return false;
}

/*
 * The path to replace: path itself, or what it leads to if it is a symbolic link.  The caller
 * frees.  NULL with the reason printed if that is no regular file.
 */
static char *
resolve(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *wrong = NULL;
	struct stat st;
	char *real;

	if (path[0] == '\0' || (slash != NULL && slash[1] == '\0')) {
		diag_error("%s: cannot write: not the name of a file", path);
		return NULL;
	}
	if (lstat(path, &st) == -1) {
		if (errno == ENOENT)
			return mem_dup_string(path);
		diag_error("%s: cannot write: %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISLNK(st.st_mode)) {
		real = mem_dup_string(path);
	} else {
		real = realpath(path, NULL);
		if (real == NULL || stat(real, &st) == -1) {
			diag_error("%s: cannot write: symbolic link: %s", path, strerror(errno));
			free(real);
			return NULL;
		}
		if (S_ISREG(st.st_mode) && is_in_use(&st))
			wrong = "standard output or error leads there";
	}
	if (!S_ISREG(st.st_mode))
		wrong = "not a regular file";
	if (wrong == NULL)
		return real;
	diag_error("%s: cannot write: %s", path, wrong);
	free(real);
	return NULL;
}

static int
open_file(struct out *o, const char *path)
{
	o->path = resolve(path);
	if (o->path == NULL)
		return -1;
	o->name = o->path;
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
	int error = o->failed ? 0 : write_all(o->fd, s, len);

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

/* Reads up to len bytes at offset, fewer only at the end of the file.  Returns -1 on error. */
static ssize_t
read_at(int fd, char *s, size_t len, off_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, s + done, len - done, offset + (off_t)done);

		if (n == -1 && errno != EINTR)
			return -1;
		if (n == 0)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	return (ssize_t)done;
}

/* Whether both hold the same bytes; false also where that cannot be found out. */
static bool
same_content(int a, int b)
{
	char left[COMPARE_CHUNK], right[COMPARE_CHUNK];
	struct stat sa, sb;
	off_t offset = 0;
	ssize_t n;

	if (fstat(a, &sa) == -1 || fstat(b, &sb) == -1 || !S_ISREG(sb.st_mode) ||
	    sa.st_size != sb.st_size)
		return false;
	do {
		n = read_at(a, left, sizeof left, offset);
		if (n == -1 || read_at(b, right, sizeof right, offset) != n ||
		    memcmp(left, right, (size_t)n) != 0)
			return false;
		offset += n;
	} while (n > 0);
	return true;
}

static bool
is_unchanged(const struct out *o)
{
	int fd = open(o->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool same;

	if (fd == -1)
		return false;
	same = same_content(o->fd, fd);
	close(fd);
	return same;
}

/* Gives the temporary the old file's mode and group.  Returns 0 or an errno. */
static int
copy_mode(const struct out *o)
{
	struct stat old, new;
	mode_t mode;

	if (lstat(o->path, &old) == -1)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISREG(old.st_mode))
		return EEXIST;
	if (fstat(o->fd, &new) == -1)
		return errno;
	mode = old.st_mode & 0777;
	/* A group that cannot be kept must not hand its rights to another group. */
	if (old.st_gid != new.st_gid && fchown(o->fd, (uid_t)-1, old.st_gid) == -1)
		mode &= ~(mode_t)070;
	return fchmod(o->fd, mode) == -1 ? errno : 0;
}

/* Makes the rename durable.  Returns 0 or an errno. */
static int
sync_directory(const char *path)
{
	char *directory = temp_directory(path);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	free(directory);
	/* A directory that may be written but not read cannot be synced by anyone. */
	if (fd == -1)
		return errno == EACCES ? 0 : errno;
	/* EINVAL: a file system that has no such operation. */
	if (fsync(fd) == -1 && errno != EINVAL)
		error = errno;
	close(fd);
	return error;
}

static int
close_checked(int fd)
{
	/* Linux has closed the descriptor even where it says EINTR. */
	return close(fd) == -1 && errno != EINTR ? errno : 0;
}

static void
commit_file(struct out *o)
{
	int error;

	if (o->failed)
		return;
	if (o->if_changed && is_unchanged(o))
		return;
	error = copy_mode(o);
	if (error != 0) {
		fail(o, "cannot keep its mode", error);
		return;
	}
	if (fsync(o->fd) == -1) {
		fail(o, "cannot write", errno);
		return;
	}
	error = close_checked(o->fd);
	o->fd = -1;
	if (error != 0) {
		fail(o, "cannot write", error);
		return;
	}
	if (rename(o->temporary, o->path) == -1) {
		fail(o, "cannot replace", errno);
		return;
	}
	temp_forget(o->temporary);
	o->temporary = NULL;
	error = sync_directory(o->path);
	if (error != 0)
		fail(o, "cannot sync its directory", error);
}

static void
commit_stdout(struct out *o)
{
	int flags, error;

	if (o->failed)
		return;
	/* Without output no write has told that the descriptor is not one for writing. */
	flags = fcntl(o->fd, F_GETFL);
	error = flags == -1 ? errno : (flags & O_ACCMODE) == O_RDONLY ? EBADF : 0;
	if (error == 0)
		error = close_checked(o->fd);
	if (error != 0)
		fail(o, "cannot write", error);
}

/* Removes what is left of the temporary and frees everything. */
static void
release(struct out *o)
{
	if (o->temporary != NULL) {
		unlink(o->temporary);
		temp_forget(o->temporary);
		o->temporary = NULL;
	}
	if (o->path != NULL && o->fd != -1)
		close(o->fd);
	free(o->path);
	free(o->data);
	o->path = o->data = NULL;
	o->name = "closed output";
	o->fd = -1;
	o->len = o->cap = 0;
}

int
out_commit(struct out *o)
{
	out_flush(o);
	if (o->path != NULL)
		commit_file(o);
	else
		commit_stdout(o);
	release(o);
	return o->failed ? -1 : 0;
}

void
out_abandon(struct out *o)
{
	/* The run has failed already: a reader that is gone as well does not change how it ends. */
	if (o->path == NULL && !o->failed)
		write_all(o->fd, o->data, o->len);
	release(o);
}
