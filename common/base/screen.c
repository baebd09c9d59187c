/* What a terminal is shown (screen.h). */
#include "base/screen.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

static bool
is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* How many bytes the character has that begins with c; 0 if none does. */
static size_t
character_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	return c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
}

/*
 * The length of the character at p, or 0 if there is none; *part: it may be the beginning of one.
 * Overlong forms of what has three and four bytes are no C1 control to anybody.
 */
static size_t
take_character(const unsigned char *p, size_t len, bool *part, uint32_t *c)
{
	size_t n = character_length(p[0]);

	*part = false;
	*c = n < 2 ? p[0] : p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if (i == len) {
			*part = true;
			return 0;
		}
		if (!is_continuation(p[i]))
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return n;
}

static bool
is_acted_upon(uint32_t c)
{
	if (c < 0xa0)
		return (c < 0x20 && c != '\n' && c != '\t') || c >= 0x7f;
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

static void
append(struct screen *s, struct buf *b, const char *text, size_t len, bool last)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t at = 0, n;

	for (; at < len; at += n) {
		uint32_t c;
		bool part;

		n = take_character(p + at, len - at, &part, &c);
		part |= n == 1 && c == '\r' && at + 1 == len;
		if (part && !last) {
			memcpy(s->held, text + at, len - at);
			s->held_len = len - at;
			return;
		}
		if (n == 0) {
			buf_appendf(b, "\\x%02x", (unsigned)p[at]);
			n = 1;
		} else if (is_acted_upon(c) && !(c == '\r' && at + 1 < len && p[at + 1] == '\n')) {
			buf_appendf(b, "\\u%04x", (unsigned)c);
		} else {
			buf_append(b, text + at, n);
		}
	}
}

void
screen_append(struct screen *s, struct buf *b, const char *text, size_t len)
{
	size_t held = s->held_len, more = 0;
	char joined[2 * sizeof s->held];

	s->held_len = 0;
	if (held > 0) {
		/* As much as the character can need. */
		more = len < sizeof s->held ? len : sizeof s->held;
		memcpy(joined, s->held, held);
		memcpy(joined + held, text, more);
		append(s, b, joined, held + more, false);
	}
	if (s->held_len > 0 && more < len) {
		/* What is held again is the end of what was looked at, and stands in text. */
		more -= s->held_len;
		s->held_len = 0;
	}
	append(s, b, text + more, len - more, false);
}

void
screen_end(struct screen *s, struct buf *b)
{
	size_t held = s->held_len;

	s->held_len = 0;
	append(s, b, s->held, held, true);
}
