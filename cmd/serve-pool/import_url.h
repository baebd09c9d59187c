/* The URL of a job's file: whoever has it may send the file, for a quarter of an hour. */
#ifndef SERVE_POOL_IMPORT_URL_H
#define SERVE_POOL_IMPORT_URL_H

#include <stddef.h>

#include "imports.h"

struct server;

enum { IMPORT_URL_SIZE = 800 };

/* The id of the server's next job. */
void import_url_name(struct server *s, char id[IMPORTS_ID_SIZE]);

/* The job's URL, on the host that the request came to.  Returns 0, or -1: it names none. */
int import_url_make(struct exchange *x, const struct import_job *j, char url[IMPORT_URL_SIZE]);

#endif
