/* What is common to a list by one chain and to one by shards. */
#ifndef LIST_USERS_LISTING_H
#define LIST_USERS_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/progress.h"
#include "base/recent.h"
#include "json/record.h"
#include "json/sink.h"
#include "net/pager.h"

#include "proof.h"

struct listing {
	struct aws_client *client;
	const char *pool;
	struct sink sink;
	struct progress progress;
	struct proof *count;		/* --write-proof: counts users; or NULL */
	struct buf line, scratch;
	struct recent recent;
	uint64_t seen, max_items;	/* max_items 0: all */
	size_t replaced;
	enum prog_status status;
	char why[RECORD_REASON_SIZE];
};

enum listing_user { LISTING_ROW, LISTING_REJECTED, LISTING_STOPPED };

/* Ends the run with status, for the reason why; returns false. */
bool listing_stop(struct listing *l, enum prog_status status, const char *why);

/*
 * Makes the record of the user at index user of a page, number so many of the chain with this key,
 * in l->line.  One who came before, or who is wrong and cannot be rejected, stops the run.
 */
enum listing_user listing_user(struct listing *l, const struct pager_page *page, uint32_t user,
    const struct hash_key *key, uint64_t number);

/* Reads one chain, with filter unless that is NULL, into the sink. */
void listing_chain(struct listing *l, const char *filter);

#endif
