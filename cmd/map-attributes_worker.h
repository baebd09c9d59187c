/* What passes between map-attributes and its workers: one program, one machine, plain structs. */
#ifndef MAP_ATTRIBUTES_WORKER_H
#define MAP_ATTRIBUTES_WORKER_H

#include <stdint.h>

#include "map-attributes_jobs.h"

/*
 * To a worker: the size of a block in bytes (uint32_t), then its records, each this head, the
 * reason with its NUL if it is wrong already, and the text.
 */
struct worker_record {
	uint64_t line;
	const char *name;	/* of the stream: from argv, and at the same place in every process */
	uint32_t reason;	/* bytes, with the NUL; 0: it is to be mapped */
	uint32_t len;
};

/* From a worker: results, each this head and len bytes. */
enum worker_type {
	WORKER_ROW,		/* a row, without LF */
	WORKER_DROPPED,		/* nothing: a record gave no row */
	WORKER_WRONG,		/* a worker_record with reason and text */
	WORKER_WRONG_ARG,	/* the same: a variable is wrong */
	WORKER_END		/* nothing: of the block */
};

struct worker_result {
	uint32_t type, len;
};

/* The worker: blocks from in, results to out.  Ends the process when in ends. */
_Noreturn void worker_run(const struct jobs_work *work, int in, int out);

#endif
