/*
 * Addresses of a name, within a time (lookup.h).
 *
 * The resolver has its own patience, minutes by some settings, and no way to be called off: it works
 * in a thread that nobody waits for longer than asked, and that keeps what it works with.
 */
#include "lookup.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

struct lookup {
	char *host, *port;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool is_over;
	int code;
	struct addrinfo *list;
};

static void *
work(void *arg)
{
	struct addrinfo wanted = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct lookup *l = arg;
	int code = getaddrinfo(l->host, l->port, &wanted, &l->list);

	pthread_mutex_lock(&l->lock);
	l->code = code;
	l->is_over = true;
	pthread_cond_signal(&l->over);
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static void
forget(struct lookup *l)
{
	pthread_cond_destroy(&l->over);
	pthread_mutex_destroy(&l->lock);
	free(l->host);
	free(l->port);
	free(l);
}

static struct lookup *
begin(const char *host, const char *port)
{
	struct lookup *l = mem_alloc(sizeof *l);
	pthread_condattr_t steady;

	l->host = mem_dup_string(host);
	l->port = mem_dup_string(port);
	(void)pthread_mutex_init(&l->lock, NULL);
	(void)pthread_condattr_init(&steady);
	(void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&l->over, &steady);
	(void)pthread_condattr_destroy(&steady);
	return l;
}

int
lookup_name(const char *host, const char *port, int64_t timeout_ms, struct addrinfo **list)
{
	struct lookup *l = begin(host, port);
	int64_t end = clock_mono_ms() + timeout_ms;
	struct timespec until = { .tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000 };
	pthread_t thread;
	bool is_over;
	int code;

	*list = NULL;
	if (pthread_create(&thread, NULL, work, l) != 0) {
		forget(l);
		return EAI_AGAIN;
	}
	(void)pthread_detach(thread);
	pthread_mutex_lock(&l->lock);
	while (!l->is_over && pthread_cond_timedwait(&l->over, &l->lock, &until) == 0)
		;
	is_over = l->is_over;
	pthread_mutex_unlock(&l->lock);
	if (!is_over)
		return EAI_AGAIN;
	code = l->code;
	*list = l->list;
	forget(l);
	return code;
}
