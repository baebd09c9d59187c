/* What a job of an identity domain says of each row. */
#ifndef PUSH_IMPORT_OCI_REPORT_H
#define PUSH_IMPORT_OCI_REPORT_H

#include "oci_job.h"

/* What a job says of one row. */
struct oci_report {
	bool failed;
	bool unknown;			/* if not failed: it does not say how it went */
	bool found;			/* for a cell */
	char *detail;			/* the service's own words; they may quote the row */
};

struct oci_reports {
	struct oci_report *report;
	size_t count;
	struct keyset keys;		/* by the row's name in small letters: its number */
	bool answered;			/* the domain said something about the last page */
};

/*
 * All reports of a job (UserImportJobReports and so on).  Returns PROG_OK; or with one line printed
 * PROG_FAIL or PROG_TEMPORARY.
 */
enum prog_status oci_reports_read(const struct oci *o, const struct oci_job *j,
    struct oci_reports *all);

/* The report for a cell, guarded or not; or NULL. */
const struct oci_report *oci_reports_find(struct oci_reports *all, const char *name);

void oci_reports_init(struct oci_reports *all);
void oci_reports_free(struct oci_reports *all);

#endif
