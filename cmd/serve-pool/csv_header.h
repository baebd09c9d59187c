/* GetCSVHeader: the columns of the file that the pool's import job takes. */
#ifndef SERVE_POOL_CSV_HEADER_H
#define SERVE_POOL_CSV_HEADER_H

#include "schema.h"

struct exchange;

/*
 * Answers with the standard attributes and the custom ones that a user of the dump has: a dump has
 * no schema.
 */
void csv_header_answer(struct exchange *x);

/* How many columns it has; and whether one, its name canonical JSON without quotes, is of them. */
size_t csv_header_count(const struct schema *s);
bool csv_header_has(const struct schema *s, const char *name);

#endif
