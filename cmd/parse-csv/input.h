/* The files, each whole by itself: its headings, then a record for each of its rows. */
#ifndef PARSE_CSV_INPUT_H
#define PARSE_CSV_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/prog.h"
#include "json/layout.h"
#include "json/sink.h"

#include "columns.h"
#include "make.h"

struct input_rules {
	struct layout layout;		/* of the files, and what --columns or --layout says of them */
	struct layout renames;
	struct columns_rules columns;
	struct make_rules make;
	size_t preamble;		/* lines before the headings */
	bool trim;
	bool open_end;			/* a last row without a line end is one */
};

struct input {
	const struct input_rules *rules;
	struct sink *sink;
	uint64_t rows;			/* read, wrong ones included */
	uint64_t blank;			/* lines and rows that say nothing: passed over */
	uint64_t unsure;		/* line of the first row that may be several, or 0 */
	const char *why;		/* for the seal, when a run ends badly */
	/* private */
	struct cells cells;
	struct columns columns;
	struct make make;
	struct keyset users, groups, memberships;
};

/* rules and sink are borrowed.  Before the door shuts. */
void input_init(struct input *in, const struct input_rules *rules, struct sink *sink);

void input_free(struct input *in);

/*
 * Reads the files (NULL behind the last; none, or "-": standard input) and shuts the door behind
 * the first.  Returns PROG_OK; PROG_FAIL (headings that do not do, a wrong row without --reject, a
 * file that cannot be read, an output that failed); PROG_INCOMPLETE (a file that ends inside
 * quotes, without a line end, or without headings) – each reported, with why set.
 */
enum prog_status input_run(struct input *in, char **files);

#endif
