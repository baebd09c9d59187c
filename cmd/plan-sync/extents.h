/* What the files of a side are the whole of, as their seals say: kinds, sources, scopes, dates. */
#ifndef PLAN_SYNC_EXTENTS_H
#define PLAN_SYNC_EXTENTS_H

#include "input.h"

/* A file of records has ended well (input.end).  Returns PROG_OK, or what sync_stop returned. */
enum prog_status extents_end_file(struct input *in, const struct record_reader *r, bool sealed);

/* What a sealed file says of a kind; and of its source up to the kind, as extents_end_file returns. */
void extents_extend(struct extent *e, const struct seal *seal);
enum prog_status extents_stem(struct input *in, const struct seal *seal, size_t len);

#endif
