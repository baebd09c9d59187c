/*
 * free-spy.so, put before the C library by LD_PRELOAD: tells of memory that a program gives back with
 * a secret still in it.
 *
 * SPY_FILE names a file of secrets, a line each; what is found is appended to SPY_REPORT as
 * "free SECRET-NUMBER" or "realloc SECRET-NUMBER" (1 is the first line), and at the end "looked N" for
 * N blocks looked at.  Judged are programs below the directory SPY_BELOW, and in them the calls that
 * they make themselves: what libraries keep and drop is not in their hands.  Not for programs with sanitizers, which have an allocator of their own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECRETS_MAX = 16, SECRET_SIZE = 600 };

static const char *secrets[SECRETS_MAX];
static size_t lengths[SECRETS_MAX];
static int known, report_fd = -1;
static unsigned long looked;
static uintptr_t low, high;	/* where the program's code lies */
static void (*real_free)(void *);
static void *(*real_realloc)(void *, size_t);

static int
find_program(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X) != 0) {
			low = info->dlpi_addr + p->p_vaddr;
			high = low + p->p_memsz;
		}
	}
	return 1;	/* the first is the program */
}

static void
report(const char *what, unsigned long number)
{
	if (dprintf(report_fd, "%s %lu\n", what, number) < 0)
		_exit(99);
}

/* Now, since a program that has shut its door can open nothing; out of the way of its own. */
static void
open_report(void)
{
	enum { FIRST = 200 };
	const char *path = getenv("SPY_REPORT");
	int fd = path != NULL ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;

	report_fd = fcntl(fd, F_DUPFD_CLOEXEC, FIRST);
	if (report_fd == -1)
		_exit(99);
	close(fd);
}

/* Not by stdio, whose buffers would be given back with the secrets in them. */
static void
learn(void)
{
	static char text[SECRETS_MAX * SECRET_SIZE];
	const char *path = getenv("SPY_FILE");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd != -1 ? read(fd, text, sizeof text - 1) : -1;
	char *line = text;

	if (n <= 0)
		_exit(99);
	close(fd);
	while (known < SECRETS_MAX && *line != '\0') {
		secrets[known] = line;
		lengths[known] = strcspn(line, "\n");
		line += lengths[known++];
		line += *line == '\n';
	}
}

/* Programs that others wrote, such as cat(1), keep secrets as they like. */
static bool
is_judged(void)
{
	const char *below = getenv("SPY_BELOW");
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (below == NULL || n <= 0)
		_exit(99);
	path[n] = '\0';
	return strncmp(path, below, strlen(below)) == 0;
}

__attribute__((constructor)) static void
start(void)
{
	real_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
	real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	dl_iterate_phdr(find_program, NULL);
	if (is_judged()) {
		learn();
		open_report();
	}
}

__attribute__((destructor)) static void
end(void)
{
	if (known > 0)
		report("looked", looked);
}

static bool
is_program(const void *caller)
{
	return (uintptr_t)caller >= low && (uintptr_t)caller < high;
}

static int
secret_in(const void *p)
{
	size_t size = malloc_usable_size((void *)p);

	looked++;
	for (int i = 0; i < known; i++)
		if (memmem(p, size, secrets[i], lengths[i]) != NULL)
			return i + 1;
	return 0;
}

void
free(void *p)
{
	int found;

	if (p != NULL && known > 0 && is_program(__builtin_return_address(0))) {
		found = secret_in(p);
		if (found != 0)
			report("free", (unsigned long)found);
	}
	if (real_free != NULL)
		real_free(p);
}

void *
realloc(void *p, size_t size)
{
	int found = 0;
	uintptr_t old = (uintptr_t)p;
	void *q;

	if (real_realloc == NULL)
		real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	if (p != NULL && known > 0 && is_program(__builtin_return_address(0)))
		found = secret_in(p);
	q = real_realloc(p, size);
	/* One that grew where it was has left nothing behind. */
	if (found != 0 && (uintptr_t)q != old)
		report("realloc", (unsigned long)found);
	return q;
}
