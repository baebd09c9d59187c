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
	STAGE_RESERVED		/* it has both, from due_ms on */
};

struct lane {
	struct pace_file file;
	enum stage stage;
	int64_t due_ms;
	int64_t busy_ms;	/* since when the lock could not be had; 0: it could */
	int64_t alone_ms;	/* until when this lane goes without the file; INT64_MAX: for good */
	bool throttled;		/* nobody has been told yet */
};

struct pace_shared {
	char *endpoint, *region, *pool;
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
pace_shared_new(const char *endpoint, const char *region, const char *pool)
{
	const char *choice = getenv("COGNITO_SHARED_PACE");
	struct pace_shared *s;

	if (choice != NULL && strcmp(choice, "0") == 0)
		return NULL;
	s = mem_alloc(sizeof *s);
	s->endpoint = mem_dup_string(endpoint);
	s->region = mem_dup_string(region);
	s->pool = mem_dup_string(pool != NULL ? pool : "");
	for (int i = 0; i < PACE_CATEGORIES; i++)
		s->lanes[i].file.fd = -1;
	return s;
}

void
pace_shared_free(struct pace_shared *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < PACE_CATEGORIES; i++)
		pace_file_close(&s->lanes[i].file);
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
name_file(const struct pace_shared *s, enum pace_category category, const char *access_key,
    char name[2 * DIGEST_BYTES + 1])
{
	bool by_pool = pace_is_by_pool(category);
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
go_alone(struct pace_shared *s, struct lane *lane, int64_t until_ms, const char *why)
{
	if (until_ms == INT64_MAX)
		pace_file_close(&lane->file);
	lane->alone_ms = until_ms;
	lane->busy_ms = 0;
	if (!s->told)
		diag_verbose(1, "the pace is not shared with other processes: %s", why);
	s->told = true;
}

static void
open_lane(struct pace_shared *s, enum pace_category category, const char *access_key,
    int64_t now_ms)
{
	struct lane *lane = &s->lanes[category];
	char name[2 * DIGEST_BYTES + 1], why[PACE_FILE_WHY_SIZE];

	if (lane->file.fd != -1 || now_ms < lane->alone_ms)
		return;
	if (name_file(s, category, access_key, name) != 0)
		go_alone(s, lane, INT64_MAX, "no digest");
	else if (pace_file_open(&lane->file, name, why) != 0)
		go_alone(s, lane, INT64_MAX, why);
}

/*
 * Locks the lane's file and fills *r.  Returns false if it cannot be had now; that is for good or
 * for a while if the lane is alone then.
 */
static bool
lock(struct pace_shared *s, struct lane *lane, double limit, int64_t now_ms, struct pace_record *r)
{
	enum pace_file_state state;

	if (lane->file.fd == -1 || now_ms < lane->alone_ms)
		return false;
	state = pace_file_lock(&lane->file, now_ms, r);
	if (state == PACE_FILE_READ || state == PACE_FILE_EMPTY) {
		lane->busy_ms = 0;
		if (state == PACE_FILE_EMPTY) {
			pace_init(&r->pace, limit, now_ms);
			r->limit_ms = now_ms;
		}
		return true;
	}
	if (state == PACE_FILE_BUSY) {
		if (lane->busy_ms == 0)
			lane->busy_ms = now_ms;
		else if (now_ms - lane->busy_ms > BUSY_MAX_MS)
			go_alone(s, lane, now_ms + ALONE_MS, "somebody holds the lock");
	} else if (state == PACE_FILE_GONE) {
		pace_file_close(&lane->file);
	} else {
		go_alone(s, lane, INT64_MAX, strerror(errno));
	}
	return false;
}

static void
unlock(struct pace_shared *s, struct lane *lane, const struct pace_record *r)
{
	if (pace_file_unlock(&lane->file, r) != 0)
		go_alone(s, lane, INT64_MAX, strerror(errno));
}

/* Reserves a turn in the shared bucket.  Returns false if the file is to be tried again soon. */
static bool
reserve(struct pace_shared *s, struct lane *lane, const struct pace *own, int64_t now_ms)
{
	struct pace_record r;

	lane->due_ms = now_ms;
	if (!lock(s, lane, own->limit, now_ms, &r))
		return now_ms < lane->alone_ms;
	if (own->limit >= r.pace.limit || now_ms - r.limit_ms > LIMIT_MS) {
		if (own->limit < r.pace.limit || own->limit > r.pace.limit)
			pace_set_limit(&r.pace, own->limit);
		r.limit_ms = now_ms;
	}
	if (lane->throttled)
		pace_throttled(&r.pace, now_ms);
	lane->throttled = false;
	lane->due_ms = now_ms + pace_reserve(&r.pace, now_ms);
	unlock(s, lane, &r);
	return true;
}

int64_t
pace_shared_take(struct pace_shared *s, enum pace_category category, struct pace *own,
    const char *access_key, int64_t now_ms)
{
	struct lane *lane;

	if (s == NULL || own->limit <= 0)
		return pace_take(own, now_ms);
	lane = &s->lanes[category];
	if (lane->stage == STAGE_OWN) {
		int64_t wait = pace_take(own, now_ms);

		if (wait > 0)
			return wait;
		lane->stage = STAGE_SHARED;
		/* That a throttle found the lock taken, long ago perhaps, says nothing now. */
		lane->busy_ms = 0;
	}
	if (lane->stage == STAGE_SHARED) {
		open_lane(s, category, access_key, now_ms);
		if (!reserve(s, lane, own, now_ms))
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
	struct lane *lane = s != NULL ? &s->lanes[category] : NULL;
	struct pace_record r;

	if (lane == NULL || lane->file.fd == -1 || now_ms < lane->alone_ms) {
		pace_throttled(own, now_ms);
		return;
	}
	/* Who holds the lock now will be gone when the next call is reserved. */
	lane->throttled = true;
	if (!lock(s, lane, own->limit, now_ms, &r))
		return;
	pace_throttled(&r.pace, now_ms);
	lane->throttled = false;
	unlock(s, lane, &r);
}
