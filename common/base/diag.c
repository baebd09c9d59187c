/* Messages on standard error, through one gate. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/prog.h"

/* A terminal or pipe that takes nothing for so long may lose the rest of a message. */
enum { STUCK_MS = 1000 };

static int verbosity;
static bool (*before)(void);
static void (*after)(void);

char *
diag_quote(char *out, size_t size, const void *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = s;
	size_t n = 0, cut = 0;

	if (size == 0)
		return out;
	for (size_t i = 0; i < len; i++) {
		bool plain = p[i] >= 0x20 && p[i] < 0x7f;
		size_t need = plain ? 1 : 4;

		if (n + need >= size) {
			size_t dots = size - 1 - cut < 3 ? size - 1 - cut : 3;

			memcpy(out + cut, "...", dots);
			n = cut + dots;
			break;
		}
		if (plain) {
			out[n++] = (char)p[i];
		} else {
			out[n++] = '\\';
			out[n++] = 'x';
			out[n++] = hex[p[i] >> 4];
			out[n++] = hex[p[i] & 15];
		}
		if (n + 3 < size)
			cut = n;
	}
	out[n] = '\0';
	return out;
}

void
diag_put(const char *s, size_t len)
{
	int saved = errno;

	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, s, len);

		if (n >= 0) {
			s += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

			if (poll(&p, 1, STUCK_MS) != 1)
				break;
		} else if (errno != EINTR) {
			break;	/* there is nowhere left to say so */
		}
	}
	errno = saved;
}

static void message(const char *mark, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
message(const char *mark, const char *fmt, va_list ap)
{
	int saved = errno;
	/* Every byte takes at least one in the line, so a longer raw text is cut anyway. */
	char raw[DIAG_LINE_MAX + 1];
	char line[DIAG_LINE_MAX + 1];
	bool inside;
	size_t len;
	int n;

	n = snprintf(raw, sizeof raw, "%s: %s", prog_name(), mark);
	len = n < 0 ? 0 : (size_t)n < sizeof raw ? (size_t)n : sizeof raw - 1;
	errno = saved;
	n = vsnprintf(raw + len, sizeof raw - len, fmt, ap);
	len = n < 0 ? len : (size_t)n < sizeof raw - len ? len + (size_t)n : sizeof raw - 1;
	diag_quote(line, sizeof line - 1, raw, len);
	len = strlen(line);
	line[len++] = '\n';
	inside = before != NULL && before();
	diag_put(line, len);
	if (inside && after != NULL)
		after();
	errno = saved;
}

void
diag_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("", fmt, ap);
	va_end(ap);
}

void
diag_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("warning: ", fmt, ap);
	va_end(ap);
}

void
diag_verbose(int level, const char *fmt, ...)
{
	va_list ap;

	if (verbosity < level)
		return;
	va_start(ap, fmt);
	message("", fmt, ap);
	va_end(ap);
}

void
diag_set_verbosity(int level)
{
	verbosity = level;
}

int
diag_verbosity(void)
{
	return verbosity;
}

void
diag_set_around(bool (*first)(void), void (*last)(void))
{
	before = first;
	after = last;
}
