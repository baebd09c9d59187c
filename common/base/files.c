/*
 * Files by name, here or through the helper (files.h).
 *
 * A request is an operation and one or two names, each with its NUL.  What the helper checks a name
 * against are the lists below, as they were when it was forked, and the temporaries that it made.
 */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/mem.h"
#include "base/temp.h"

enum operation {
	OPEN, OPEN_OLD, SPOOL, TEMPORARY, RENAME, UNLINK, SYNC, RESOLVE
};

struct names {
	char **item;
	size_t count;
};

/* A readable file that is open already, or -1 and why it is not. */
struct early {
	char *path;
	int fd, error;
};

/* FILE and what stands beside it. */
struct parts {
	char *path;
	size_t stem;
};

static struct names readable, places;
static struct parts *parts;
static size_t part_count;
static struct early *early;
static size_t early_count;
static bool spools, sorts, runs;
static int service;

static void
add_name(struct names *n, const char *name)
{
	n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
	n->item[n->count++] = mem_dup_string(name);
}

static bool
has_name(const struct names *n, const char *name)
{
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->item[i], name) == 0)
			return true;
	return false;
}

static bool
is_part(const struct parts *p, const char *name)
{
	size_t len = strlen(name), end = strlen(p->path) - p->stem;

	return strncmp(name, p->path, p->stem) == 0 && name[p->stem] == '-' &&
	    strchr(name + p->stem, '/') == NULL && len > p->stem + 1 + end &&
	    strcmp(name + len - end, p->path + p->stem) == 0;
}

/* Whether it may be replaced. */
static bool
is_place(const char *name)
{
	for (size_t i = 0; i < part_count; i++)
		if (is_part(&parts[i], name))
			return true;
	return has_name(&places, name);
}

static const char *
spool_directory(void)
{
	const char *directory = getenv("TMPDIR");

	return directory == NULL || directory[0] == '\0' ? "/tmp" : directory;
}

/* The operations themselves: a descriptor or 0, or -1 with errno set. */

