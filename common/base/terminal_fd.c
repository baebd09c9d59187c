/* Short secrets from descriptors (terminal.h). */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/terminal.h"

/* Reads the next byte, waiting for it.  Returns 1, 0 at the end of file, or -1 with errno set. */
static ssize_t
read_byte(int fd, char *byte)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	while ((n = read(fd, byte, 1)) == -1 && (errno == EINTR || errno == EAGAIN))
		if (errno == EAGAIN)
			(void)poll(&p, 1, -1);
	return n;
}

int
terminal_read_fd(int fd, char *answer, size_t size, char why[TERMINAL_WHY_SIZE])
{
	size_t len = 0;
	ssize_t n;
	char byte;

	why[0] = '\0';
	while ((n = read_byte(fd, &byte)) == 1 && byte != '\n' && len < size)
		answer[len++] = byte;
	mem_wipe(&byte, 1);
	if (n == -1)
		snprintf(why, TERMINAL_WHY_SIZE, "cannot be read: %s", strerror(errno));
	else if (len == size)
		snprintf(why, TERMINAL_WHY_SIZE, "longer than %zu bytes", size - 1);
	else if (len > 0 && answer[len - 1] == '\r')
		len--;
	if (why[0] == '\0' && len == 0)
		snprintf(why, TERMINAL_WHY_SIZE, "empty");
	if (why[0] != '\0') {
		mem_wipe(answer, size);
		return -1;
	}
	answer[len] = '\0';
	return 0;
}
