/*
 * Any bytes as a stream of records: the reader's verdict agrees with a plain recount, and a stream
 * that it calls whole is no longer whole when its last byte is gone.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "json/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum record_verdict
judge(const uint8_t *data, size_t size, uint64_t *lines)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct record_reader r;
	enum record_result result;
	enum record_verdict verdict;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	record_open(&r, fd, "fuzz");
	while ((result = record_next(&r)) != RECORD_END) {
		if (result == RECORD_ERROR || (result == RECORD_LINE &&
		    (r.list.count == 0 || memchr(r.text, '\n', r.len) != NULL)))
			abort();
	}
	verdict = record_verdict(&r, false);
	*lines = r.line;
	record_close(&r);
	close(fd);
	return verdict;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t lines, counted = 0, ignored;
	enum record_verdict verdict = judge(data, size, &lines);

	for (size_t i = 0; i < size; i++)
		counted += data[i] == '\n';
	if (lines != counted)
		abort();
	if (verdict != RECORD_CUT && size > 0 && data[size - 1] != '\n')
		abort();
	if (verdict == RECORD_WHOLE && judge(data, size - 1, &ignored) == RECORD_WHOLE)
		abort();
	return 0;
}
