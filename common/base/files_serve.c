/*
 * Files by name, in the helper (files_serve.h).  What it checks a name against are the lists as
 * they were when it was forked, and the temporaries that it made or took over.
 */
/* For O_TMPFILE. NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _GNU_SOURCE
#include "base/files_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/temp.h"

static bool
has_name(const struct files_names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->item[i], name) == 0)
			return true;
	return false;
}

static bool
is_part(const struct files_parts *p, const char *name)
{
	size_t len = strlen(name), end = strlen(p->path) - p->stem;

	return strncmp(name, p->path, p->stem) == 0 && name[p->stem] == '-' &&
	    strchr(name + p->stem, '/') == NULL && len > p->stem + 1 + end &&
	    strcmp(name + len - end, p->path + p->stem) == 0;
}

/* Whether it may be replaced. */
static bool
is_place(const struct files_lists *l, const char *name)
{
	for (size_t i = 0; i < l->part_count; i++)
		if (is_part(&l->parts[i], name))
			return true;
	return has_name(&l->places, name);
}

const char *
files_spool_directory(void)
{
	const char *directory = getenv("TMPDIR");

	return directory == NULL || directory[0] == '\0' ? "/tmp" : directory;
}

int
files_do_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int
files_do_open_old(const char *path)
{
	return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Where every file has a name: one that loses it. */
static int
make_and_unlink(const char *directory)
{
	static const char end[] = "/cognito-filters.XXXXXX";
	size_t size = strlen(directory) + sizeof end;
	char *path = mem_alloc(size);
	int fd, error;

	snprintf(path, size, "%s%s", directory, end);
	fd = mkstemp(path);	/* mode 0600 */
	/* What keeps its name would be there for others, and stay. */
	if (fd != -1 && (unlink(path) == -1 || fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)) {
		error = errno;
		close(fd);
		unlink(path);
		errno = error;
		fd = -1;
	}
	free(path);
	return fd;
}

int
files_do_spool(void)
{
	const char *directory = files_spool_directory();
	int fd;

	/* One that never had a name cannot be left behind.  NFS has none: EOPNOTSUPP. */
	fd = open(directory, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd == -1 && errno != ENOENT && errno != EACCES)
		fd = make_and_unlink(directory);
	return fd;
}

int
files_do_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : slash > path ? (size_t)(slash - path) : 1;
	char directory[PATH_MAX] = ".";
	int error = 0, fd;

	if (len >= sizeof directory)
		return ENAMETOOLONG;
	if (len > 0) {
		memcpy(directory, path, len);
		directory[len] = '\0';
	}
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* A directory that may be written but not read cannot be synced by anyone. */
	if (fd == -1)
		return errno == EACCES ? 0 : errno;
	/* EINVAL: a file system that has no such operation. */
	if (fsync(fd) == -1 && errno != EINVAL)
		error = errno;
	close(fd);
	return error;
}

int
files_do_copy_mode(const char *path, const char *temporary)
{
	struct stat old, new;
	int fd, error = 0;
	mode_t mode;

	if (lstat(path, &old) == -1)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISREG(old.st_mode))
		return EEXIST;
	fd = open(temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return errno;
	mode = old.st_mode & 0777;
	/* A group that cannot be kept must not hand its rights to another group. */
	if (fstat(fd, &new) == -1 ||
	    (old.st_gid != new.st_gid && fchown(fd, (uid_t)-1, old.st_gid) == -1))
		mode &= ~(mode_t)070;
	if (fchmod(fd, mode) == -1)
		error = errno;
	close(fd);
	return error;
}

static int
serve_rename(const struct files_lists *l, const char *from, const char *to)
{
	bool here = temp_is_ours(from) && is_place(l, to);

	if (!here && !(is_place(l, from) && temp_is_ours(to)))
		return EACCES;
	if (rename(from, to) == -1)
		return errno;
	if (here)
		temp_drop(from);
	return 0;
}

static int
serve_unlink(const struct files_lists *l, const char *path)
{
	bool ours = temp_is_ours(path);

	if (!ours && !is_place(l, path))
		return EACCES;
	if (unlink(path) == -1)
		return errno;
	if (ours)
		temp_drop(path);
	return 0;
}

static int
serve_temporary(const struct files_lists *l, const char *path, struct broker_answer *answer)
{
	char *name;

	if (!is_place(l, path))
		return EACCES;
	answer->fd[0] = temp_make(path, &name);
	if (answer->fd[0] == -1)
		return errno;
	/* With its NUL. */
	return buf_append(&answer->data, name, strlen(name) + 1) == 0 ? 0 : ENAMETOOLONG;
}

static int
serve_resolve(struct files_lists *l, const char *path, struct broker_answer *answer)
{
	char *real;
	int result;

	if (!is_place(l, path))
		return EACCES;
	real = realpath(path, NULL);
	if (real == NULL)
		return errno;
	files_names_add(&l->places, real);
	result = buf_append(&answer->data, real, strlen(real) + 1) == 0 ? 0 : ENAMETOOLONG;
	free(real);
	return result;
}

static int
descriptor(int fd, struct broker_answer *answer)
{
	answer->fd[0] = fd;
	return fd == -1 ? errno : 0;
}

int
files_serve(void *lists, const void *request, size_t len, struct broker_answer *answer)
{
	const char *text = request, *name = text + 1, *second;
	struct files_lists *l = lists;

	/* An operation, a name, a second one: all there, and nothing more. */
	if (len < 3 || text[len - 1] != '\0')
		return EPROTO;
	second = name + strlen(name) + 1;
	if (second >= text + len || second + strlen(second) + 1 != text + len)
		return EPROTO;
	switch ((enum files_operation)text[0]) {
	case FILES_OPEN:
		return has_name(&l->readable, name) ? descriptor(files_do_open(name), answer) :
		    EACCES;
	case FILES_OPEN_OLD:
		return is_place(l, name) ? descriptor(files_do_open_old(name), answer) : EACCES;
	case FILES_SPOOL:
		return l->spools ? descriptor(files_do_spool(), answer) : EACCES;
	case FILES_TEMPORARY:
		return serve_temporary(l, name, answer);
	case FILES_RENAME:
		return serve_rename(l, name, second);
	case FILES_UNLINK:
		return serve_unlink(l, name);
	case FILES_SYNC:
		return is_place(l, name) ? files_do_sync(name) : EACCES;
	case FILES_RESOLVE:
		return serve_resolve(l, name, answer);
	case FILES_COPY_MODE:
		return is_place(l, name) && temp_is_ours(second) ?
		    files_do_copy_mode(name, second) : EACCES;
	}
	return ENOSYS;
}

