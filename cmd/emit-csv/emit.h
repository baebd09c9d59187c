/* From records to files: the row of each, whether it may stand, and where. */
#ifndef EMIT_CSV_EMIT_H
#define EMIT_CSV_EMIT_H

#include "json/filter.h"

#include "files.h"
#include "row.h"
#include "unique.h"

struct emit {
	struct emitter rows;		/* with its layout, the caller's to fill and free */
	struct files files;		/* split and grouped are the caller's to set */
	struct filter *filter;		/* the caller's; its row and end are ours */
	bool judge_names;		/* the caller's to set: by survey_judge */
	/* private */
	struct unique *unique;		/* NULL: rows go out at once */
	struct buf row, group;
	bool direct;			/* nothing can befall a row once it is taken */
};

/*
 * After layout and sink are there: begins the output.  group: the member by which files are split,
 * or NULL.  Returns PROG_OK, or how the run ends, with the reason printed.
 */
enum prog_status emit_begin(struct emit *em, const char *group);

/* Frees all but the layout. */
void emit_release(struct emit *em);

/* What is told, and goes into --stats, at the end: appended to extra. */
void emit_tell(const struct emit *em, struct buf *extra);

#endif
