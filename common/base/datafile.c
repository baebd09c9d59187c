/* Mappings and layouts found by name, and small files read whole. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"

enum {
	PATH_TEXT_MAX = 64 * 1024,	/* a list from the environment may be long */
	CHUNK = 16 * 1024
};

/* A search: the candidate at hand, and the list of those that failed. */
struct search {
	struct buf path, tried;
};

static bool try_file(struct search *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True if the formatted path is there; it stands in s->path then.  One too long is not there. */
static bool
try_file(struct search *s, const char *fmt, ...)
{
	char text[PATH_MAX];
	struct stat st;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof text)
		return false;
	buf_clear(&s->path);
	buf_append_string(&s->path, text);
	if (stat(text, &st) == 0 && !S_ISDIR(st.st_mode))
		return true;
	buf_appendf(&s->tried, "%s%s", s->tried.len > 0 ? ", " : "", text);
	return false;
}

static bool
search_environment(struct search *s, const char *kind, const char *name, const char *suffix)
{
	const char *dir = getenv("COGNITO_FILTERS_PATH");

	while (dir != NULL && *dir != '\0') {
		int len = (int)strcspn(dir, ":");

		if (len > 0 && len < PATH_MAX &&
		    (try_file(s, "%.*s/%s/%s.%s", len, dir, kind, name, suffix) ||
		    try_file(s, "%.*s/%s.%s", len, dir, name, suffix)))
			return true;
		dir += len;
		if (*dir == ':')
			dir++;
	}
	return false;
}

static bool
search_configuration(struct search *s, const char *kind, const char *name, const char *suffix)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* The XDG specification has relative paths ignored. */
	if (config != NULL && config[0] == '/')
		return try_file(s, "%s/cognito-filters/%s/%s.%s", config, kind, name, suffix);
	if (home != NULL && home[0] != '\0')
		return try_file(s, "%s/.config/cognito-filters/%s/%s.%s", home, kind, name, suffix);
	return false;
}

static bool
search_installed(struct search *s, const char *kind, const char *name, const char *suffix)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	char *slash;

	if (n <= 0)
		return false;
	program[n] = '\0';
	slash = strrchr(program, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	/* PREFIX/bin, or build/bin in a tree. */
	return try_file(s, "%s/../share/cognito-filters/%s/%s.%s", program, kind, name, suffix) ||
	    try_file(s, "%s/../../pipelines/%s/%s.%s", program, kind, name, suffix);
}

char *
datafile_find(const char *kind, const char *name, const char *suffix)
{
	struct search s;

	if (strchr(name, '/') != NULL)
		return mem_dup_string(name);
	buf_init(&s.path, PATH_TEXT_MAX);
	buf_init(&s.tried, PATH_TEXT_MAX);
	if (name[0] == '\0') {
		diag_error("%s: empty name", kind);
	} else if (search_environment(&s, kind, name, suffix) ||
	    search_configuration(&s, kind, name, suffix) ||
	    search_installed(&s, kind, name, suffix)) {
		buf_free(&s.tried);
		return s.path.data;
	} else {
		diag_error("%s: %s: not found; looked for %s", kind, name, buf_string(&s.tried));
	}
	buf_free(&s.path);
	buf_free(&s.tried);
	return NULL;
}

/* Reads to the end.  Returns 0, or -1 with the reason printed. */
static int
read_all(int fd, const char *path, struct buf *b)
{
	for (;;) {
		size_t room = b->max - b->len;
		char probe;
		ssize_t n;

		/* At the maximum one more byte tells whether the file ends there. */
		if (room > CHUNK)
			room = CHUNK;
		buf_reserve(b, room);
		n = read(fd, room > 0 ? b->data + b->len : &probe, room > 0 ? room : 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			diag_error("%s: cannot read: %s", path, strerror(errno));
			return -1;
		}
		if (n == 0)
			return 0;
		if (room == 0) {
			diag_error("%s: longer than the limit of %zu bytes", path, b->max);
			return -1;
		}
		b->len += (size_t)n;
	}
}

int
datafile_read(const char *path, struct buf *b)
{
	size_t start = b->len;
	int fd = files_open(path);
	int status;

	if (fd == -1) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return -1;
	}
	status = read_all(fd, path, b);
	close(fd);
	if (status == -1)
		b->len = start;
	if (b->data != NULL)
		b->data[b->len] = '\0';
	return status;
}
