/* The figures as a page (page.h). */
#ifndef POOL_REPORT_REPORT_H
#define POOL_REPORT_REPORT_H

#include "figures.h"
#include "page.h"
#include "rejects.h"

/*
 * Writes the page.  title: NULL, or the caller's.  Returns 0, with its size in *bytes, or -1 with the
 * reason printed.
 */
int report_write(struct out *o, enum page_format format, const char *title,
    const struct figures *f, const struct targets *t, uint64_t *bytes);

#endif
