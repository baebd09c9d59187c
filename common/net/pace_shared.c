/* Pacing that processes share (pace_shared.h). */
#include "net/pace_shared.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <openssl/evp.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "net/pace_file.h"

enum {
	/* The lock is held for a few microseconds; a holder who was put aside comes back in these. */
	BUSY_AGAIN_MS = 2,
	/* One who holds it for longer was stopped; then the next seconds go without it. */
	BUSY_MAX_MS = 100, ALONE_MS = 5 * 1000,
	/* A limit that nobody has asked for within it is not held up any more. */
	LIMIT_MS = 10 * 1000,
	TEXT_MAX = 1000,
	KEY_ID_SIZE = 20, KEY_ID_PREFIX = 4, ACCOUNT_DIGITS = 10,
	DIGEST_BYTES = 16
};

enum stage {
	STAGE_OWN,		/* the next call needs a token of the process's own */
	STAGE_SHARED,		/* it has one and needs a shared one */
	STAGE_ACCOUNT,		/* it has the pool's and needs the account's */
	STAGE_RESERVED		/* it has all, from due_ms on */
};

struct bucket {
	struct pace_file file;
	int64_t busy_ms;	/* since when the lock could not be had; 0: it could */
	int64_t alone_ms;	/* until when it goes without the file; INT64_MAX: for good */
	bool throttled;		/* nobody has been told yet */
};

struct lane {
	enum stage stage;
	int64_t due_ms;
	struct bucket bucket;	/* the pool's, where pools have their own */
	struct bucket account;	/* there, the account's */
};

struct pace_shared {
	char *endpoint, *region, *pool;
	int share;
	bool told;		/* that something is not shared */
	struct lane lanes[PACE_CATEGORIES];
};

/* AWS's names, where it has any.  They are part of the files' names. */
static const char *const names[PACE_CATEGORIES] = {
	[PACE_USER_LIST] = "UserList",
	[PACE_USER_READ] = "UserRead",
	[PACE_USER_RESOURCE_READ] = "UserResourceRead",
	[PACE_POOL_READ] = "UserPoolRead",
	[PACE_POOL_RESOURCE_READ] = "UserPoolResourceRead",
	[PACE_POOL_CLIENT_READ] = "UserPoolClientRead",
	[PACE_LIMIT_MANAGEMENT] = "LimitManagement",
	[PACE_USER_CREATION] = "UserCreation",
	[PACE_USER_UPDATE] = "UserUpdate",
	[PACE_USER_ACCOUNT_RECOVERY] = "UserAccountRecovery",
	[PACE_POOL_RESOURCE_UPDATE] = "UserPoolResourceUpdate",
	[PACE_STS] = "STS",
	[PACE_IDENTITY_POOL_READ] = "identity pools",
	[PACE_OTHER] = "other"
};

struct pace_shared *
pace_shared_new(const char *endpoint, const char *region, const char *pool, int share)
{
	const char *choice = getenv("COGNITO_SHARED_PACE");
	struct pace_shared *s;

	if (choice != NULL && strcmp(choice, "0") == 0)
		return NULL;
	s = mem_alloc(sizeof *s);
	s->endpoint = mem_dup_string(endpoint);
	s->region = mem_dup_string(region);
	s->pool = mem_dup_string(pool != NULL ? pool : "");
	s->share = share;
	for (int i = 0; i < PACE_CATEGORIES; i++)
		s->lanes[i].bucket.file.fd = s->lanes[i].account.file.fd = -1;
	return s;
}

void
pace_shared_free(struct pace_shared *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < PACE_CATEGORIES; i++) {
		pace_file_close(&s->lanes[i].bucket.file);
		pace_file_close(&s->lanes[i].account.file);
	}
	free(s->endpoint);
	free(s->region);
	free(s->pool);
	free(s);
}

