/* Rejects counted by reason, in bounded memory. */
#ifndef JSON_SINK_SUMMARY_H
#define JSON_SINK_SUMMARY_H

#include <stdint.h>

struct buf;

/* NULL is an empty one. */
struct sink_reasons;

/* One more reject; *r is made by the first. */
void sink_reasons_add(struct sink_reasons **r, const char *reason);

/* The lines on standard error: the ten most frequent, and how many the others are. */
void sink_reasons_print(const struct sink_reasons *r);

/* Appends ,"Reasons":{"reason":12,...} for --stats; nothing if there were no rejects. */
void sink_reasons_write(const struct sink_reasons *r, struct buf *b);

void sink_reasons_free(struct sink_reasons *r);

#endif
