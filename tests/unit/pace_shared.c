/* Pacing that processes share: clients of one process stand for them; a clock of our own. */
#include "net/pace_shared.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define KEY "AKIAQNZGKIQY56JQ7WML"
#define POOL "eu-west-1_abc"

enum { START = 1000 * 1000, CLIENTS = 4, SHARE = 50, POOLS = 8 };

static char home[] = "/tmp/cognito-filters-unit.XXXXXX", path[600];

/* The calls that each of the clients gets from one time to another, if all of them always want. */
static int
let_through(struct pace_shared *s[], struct pace own[], int count, int64_t from_ms, int64_t to_ms,
    int calls[])
{
	int sum = 0;

	for (int i = 0; i < count; i++)
		calls[i] = 0;
	for (int64_t now = from_ms; now < to_ms; now++)
		for (int i = 0; i < count; i++)
			if (pace_shared_take(s[i], PACE_USER_LIST, &own[i], KEY, now) == 0)
				calls[i]++;
	for (int i = 0; i < count; i++)
		sum += calls[i];
	return sum;
}

static struct pace_shared *
client(struct pace *own, double limit, int64_t now_ms)
{
	pace_init(own, limit, now_ms);
	return pace_shared_new("AWS", "eu-west-1", POOL, SHARE);
}

/* Counts the files, and fills path with that of the last one. */
static int
find_files(bool remove)
{
	char name[100];
	DIR *d;
	int n = 0;

	snprintf(name, sizeof name, "%s/.cache/cognito-filters", home);
	d = opendir(name);
	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		if (e->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", name, e->d_name);
			if (remove)
				(void)unlink(path);
			n++;
		}
	if (d != NULL)
		closedir(d);
	return n;
}

/* Whether there are so many. */
static bool
files(int n)
{
	return find_files(false) == n;
}

static void
accounts(void)
{
	char a[PACE_ACCOUNT_SIZE];

	ok(pace_account("ASIAQNZGKIQY56JQ7WML", a) == 0, "a session's key tells its account");
	is(a, "029608264753", "this one");
	ok(pace_account(KEY, a) == 0 && strcmp(a, "029608264753") == 0, "a user's key the same");
	ok(pace_account("AKIAIOSFODNN7EXAMPLE", a) == -1, "an old key does not");
	ok(pace_account("AKIA", a) == -1 && pace_account("AKIAQNZGKIQY56JQ7WM1", a) == -1 &&
	    pace_account("", a) == -1, "nor does what is no such key");
}

static void
together(void)
{
	struct pace_shared *s[CLIENTS];
	struct pace own[CLIENTS];
	int calls[CLIENTS], sum;
	struct stat st;

	for (int i = 0; i < CLIENTS; i++)
		s[i] = client(&own[i], 30, START);
	sum = let_through(s, own, CLIENTS, START, START + 10000, calls);
	ok(sum >= 300 && sum <= 316, "four draw on one quota: 300 in ten seconds, and one burst");
	ok(calls[0] >= 70 && calls[1] >= 70 && calls[2] >= 70 && calls[3] >= 70, "in turns");
	ok(files(1) && strstr(path, "abc") == NULL, "through one file without the pool");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "which is its owner's");
	for (int i = 0; i < CLIENTS; i++)
		pace_shared_free(s[i]);
	s[0] = client(&own[0], 30, START + 10000);
	sum = let_through(s, own, 1, START + 10000, START + 11000, calls);
	ok(sum <= 31, "a process that starts at once after them has no burst");
	pace_shared_throttled(s[0], PACE_USER_LIST, &own[0], START + 11000);
	s[1] = client(&own[1], 30, START + 11000);
	sum = let_through(s, own, 2, START + 11000, START + 12000, calls);
	ok(sum >= 18 && sum <= 26, "a throttle of one slows the other");
	(void)let_through(s, own, 2, START + 12000, START + 60000, calls);
	sum = let_through(s, own, 2, START + 60000, START + 61000, calls);
	ok(sum >= 29 && sum <= 31, "and both come back");
	pace_shared_free(s[0]);
	pace_shared_free(s[1]);
}

static void
unequal(void)
{
	struct pace_shared *s[2];
	struct pace own[2];
	int calls[2], sum;

	(void)find_files(true);
	s[0] = client(&own[0], 30, START);
	s[1] = client(&own[1], 5, START);
	sum = let_through(s, own, 2, START, START + 10000, calls);
	ok(sum <= 316 && calls[1] >= 45 && calls[1] <= 53, "none is faster than itself may be");
	pace_shared_free(s[0]);
	s[0] = client(&own[0], 5, START + 10000);
	sum = let_through(s, own, 2, START + 21000, START + 31000, calls);
	ok(sum <= 54, "nor are two when a faster one is gone");
	pace_shared_free(s[0]);
	pace_shared_free(s[1]);
}

