/* GetCSVHeader: the columns of the file that the pool's import job takes. */
#ifndef SERVE_POOL_CSV_HEADER_H
#define SERVE_POOL_CSV_HEADER_H

struct exchange;

/*
 * Answers with the standard attributes and the custom ones that a user of the dump has: a dump has
 * no schema.
 */
void csv_header_answer(struct exchange *x);

#endif
