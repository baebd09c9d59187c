/*
 * What the server is and was told: set up before it listens; only what has a lock or is atomic
 * changes later.
 */
#ifndef SERVE_POOL_SERVER_H
#define SERVE_POOL_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "accounts.h"
#include "directory.h"
#include "fault.h"
#include "mfa.h"
#include "opaque.h"
#include "pool.h"
#include "pool_list.h"
#include "quota.h"
#include "role.h"

struct server {
	struct pools pools;
	struct pool_lists pool_lists;
	struct directory directory;		/* what else the inventory says */
	struct pool *own;			/* the one of the options and the files; or NULL */
	const char *state;			/* the file that keeps it; NULL: none */
	const char *region;			/* where it is, and who does not sign */
	const char *inventory;			/* the file of the other pools; NULL: none */
	struct accounts accounts;
	struct role role;			/* its account is the own pool's and the user's */
	struct role via;			/* the intermediate one, if there is one */
	const char *external_id;		/* of role */
	char user_arn[128];			/* whom the keys belong to */
	const char *access_key, *secret_key;
	bool require_role, no_signatures, tls;
	uint64_t allowed;			/* a bit an operation, in the order of ops.c */
	struct mfa mfa;				/* the user's device, if there is one */
	const char *web_identity_token_file;	/* NULL: no token is good */
	int64_t session_seconds;		/* 0: as asked for */
	int64_t max_session_seconds;
	int64_t token_seconds;
	int64_t clock_offset_ms, latency_ms;
	bool short_pages;
	uint64_t seed;
	unsigned char token_key[OPAQUE_KEY_SIZE], session_key[OPAQUE_KEY_SIZE];
	struct quota quota;
	struct faults faults;
	int log_fd;				/* -1: no log */
	atomic_ullong requests, sessions;	/* how many so far */
	atomic_ullong jobs;			/* of all pools, likewise */
	int stop[2];				/* a pipe that is closed when the server stops */
};

/* Milliseconds since the Epoch by the server's own clock. */
int64_t server_now_ms(const struct server *s);

/* Waits ms milliseconds (at most INT_MAX), or until the server stops. */
void server_pause(struct server *s, int64_t ms);

/* The server stops: nobody waits any longer. */
void server_stop(struct server *s);

/*
 * Sets up the user, from role, the keys of tokens, from seed, and what server_stop needs.  Returns
 * 0, or -1 with the reason printed.
 */
int server_init(struct server *s);

void server_free(struct server *s);

#endif