int
pace_account(const char *access_key, char account[PACE_ACCOUNT_SIZE])
{
	static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint64_t bits = 0;

	if (strlen(access_key) != KEY_ID_SIZE || strspn(access_key + KEY_ID_PREFIX, base32) !=
	    KEY_ID_SIZE - KEY_ID_PREFIX)
		return -1;
	for (int i = 0; i < ACCOUNT_DIGITS; i++)
		bits = bits << 5 | (uint64_t)(strchr(base32, access_key[KEY_ID_PREFIX + i]) - base32);
	/* Of the 50 bits the first says that an account follows; the last nine are not part of it. */
	if (bits >> 49 == 0)
		return -1;
	bits = bits >> 9 & 0xffffffffff;
	if (bits > 999999999999)
		return -1;
	snprintf(account, PACE_ACCOUNT_SIZE, "%012" PRIu64, bits);
	return 0;
}

/*
 * The file's name: a digest, so that it shows neither account nor pool.  The name of the host keeps
 * machines with the same home directory apart, whose clocks do not compare.  Returns 0 or -1.
 */
static int
name_file(const struct pace_shared *s, enum pace_category category, bool by_pool,
    const char *access_key, char name[2 * DIGEST_BYTES + 1])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char account[PACE_ACCOUNT_SIZE];
	struct utsname host;
	struct buf text;
	int rc;

	if (uname(&host) != 0)
		return -1;
	/* What cannot be read still tells those who have the same key. */
	if (access_key != NULL && pace_account(access_key, account) == 0)
		access_key = account;
	buf_init(&text, TEXT_MAX);
	rc = buf_appendf(&text, "%s\n%s\n%s\n%s\n%s\n%s\n", host.nodename, s->endpoint, s->region,
	    access_key != NULL ? access_key : "", names[category], by_pool ? s->pool : "");
	if (rc == 0 && EVP_Digest(text.data, text.len, digest, NULL, EVP_sha256(), NULL) != 1)
		rc = -1;
	buf_free(&text);
	for (int i = 0; rc == 0 && i < DIGEST_BYTES; i++)
		snprintf(name + (size_t)i * 2, 3, "%02x", digest[i]);
	return rc;
}

static void
go_alone(struct pace_shared *s, struct bucket *b, int64_t until_ms, const char *why)
{
	if (until_ms == INT64_MAX)
		pace_file_close(&b->file);
	b->alone_ms = until_ms;
	b->busy_ms = 0;
	if (!s->told)
		diag_verbose(1, "the pace is not shared with other processes: %s", why);
	s->told = true;
}

static void
open_bucket(struct pace_shared *s, struct bucket *b, enum pace_category category, bool by_pool,
    const char *access_key, int64_t now_ms)
{
	char name[2 * DIGEST_BYTES + 1], why[PACE_FILE_WHY_SIZE];

	if (b->file.fd != -1 || now_ms < b->alone_ms)
		return;
	if (name_file(s, category, by_pool, access_key, name) != 0)
		go_alone(s, b, INT64_MAX, "no digest");
	else if (pace_file_open(&b->file, name, why) != 0)
		go_alone(s, b, INT64_MAX, why);
}

/*
 * Locks the bucket's file and fills *r.  Returns false if it cannot be had now; that is for good or
 * for a while if the bucket is alone then.
 */
static bool
lock(struct pace_shared *s, struct bucket *b, double limit, int64_t now_ms, struct pace_record *r)
{
	enum pace_file_state state;

	if (b->file.fd == -1 || now_ms < b->alone_ms)
		return false;
	state = pace_file_lock(&b->file, now_ms, r);
	if (state == PACE_FILE_READ || state == PACE_FILE_EMPTY) {
		b->busy_ms = 0;
		if (state == PACE_FILE_EMPTY) {
			pace_init(&r->pace, limit, now_ms);
			r->limit_ms = now_ms;
		}
		return true;
	}
	if (state == PACE_FILE_BUSY) {
		if (b->busy_ms == 0)
			b->busy_ms = now_ms;
		else if (now_ms - b->busy_ms > BUSY_MAX_MS)
			go_alone(s, b, now_ms + ALONE_MS, "somebody holds the lock");
	} else if (state == PACE_FILE_GONE) {
		pace_file_close(&b->file);
	} else {
		go_alone(s, b, INT64_MAX, strerror(errno));
	}
	return false;
}

