/*
 * exit-spy.so, put before the C library by LD_PRELOAD: realloc(3) of more than four megabytes fails
 * in every thread but the first, and an exit handler, as a library may have one, says "exit handler"
 * on standard error.  Not for programs with sanitizers, which have an allocator of their own.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { LARGE = 4 * 1024 * 1024 };

static void *(*real_realloc)(void *, size_t);

static void
tell(void)
{
	static const char text[] = "exit handler\n";

	(void)!write(STDERR_FILENO, text, sizeof text - 1);
}

__attribute__((constructor)) static void
begin(void)
{
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
	(void)atexit(tell);
}

void *
realloc(void *p, size_t size)
{
	if (size > LARGE && gettid() != getpid()) {
		errno = ENOMEM;
		return NULL;
	}
	return real_realloc(p, size);
}
