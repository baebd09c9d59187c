/* The places of files that are replaced (place.h). */
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/temp.h"

enum { COMPARE_CHUNK = 16 * 1024 };

/* The directory that the path lies in.  Returns false if there is none. */
static bool
stat_directory(const char *path, struct stat *st)
{
	char *directory = temp_directory(path);
	bool there = stat(directory, st) == 0;

	free(directory);
	return there;
}

/* A device, /dev/null, takes nothing's place. */
static bool
is_one_file(const struct stat *a, const struct stat *b)
{
	return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool
place_is_same(const char *a, const char *b)
{
	const char *left = strrchr(a, '/'), *right = strrchr(b, '/');
	struct stat sa, sb;

	if (strcmp(a, b) == 0)
		return true;
	if (stat(a, &sa) == 0 && stat(b, &sb) == 0 && is_one_file(&sa, &sb))
		return true;
	/* What is not there yet may come to be one. */
	return strcmp(left != NULL ? left + 1 : a, right != NULL ? right + 1 : b) == 0 &&
	    stat_directory(a, &sa) && stat_directory(b, &sb) && sa.st_dev == sb.st_dev &&
	    sa.st_ino == sb.st_ino;
}

void
place_keep_input(const char *path, const char *input)
{
	bool is_standard = input == NULL || strcmp(input, "-") == 0;
	struct stat output, standard;

	if (path == NULL || strcmp(path, "-") == 0)
		return;
	if (is_standard ? stat(path, &output) == 0 && fstat(STDIN_FILENO, &standard) == 0 &&
	    is_one_file(&output, &standard) : place_is_same(path, input))
		opt_value_error("%s would be replaced by what is written",
		    is_standard ? "the file on standard input" : input);
}

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

char *
place_resolve(const char *path)
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
		real = files_resolve(path);
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

bool
place_holds(const char *path, int new)
{
	int fd = files_open_old(path);
	bool same;

	if (fd == -1)
		return false;
	same = same_content(new, fd);
	close(fd);
	return same;
}

int
place_sync(const char *path)
{
	return files_sync(path);
}

int
place_remove(const char *path)
{
	struct stat st;
	int error;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return 0;
	if (files_unlink(path) == 0)
		error = place_sync(path);
	else if (errno == ENOENT)
		return 0;
	else
		error = errno;
	if (error == 0)
		return 1;
	diag_error("%s: cannot remove: %s", path, strerror(error));
	return -1;
}
