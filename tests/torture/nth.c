/*
 * The Nth call that fails: what the torture build (make torture) puts between our own code and the
 * libraries, by the linker's --wrap, so that the libraries themselves stay untouched.
 *
 * Nothing happens without TORTURE_FILE.  That file (TORTURE_FILE_SIZE bytes, zeroed by the driver)
 * is shared by all processes and threads of a run, so that workers and the commands of a pipeline
 * count together.  In the environment:
 *
 *     TORTURE_NTH    which call fails, from 1 (0: none, they are counted)
 *     TORTURE_MODE   once: that call; on: that call and all behind it; N: that one and the Nth
 *                    behind it
 *     TORTURE_WHAT   memory: the allocator; calls: other calls that take memory, descriptors or
 *                    processes; libraries: those of the libraries that we link (nth-*.c), which
 *                    say that they have failed; all: each of them (the default)
 *     TORTURE_ABOVE  of the allocator, only what asks for so many bytes at least (0)
 *     TORTURE_WHERE  children: only in what the run's first process has started: helpers, workers,
 *                    the commands of a pipeline (default: anywhere)
 *     TORTURE_SIGNAL the number of a signal that the process gets just before the call fails
 *
 *     TORTURE_SECRETS texts with LF between, which no block may hold that is given back with free();
 *                    serve-pool, which hands them out, may
 *
 * What comes back is in struct control: how many calls there were, how many failed, how many blocks
 * were given back with a secret in them, and for each call the hash of its callers, by which the
 * driver tells apart the places that it has tried.
 *
 * Each call fails as its manual page says: NULL or -1 with ENOMEM, EMFILE or EAGAIN, or an error
 * number.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <netdb.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nth.h"

enum { PLACES_MAX = 256 * 1024, FRAMES = 6, FRAME_MAX = 1024 * 1024 };

/* part-memory reads it by offset. */
struct control {
	atomic_uint_least64_t calls, failed;
	atomic_uint_least64_t unwiped;
	char name[36];		/* of the call that failed first */
	atomic_int first;	/* the process that was there first */
	uint32_t places[PLACES_MAX];
};

#define MEMORY NTH_MEMORY
#define CALLS NTH_CALLS
#define FRAME NTH_FRAME

static struct control *control;
static uint64_t nth, again;
static bool on;
static unsigned wanted;
static size_t above;
static int signal_number;
static bool in_children;
static const char *secrets;
extern const char __executable_start;

__attribute__((constructor)) static void
start(void)
{
	const char *file = getenv("TORTURE_FILE"), *number = getenv("TORTURE_NTH");
	const char *mode = getenv("TORTURE_MODE"), *what = getenv("TORTURE_WHAT");
	const char *size = getenv("TORTURE_ABOVE"), *sent = getenv("TORTURE_SIGNAL");
	const char *where = getenv("TORTURE_WHERE");
	void *map;
	int fd;

	if (file == NULL || number == NULL)
		return;
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd == -1)
		abort();
	map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		abort();
	nth = strtoull(number, NULL, 10);
	on = mode != NULL && strcmp(mode, "on") == 0;
	again = mode != NULL ? strtoull(mode, NULL, 10) : 0;
	wanted = what == NULL || strcmp(what, "all") == 0 ? ~0U :
	    strcmp(what, "calls") == 0 ? CALLS :
	    strcmp(what, "libraries") == 0 ? NTH_LIBRARIES : MEMORY;
	above = size != NULL ? strtoull(size, NULL, 10) : 0;
	signal_number = sent != NULL ? (int)strtol(sent, NULL, 10) : 0;
	if (strcmp(program_invocation_short_name, "serve-pool") != 0)
		secrets = getenv("TORTURE_SECRETS");
	in_children = where != NULL && strcmp(where, "children") == 0;
	control = map;
	atomic_compare_exchange_strong(&control->first, &(int){ 0 }, getpid());
}

/* The callers, by their frames: those of our own code have frame pointers. */
static uint32_t
place(void **frame)
{
	uint32_t hash = 2166136261U;

	for (int i = 0; i < FRAMES && frame != NULL; i++) {
		uintptr_t address = (uintptr_t)frame[1] - (uintptr_t)&__executable_start;
		void **next = frame[0];

		hash = (hash ^ (uint32_t)address) * 16777619U;
		if ((uintptr_t)next <= (uintptr_t)frame ||
		    (uintptr_t)next - (uintptr_t)frame > FRAME_MAX || (uintptr_t)next % 8 != 0)
			break;
		frame = next;
	}
	return hash;
}

