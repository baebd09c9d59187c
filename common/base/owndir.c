/* Directories of the user's own (owndir.h). */
#include "base/owndir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * O_PATH, which glibc has for _GNU_SOURCE alone: a helper (files.h) may pass through HOME, and not
 * read there.
 */
enum { OPEN_PATH = 010000000 };

/* Takes the descriptor over.  Returns it if the directory is ours and not open to everybody. */
static int
check(int fd)
{
	struct stat st;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && (st.st_mode & S_IWOTH) == 0)
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

int
owndir_open(const char *variable)
{
	const char *path = getenv(variable);

	/* A relative path of XDG's is to be ignored. */
	if (path == NULL || path[0] != '/') {
		errno = ENOENT;
		return -1;
	}
	return check(open(path, OPEN_PATH | O_DIRECTORY | O_CLOEXEC));
}

int
owndir_enter(int parent, const char *name, int flags)
{
	int fd = -1, error;

	if (parent == -1)
		return -1;
	if (mkdirat(parent, name, 0700) == 0 || errno == EEXIST)
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
	fd = check(fd);
	error = errno;
	close(parent);
	errno = error;
	return fd;
}

int
owndir_file(int directory, const char *name)
{
	struct stat st;
	int fd, error;

	if (directory == -1)
		return -1;
	fd = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	error = errno;
	if (fd != -1 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
		close(fd);
		error = EPERM;
		fd = -1;
	}
	close(directory);
	errno = error;
	return fd;
}