static int
open_operand(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static int
open_old(const char *path)
{
	return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static int
open_spool(void)
{
	static const char end[] = "/cognito-filters.XXXXXX";
	const char *directory = spool_directory();
	size_t size = strlen(directory) + sizeof end;
	char *path = mem_alloc(size);
	int fd, saved;

	snprintf(path, size, "%s%s", directory, end);
	fd = mkstemp(path);	/* mode 0600 */
	saved = errno;
	if (fd != -1) {
		unlink(path);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	errno = saved;
	return fd;
}

/*
 * Takes no memory: the name has changed already, and a run that ends for want of memory would say
 * that it had not.
 */
static int
sync_directory(const char *path)
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

/* In the helper. */

static int
serve_rename(const char *from, const char *to)
{
	bool here = temp_is_ours(from) && is_place(to);

	if (!here && !(is_place(from) && temp_is_ours(to)))
		return EACCES;
	if (rename(from, to) == -1)
		return errno;
	if (here)
		temp_drop(from);
	return 0;
}

static int
serve_unlink(const char *path)
{
	bool ours = temp_is_ours(path);

	if (!ours && !is_place(path))
		return EACCES;
	if (unlink(path) == -1)
		return errno;
	if (ours)
		temp_drop(path);
	return 0;
}

static int
serve_temporary(const char *path, struct broker_answer *answer)
{
	char *name;

	if (!is_place(path))
		return EACCES;
	answer->fd[0] = temp_make(path, &name);
	if (answer->fd[0] == -1)
		return errno;
	/* With its NUL. */
	return buf_append(&answer->data, name, strlen(name) + 1) == 0 ? 0 : ENAMETOOLONG;
}

static int
serve_resolve(const char *path, struct broker_answer *answer)
{
	char *real;
	int result;

	if (!is_place(path))
		return EACCES;
	real = realpath(path, NULL);
	if (real == NULL)
		return errno;
	add_name(&places, real);
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

static int
serve(void *arg, const void *request, size_t len, struct broker_answer *answer)
{
	const char *text = request, *name = text + 1, *second;

	(void)arg;
	/* An operation, a name, a second one: all there, and nothing more. */
	if (len < 3 || text[len - 1] != '\0')
		return EPROTO;
	second = name + strlen(name) + 1;
	if (second >= text + len || second + strlen(second) + 1 != text + len)
		return EPROTO;
	switch ((enum operation)text[0]) {
	case OPEN:
		return has_name(&readable, name) ? descriptor(open_operand(name), answer) : EACCES;
	case OPEN_OLD:
		return is_place(name) ? descriptor(open_old(name), answer) : EACCES;
	case SPOOL:
		return spools ? descriptor(open_spool(), answer) : EACCES;
	case TEMPORARY:
		return serve_temporary(name, answer);
	case RENAME:
		return serve_rename(name, second);
	case UNLINK:
		return serve_unlink(name);
	case SYNC:
		return is_place(name) ? sync_directory(name) : EACCES;
	case RESOLVE:
		return serve_resolve(name, answer);
	}
	return ENOSYS;
}

/* Announcements. */

static bool
may_announce(void)
{
	if (broker_runs() || sandbox_is_shut())
		return false;
	if (service == 0)
		service = broker_add(serve, NULL);
	return true;
}

static bool
is_descriptor(const char *path)
{
	return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0 ||
	    strcmp(path, "/dev/stdin") == 0;
}

void
files_will_read(const char *path)
{
	if (broker_runs() || sandbox_is_shut())
		return;
	if (is_descriptor(path)) {
		early = mem_resize(early, early_count + 1, sizeof *early);
		early[early_count].path = mem_dup_string(path);
		early[early_count].fd = open_operand(path);
		early[early_count++].error = errno;
	} else if (may_announce()) {
		add_name(&readable, path);
	}
}

void
files_will_replace(const char *path)
{
	if (may_announce())
		add_name(&places, path);
}

void
files_will_make_parts(const char *path, size_t stem)
{
	if (!may_announce())
		return;
	add_name(&places, path);
	parts = mem_resize(parts, part_count + 1, sizeof *parts);
	parts[part_count++] = (struct parts){ mem_dup_string(path), stem };
}

void
files_will_spool(void)
{
	if (may_announce())
		spools = true;
}

void
files_will_sort(void)
{
	files_will_spool();
	if (may_announce())
		sorts = true;
}

void
files_will_run(void)
{
	runs = true;
}

/* The directory of each file, since what is there when it is opened may be another one; and where
 * a link leads. */
static void
add_directories(struct names *to, const struct names *files)
{
	for (size_t i = 0; i < files->count; i++) {
		char *real = realpath(files->item[i], NULL);
		char *directory = temp_directory(files->item[i]);

		add_name(to, directory);
		free(directory);
		if (real == NULL)
			continue;
		directory = temp_directory(real);
		add_name(to, directory);
		free(directory);
		free(real);
	}
}

static void
end_names(struct names *n)
{
	n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
	n->item[n->count] = NULL;
}

static void
free_names(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->item[i]);
	free(n->item);
}

int
files_shut(const struct sandbox *own)
{
	struct sandbox door = { .keep = SANDBOX_WRITE | SANDBOX_HELP }, mine = { .keep = SANDBOX_FILTER };
	struct names read = { NULL, 0 }, write = { NULL, 0 };
	int result;

	if (sandbox_is_shut())
		return 0;
	if (broker_is_wanted()) {
		add_directories(&read, &readable);
		add_directories(&write, &places);
		if (spools)
			add_name(&write, spool_directory());
	}
	end_names(&read);
	end_names(&write);
	door.read = (const char *const *)read.item;
	door.write = (const char *const *)write.item;
	if (sorts) {
		door.keep |= SANDBOX_RUN;
		door.read = NULL;
	}
	result = broker_start(runs ? NULL : &door);
	free_names(&read);
	free_names(&write);
	if (result != 0)
		return -1;
	if (own != NULL)
		mine = *own;
	mine.channel = broker_channel();
	return sandbox_shut(&mine);
}

/* Asks the helper.  Returns 0 or an errno; what came is in answer, which the caller frees. */
static int
ask(enum operation operation, const char *name, const char *second, struct broker_answer *answer)
{
	struct buf request;
	int error;

	broker_answer_init(answer);
	buf_init(&request, BROKER_MESSAGE_MAX);
	if (buf_append_byte(&request, (char)operation) != 0 ||
	    buf_append(&request, name, strlen(name) + 1) != 0 ||
	    buf_append(&request, second, strlen(second) + 1) != 0)
		error = ENAMETOOLONG;
	else
		error = broker_call(service, request.data, request.len, answer);
	buf_free(&request);
	return error;
}

/* And what is wanted is a descriptor, or that there is no error. */
static int
ask_for(enum operation operation, const char *name, const char *second, int *fd)
{
	struct broker_answer answer;
	int error = ask(operation, name, second, &answer);

	*fd = answer.fd[0];
	broker_answer_free(&answer);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* The text that came, as the caller's; or NULL with errno set. */
static char *
take_text(int error, struct broker_answer *answer)
{
	char *text = NULL;

	if (error == 0 && answer->data.len > 0)
		text = mem_dup_string(buf_string(&answer->data));
	broker_answer_free(answer);
	errno = error == 0 && text == NULL ? EPROTO : error;
	return text;
}

/* Each announcement is good for one opening. */
static struct early *
find_early(const char *path)
{
	for (size_t i = 0; i < early_count; i++)
		if (early[i].path != NULL && strcmp(early[i].path, path) == 0)
			return &early[i];
	return NULL;
}

int
files_open(const char *path)
{
	struct early *e = find_early(path);
	int fd;

	if (e != NULL) {
		free(e->path);
		e->path = NULL;
		errno = e->error;
		return e->fd;
	}
	if (!broker_runs())
		return open_operand(path);
	return ask_for(OPEN, path, "", &fd) == 0 ? fd : -1;
}

int
files_open_old(const char *path)
{
	int fd;

	if (!broker_runs())
		return open_old(path);
	return ask_for(OPEN_OLD, path, "", &fd) == 0 ? fd : -1;
}

int
files_spool(const char **directory)
{
	int fd;

	*directory = spool_directory();
	if (!broker_runs())
		return open_spool();
	return ask_for(SPOOL, "", "", &fd) == 0 ? fd : -1;
}

int
files_temporary(const char *path, char **name)
{
	struct broker_answer answer;
	int error, fd;

	if (!broker_runs())
		return temp_make(path, name);
	error = ask(TEMPORARY, path, "", &answer);
	fd = answer.fd[0];
	*name = take_text(error, &answer);
	if (*name == NULL && fd != -1) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int
files_rename(const char *from, const char *to)
{
	int fd;

	return broker_runs() ? ask_for(RENAME, from, to, &fd) : rename(from, to);
}

int
files_unlink(const char *path)
{
	int fd;

	return broker_runs() ? ask_for(UNLINK, path, "", &fd) : unlink(path);
}

int
files_sync(const char *path)
{
	int fd;

	if (!broker_runs())
		return sync_directory(path);
	return ask_for(SYNC, path, "", &fd) == 0 ? 0 : errno;
}

char *
files_resolve(const char *path)
{
	struct broker_answer answer;
	int error;

	if (!broker_runs())
		return realpath(path, NULL);
	error = ask(RESOLVE, path, "", &answer);
	return take_text(error, &answer);
}