bool
nth_fails(enum nth_group group, const char *name, void *frame)
{
	uint64_t n;

	if (control == NULL || (wanted & group) == 0 ||
	    (in_children && atomic_load(&control->first) == getpid()))
		return false;
	n = atomic_fetch_add(&control->calls, 1) + 1;
	if (nth == 0 && n <= PLACES_MAX)
		control->places[n - 1] = place(frame);
	if (nth == 0 || (n != nth && !(on && n > nth) && !(again > 0 && n == nth + again)))
		return false;
	if (atomic_fetch_add(&control->failed, 1) == 0)
		strncpy(control->name, name, sizeof control->name - 1);
	if (signal_number != 0)
		kill(getpid(), signal_number);
	errno = ENOMEM;
	return true;
}

static bool
memory_fails(size_t size, const char *name, void *frame)
{
	return size >= above && nth_fails(MEMORY, name, frame);
}

static size_t
product(size_t count, size_t size)
{
	size_t n;

	return __builtin_mul_overflow(count, size, &n) ? SIZE_MAX : n;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *
__wrap_malloc(size_t size)
{
	return memory_fails(size, "malloc", FRAME) ? NULL : __real_malloc(size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *
__wrap_calloc(size_t count, size_t size)
{
	return memory_fails(product(count, size), "calloc", FRAME) ? NULL : __real_calloc(count, size);
}

void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *
__wrap_realloc(void *p, size_t size)
{
	return memory_fails(size, "realloc", FRAME) ? NULL : __real_realloc(p, size);
}

void *__real_reallocarray(void *p, size_t count, size_t size);
void *__wrap_reallocarray(void *p, size_t count, size_t size);
void *
__wrap_reallocarray(void *p, size_t count, size_t size)
{
	return memory_fails(product(count, size), "reallocarray", FRAME) ? NULL :
	    __real_reallocarray(p, count, size);
}

char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);
char *
__wrap_strdup(const char *s)
{
	return memory_fails(strlen(s) + 1, "strdup", FRAME) ? NULL : __real_strdup(s);
}

char *__real_strndup(const char *s, size_t len);
char *__wrap_strndup(const char *s, size_t len);
char *
__wrap_strndup(const char *s, size_t len)
{
	return memory_fails(strnlen(s, len) + 1, "strndup", FRAME) ? NULL : __real_strndup(s, len);
}

int __real_posix_memalign(void **p, size_t alignment, size_t size);
int __wrap_posix_memalign(void **p, size_t alignment, size_t size);
int
__wrap_posix_memalign(void **p, size_t alignment, size_t size)
{
	return memory_fails(size, "posix_memalign", FRAME) ? ENOMEM :
	    __real_posix_memalign(p, alignment, size);
}

ssize_t __real_getdelim(char **line, size_t *cap, int end, FILE *f);
ssize_t __wrap_getdelim(char **line, size_t *cap, int end, FILE *f);
ssize_t
__wrap_getdelim(char **line, size_t *cap, int end, FILE *f)
{
	return memory_fails(0, "getdelim", FRAME) ? -1 : __real_getdelim(line, cap, end, f);
}

ssize_t __real_getline(char **line, size_t *cap, FILE *f);
ssize_t __wrap_getline(char **line, size_t *cap, FILE *f);
ssize_t
__wrap_getline(char **line, size_t *cap, FILE *f)
{
	return memory_fails(0, "getline", FRAME) ? -1 : __real_getline(line, cap, f);
}

static bool
holds_secret(const char *block, size_t size)
{
	for (const char *s = secrets; *s != '\0';) {
		size_t len = strcspn(s, "\n");

		if (len > 0 && memmem(block, size, s, len) != NULL)
			return true;
		s += s[len] == '\n' ? len + 1 : len;
	}
	return false;
}

void __real_free(void *p);
void __wrap_free(void *p);
void
__wrap_free(void *p)
{
	if (control != NULL && secrets != NULL && p != NULL &&
	    holds_secret(p, malloc_usable_size(p)))
		atomic_fetch_add(&control->unwiped, 1);
	__real_free(p);
}

/* What takes memory behind another name. */

int __real_setenv(const char *name, const char *value, int overwrite);
int __wrap_setenv(const char *name, const char *value, int overwrite);
int
__wrap_setenv(const char *name, const char *value, int overwrite)
{
	return nth_fails(CALLS, "setenv", FRAME) ? -1 : __real_setenv(name, value, overwrite);
}

char *__real_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved);
char *
__wrap_realpath(const char *path, char *resolved)
{
	return nth_fails(CALLS, "realpath", FRAME) ? NULL : __real_realpath(path, resolved);
}

DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);
DIR *
__wrap_opendir(const char *path)
{
	return nth_fails(CALLS, "opendir", FRAME) ? NULL : __real_opendir(path);
}

