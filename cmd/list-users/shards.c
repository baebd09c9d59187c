/*
 * A chain of pages waits for each answer, so one alone does not use the quota up; several do.  What
 * is given out is in order all the same: the chain whose turn it is gives its users out as they
 * come, those after it put theirs aside in files without a name.  They are not paused, however much
 * that becomes: a page token lives an hour, and a chain that waits longer for its turn is lost.
 *
 * With --resume the users of every chain go into its file first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/spool.h"
#include "net/pool.h"

#include "shards.h"
#include "sub.h"

enum {
	CHAINS = 8,			/* 30 calls a second, and an answer in 0.25 s */
	COPY_SIZE = 64 * 1024
};

struct shards;

struct chain {
	struct shards *shards;
	const struct ask *ask;
	struct pager *pager;		/* NULL: ended */
	struct spool spool;		/* of rows that came before their turn */
	struct kept_file *file;		/* in the making; NULL: none */
	bool spooling, kept;		/* kept: its users come out of a file */
	uint64_t seen, rejected;
	uint64_t spooled;		/* rows */
	struct hash_key key;
};

struct shards {
	struct listing *listing;
	const struct asks *asks;
	const struct proof *proof;
	const struct kept *store;
	bool *refuted;
	struct chain chains[CHAINS];	/* of ask i: chains[i % CHAINS] */
	size_t turn, started;
	bool due;			/* the chain whose turn it is has ended, or something failed */
	bool stopped, told;
};

static bool
stop(struct shards *s, enum prog_status status, const char *why)
{
	s->due = s->stopped = true;
	return listing_stop(s->listing, status, why);
}

static bool
is_turn(const struct chain *c)
{
	return c->ask == &c->shards->asks->ask[c->shards->turn];
}

/* A row that waits for its turn. */
static bool
put_aside(struct chain *c)
{
	struct shards *s = c->shards;
	struct buf *line = &s->listing->line;

	if (!c->spooling && spool_open(&c->spool) != 0)
		return stop(s, PROG_FAIL, "no temporary file");
	c->spooling = true;
	c->spooled++;
	if (spool_append(&c->spool, line->data, line->len) != 0 ||
	    spool_append(&c->spool, "\n", 1) != 0)
		return stop(s, PROG_FAIL, "the temporary file failed");
	return true;
}

static bool
give_row(struct chain *c)
{
	struct shards *s = c->shards;
	const struct buf *line = &s->listing->line;

	if (c->file != NULL) {
		if (sink_row(&c->file->sink, line->data, line->len) != 0)
			return stop(s, PROG_FAIL, "a file of --resume failed");
		return true;
	}
	if (!is_turn(c))
		return put_aside(c);
	if (sink_row(&s->listing->sink, line->data, line->len) != 0)
		return stop(s, PROG_FAIL, "the output failed");
	return true;
}

/*
 * Whether a user whom the filter means belongs to another chain: the filter does not tell the cases
 * of letters apart, and the other case has a chain of its own.  Who belongs to none refutes the
 * proof.
 */
static bool
is_of_another(struct chain *c, const char *sub, size_t len)
{
	struct shards *s = c->shards;

	if (s->proof == NULL)
		return false;
	if (proof_knows(s->proof, sub, len, s->asks->depth))
		return !asks_is_own(c->ask, sub);
	*s->refuted = true;
	return false;
}

/* Sets *mine if the user is this chain's to give out. */
static bool
take_user(struct chain *c, const struct pager_page *page, uint32_t user, bool *mine)
{
	struct shards *s = c->shards;
	struct listing *l = s->listing;
	size_t len = 0;
	const char *sub = sub_find(page->list, page->text, user, &l->scratch, &len);

	c->seen++;
	*mine = false;
	if (sub == NULL || !asks_means(c->ask, sub, len)) {
		diag_error("ListUsers: the service gave a user whom the filter by sub does not "
		    "mean");
		return stop(s, PROG_FAIL, "a user whom the filter does not mean");
	}
	if (is_of_another(c, sub, len))
		return true;
	l->seen++;
	*mine = true;
	switch (listing_user(l, page, user, &c->key, c->seen)) {
	case LISTING_ROW:
		return give_row(c);
	case LISTING_REJECTED:
		c->rejected++;
		return true;
	default:
		return stop(s, l->status, l->why);
	}
}

static bool
take_page(void *arg, const struct pager_page *page)
{
	struct chain *c = arg;
	struct shards *s = c->shards;
	const struct tok *tok = page->list->tok;
	bool mine = false, any = false, empty = true, sentinel = c->ask->sentinel;

	for (uint32_t i = page->items + 1; i < tok[page->items].next; i = tok[i].next) {
		if (!take_user(c, page, i, &mine))
			return false;
		empty = false;
		any = any || mine;
	}
	progress_show(&s->listing->progress, s->listing->seen, 0);
	if (is_turn(c) && out_flush(&s->listing->sink.out) != 0)
		return stop(s, PROG_FAIL, "the output failed");
	/* A capital letter that stands for the small one: that one's chain has them all. */
	if (sentinel && !empty && !any)
		return false;
	pager_resume(c->pager);
	return true;
}

