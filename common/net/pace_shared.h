/*
 * Pacing that the processes of one user on one machine share: a bucket (pace.h) for each quota
 * category, account and Region, in a file (pace_file.h); where the service counts by pool, too, a
 * call needs a turn in the pool's bucket and in the account's.  A throttle slows all of them: where
 * there are two buckets, those who ask for the same pool.
 *
 * Each process keeps a bucket of its own, too, so none is faster than its own --share and
 * --max-rate allow; together they are as fast as the fastest of them may be.  They take turns: a
 * call is counted when its process begins to wait for it, and a process waits for one at a time.
 *
 * Sharing is a courtesy: where the file cannot be had or used, a process paces itself by itself.
 * Nobody waits long for a lock either: one who was stopped while he held it is left alone.  With
 * COGNITO_SHARED_PACE=0 nothing is shared.
 */
#ifndef NET_PACE_SHARED_H
#define NET_PACE_SHARED_H

#include <stdint.h>

#include "net/pace.h"

enum { PACE_ACCOUNT_SIZE = 13 };

struct pace_shared;

/*
 * endpoint: which service is meant, "AWS" for AWS's own hosts.  pool may be NULL.  share: percent of
 * the account's quotas; 0: those of pools alone count.  The texts are copied.  Opens nothing yet.
 * NULL: nothing is to be shared.
 */
struct pace_shared *pace_shared_new(const char *endpoint, const char *region, const char *pool,
    int share);

void pace_shared_free(struct pace_shared *s);

/*
 * As pace_take, from the shared bucket and from own, which says how fast this process may be.
 * access_key is the one that requests are signed with; NULL: they are not.  It tells the account.
 * s may be NULL; without it, and where own has no limit, only own counts.
 */
int64_t pace_shared_take(struct pace_shared *s, enum pace_category category, struct pace *own,
    const char *access_key, int64_t now_ms);

/* As pace_throttled. */
void pace_shared_throttled(struct pace_shared *s, enum pace_category category, struct pace *own,
    int64_t now_ms);

/*
 * The account that an access key's id was issued for: 40 bits in base32 behind its four letters.
 * The same for all users, roles and sessions of the account, as the quota is.  AWS documents only
 * that the id tells (GetAccessKeyInfo of STS), not how; keys from before 2019 do not.  Returns 0,
 * or -1 if the id does not tell.
 */
int pace_account(const char *access_key, char account[PACE_ACCOUNT_SIZE]);

#endif