FILE *__real_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);
FILE *
__wrap_fdopen(int fd, const char *mode)
{
	return nth_fails(CALLS, "fdopen", FRAME) ? NULL : __real_fdopen(fd, mode);
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *
__wrap_fopen(const char *path, const char *mode)
{
	return nth_fails(CALLS, "fopen", FRAME) ? NULL : __real_fopen(path, mode);
}

int __real_regcomp(regex_t *re, const char *text, int flags);
int __wrap_regcomp(regex_t *re, const char *text, int flags);
int
__wrap_regcomp(regex_t *re, const char *text, int flags)
{
	return nth_fails(CALLS, "regcomp", FRAME) ? REG_ESPACE : __real_regcomp(re, text, flags);
}

int __real_regexec(const regex_t *re, const char *s, size_t n, regmatch_t *m, int flags);
int __wrap_regexec(const regex_t *re, const char *s, size_t n, regmatch_t *m, int flags);
int
__wrap_regexec(const regex_t *re, const char *s, size_t n, regmatch_t *m, int flags)
{
	return nth_fails(CALLS, "regexec", FRAME) ? REG_ESPACE : __real_regexec(re, s, n, m, flags);
}

locale_t __real_newlocale(int mask, const char *name, locale_t base);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base);
locale_t
__wrap_newlocale(int mask, const char *name, locale_t base)
{
	return nth_fails(CALLS, "newlocale", FRAME) ? (locale_t)0 :
	    __real_newlocale(mask, name, base);
}

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list);
int
__wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list)
{
	return nth_fails(CALLS, "getaddrinfo", FRAME) ? EAI_MEMORY :
	    __real_getaddrinfo(host, port, hints, list);
}

void *__real_mmap(void *p, size_t len, int prot, int flags, int fd, off_t offset);
void *__wrap_mmap(void *p, size_t len, int prot, int flags, int fd, off_t offset);
void *
__wrap_mmap(void *p, size_t len, int prot, int flags, int fd, off_t offset)
{
	return nth_fails(CALLS, "mmap", FRAME) ? MAP_FAILED :
	    __real_mmap(p, len, prot, flags, fd, offset);
}

int __real_atexit(void (*f)(void));
int __wrap_atexit(void (*f)(void));
int
__wrap_atexit(void (*f)(void))
{
	return nth_fails(CALLS, "atexit", FRAME) ? -1 : __real_atexit(f);
}

/* Processes, threads and descriptors. */

int __real_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *p);
int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *p);
int
__wrap_pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *p)
{
	return nth_fails(CALLS, "pthread_create", FRAME) ? EAGAIN :
	    __real_pthread_create(t, a, f, p);
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t
__wrap_fork(void)
{
	return nth_fails(CALLS, "fork", FRAME) ? -1 : __real_fork();
}

int __real_pipe(int *fd);
int __wrap_pipe(int *fd);
int
__wrap_pipe(int *fd)
{
	if (!nth_fails(CALLS, "pipe", FRAME))
		return __real_pipe(fd);
	errno = EMFILE;
	return -1;
}

int __real_dup2(int from, int to);
int __wrap_dup2(int from, int to);
int
__wrap_dup2(int from, int to)
{
	return nth_fails(CALLS, "dup2", FRAME) ? -1 : __real_dup2(from, to);
}

int __real_execvp(const char *file, char *const *argv);
int __wrap_execvp(const char *file, char *const *argv);
int
__wrap_execvp(const char *file, char *const *argv)
{
	return nth_fails(CALLS, "execvp", FRAME) ? -1 : __real_execvp(file, argv);
}

/* execvp(3) in its place: what the two make of their arguments is the same. */
int __wrap_execlp(const char *file, const char *arg, ...);
int
__wrap_execlp(const char *file, const char *arg, ...)
{
	char *argv[16] = { (char *)(uintptr_t)arg };
	va_list ap;

	if (nth_fails(CALLS, "execlp", FRAME))
		return -1;
	va_start(ap, arg);
	for (size_t i = 1; i < 15 && argv[i - 1] != NULL; i++)
		argv[i] = va_arg(ap, char *);
	va_end(ap);
	return __real_execvp(file, argv);
}

int __real_mkstemp(char *name);
int __wrap_mkstemp(char *name);
int
__wrap_mkstemp(char *name)
{
	return nth_fails(CALLS, "mkstemp", FRAME) ? -1 : __real_mkstemp(name);
}

int __real_mkstemps(char *name, int suffix);
int __wrap_mkstemps(char *name, int suffix);
int
__wrap_mkstemps(char *name, int suffix)
{
	return nth_fails(CALLS, "mkstemps", FRAME) ? -1 : __real_mkstemps(name, suffix);
}

int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int
__wrap_socket(int domain, int type, int protocol)
{
	if (!nth_fails(CALLS, "socket", FRAME))
		return __real_socket(domain, type, protocol);
	errno = EMFILE;
	return -1;
}

ssize_t __real_getrandom(void *p, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *p, size_t len, unsigned flags);
ssize_t
__wrap_getrandom(void *p, size_t len, unsigned flags)
{
	if (!nth_fails(CALLS, "getrandom", FRAME))
		return __real_getrandom(p, len, flags);
	errno = ENOSYS;
	return -1;
}
