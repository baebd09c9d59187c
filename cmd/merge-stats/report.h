/* What merge-stats writes of the stages. */
#ifndef MERGE_STATS_REPORT_H
#define MERGE_STATS_REPORT_H

#include <stdbool.h>

#include "base/buf.h"

#include "stages.h"

/* Appends the report as one JSON object, without LF.  Returns 0, or -1: too long for b. */
int report_json(struct buf *b, const struct stages *s, const char *command, bool with_stages);

/* Appends it as a table, lines of printable ASCII.  Returns likewise. */
int report_table(struct buf *b, const struct stages *s, const char *command, bool with_stages);

#endif
