/* Temporary files beside the files that they will replace. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/deadly.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/temp.h"

enum {
	TABLE_START = 8,	/* a command has -o, --reject and --stats; parts may follow */
	LOCK_ATTEMPTS = 10,	/* a sweeper may catch a temporary before it is locked */
	PATH_TEXT_MAX = 64 * 1024,
	RANDOM_LEN = 6
};

#define TEMPORARY_END ".tmp"

/*
 * What exit and signal handlers remove.  Changed only while the deadly signals are blocked.  A
 * table that is full is followed by one of twice its size, which begins with a copy of it; the old
 * one is kept (all together they are as large as the last), since a handler on another thread may
 * be reading it.
 */
struct table {
	struct table *previous;
	size_t size;
	char *volatile paths[];
};

static struct table *volatile table;
static volatile pid_t owner;
static bool is_helper;

/* A child between fork and exec must leave its parent's files alone. */
void
temp_remove_all(void)
{
	const struct table *t = table;

	if (getpid() != owner || t == NULL)
		return;
	for (size_t i = 0; i < t->size; i++)
		if (t->paths[i] != NULL)
			unlink(t->paths[i]);
}

/* Async-signal-safe. */
static void
remove_temporaries(void)
{
	/* Also those that were made before the helper was there. */
	if (broker_runs())
		broker_end();
	else
		temp_remove_all();
}

void
temp_block(sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	deadly_fill(&set);
	if (is_helper)
		sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, old);
}

void
temp_take_over(void)
{
	owner = getpid();
	is_helper = true;
}

static size_t
place_in_table(const char *name)
{
	size_t i = 0;

	while (table != NULL && i < table->size &&
	    (table->paths[i] == NULL || strcmp(table->paths[i], name) != 0))
		i++;
	return i;
}

bool
temp_is_ours(const char *name)
{
	return owner == getpid() && table != NULL && place_in_table(name) < table->size;
}

void
temp_drop(const char *name)
{
	if (temp_is_ours(name))
		temp_forget(table->paths[place_in_table(name)]);
}

static int
install_handlers(void)
{
	if (owner == getpid())
		return 0;
	if (atexit(remove_temporaries) != 0)
		return -1;
	deadly_add(remove_temporaries);
	/* In a child that opens files of its own, the table still holds its parent's. */
	for (size_t i = 0; table != NULL && i < table->size; i++)
		table->paths[i] = NULL;
	owner = getpid();
	return 0;
}

static void
grow_table(void)
{
	struct table *old = table, *new;
	size_t size = old == NULL ? TABLE_START : 2 * old->size;

	new = mem_alloc(sizeof *new + size * sizeof *new->paths);
	new->previous = old;
	new->size = size;
	for (size_t i = 0; old != NULL && i < old->size; i++)
		new->paths[i] = old->paths[i];
	table = new;
}

/* Room for one more.  Before a file is made: memory that is not there ends the program. */
static size_t
free_place(void)
{
	size_t i = 0;

	while (table != NULL && i < table->size && table->paths[i] != NULL)
		i++;
	if (table == NULL || i == table->size)
		grow_table();
	return i;
}

char *
temp_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_dup_string(".");
	return mem_dup(path, slash > path ? (size_t)(slash - path) : 1);
}

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Whether entry is ".BASE.XXXXXX.tmp". */
static bool
is_temporary_of(const char *entry, const char *base)
{
	size_t len = strlen(base);

	return strlen(entry) == 1 + len + 1 + RANDOM_LEN + strlen(TEMPORARY_END) &&
	    entry[0] == '.' && memcmp(entry + 1, base, len) == 0 && entry[1 + len] == '.' &&
	    strcmp(entry + 1 + len + 1 + RANDOM_LEN, TEMPORARY_END) == 0;
}

/*
 * Removes a temporary that no run holds.  Opened for writing because NFS maps flock to record
 * locks, which want that.
 */
