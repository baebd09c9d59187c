#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
index_init(struct index *ix)
{
	memset(ix, 0, sizeof *ix);
	ix->hash = hash_key_random();
	/* Place 0 means none. */
	ix->text_len = 1;
}

void
index_free(struct index *ix)
{
	for (int i = 0; i < INDEX_KEYS; i++)
		free(ix->table[i].place);
	free(ix->text);
	free(ix->entry);
	memset(ix, 0, sizeof *ix);
}

int
index_add(struct index *ix, uint32_t *number)
{
	if (ix->count == INDEX_MAX)
		return -1;
	if (ix->count == ix->cap) {
		ix->cap = ix->cap == 0 ? 256 : ix->cap + ix->cap / 2;
		ix->entry = mem_resize(ix->entry, ix->cap, sizeof *ix->entry);
	}
	*number = (uint32_t)ix->count;
	memset(&ix->entry[ix->count++], 0, sizeof *ix->entry);
	return 0;
}

const char *
index_text(const struct index *ix, uint32_t number, enum index_key which)
{
	size_t at = ix->entry[number].key[which];

	return at == 0 ? NULL : ix->text + at;
}

static void
enter(struct index *ix, enum index_key which, uint32_t number)
{
	struct index_table *t = &ix->table[which];
	const char *s = index_text(ix, number, which);
	size_t i;

	if (s == NULL)
		return;
	i = hash_bytes(&ix->hash, s, strlen(s)) & (t->places - 1);
	while (t->place[i] != 0)
		i = (i + 1) & (t->places - 1);
	t->place[i] = number + 1;
	t->used++;
}

/* Room for one more; entering all anew drops what leads to replaced keys. */
static void
grow(struct index *ix, enum index_key which)
{
	struct index_table *t = &ix->table[which];

	if ((t->used + 1) * 4 <= t->places * 3)
		return;
	t->places = t->places == 0 ? 512 : t->places * 2;
	free(t->place);
	t->place = mem_alloc(t->places * sizeof *t->place);
	t->used = 0;
	for (size_t i = 0; i < ix->count; i++)
		if (ix->entry[i].key[which] != 0)
			enter(ix, which, (uint32_t)i);
}

void
index_set(struct index *ix, uint32_t number, enum index_key which, const char *s, size_t len)
{
	const char *old = index_text(ix, number, which);

	if (old != NULL && strlen(old) == len && memcmp(old, s, len) == 0)
		return;
	ix->entry[number].key[which] = 0;
	grow(ix, which);
	if (ix->text == NULL || ix->text_len + len + 1 > ix->text_cap) {
		ix->text_cap += ix->text_cap / 2 + len + 4096;
		ix->text = mem_resize(ix->text, ix->text_cap, 1);
	}
	memcpy(ix->text + ix->text_len, s, len);
	ix->text[ix->text_len + len] = '\0';
	ix->entry[number].key[which] = ix->text_len;
	ix->text_len += len + 1;
	enter(ix, which, number);
}

bool
index_find(const struct index *ix, enum index_key which, const char *s, size_t len,
    uint32_t *number)
{
	const struct index_table *t = &ix->table[which];

	if (t->places == 0)
		return false;
	for (size_t i = hash_bytes(&ix->hash, s, len) & (t->places - 1); t->place[i] != 0;
	    i = (i + 1) & (t->places - 1)) {
		const char *text = index_text(ix, t->place[i] - 1, which);

		if (text != NULL && strlen(text) == len && memcmp(text, s, len) == 0) {
			*number = t->place[i] - 1;
			return true;
		}
	}
	return false;
}
