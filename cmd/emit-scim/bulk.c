#include <string.h>

#include "bulk.h"

/* A line feed follows; it counts, since it is sent along with a file. */
static const char tail[] = "]}";

enum { TAIL = sizeof tail - 1 + 1 };

static void
begin(struct bulk *b)
{
	buf_clear(&b->text);
	buf_append_string(&b->text,
	    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],");
	if (b->fail_on_errors > 0)
		buf_appendf(&b->text, "\"failOnErrors\":%ld,", b->fail_on_errors);
	buf_append_string(&b->text, "\"Operations\":[");
	b->head = b->text.len;
	b->count = 0;
	b->number++;
}

void
bulk_init(struct bulk *b)
{
	buf_init(&b->text, b->max_bytes);
	b->number = 0;
	b->operations = 0;
	begin(b);
}

void
bulk_free(struct bulk *b)
{
	buf_free(&b->text);
}

size_t
bulk_room(const struct bulk *b)
{
	size_t used = b->text.len + TAIL + (b->count > 0);

	return b->count < b->max_operations && used < b->max_bytes ? b->max_bytes - used : 0;
}

size_t
bulk_room_empty(const struct bulk *b)
{
	return b->max_bytes - b->head - TAIL;
}

void
bulk_add(struct bulk *b, const char *operation, size_t len)
{
	if (b->count > 0)
		buf_append_byte(&b->text, ',');
	buf_append(&b->text, operation, len);
	b->count++;
}

void
bulk_flush(struct bulk *b)
{
	if (b->count == 0)
		return;
	/* What fails here is remembered by the sink's output, which the filter looks at. */
	if (b->split && sink_part(b->sink, NULL) != 0) {
		b->sink->out.failed = true;
	} else {
		buf_append_string(&b->text, tail);
		sink_row(b->sink, b->text.data, b->text.len);
	}
	b->operations += b->count;
	begin(b);
}

struct bulk_mark
bulk_mark(const struct bulk *b)
{
	return (struct bulk_mark){ b->text.len, b->count };
}

void
bulk_return(struct bulk *b, struct bulk_mark mark)
{
	b->text.len = mark.len;
	b->text.data[mark.len] = '\0';
	b->count = mark.count;
}

void
bulk_escape(struct buf *b, const char *s, char sign)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789-._~";

	for (; *s != '\0'; s++) {
		if (strchr(unreserved, *s) != NULL)
			buf_append_byte(b, *s);
		else
			buf_appendf(b, "%c%02X", sign, (unsigned)(unsigned char)*s);
	}
}