static void
sweep_one(int directory, const char *entry)
{
	int fd = openat(directory, entry, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(directory, entry, 0);
	close(fd);
}

/*
 * Whether we hold a temporary of the same path: then the others were swept when that was made, and
 * thousands of parts do not read the directory thousands of times.
 */
static bool
is_swept(const char *path)
{
	const char *base = base_of(path);
	size_t directory = (size_t)(base - path);

	if (owner != getpid() || table == NULL)
		return false;
	for (size_t i = table->size; i-- > 0;) {
		const char *name = table->paths[i];
		const char *entry = name == NULL ? NULL : base_of(name);

		if (entry == NULL || !is_temporary_of(entry, base))
			continue;
		if (directory == 0 ? strncmp(name, "./", 2) == 0 && entry == name + 2 :
		    (size_t)(entry - name) == directory && memcmp(name, path, directory) == 0)
			return true;
	}
	return false;
}

/* Tidying only: what cannot be removed is left, without a message. */
static void
sweep(const char *path)
{
	char *directory = temp_directory(path);
	DIR *d = opendir(directory);
	struct dirent *e;

	free(directory);
	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (is_temporary_of(e->d_name, base_of(path)))
			sweep_one(dirfd(d), e->d_name);
	closedir(d);
}

/* Raises the limit of open files as far as that may be.  Returns whether it did. */
static bool
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/*
 * Creates and locks a temporary beside path; takes no memory once it is there.  Returns the
 * descriptor with *name set (the caller frees), or -1 with errno set.  Where the file system knows
 * no locks, sweepers get none either.
 */
static int
create_temporary(const char *path, char **name)
{
	char *directory = temp_directory(path), *made;
	size_t len = strlen(directory) + strlen(base_of(path)) + sizeof "/..XXXXXX" TEMPORARY_END;
	struct stat st;
	int fd = -1, saved;

	made = mem_alloc(len);
	errno = ENAMETOOLONG;
	for (int i = 0; i < LOCK_ATTEMPTS && fd == -1 && len <= PATH_TEXT_MAX; i++) {
		snprintf(made, len, "%s/.%s.XXXXXX" TEMPORARY_END, directory, base_of(path));
		fd = mkstemps(made, (int)strlen(TEMPORARY_END));
		if (fd == -1 && errno == EMFILE && raise_limit())
			continue;
		if (fd == -1)
			break;
		/* A program that we start must not hold the lock. */
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 ||
		    (flock(fd, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK) ||
		    fstat(fd, &st) == -1 || st.st_nlink == 0) {
			close(fd);
			unlink(made);
			fd = -1;
			errno = EAGAIN;
		}
	}
	saved = errno;
	if (fd != -1)
		*name = made;
	else
		free(made);
	free(directory);
	errno = saved;
	return fd;
}

int
temp_make(const char *path, char **name)
{
	sigset_t old;
	size_t place;
	int fd, saved;

	if (!is_swept(path))
		sweep(path);
	temp_block(&old);
	place = free_place();
	fd = create_temporary(path, name);
	saved = errno;
	if (fd != -1)
		table->paths[place] = *name;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	errno = saved;
	return fd;
}

int
temp_create(const char *path, char **name)
{
	sigset_t old;
	int fd, failed;

	temp_block(&old);
	failed = install_handlers();
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (failed != 0) {
		diag_error("%s: cannot write: cannot register an exit handler", path);
		return -1;
	}
	do
		fd = files_temporary(path, name);
	while (fd == -1 && errno == EMFILE && raise_limit());
	if (fd == -1)
		diag_error("%s: cannot create a temporary file beside it: %s%s", path,
		    strerror(errno), errno == EMFILE ? " (ulimit -Hn says how many may be)" : "");
	return fd;
}

void
temp_forget(char *name)
{
	sigset_t old;

	temp_block(&old);
	for (size_t i = 0; table != NULL && i < table->size; i++)
		if (table->paths[i] == name)
			table->paths[i] = NULL;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	free(name);
}
