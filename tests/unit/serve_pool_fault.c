/* The faults of serve-pool: whichever requests meet, each strikes as often as it fell due. */
#include "tap.h"

#include <sched.h>
#include <stdatomic.h>

/* A command's parts are in no archive. */
#include "../../cmd/serve-pool/chance.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/serve-pool/fault.c"		/* NOLINT(bugprone-suspicious-include) */

enum { THREADS = 4, REQUESTS = 1000 };

const char imports_upload_name[] = "PutObject";

const struct op *
ops_find(const char *name)
{
	static const char op;

	return strcmp(name, "ListUsers") == 0 ? (const struct op *)(const void *)&op : NULL;
}

bool
sts_knows(const char *operation)
{
	return strcmp(operation, "AssumeRole") == 0;
}

static struct faults faults;
static atomic_uint struck[FAULT_KINDS], counted;

/* All have counted theirs before any asks what is due. */
static void
meet(unsigned everybody)
{
	atomic_fetch_add(&counted, 1);
	while (atomic_load(&counted) < everybody)
		sched_yield();
}

static void *
request(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < REQUESTS; i++) {
		faults_count(&faults, "ListUsers");
		if (i == 0)
			meet(THREADS);
		atomic_fetch_add(&struck[faults_replacing(&faults, "ListUsers")], 1);
		if (faults_strike(&faults, "ListUsers", FAULT_SLOW))
			atomic_fetch_add(&struck[FAULT_SLOW], 1);
		else if (faults_strike(&faults, "ListUsers", FAULT_LOST))
			atomic_fetch_add(&struck[FAULT_LOST], 1);
	}
	return NULL;
}

static void
meeting(const char *a, const char *b)
{
	pthread_t thread[THREADS];

	for (int k = 0; k < FAULT_KINDS; k++)
		atomic_store(&struck[k], 0);
	atomic_store(&counted, 0);
	faults_init(&faults, 1);
	ok(faults_parse(&faults, a) == NULL && faults_parse(&faults, b) == NULL, a);
	for (int i = 0; i < THREADS; i++)
		ok(pthread_create(&thread[i], NULL, request, NULL) == 0, "a thread");
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	faults_free(&faults);
}

int
main(void)
{
	meeting("throttle=100%", "ListUsers:slow=100%");
	ok(atomic_load(&struck[FAULT_THROTTLE]) == THREADS * REQUESTS, "each request is throttled");
	ok(atomic_load(&struck[FAULT_SLOW]) == THREADS * REQUESTS, "each answer is slow");
	/* Two that fall due while everybody waits. */
	meeting("error500@1+2", "lost@2");
	ok(atomic_load(&struck[FAULT_ERROR500]) == THREADS * REQUESTS / 2, "every other one fails");
	ok(atomic_load(&struck[FAULT_LOST]) == 1, "one is lost, once");
	meeting("cut@1", "throttle=50%");
	ok(atomic_load(&struck[FAULT_THROTTLE]) > THREADS * REQUESTS / 3, "half of them, by chance");
	/* What cannot strike yet does later, as often as it was due. */
	faults_init(&faults, 1);
	ok(faults_parse(&faults, "expire-token=100%") == NULL, "a fault of pages");
	faults_count(&faults, "ListUsers");
	faults_count(&faults, "ListUsers");
	faults_count(&faults, "AssumeRole");
	for (int i = 0; i < 3; i++)
		ok(faults_strike(&faults, "ListUsers", FAULT_EXPIRE_TOKEN) == (i < 2),
		    "twice, then no more");
	faults_free(&faults);
	return tap_done();
}
