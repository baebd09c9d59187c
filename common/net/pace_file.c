/* The file that holds a shared bucket (pace_file.h). */
#include "net/pace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/owndir.h"

enum {
	/* A record that nobody has touched for so long says nothing about the service any more. */
	OLD_MS = 600 * 1000,
	/* More calls than can wait for their turns at once, and more a second than any quota has. */
	WAITING_MAX = 1000, RATE_MAX = 1000 * 1000,
	/* Clocks were looked at before the lock was had; more than that is another clock. */
	AHEAD_MS = 60 * 1000
};

/* Read by processes of one build on one machine, so it is written as it lies in memory. */
struct stored {
	char magic[8];
	char boot[PACE_FILE_BOOT_SIZE];
	struct pace_record record;
	uint64_t sum;			/* of all before it */
};

/* With its version; another one for each change of the structs, struct pace included. */
static const char magic[] = "cfpace1\n";

/* Of the helper, which opens the files behind the door; 0: pace_file_announce was not called. */
static int service;
static char boot_before[PACE_FILE_BOOT_SIZE];

static void
read_boot(char boot[PACE_FILE_BOOT_SIZE])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	memset(boot, 0, PACE_FILE_BOOT_SIZE);
	if (fd == -1)
		return;
	if (read(fd, boot, PACE_FILE_BOOT_SIZE - 1) < 0)
		boot[0] = '\0';
	close(fd);
}

/* Takes the directory over, which may be -1. */
static int
open_in(int place, const char *name)
{
	/* ~/.cache may be a link to another disk; what is ours below it may not. */
	return owndir_file(owndir_enter(place, "cognito-filters", O_NOFOLLOW), name);
}

/* Returns a descriptor, or -1 with errno set. */
static int
open_here(const char *name)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	int fd, error;

	fd = cache != NULL && cache[0] == '/' ? open_in(owndir_open("XDG_CACHE_HOME"), name) :
	    open_in(owndir_enter(owndir_open("HOME"), ".cache", 0), name);
	error = errno;
	if (fd == -1)
		fd = open_in(owndir_open("XDG_RUNTIME_DIR"), name);
	errno = error;
	return fd;
}

/* In the helper: opens the file of that name, which is a digest's and nothing else. */
static int
serve(void *arg, const void *request, size_t len, struct broker_answer *answer)
{
	const char *name = request;

	(void)arg;
	if (len < 2 || name[len - 1] != '\0' || strspn(name, "0123456789abcdef") != len - 1)
		return EACCES;
	answer->fd[0] = open_here(name);
	return answer->fd[0] == -1 ? errno : 0;
}

/* The same as open_here, asked of the helper. */
static int
ask(const char *name)
{
	struct broker_answer answer;
	int error, fd;

	broker_answer_init(&answer);
	error = service == 0 ? EACCES : broker_call(service, name, strlen(name) + 1, &answer);
	fd = answer.fd[0];
	broker_answer_free(&answer);
	errno = error;
	return fd;
}

static void
announce_place(const char *variable, const char *below)
{
	const char *path = getenv(variable);
	struct stat st;
	char *place;
	size_t size;

	if (path == NULL || path[0] != '/')
		return;
	size = strlen(path) + strlen(below) + 1;
	place = mem_alloc(size);
	snprintf(place, size, "%s%s", path, below);
	files_will_write_below(stat(place, &st) == 0 ? place : path);
	free(place);
}

void
pace_file_announce(void)
{
	if (service != 0 || broker_runs() || sandbox_is_shut())
		return;
	service = broker_add(serve, NULL);
	announce_place("XDG_CACHE_HOME", "");
	announce_place("HOME", "/.cache");
	announce_place("XDG_RUNTIME_DIR", "");
	read_boot(boot_before);
}

int
pace_file_open(struct pace_file *f, const char *name, char why[PACE_FILE_WHY_SIZE])
{
	f->fd = broker_runs() ? ask(name) : open_here(name);
	if (f->fd == -1) {
		snprintf(why, PACE_FILE_WHY_SIZE, "the cache directory: %s", strerror(errno));
		return -1;
	}
	if (boot_before[0] != '\0')
		memcpy(f->boot, boot_before, sizeof f->boot);
	else
		read_boot(f->boot);
	return 0;
}

void
pace_file_close(struct pace_file *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

static uint64_t
sum_of(const struct stored *s)
{
	static const struct hash_key key;

	return hash_bytes(&key, s, offsetof(struct stored, sum));
}

static bool
is_between(double x, double least, double most)
{
	return x >= least && x <= most;		/* NaN is not */
}

/* Whether such a bucket can be: with any other, calls might wait for ever. */
static bool
is_possible(const struct pace_record *r, int64_t now_ms)
{
	const struct pace *p = &r->pace;
	const int64_t times[] = { p->filled_ms, p->window_ms, p->throttled_ms, r->limit_ms };

	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		if (times[i] < 0 || times[i] >= now_ms + AHEAD_MS)
			return false;
	return p->filled_ms > now_ms - OLD_MS && p->limit > 0 && p->rate > 0 &&
	    p->window_calls >= 0 && is_between(p->limit, 0, RATE_MAX) &&
	    is_between(p->rate, 0, RATE_MAX) && is_between(p->tokens, -WAITING_MAX, RATE_MAX) &&
	    is_between(p->measured, 0, RATE_MAX) && is_between(p->best, 0, RATE_MAX);
}

static bool
is_good(const struct stored *s, const char boot[PACE_FILE_BOOT_SIZE], int64_t now_ms)
{
	return memcmp(s->magic, magic, sizeof s->magic) == 0 && s->sum == sum_of(s) &&
	    memcmp(s->boot, boot, sizeof s->boot) == 0 && is_possible(&s->record, now_ms);
}

enum pace_file_state
pace_file_lock(struct pace_file *f, int64_t now_ms, struct pace_record *r)
{
	enum pace_file_state state = PACE_FILE_EMPTY;
	struct stored s;
	struct stat st;
	ssize_t n;

	if (flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK || errno == EINTR ? PACE_FILE_BUSY : PACE_FILE_FAILED;
	n = pread(f->fd, &s, sizeof s, 0);
	if (n < 0 || fstat(f->fd, &st) != 0)
		state = PACE_FILE_FAILED;
	else if (st.st_nlink == 0)
		state = PACE_FILE_GONE;
	else if (n == (ssize_t)sizeof s && is_good(&s, f->boot, now_ms))
		state = PACE_FILE_READ;
	if (state == PACE_FILE_READ)
		*r = s.record;
	else if (state != PACE_FILE_EMPTY)
		(void)flock(f->fd, LOCK_UN);
	return state;
}

int
pace_file_unlock(struct pace_file *f, const struct pace_record *r)
{
	struct stored s;
	bool written;

	/* Padding counts in the sum. */
	memset(&s, 0, sizeof s);
	memcpy(s.magic, magic, sizeof s.magic);
	memcpy(s.boot, f->boot, sizeof s.boot);
	memcpy(&s.record, r, sizeof s.record);
	s.sum = sum_of(&s);
	written = pwrite(f->fd, &s, sizeof s, 0) == (ssize_t)sizeof s;
	(void)flock(f->fd, LOCK_UN);
	return written ? 0 : -1;
}