static void
unlock(struct pace_shared *s, struct bucket *b, const struct pace_record *r)
{
	if (pace_file_unlock(&b->file, r) != 0)
		go_alone(s, b, INT64_MAX, strerror(errno));
}

/*
 * Reserves a turn in the bucket, and puts *due_ms off to it.  Returns false if the file is to be
 * tried again soon.
 */
static bool
reserve(struct pace_shared *s, struct bucket *b, double limit, int64_t now_ms, int64_t *due_ms)
{
	struct pace_record r;
	int64_t wait;

	if (!lock(s, b, limit, now_ms, &r))
		return now_ms < b->alone_ms;
	if (limit >= r.pace.limit || now_ms - r.limit_ms > LIMIT_MS) {
		if (limit < r.pace.limit || limit > r.pace.limit)
			pace_set_limit(&r.pace, limit);
		r.limit_ms = now_ms;
	}
	if (b->throttled)
		pace_throttled(&r.pace, now_ms);
	b->throttled = false;
	wait = pace_reserve(&r.pace, now_ms);
	if (*due_ms < now_ms + wait)
		*due_ms = now_ms + wait;
	unlock(s, b, &r);
	return true;
}

int64_t
pace_shared_take(struct pace_shared *s, enum pace_category category, struct pace *own,
    const char *access_key, int64_t now_ms)
{
	double account;
	struct lane *lane;

	if (s == NULL || own->limit <= 0)
		return pace_take(own, now_ms);
	account = pace_account_rate(category, s->share);
	lane = &s->lanes[category];
	if (lane->stage == STAGE_OWN) {
		int64_t wait = pace_take(own, now_ms);

		if (wait > 0)
			return wait;
		lane->stage = STAGE_SHARED;
		/* That a throttle found the lock taken, long ago perhaps, says nothing now. */
		lane->bucket.busy_ms = lane->account.busy_ms = 0;
		lane->due_ms = now_ms;
	}
	if (lane->stage == STAGE_SHARED) {
		open_bucket(s, &lane->bucket, category, pace_is_by_pool(category), access_key, now_ms);
		if (!reserve(s, &lane->bucket, own->limit, now_ms, &lane->due_ms))
			return BUSY_AGAIN_MS;
		lane->stage = account > 0 ? STAGE_ACCOUNT : STAGE_RESERVED;
	}
	if (lane->stage == STAGE_ACCOUNT) {
		open_bucket(s, &lane->account, category, false, access_key, now_ms);
		if (!reserve(s, &lane->account, account, now_ms, &lane->due_ms))
			return BUSY_AGAIN_MS;
		lane->stage = STAGE_RESERVED;
	}
	if (now_ms < lane->due_ms)
		return lane->due_ms - now_ms;
	lane->stage = STAGE_OWN;
	return 0;
}

void
pace_shared_throttled(struct pace_shared *s, enum pace_category category, struct pace *own,
    int64_t now_ms)
{
	struct bucket *b = s != NULL ? &s->lanes[category].bucket : NULL;
	struct pace_record r;

	if (b == NULL || b->file.fd == -1 || now_ms < b->alone_ms) {
		pace_throttled(own, now_ms);
		return;
	}
	/* Who holds the lock now will be gone when the next call is reserved. */
	b->throttled = true;
	if (!lock(s, b, own->limit, now_ms, &r))
		return;
	pace_throttled(&r.pace, now_ms);
	b->throttled = false;
	unlock(s, b, &r);
}
