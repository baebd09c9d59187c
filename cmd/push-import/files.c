#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/opt.h"

static enum prog_status
open_one(struct file *f, size_t max)
{
	struct stat st;

	f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (f->fd == -1 || fstat(f->fd, &st) != 0) {
		diag_error("%s: cannot open: %s", f->path, strerror(errno));
		return PROG_FAIL;
	}
	if (!S_ISREG(st.st_mode)) {
		diag_error("%s: not a regular file: it is read twice, to be checked and to be sent",
		    f->path);
		return PROG_FAIL;
	}
	if ((uint64_t)st.st_size > max) {
		diag_error("%s: more than the %zu bytes that the service takes; emit-csv --split "
		    "makes several", f->path, max);
		return PROG_FAIL;
	}
	f->len = (size_t)st.st_size;
	return PROG_OK;
}

enum prog_status
files_open_all(struct files *f, char **paths, size_t max)
{
	enum prog_status status = PROG_OK;

	for (; paths[f->count] != NULL; f->count++)
		if (f->count == FILES_MAX)
			opt_value_error("more than %d files", FILES_MAX);
	f->file = mem_alloc(f->count * sizeof *f->file + 1);
	for (size_t i = 0; i < f->count; i++)
		f->file[i] = (struct file){ .path = paths[i], .fd = -1 };
	for (size_t i = 0; i < f->count && status == PROG_OK; i++)
		status = open_one(&f->file[i], max);
	return status;
}

static enum prog_status
read_all(struct file *f)
{
	char beyond;

	for (size_t at = 0; at < f->len;) {
		ssize_t n = pread(f->fd, f->data + at, f->len - at, (off_t)at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			diag_error("%s: cannot read: %s", f->path, strerror(errno));
			return PROG_FAIL;
		}
		if (n == 0) {
			diag_error("%s: it became shorter while it was read", f->path);
			return PROG_FAIL;
		}
		at += (size_t)n;
	}
	if (pread(f->fd, &beyond, 1, (off_t)f->len) == 1) {
		diag_error("%s: it became longer while it was read", f->path);
		return PROG_FAIL;
	}
	return PROG_OK;
}

enum prog_status
files_load(struct file *f)
{
	char digest[SIGV4_HEX_SIZE];

	f->data = mem_alloc(f->len + 1);
	if (read_all(f) != PROG_OK) {
		files_unload(f);
		return PROG_FAIL;
	}
	sigv4_sha256_hex(f->data, f->len, digest);
	if (f->digest[0] != '\0' && strcmp(f->digest, digest) != 0) {
		diag_error("%s: it is not any more what was checked", f->path);
		files_unload(f);
		return PROG_FAIL;
	}
	memcpy(f->digest, digest, sizeof digest);
	return PROG_OK;
}

void
files_unload(struct file *f)
{
	free(f->data);
	f->data = NULL;
}

void
files_close(struct files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		files_unload(&f->file[i]);
		for (size_t k = 0; k < f->file[i].headings; k++)
			free(f->file[i].heading[k]);
		free(f->file[i].heading);
		if (f->file[i].fd != -1)
			close(f->file[i].fd);
	}
	free(f->file);
}
