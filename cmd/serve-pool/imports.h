/*
 * User import jobs, as CreateUserImportJob makes them: the file that comes for one through its own
 * URL, and how far it is.
 *
 * A job that was started goes on when it is looked at, and not by time: each DescribeUserImportJob
 * answers how far it is and takes it a step further (Pending, InProgress with half of the rows,
 * Succeeded), and any other request that wants the pool finds it done.  Jobs are not in the state
 * file, and end with the server.
 */
#ifndef SERVE_POOL_IMPORTS_H
#define SERVE_POOL_IMPORTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;
struct pool;

enum {
	IMPORTS_FILE_MAX = 100 * 1024 * 1024,	/* what the service takes */
	IMPORTS_ROWS_MAX = 500 * 1000,
	IMPORTS_ROW_MAX = 16000,		/* characters */
	IMPORTS_JOBS_MAX = 1000,		/* of a pool */
	IMPORTS_ID_SIZE = sizeof "import-0123456789abcdef"
};

enum import_status {
	IMPORT_CREATED, IMPORT_PENDING, IMPORT_IN_PROGRESS, IMPORT_STOPPING, IMPORT_EXPIRED,
	IMPORT_STOPPED, IMPORT_FAILED, IMPORT_SUCCEEDED
};

struct import_job {
	char id[IMPORTS_ID_SIZE];
	char *name, *role;		/* canonical JSON strings, with their quotes */
	enum import_status status;
	const char *completion;		/* static; NULL: none */
	int64_t created_ms, started_ms, ended_ms;
	char *file;			/* NULL: none came */
	size_t len;
	uint64_t imported, skipped, failed;
	/* while it runs */
	char **column;			/* of the file, as canonical JSON without quotes */
	size_t columns;
	size_t at;			/* where the next row begins */
	uint64_t line;			/* and on which line */
};

struct imports {
	struct import_job *job;
	size_t count;
	size_t running;			/* its number + 1; 0: none runs */
	atomic_bool busy;		/* one runs; to be asked without the pool's lock */
};

void imports_free(struct imports *m);

/* What the log and faults call that: "PutObject". */
extern const char imports_upload_name[];

/* Whether the request brings a file: a PUT to the URL of a job. */
bool imports_is_upload(const char *method, const char *path);

/* Takes the file, or says in S3's words why not.  Without the pool's lock. */
void imports_upload(struct exchange *x);

/* The job that runs goes a step further, or to its end; with the pool to itself. */
void imports_step(struct pool *p);
void imports_finish(struct pool *p);

/* Takes in up to count rows of the job that runs.  Returns 0; 1 if there are no more; or -1 with
   completion set: the file is none that the service reads. */
int imports_rows(struct pool *p, struct import_job *j, uint64_t count);

/* The operations, with the pool to themselves. */
void imports_create(struct exchange *x);
void imports_start(struct exchange *x);
void imports_stop(struct exchange *x);
void imports_describe(struct exchange *x);
void imports_list(struct exchange *x);

#endif
