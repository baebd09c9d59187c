/* The lines that are sorted (lines.h). */
#include "lines.h"

#include <string.h>

#include "json/fold.h"

void
lines_text(struct buf *b, const char *text, size_t len)
{
	const char *end = text + len, *nul;

	while ((nul = memchr(text, '\0', (size_t)(end - text))) != NULL) {
		buf_append(b, text, (size_t)(nul - text));
		buf_append_byte(b, (char)LINE_NUL);
		text = nul + 1;
	}
	buf_append(b, text, (size_t)(end - text));
}

/* The same, folded; what cannot be folded, since a NUL was in it, in pieces. */
static void
append_folded(struct buf *b, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *nul = memchr(text, LINE_NUL, (size_t)(end - text));
		size_t piece = nul != NULL ? (size_t)(nul - text) : (size_t)(end - text);

		(void)fold_append(b, text, piece);
		if (nul != NULL)
			buf_append_byte(b, (char)LINE_NUL);
		text += piece + (nul != NULL);
	}
}

void
lines_begin(struct order *o, char kind, bool folded, const char *text, size_t len, enum side side)
{
	struct buf *b = &o->line;
	size_t at;

	buf_append_byte(b, kind);
	at = b->len;
	if (folded)
		append_folded(b, text, len);
	else
		buf_append(b, text, len);
	len = b->len - at == len && memcmp(b->data + at, text, len) == 0 ? 0 : len;
	buf_append_byte(b, (char)LINE_END);
	buf_append(b, text, len);
	buf_append_byte(b, (char)LINE_END);
	buf_append_byte(b, (char)('0' + side));
}

bool
lines_parse(const struct order *o, struct line *l)
{
	const char *end = o->text + o->len, *first, *second;

	if (o->len == 0 || (first = memchr(o->text, LINE_END, o->len)) == NULL ||
	    (second = memchr(first + 1, LINE_END, (size_t)(end - first - 1))) == NULL ||
	    end - second < 2 || second[1] < '0' || second[1] >= '0' + SIDES)
		return false;
	l->kind = o->text[0];
	l->key = o->text + 1;
	l->key_len = (size_t)(first - l->key);
	l->spelling = first + 1;
	l->spelling_len = (size_t)(second - l->spelling);
	l->side = (enum side)(second[1] - '0');
	l->rest = second + 2;
	l->rest_len = (size_t)(end - l->rest);
	return true;
}
