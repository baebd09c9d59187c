/* The figures' beginning and end (figures.h). */
#include "figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

void
figures_init(struct figures *f)
{
	memset(f, 0, sizeof *f);
	tally_init(&f->statuses, STATUSES_MAX);
	tally_init(&f->attributes, ATTRIBUTES_MAX);
	tally_init(&f->providers, PROVIDERS_MAX);
	tally_init(&f->groups, GROUPS_MAX);
	tally_init(&f->methods, METHODS_MAX);
	for (int s = 0; s < SIDES; s++)
		seal_init(&f->side[s].seal);
}

void
figures_free(struct figures *f)
{
	tally_free(&f->statuses);
	tally_free(&f->attributes);
	tally_free(&f->providers);
	tally_free(&f->groups);
	tally_free(&f->methods);
	for (int s = 0; s < SIDES; s++)
		seal_free(&f->side[s].seal);
	for (int k = 0; k < SHARED_KINDS; k++)
		examples_free(&f->shared[k]);
	free(f->pool.name);
	free(f->pool.id);
	free(f->pool.id_before);
	free(f->pool.mfa);
	free(f->pool.estimated);
}

void
examples_free(struct examples *e)
{
	for (size_t i = 0; i < e->count; i++)
		free(e->text[i]);
	e->count = 0;
}

void
examples_add(struct examples *e, const char *text, size_t len)
{
	struct buf b;

	size_t at = e->count;

	buf_init(&b, EXAMPLE_LENGTH + sizeof "...");
	if (len > EXAMPLE_LENGTH) {
		/* A character is not cut; bytes that are none were there before. */
		len = EXAMPLE_LENGTH;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
		buf_append(&b, text, len);
		buf_append_string(&b, "...");
	} else {
		buf_append(&b, text, len);
	}
	while (at > 0 && strcmp(buf_string(&b), e->text[at - 1]) < 0)
		at--;
	if (at < EXAMPLES_MAX) {
		if (e->count == EXAMPLES_MAX)
			free(e->text[--e->count]);
		memmove(e->text + at + 1, e->text + at, (e->count - at) * sizeof *e->text);
		e->text[at] = mem_dup(buf_string(&b), b.len);
		e->count++;
	}
	buf_free(&b);
}
