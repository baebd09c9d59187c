/* A user import job of a pool, and the calls about it. */
#ifndef PUSH_IMPORT_JOB_H
#define PUSH_IMPORT_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "json/tok.h"
#include "net/aws.h"

enum { JOB_ID_SIZE = 56, JOB_NAME_SIZE = 129 };

enum job_status {
	JOB_CREATED, JOB_PENDING, JOB_IN_PROGRESS, JOB_STOPPING, JOB_EXPIRED, JOB_STOPPED,
	JOB_FAILED, JOB_SUCCEEDED
};

struct job {
	char id[JOB_ID_SIZE], name[JOB_NAME_SIZE];
	enum job_status status;
	uint64_t imported, skipped, failed;
	int64_t started_ms;		/* 0: not said */
	char message[JOB_NAME_SIZE];	/* CompletionMessage, or "" */
};

struct job_pool {
	struct aws_client *client;
	const char *id;
};

/* Static: "InProgress". */
const char *job_status_name(enum job_status status);

bool job_is_running(const struct job *j);

/*
 * CreateUserImportJob.  *url, heap, is a secret (mem_wipe_free).  Returns PROG_OK, or a status with
 * one line printed.
 */
enum prog_status job_create(const struct job_pool *p, const char *name, const char *role,
    struct job *j, char **url);

/*
 * StartUserImportJob of a job that has its file.  One whose start was carried out and whose
 * answer was lost is found to be running.  Returns likewise; PROG_TEMPORARY too when another job is
 * in the way.
 */
enum prog_status job_start(const struct job_pool *p, struct job *j);

/* DescribeUserImportJob of the job with j's id.  Returns likewise, and then j is as it was. */
enum prog_status job_describe(const struct job_pool *p, struct job *j);

/*
 * All jobs of the pool: seen is called for each, the newest first as far as the service keeps that
 * order.  Returns likewise.
 */
enum prog_status job_list(const struct job_pool *p, void (*seen)(void *arg, const struct job *j),
    void *arg);

#endif
