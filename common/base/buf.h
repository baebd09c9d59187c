/*
 * A growable byte buffer with a maximum from birth.
 *
 * data[0..len) are the bytes; there is always one spare byte behind them holding '\0', but the
 * content may hold NULs too.  An append that would pass max changes nothing and fails; memory
 * that is not there ends the program (mem.h).  What is appended must not lie in the buffer itself.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buf {
	char *data;	/* NUL-terminated once anything was appended or reserved, else NULL */
	size_t len;
	size_t cap;	/* bytes allocated, the spare one included */
	size_t max;	/* len never passes it */
};

/* An empty buffer for at most max bytes; allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Frees; the buffer is as after buf_init. */
void buf_free(struct buf *b);

/*
 * Wipes every allocated byte, then frees.  For secrets; these want buf_reserve first, because a
 * buffer that grows may leave its bytes behind in freed memory.
 */
void buf_wipe(struct buf *b);

/* Room for extra more bytes behind len.  Returns 0, or -1 if that would pass max. */
int buf_reserve(struct buf *b, size_t extra);

/* Appends len bytes.  Returns 0, or -1 if that would pass max. */
int buf_append(struct buf *b, const void *s, size_t len);

/* Appends the string s.  Returns 0, or -1 if that would pass max. */
int buf_append_string(struct buf *b, const char *s);

/* Appends one byte.  Returns 0, or -1 if that would pass max. */
int buf_append_byte(struct buf *b, char c);

/* Appends as printf(3) would.  Returns 0, or -1 if that would pass max. */
int buf_appendf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets the content and keeps the memory. */
static inline void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* The content as a C string; "" when nothing was ever appended.  Borrowed. */
static inline const char *
buf_string(const struct buf *b)
{
	return b->data != NULL ? b->data : "";
}

#endif
