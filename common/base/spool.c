#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/spool.h"

enum { SPOOL_BUFFER = 64 * 1024 };

int
spool_file(void)
{
	const char *directory;
	int fd = files_spool(&directory);

	if (fd == -1)
		diag_error("%s: no temporary file can be made: %s", directory, strerror(errno));
	return fd;
}

int
spool_open(struct spool *s)
{
	memset(s, 0, sizeof *s);
	s->fd = spool_file();
	if (s->fd == -1)
		return -1;
	s->data = mem_resize(NULL, SPOOL_BUFFER, 1);
	return 0;
}

void
spool_close(struct spool *s)
{
	if (s->fd != -1)
		close(s->fd);
	if (s->data != NULL)
		mem_wipe(s->data, SPOOL_BUFFER);
	free(s->data);
	s->data = NULL;
	s->fd = -1;
}

static int
fail(struct spool *s, const char *what, const char *why)
{
	if (!s->failed)
		diag_error("temporary file: %s: %s", what, why);
	s->failed = true;
	return -1;
}

/* Writes at the end of what the file holds. */
static int
write_out(struct spool *s, const char *data, size_t len, uint64_t offset)
{
	while (len > 0 && !s->failed) {
		ssize_t n = pwrite(s->fd, data, len, (off_t)offset);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(s, "cannot write", strerror(errno));
		data += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return s->failed ? -1 : 0;
}

static int
flush(struct spool *s)
{
	size_t buffered = s->buffered;

	s->buffered = 0;
	return write_out(s, s->data, buffered, s->len - buffered);
}

int
spool_append(struct spool *s, const void *data, size_t len)
{
	if (len > SPOOL_BUFFER - s->buffered && flush(s) != 0)
		return -1;
	if (len > SPOOL_BUFFER) {
		if (write_out(s, data, len, s->len) != 0)
			return -1;
	} else {
		memcpy(s->data + s->buffered, data, len);
		s->buffered += len;
	}
	s->len += len;
	return s->failed ? -1 : 0;
}

/* Where the bytes at offset lie if all of them are still in the buffer, else NULL. */
static char *
buffered_at(const struct spool *s, size_t len, uint64_t offset)
{
	uint64_t start = s->len - s->buffered;

	return offset >= start && offset <= s->len && len <= s->len - offset ?
	    s->data + (offset - start) : NULL;
}

int
spool_write(struct spool *s, const void *from, size_t len, uint64_t offset)
{
	char *buffered = buffered_at(s, len, offset);

	if (buffered != NULL)
		memcpy(buffered, from, len);
	else if (offset + len <= s->len - s->buffered || flush(s) == 0)
		return write_out(s, from, len, offset);
	return s->failed ? -1 : 0;
}

int
spool_extend(struct spool *s, uint64_t len)
{
	if (flush(s) != 0)
		return -1;
	if (ftruncate(s->fd, (off_t)len) != 0)
		return fail(s, "cannot write", strerror(errno));
	s->len = len;
	return 0;
}

int
spool_read(struct spool *s, void *to, size_t len, uint64_t offset)
{
	const char *buffered = buffered_at(s, len, offset);
	char *at = to;

	if (buffered != NULL && !s->failed) {
		memcpy(to, buffered, len);
		return 0;
	}
	if (offset + len > s->len - s->buffered && flush(s) != 0)
		return -1;
	while (len > 0) {
		ssize_t n = pread(s->fd, at, len, (off_t)offset);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(s, "cannot read", n == 0 ? "it is cut" : strerror(errno));
		at += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

int
spool_seek(struct spool *s, uint64_t offset)
{
	if (flush(s) != 0)
		return -1;
	if (lseek(s->fd, (off_t)offset, SEEK_SET) == -1)
		return fail(s, "cannot read", strerror(errno));
	return 0;
}
