/* Rejects counted by reason (sink_summary.h). */
#include "json/sink_summary.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/record.h"
#include "json/utf8.h"

enum {
	PRINTED_MAX = 10,	/* half a screen */
	TEXT_MAX = RECORD_REASON_SIZE	/* what is longer differs too late to be told apart */
};

struct reason {
	char *text;
	uint64_t count;
};

/* In order of first appearance. */
struct sink_reasons {
	struct reason reasons[SINK_REASONS_MAX];
	size_t count;
	uint64_t others;	/* with reasons beyond SINK_REASONS_MAX */
};

/*
 * How much of a reason counts.  A last " (...)" with a digit in it tells where in the record, or
 * beside which other one, and differs from reject to reject: "not JSON (byte 12)".
 */
static size_t
counted_length(const char *text)
{
	size_t len = strlen(text), open = len;

	if (len > 0 && text[len - 1] == ')')
		while (open > 0 && text[open] != '(')
			open--;
	if (open > 1 && open < len && text[open - 1] == ' ' &&
	    strpbrk(text + open, "0123456789") != NULL)
		len = open - 1;
	if (len > TEXT_MAX)
		len = TEXT_MAX;
	return utf8_valid(text, len);
}

size_t
sink_reasons_add(struct sink_reasons **r, const char *reason)
{
	size_t len = counted_length(reason);
	struct sink_reasons *s = *r;

	if (s == NULL)
		s = *r = mem_alloc(sizeof *s);
	for (size_t i = 0; i < s->count; i++)
		if (strlen(s->reasons[i].text) == len &&
		    memcmp(s->reasons[i].text, reason, len) == 0) {
			s->reasons[i].count++;
			return i;
		}
	if (s->count == SINK_REASONS_MAX) {
		s->others++;
		return SINK_REASONS_MAX;
	}
	s->reasons[s->count].text = mem_dup(reason, len);
	s->reasons[s->count].count = 1;
	return s->count++;
}

/* The first of the most frequent that was not printed yet, or NULL. */
static const struct reason *
next_reason(const struct sink_reasons *r, bool printed[SINK_REASONS_MAX])
{
	const struct reason *best = NULL;

	for (size_t i = 0; i < r->count; i++)
		if (!printed[i] && (best == NULL || r->reasons[i].count > best->count))
			best = &r->reasons[i];
	if (best != NULL)
		printed[best - r->reasons] = true;
	return best;
}

size_t
sink_reasons_list(const struct sink_reasons *r, size_t order[SINK_REASONS_MAX])
{
	bool listed[SINK_REASONS_MAX] = { false };
	const struct reason *reason;
	size_t n = 0;

	while (r != NULL && (reason = next_reason(r, listed)) != NULL)
		order[n++] = (size_t)(reason - r->reasons);
	return n;
}

uint64_t
sink_reasons_at(const struct sink_reasons *r, size_t number, const char **text)
{
	*text = number < SINK_REASONS_MAX ? r->reasons[number].text : NULL;
	return number < SINK_REASONS_MAX ? r->reasons[number].count : r->others;
}

void
sink_reasons_print(const struct sink_reasons *r)
{
	bool printed[SINK_REASONS_MAX] = { false };
	const struct reason *reason;
	uint64_t others;

	if (r == NULL)
		return;
	for (int i = 0; i < PRINTED_MAX && (reason = next_reason(r, printed)) != NULL; i++)
		diag_error("rejected %llu: %s", (unsigned long long)reason->count, reason->text);
	others = r->others;
	while ((reason = next_reason(r, printed)) != NULL)
		others += reason->count;
	if (others > 0)
		diag_error("rejected %llu for other reasons", (unsigned long long)others);
}

void
sink_reasons_write(const struct sink_reasons *r, struct buf *b)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++) {
		buf_append_string(b, i == 0 ? ",\"Reasons\":{" : ",");
		jtext_string(b, r->reasons[i].text, strlen(r->reasons[i].text));
		buf_appendf(b, ":%llu", (unsigned long long)r->reasons[i].count);
	}
	buf_append_byte(b, '}');
}

void
sink_reasons_free(struct sink_reasons *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->reasons[i].text);
	free(r);
}
