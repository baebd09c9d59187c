/* Rejects counted by reason, in bounded memory. */
#ifndef JSON_SINK_SUMMARY_H
#define JSON_SINK_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/* Told apart: three for each column of the largest import file we know of. */
enum { SINK_REASONS_MAX = 64 };

/* NULL is an empty one. */
struct sink_reasons;

/*
 * One more reject; *r is made by the first.  Returns the reason's number, from 0 in the order of
 * their coming, or SINK_REASONS_MAX for one of the others.
 */
size_t sink_reasons_add(struct sink_reasons **r, const char *reason);

/* The numbers of the reasons, the most frequent first.  Returns how many they are. */
size_t sink_reasons_list(const struct sink_reasons *r, size_t order[SINK_REASONS_MAX]);

/*
 * How many rejects a reason has that is there, and *text, borrowed; SINK_REASONS_MAX is all others,
 * with NULL for a text.
 */
uint64_t sink_reasons_at(const struct sink_reasons *r, size_t number, const char **text);

/* The lines on standard error: the ten most frequent, and how many the others are. */
void sink_reasons_print(const struct sink_reasons *r);

/* Appends ,"Reasons":{"reason":12,...} for --stats; nothing if there were no rejects. */
void sink_reasons_write(const struct sink_reasons *r, struct buf *b);

void sink_reasons_free(struct sink_reasons *r);

#endif
