/* What passes between map-attributes and its workers: one program, one machine, plain structs. */
#ifndef MAP_ATTRIBUTES_WORKER_H
#define MAP_ATTRIBUTES_WORKER_H

#include <stdint.h>

#include "json/record.h"
#include "map-attributes_jobs.h"

enum {
	/* Some hundred users with their tokens: waking somebody for less costs more. */
	BLOCK_SIZE = 96 * 1024,
	/* Blocks of a worker: one at hand, one that waits, one whose results are taken. */
	BLOCK_SLOTS = 3,
	REASON_MAX = 1024,
	/* One record more than BLOCK_SIZE, whose tokens take at most as much again; whole pages. */
	SLOT_SIZE = 2 * BLOCK_SIZE + RECORD_LINE_MAX + 4096,
	RECORD_ALIGN = 8
};

/*
 * To a worker: the size of a block in bytes (uint32_t); the block is there then, in the next of
 * its slots, round and round, in memory that it shares with its parent.  It holds records, each
 * this head, its tokens, the reason with its NUL if it is wrong already, the text, and what fills
 * RECORD_ALIGN up.
 */
struct worker_record {
	uint64_t line;
	const char *name;	/* of the stream: from argv, and at the same place in every process */
	uint32_t tokens;	/* their number; 0: too many to be there */
	uint32_t token_flags;	/* of all of them together */
	uint32_t reason;	/* bytes, with the NUL; 0: it is to be mapped */
	uint32_t len;
};

/* The bytes that a record takes in a block. */
static inline size_t
worker_record_size(const struct worker_record *r)
{
	size_t size = sizeof *r + r->tokens * sizeof(struct tok) + r->reason + r->len;

	return (size + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
}

/* From a worker, through its pipe: results, each this head and len bytes. */
enum worker_type {
	WORKER_ROW,		/* a row, without LF */
	WORKER_DROPPED,		/* nothing: a record gave no row */
	WORKER_WRONG,		/* a worker_record with reason and text */
	WORKER_WRONG_ARG,	/* the same: a variable is wrong */
	WORKER_END		/* nothing: of the block, whose slot is free again */
};

struct worker_result {
	uint32_t type, len;
};

/*
 * The worker: blocks from its BLOCK_SLOTS slots, by what comes from in, and results to out.  Ends
 * the process when in ends.
 */
_Noreturn void worker_run(const struct jobs_work *work, const char *slots, int in, int out);

#endif
