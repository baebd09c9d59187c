/* The parts of an output of several files; sink.h has what callers see. */
#ifndef JSON_SINK_PARTS_H
#define JSON_SINK_PARTS_H

#include <stdbool.h>

struct sink;
struct sink_parts;

/* Returns NULL with the reason printed if no parts can stand beside that file. */
struct sink_parts *sink_parts_new(const char *file);

/* All take their places, or are abandoned.  Returns 0, or -1 with the reason printed. */
int sink_parts_close(struct sink *s, bool good);

void sink_parts_free(struct sink_parts *p);

#endif
