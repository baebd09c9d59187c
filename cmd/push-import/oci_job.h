/* A job of an identity domain that imports a file, and the calls about it. */
#ifndef PUSH_IMPORT_OCI_JOB_H
#define PUSH_IMPORT_OCI_JOB_H

#include "oci.h"

enum { OCI_ID_SIZE = 100, OCI_STATUS_SIZE = 40 };

struct oci_job {
	char schedule[OCI_ID_SIZE];	/* the JobSchedule's id */
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

/* Asks how far the job of j's schedule is (JobHistories).  Returns likewise. */
enum prog_status oci_job_look(const struct oci *o, struct oci_job *j);

/* What a job says of one row. */
struct oci_report {
	bool failed;
	char *detail;			/* the service's own words; they may quote the row */
};

struct oci_reports {
	struct oci_report *report;
	size_t count;
	struct keyset keys;		/* by the row's name in small letters: its number */
};

/* All reports of a job of a kind (UserImportJobReports and so on).  Returns likewise. */
enum prog_status oci_reports_read(const struct oci *o, const struct oci_job *j, int kind,
    struct oci_reports *all);

/* The report for a cell, guarded or not; or NULL. */
const struct oci_report *oci_reports_find(struct oci_reports *all, const char *name);

void oci_reports_init(struct oci_reports *all);
void oci_reports_free(struct oci_reports *all);

#endif
