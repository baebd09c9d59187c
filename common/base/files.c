/*
 * Files by name, here or through the helper (files.h).
 */
#include "base/files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/broker.h"
#include "base/files_serve.h"
#include "base/mem.h"
#include "base/temp.h"

/* A readable file that is open already, or -1 and why it is not. */
struct early {
	char *path;
	int fd, error;
};

static struct files_lists lists;
static struct files_names places_below;
static struct early *early;
static size_t early_count;
static bool runs;
static int service;

static bool
may_announce(void)
{
	if (broker_runs() || sandbox_is_shut())
		return false;
	if (service == 0)
		service = broker_add(files_serve, &lists);
	return true;
}

/* A link, or another way, to a pipe of ours: it can be opened and has no name. */
static bool
leads_to_pipe(const char *path)
{
	char *real = realpath(path, NULL);
	struct stat st;

	free(real);
	return real == NULL && stat(path, &st) == 0;
}

/*
 * The helper opened what the name means there, /dev/null in place of our standard input: a link to
 * that.  Better no input than an empty one.
 */
static bool
is_mistaken(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &there) == 0 && S_ISCHR(there.st_mode) &&
	    stat(path, &here) == 0 && here.st_rdev != there.st_rdev;
}

static bool
is_descriptor(const char *path)
{
	return strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0 ||
	    strcmp(path, "/dev/stdin") == 0 || leads_to_pipe(path);
}

void
files_will_read(const char *path)
{
	if (broker_runs() || sandbox_is_shut())
		return;
	if (is_descriptor(path)) {
		early = mem_resize(early, early_count + 1, sizeof *early);
		early[early_count].path = mem_dup_string(path);
		early[early_count].fd = files_do_open(path);
		early[early_count++].error = errno;
	} else if (may_announce()) {
		files_names_add(&lists.readable, path);
	}
}

void
files_will_replace(const char *path)
{
	if (may_announce())
		files_names_add(&lists.places, path);
}

void
files_will_make_parts(const char *path, size_t stem)
{
	if (!may_announce())
		return;
	files_names_add(&lists.places, path);
	lists.parts = mem_resize(lists.parts, lists.part_count + 1, sizeof *lists.parts);
	lists.parts[lists.part_count++] = (struct files_parts){ mem_dup_string(path), stem };
}

void
files_will_spool(void)
{
	if (may_announce())
		lists.spools = true;
}

void
files_will_sort(void)
{
	files_will_spool();
	if (may_announce())
		lists.sorts = true;
}

void
files_will_write_below(const char *directory)
{
	if (may_announce())
		files_names_add(&places_below, directory);
}

void
files_will_run(void)
{
	runs = true;
}

static void
end_names(struct files_names *n)
{
	n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
	n->item[n->count] = NULL;
}

int
files_shut(const struct sandbox *own)
{
	struct sandbox door = { .keep = SANDBOX_WRITE };
	struct sandbox mine = { .keep = SANDBOX_FILTER };
	struct files_names read = { NULL, 0 }, write = { NULL, 0 }, run = { NULL, 0 };
	int result;

	if (sandbox_is_shut())
		return 0;
	if (broker_is_wanted()) {
		files_names_add_directories(&read, &lists.readable);
		files_names_add_directories(&write, &lists.places);
		for (size_t i = 0; i < places_below.count; i++)
			files_names_add(&write, places_below.item[i]);
		if (lists.spools)
			files_names_add(&write, files_spool_directory());
	}
	if (lists.sorts) {
		door.keep |= SANDBOX_RUN;
		files_names_add_sort(&run);
	}
	end_names(&read);
	end_names(&write);
	end_names(&run);
	door.read = (const char *const *)read.item;
	door.write = (const char *const *)write.item;
	door.run = (const char *const *)run.item;
	result = broker_start(runs ? NULL : &door);
	files_names_free(&read);
	files_names_free(&write);
	files_names_free(&run);
	if (result != 0)
		return -1;
	if (own != NULL)
		mine = *own;
	mine.channel = broker_channel();
	return sandbox_shut(&mine);
}

/*
 * Asks the helper.  Returns 0 or an errno; what came is in answer, which the caller frees.  Takes no
 * memory but for a text that comes: once an output has taken its place nothing must fail for want
 * of it.
 */
static int
ask(enum files_operation operation, const char *name, const char *second,
    struct broker_answer *answer)
{
	char request[1 + 2 * PATH_MAX];
	size_t len = strlen(name) + 1, second_len = strlen(second) + 1;

	broker_answer_init(answer);
	/* The kernel would take neither. */
	if (len > PATH_MAX || second_len > PATH_MAX)
		return ENAMETOOLONG;
	request[0] = (char)operation;
	memcpy(request + 1, name, len);
	memcpy(request + 1 + len, second, second_len);
	return broker_call(service, request, 1 + len + second_len, answer);
}

/* And what is wanted is a descriptor, or that there is no error. */
static int
ask_for(enum files_operation operation, const char *name, const char *second, int *fd)
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
		return files_do_open(path);
	if (ask_for(FILES_OPEN, path, "", &fd) != 0)
		return -1;
	if (is_mistaken(fd, path)) {
		close(fd);
		errno = EACCES;
		return -1;
	}
	return fd;
}

int
files_open_old(const char *path)
{
	int fd;

	if (!broker_runs())
		return files_do_open_old(path);
	return ask_for(FILES_OPEN_OLD, path, "", &fd) == 0 ? fd : -1;
}

int
files_spool(const char **directory)
{
	int fd;

	*directory = files_spool_directory();
	if (!broker_runs())
		return files_do_spool();
	return ask_for(FILES_SPOOL, "", "", &fd) == 0 ? fd : -1;
}

int
files_temporary(const char *path, char **name)
{
	struct broker_answer answer;
	int error, fd;

	if (!broker_runs())
		return temp_make(path, name);
	error = ask(FILES_TEMPORARY, path, "", &answer);
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

	return broker_runs() ? ask_for(FILES_RENAME, from, to, &fd) : rename(from, to);
}

int
files_unlink(const char *path)
{
	int fd;

	return broker_runs() ? ask_for(FILES_UNLINK, path, "", &fd) : unlink(path);
}

int
files_sync(const char *path)
{
	int fd;

	if (!broker_runs())
		return files_do_sync(path);
	return ask_for(FILES_SYNC, path, "", &fd) == 0 ? 0 : errno;
}

int
files_copy_mode(const char *path, const char *temporary)
{
	int fd;

	if (!broker_runs())
		return files_do_copy_mode(path, temporary);
	return ask_for(FILES_COPY_MODE, path, temporary, &fd) == 0 ? 0 : errno;
}

char *
files_resolve(const char *path)
{
	struct broker_answer answer;
	int error;

	if (!broker_runs())
		return realpath(path, NULL);
	error = ask(FILES_RESOLVE, path, "", &answer);
	return take_text(error, &answer);
}
