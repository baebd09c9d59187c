/*
 * What the checks found: one record each (cognito-records(5)), or lines of a table for people,
 * given out at once, so that a check that hangs is seen to hang.
 *
 * A check fills detail and hint and then says how it ended, which gives both out and empties them.
 * Neither holds a user's name, an attribute's value or a secret.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/out.h"
#include "base/prog.h"

enum { REPORT_TEXT_MAX = 4096 };	/* of a detail or a hint; what is longer is left out */

struct report {
	struct buf detail, hint;	/* of the check under way */
	/* private */
	struct out out;
	bool table;
	size_t width;
	enum prog_status status;
	int checks, failed;
};

/*
 * Opens path, or standard output for NULL.  Returns 0, or -1 with the reason printed.
 */
int report_open(struct report *r, const char *path, bool table);

/* Appends to b as printf(3) would. */
void report_say(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The check holds; a hint is dropped. */
void report_ok(struct report *r, const char *check);

/* It does not, and that is the command's status unless another check failed before. */
void report_failed(struct report *r, const char *check, enum prog_status status);

/* It was not tried, or what was seen does not decide. */
void report_unknown(struct report *r, const char *check);

/*
 * The last line of a table, and the end of the output, which is good if it is whole, whatever it
 * says.  Returns the command's status.
 */
enum prog_status report_close(struct report *r, const char *what);

#endif
