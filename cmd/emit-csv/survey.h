/* --columns auto: a first pass over the inputs, which finds the members that they have. */
#ifndef EMIT_CSV_SURVEY_H
#define EMIT_CSV_SURVEY_H

#include "json/filter.h"
#include "json/layout.h"

#include "names.h"

struct survey;

/*
 * Reads all that f will read, and adds the columns to l: members in the order in which they first
 * stand at a top level, then those of Attributes by name.  Wrong records are passed over here.  An
 * input that is no regular file is copied to a temporary file without a name on the way.
 *
 * Returns PROG_OK, with f->fds set for the second pass; or how the run ends, reported, with *why as
 * filter_run gives it.  *survey is to be freed after the second pass in either case.
 */
enum prog_status survey_run(struct survey **survey, struct filter *f, struct layout *l,
    const char **why);

/*
 * Whether there is a record that adds no columns: with it there would be more than there may be, or
 * a name holds a NUL.  Then every record of the second pass is to be judged.
 */
bool survey_left_out(const struct survey *s);

/* NULL, or why the record cannot be a row (static): one of its members is no column. */
const char *survey_judge(const struct names *columns, const struct record_reader *r);

/* NULL is fine. */
void survey_free(struct survey *s);

#endif
