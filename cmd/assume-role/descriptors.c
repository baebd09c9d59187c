/* The descriptors that are open when the command starts (descriptors.h). */
#include "descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"

/* Appends every open descriptor, except the one that it is seen with. */
static void
list_open(struct descriptors *d)
{
	DIR *directory = opendir("/proc/self/fd");
	const struct dirent *entry;
	const char *why;
	int64_t fd;

	if (directory == NULL)
		return;
	while ((entry = readdir(directory)) != NULL) {
		if (num_parse(entry->d_name, 0, INT_MAX, &fd, &why) != 0 || fd == dirfd(directory))
			continue;
		d->fd = mem_resize(d->fd, d->count + 1, sizeof *d->fd);
		d->fd[d->count++] = (int)fd;
	}
	closedir(directory);
}

static bool
holds(const struct descriptors *d, int fd)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->fd[i] == fd)
			return true;
	return false;
}

void
descriptors_free(struct descriptors *d)
{
	free(d->fd);
	memset(d, 0, sizeof *d);
}

void
descriptors_note(struct descriptors *d)
{
	memset(d, 0, sizeof *d);
	list_open(d);
}

void
descriptors_hide_others(const struct descriptors *d)
{
	struct descriptors now = { .fd = NULL };

	/* Without /proc nothing was noted, not even 0 to 2. */
	if (d->count > 0)
		list_open(&now);
	for (size_t i = 0; i < now.count; i++)
		if (!holds(d, now.fd[i]))
			(void)fcntl(now.fd[i], F_SETFD, FD_CLOEXEC);
	descriptors_free(&now);
}
