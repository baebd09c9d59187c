/* Renewal beside the command (renewal.h). */
#include "renewal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "session.h"

/* Of the last quarter: keys so near their end are not given without an attempt at new ones. */
enum { LATE_PART = 4 };

struct renewal {
	/* Held while the source is asked; guards keeper and what the last failure was. */
	pthread_mutex_t asking;
	struct keeper keeper;
	enum prog_status failure;
	char failure_why[CRED_WHY_SIZE];
	/* Guards what follows; never held for long. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct cred cred;		/* what keeper got last */
	int64_t end_ms;			/* session_end_ms of cred */
	int64_t renew_ms, late_ms;	/* by clock_mono_ms */
	unsigned failures;		/* to renew; changed with both held */
	bool wanted, over;
	pthread_t thread;
};

/* Lays a copy of what the keeper has where it is found without waiting. */
static void
lay_out(struct renewal *r)
{
	const struct keeper *k = &r->keeper;

	pthread_mutex_lock(&r->lock);
	cred_free(&r->cred);
	cred_copy(&r->cred, &k->cred);
	r->end_ms = session_end_ms(k);
	r->renew_ms = k->renew_ms;
	r->late_ms = k->end_ms - (k->end_ms - k->renew_ms) / LATE_PART;
	pthread_mutex_unlock(&r->lock);
}

/* Has the keeper renew what it finds to be due; with asking held. */
static enum prog_status
ask(struct renewal *r, char why[CRED_WHY_SIZE])
{
	struct keeper *k = &r->keeper;
	unsigned before = k->generation;
	enum prog_status status = keeper_ready(k, clock_mono_ms(), why);

	if (k->generation != before) {
		session_tell(k);
		lay_out(r);
		return status;
	}
	pthread_mutex_lock(&r->lock);
	if (status == PROG_OK) {
		/* The keeper says when it is worth another try. */
		r->renew_ms = k->renew_ms;
	} else {
		r->failures++;
		r->failure = status;
		snprintf(r->failure_why, CRED_WHY_SIZE, "%s", why);
	}
	pthread_mutex_unlock(&r->lock);
	if (status != PROG_OK)
		diag_verbose(1, "credentials not renewed: %s", why);
	return status;
}

/*
 * New credentials, if they are due.  Who has waited while others asked in vain has the same answer:
 * each attempt may take minutes, and a question to a person is put once.
 */
static enum prog_status
renew(struct renewal *r, char why[CRED_WHY_SIZE])
{
	enum prog_status status = PROG_TEMPORARY;
	unsigned before;
	bool over, failed;

	pthread_mutex_lock(&r->lock);
	before = r->failures;
	pthread_mutex_unlock(&r->lock);
	pthread_mutex_lock(&r->asking);
	pthread_mutex_lock(&r->lock);
	failed = r->failures != before;
	over = r->over;
	pthread_mutex_unlock(&r->lock);
	if (over) {
		snprintf(why, CRED_WHY_SIZE, "the command has ended");
	} else if (failed) {
		status = r->failure;
		memcpy(why, r->failure_why, CRED_WHY_SIZE);
	} else {
		status = ask(r, why);
	}
	pthread_mutex_unlock(&r->asking);
	return status;
}

static void *
attend(void *arg)
{
	struct renewal *r = arg;
	char why[CRED_WHY_SIZE];

	pthread_mutex_lock(&r->lock);
	while (!r->over) {
		if (r->wanted) {
			r->wanted = false;
			pthread_mutex_unlock(&r->lock);
			(void)renew(r, why);
			pthread_mutex_lock(&r->lock);
		} else {
			pthread_cond_wait(&r->changed, &r->lock);
		}
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

struct renewal *
renewal_start(struct keeper *keeper)
{
	struct renewal *r = mem_alloc(sizeof *r);
	int failed;

	pthread_mutex_init(&r->asking, NULL);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	r->keeper = *keeper;
	lay_out(r);
	failed = pthread_create(&r->thread, NULL, attend, r);
	if (failed != 0) {
		diag_error("cannot start a thread: %s", strerror(failed));
		cred_free(&r->cred);
		free(r);
		return NULL;
	}
	keeper_init(keeper, NULL);
	return r;
}

enum prog_status
renewal_get(struct renewal *r, struct cred *cred, int64_t *end_ms, char why[CRED_WHY_SIZE])
{
	int64_t now = clock_mono_ms();
	enum prog_status status;
	bool late;

	pthread_mutex_lock(&r->lock);
	late = now >= r->late_ms;
	if (!late && now >= r->renew_ms) {
		r->wanted = true;
		pthread_cond_signal(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
	status = late ? renew(r, why) : PROG_OK;
	if (status != PROG_OK)
		return status;
	pthread_mutex_lock(&r->lock);
	cred_copy(cred, &r->cred);
	*end_ms = r->end_ms;
	pthread_mutex_unlock(&r->lock);
	return PROG_OK;
}

bool
renewal_stop(struct renewal *r)
{
	pthread_mutex_lock(&r->lock);
	r->over = true;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
	if (pthread_mutex_trylock(&r->asking) != 0)
		return false;
	pthread_mutex_unlock(&r->asking);
	return true;
}

void
renewal_free(struct renewal *r)
{
	pthread_join(r->thread, NULL);
	keeper_free(&r->keeper);
	cred_free(&r->cred);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_destroy(&r->asking);
	free(r);
}
