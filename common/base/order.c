/* Lines in order (order.h). */
#include "base/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
order_expect(void)
{
	sorter_expect();
}

void
order_init(struct order *o)
{
	memset(o, 0, sizeof *o);
	buf_init(&o->line, ORDER_LINE_MAX);
	buf_init(&o->held, ORDER_MEMORY);
	o->sorter.to = -1;
}

void
order_free(struct order *o)
{
	buf_free(&o->line);
	buf_free(&o->held);
	free(o->sorted);
	o->sorted = NULL;
	sorter_free(&o->sorter);
	o->sorter = (struct sorter){ .to = -1 };
}

static int
give(struct order *o, const char *text, size_t len)
{
	/* sorter_end_line flushes what is pending long before it can be full. */
	if (buf_append(&o->sorter.pending, text, len) != 0) {
		sorter_fail(&o->sorter, "a line that is too long");
		return -1;
	}
	return sorter_end_line(&o->sorter);
}

/* What is held goes to sort(1). */
static int
spill(struct order *o)
{
	size_t at = 0;

	o->spilled = true;
	if (sorter_start(&o->sorter) != 0)
		return -1;
	for (size_t i = 0; i < o->count; i++) {
		size_t len = strlen(o->held.data + at);

		if (give(o, o->held.data + at, len) != 0)
			return -1;
		at += len + 1;
	}
	buf_free(&o->held);
	return 0;
}

static int
take(struct order *o)
{
	if (!o->spilled && o->held.len + o->line.len + 1 > ORDER_MEMORY && spill(o) != 0)
		return -1;
	if (o->spilled)
		return give(o, buf_string(&o->line), o->line.len);
	buf_append(&o->held, buf_string(&o->line), o->line.len);
	buf_append_byte(&o->held, '\0');
	o->count++;
	return 0;
}

int
order_end_line(struct order *o)
{
	if (!o->failed && take(o) != 0)
		o->failed = true;
	buf_clear(&o->line);
	return o->failed ? -1 : 0;
}

/* strcmp compares as unsigned char, as sort(1) does under LC_ALL=C. */
static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
order_end(struct order *o)
{
	const char *p = o->held.data;

	if (o->failed)
		return -1;
	if (o->spilled)
		return sorter_end(&o->sorter);
	o->sorted = mem_resize(NULL, o->count + 1, sizeof *o->sorted);
	for (size_t i = 0; i < o->count; i++) {
		o->sorted[i] = p;
		p += strlen(p) + 1;
	}
	qsort(o->sorted, o->count, sizeof *o->sorted, compare);
	return 0;
}

int
order_next(struct order *o)
{
	int more;

	if (!o->spilled) {
		if (o->at == o->count)
			return 0;
		o->text = o->sorted[o->at++];
		o->len = strlen(o->text);
		return 1;
	}
	more = sorter_next(&o->sorter);
	o->text = o->sorter.line;
	o->len = o->sorter.len;
	return more;
}
