/* A job of an identity domain that imports a file, and the calls about it. */
#ifndef PUSH_IMPORT_OCI_JOB_H
#define PUSH_IMPORT_OCI_JOB_H

#include "oci.h"

enum { OCI_ID_SIZE = 100, OCI_STATUS_SIZE = 40 };

struct oci_job {
	char schedule[OCI_ID_SIZE];	/* the JobSchedule's id */
	int kind;			/* of what it imports */
	bool known;			/* that it is for the file at hand */
	bool forgotten;			/* the domain has no such schedule (any more) */
	int64_t run_ms;			/* when it was to run; 0: not known */
	char history[OCI_ID_SIZE];	/* the JobHistory's; "": the job has not begun */
	char status[OCI_STATUS_SIZE];	/* its own word: "succeeded" */
	bool ended;
	uint64_t done, failed;		/* its counts, of rows or of members */
};

/*
 * Sends the loaded file (Files) and schedules its import, to run now (JobSchedules).  Returns
 * PROG_OK; or with one line printed PROG_FAIL or PROG_TEMPORARY.
 */
enum prog_status oci_job_start(const struct oci *o, const struct file *f, struct oci_job *j);

/*
 * The job that another run has started, by its id.  known is false afterwards if the domain does
 * not say any more what it imports.  Returns likewise; PROG_FAIL too if that is not this file.
 */
enum prog_status oci_job_find(const struct oci *o, const struct file *f, const char *id,
    struct oci_job *j);

/*
 * Asks how far the job is (JobHistories): its first run, and that one at every look.  Returns
 * likewise.
 */
enum prog_status oci_job_look(const struct oci *o, struct oci_job *j);

#endif