static void
apart(void)
{
	struct pace own;
	struct pace_shared *s = client(&own, 30, START), *t;

	(void)find_files(true);
	(void)pace_shared_take(s, PACE_USER_LIST, &own, KEY, START);
	(void)pace_shared_take(s, PACE_POOL_RESOURCE_READ, &own, KEY, START);
	ok(files(3), "a file for each category, two where pools and accounts have quotas");
	t = pace_shared_new("AWS", "eu-west-1", "eu-west-1_def", SHARE);
	(void)pace_shared_take(t, PACE_USER_LIST, &own, "ASIAQNZGKIQY56JQ7WML", START);
	ok(files(3), "the same for another pool and session of the account");
	(void)pace_shared_take(t, PACE_POOL_RESOURCE_READ, &own, KEY, START);
	ok(files(4), "except where a pool has its own quota");
	pace_shared_free(t);
	t = pace_shared_new("AWS", "eu-west-2", POOL, SHARE);
	(void)pace_shared_take(t, PACE_USER_LIST, &own, KEY, START);
	ok(files(5), "another region");
	pace_shared_free(t);
	t = pace_shared_new("AWS", "eu-west-1", POOL, SHARE);
	(void)pace_shared_take(t, PACE_USER_LIST, &own, NULL, START);
	ok(files(6), "not signed");
	pace_shared_free(t);
	pace_init(&own, 0, START);
	t = pace_shared_new("AWS", "eu-west-3", POOL, SHARE);
	ok(pace_shared_take(t, PACE_USER_LIST, &own, KEY, START) == 0 && files(6),
	    "what is not paced is not shared");
	pace_shared_free(t);
	pace_shared_free(s);
	setenv("COGNITO_SHARED_PACE", "0", 1);
	ok(pace_shared_new("AWS", "eu-west-1", POOL, SHARE) == NULL, "nothing is, if that is asked for");
	unsetenv("COGNITO_SHARED_PACE");
	pace_init(&own, 2, START);
	ok(pace_shared_take(NULL, PACE_USER_LIST, &own, KEY, START) == 0 && own.tokens < 1.5,
	    "and each paces itself");
}

/* Many pools at once: each has its own quota, and all together the account's. */
static void
account(void)
{
	struct pace_shared *s[POOLS];
	struct pace own[POOLS];
	int calls[POOLS] = { 0 }, least = INT_MAX, sum = 0;
	char pool[40];

	(void)find_files(true);
	for (int i = 0; i < POOLS; i++) {
		snprintf(pool, sizeof pool, "eu-west-1_p%d", i);
		pace_init(&own[i], 2.5, START);
		s[i] = pace_shared_new("AWS", "eu-west-1", pool, SHARE);
	}
	for (int64_t now = START; now < START + 10000; now++)
		for (int i = 0; i < POOLS; i++)
			if (pace_shared_take(s[i], PACE_POOL_RESOURCE_READ, &own[i], KEY, now) == 0)
				calls[i]++;
	for (int i = 0; i < POOLS; i++) {
		sum += calls[i];
		least = calls[i] < least ? calls[i] : least;
	}
	ok(sum >= 95 && sum <= 106, "eight pools of one account share its 20 a second, by half");
	ok(least >= 10, "in turns");
	ok(files(POOLS + 1), "through a file for each, and the account's");
	for (int i = 0; i < POOLS; i++)
		pace_shared_free(s[i]);
	(void)find_files(true);
	s[0] = pace_shared_new("AWS", "eu-west-1", POOL, 0);
	pace_init(&own[0], 2, START);
	ok(pace_shared_take(s[0], PACE_POOL_RESOURCE_READ, &own[0], KEY, START) == 0 && files(1),
	    "without a share there is no quota of the account");
	pace_shared_free(s[0]);
}

/* A lock that is not given back, as by a process that was stopped. */
static void
held(void)
{
	struct pace own;
	struct pace_shared *s = client(&own, 2, START);
	int fd;

	(void)find_files(true);
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START) == 0 && files(1), "free");
	fd = open(path, O_RDWR | O_CLOEXEC);
	ok(fd != -1 && flock(fd, LOCK_EX) == 0, "somebody locks the file");
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 2000) == 2, "that is waited for");
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 2099) == 2, "for a while");
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 2101) == 0, "and not for ever");
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 2102) == 0 &&
	    pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 2103) > 100,
	    "then the process paces itself");
	pace_shared_throttled(s, PACE_USER_LIST, &own, START + 2200);
	ok(own.throttled_ms == START + 2200, "throttles included");
	close(fd);
	ok(pace_shared_take(s, PACE_USER_LIST, &own, KEY, START + 9000) == 0 &&
	    own.throttled_ms == START + 2200, "later the file is used again");
	pace_shared_free(s);
}

int
main(void)
{
	if (mkdtemp(home) == NULL)
		return 1;
	setenv("HOME", home, 1);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	accounts();
	together();
	unequal();
	apart();
	account();
	held();
	(void)find_files(true);
	snprintf(path, sizeof path, "%s/.cache/cognito-filters", home);
	(void)rmdir(path);
	snprintf(path, sizeof path, "%s/.cache", home);
	(void)rmdir(path);
	(void)rmdir(home);
	return tap_done();
}