/* What a sentinel's first page says is nearly always its last: no call is to be given up for it. */
static bool
may_prefetch(void *arg)
{
	const struct chain *c = arg;

	return !c->ask->sentinel;
}

static void
end_file(struct chain *c, bool whole)
{
	struct kept_file *f = c->file;

	c->file = NULL;
	if (f != NULL && kept_end(f, whole, c->rejected) != 0)
		stop(c->shards, PROG_FAIL, "a file of --resume failed");
}

static void
take_end(void *arg, enum prog_status status, const char *why)
{
	struct chain *c = arg;
	struct shards *s = c->shards;

	c->pager = NULL;
	if (status != PROG_OK && !s->stopped)
		stop(s, status, why);
	end_file(c, !s->stopped);
	s->due = s->due || s->stopped || is_turn(c);
}

static void
start_chain(struct shards *s, size_t number)
{
	const struct ask *ask = &s->asks->ask[number];
	struct chain *c = &s->chains[number % CHAINS];
	char filter[ASKS_FILTER_SIZE];
	struct buf body;

	*c = (struct chain){ .shards = s, .ask = ask, .key = hash_key_random() };
	if (s->store->directory != NULL && !ask->sentinel) {
		c->kept = true;
		if (kept_has(s->store, ask))
			return;
		c->file = kept_begin(s->store, ask);
		if (c->file == NULL) {
			stop(s, PROG_FAIL, "a file of --resume failed");
			return;
		}
	}
	buf_init(&body, POOL_REQUEST_MAX);
	asks_filter(ask, filter);
	/* Cannot be too long: the pool's id was checked. */
	(void)pool_request(&body, s->listing->pool, "Filter", filter, true);
	c->pager = pager_start(s->listing->client, &(struct pager_request){
	    .operation = "ListUsers", .items = "Users", .token = "PaginationToken",
	    .body = body.data, .where = filter, .page = take_page, .done = take_end, .arg = c,
	    .may_prefetch = may_prefetch, .told = &s->told });
	buf_free(&body);
}

static void
start_more(struct shards *s)
{
	while (!s->stopped && s->started < s->asks->count && s->started < s->turn + CHAINS)
		start_chain(s, s->started++);
}

/* What came before its turn. */
static void
give_spool(struct chain *c)
{
	static char block[COPY_SIZE];
	struct shards *s = c->shards;
	struct sink *sink = &s->listing->sink;
	uint64_t at = 0;

	while (c->spooling && at < c->spool.len && !s->stopped) {
		uint64_t left = c->spool.len - at;
		size_t n = left < sizeof block ? (size_t)left : sizeof block;

		if (spool_read(&c->spool, block, n, at) != 0)
			stop(s, PROG_FAIL, "the temporary file failed");
		else if (out_write(&sink->out, block, n) != 0)
			stop(s, PROG_FAIL, "the output failed");
		at += n;
		/* The answers to the others come in meanwhile. */
		aws_kick(s->listing->client);
	}
	if (c->spooling) {
		sink->rows += c->spooled;
		sink->bytes += at;
		spool_close(&c->spool);
	}
	c->spooling = false;
}

/* Turns to the next chains as far as theirs have ended. */
static void
advance(struct shards *s)
{
	struct listing *l = s->listing;

	while (!s->stopped && s->turn < s->asks->count) {
		struct chain *c = &s->chains[s->turn % CHAINS];

		give_spool(c);
		if (s->stopped || c->pager != NULL)
			break;
		if (c->kept && kept_give(s->store, c->ask, &l->sink) != 0)
			stop(s, PROG_FAIL, "a file of --resume failed");
		s->turn++;
		start_more(s);
	}
	if (out_flush(&l->sink.out) != 0)
		stop(s, PROG_FAIL, "the output failed");
}

/* Gives up what has not ended. */
static void
abandon(struct shards *s)
{
	for (int i = 0; i < CHAINS; i++) {
		struct chain *c = &s->chains[i];

		pager_cancel(c->pager);
		if (c->spooling)
			spool_close(&c->spool);
		if (c->file != NULL)
			end_file(c, false);
	}
}

void
shards_run(struct listing *l, const struct asks *asks, const struct proof *proof,
    const struct kept *kept, bool *refuted)
{
	struct shards *s = mem_alloc(sizeof *s);

	s->listing = l;
	s->asks = asks;
	s->proof = proof;
	s->store = kept;
	s->refuted = refuted;
	start_more(s);
	advance(s);
	while (!s->stopped && s->turn < asks->count) {
		s->due = false;
		aws_run(l->client, &s->due);
		if (!s->due) {
			diag_error("ListUsers: not every shard was answered for");
			stop(s, PROG_FAIL, "shards without an answer");
		}
		advance(s);
	}
	abandon(s);
	free(s);
}
