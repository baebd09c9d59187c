#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"

#include "keyset.h"

enum {
	UNIT = 4,		/* entries begin at multiples of it, so that 32 bits reach 16 GiB */
	UUID_TEXT = 36, UUID_BYTES = 16,
	PACKED = 0xffff,	/* in place of a length, above all: a UUID in 16 bytes */
	HEAD = 6		/* a number of four bytes and a length of two */
};

/* The bytes that stand for a text: its own, or those of a UUID. */
struct form {
	const void *bytes;
	size_t len;
	uint16_t mark;		/* the length, or PACKED */
	unsigned char uuid[UUID_BYTES];
};

/* The value of a lower-case hexadecimal digit and one more, or 0. */
static const unsigned char digit_value[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8,
	['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16
};

static bool
is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

/* Whether the text is a UUID that comes back from its bytes as it was.  Every user has some. */
static bool
pack(const char *text, size_t len, unsigned char out[UUID_BYTES])
{
	static const unsigned char places[UUID_BYTES] = {
		0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34
	};
	const unsigned char *s = (const unsigned char *)text;

	if (len != UUID_TEXT || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-')
		return false;
	for (size_t i = 0; i < UUID_BYTES; i++) {
		unsigned high = digit_value[s[places[i]]], low = digit_value[s[places[i] + 1]];

		if (high == 0 || low == 0)
			return false;
		out[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	return true;
}

static void
form_of(struct form *f, const char *text, size_t len)
{
	if (pack(text, len, f->uuid)) {
		f->bytes = f->uuid;
		f->len = sizeof f->uuid;
		f->mark = PACKED;
	} else {
		f->bytes = text;
		f->len = len;
		f->mark = (uint16_t)len;
	}
}

void
keyset_init(struct keyset *s)
{
	memset(s, 0, sizeof *s);
	s->key = hash_key_random();
	s->slot_count = 64;
	s->slots = mem_alloc(s->slot_count * sizeof *s->slots);
	/* Entry 0 means none. */
	s->len = UNIT;
}

void
keyset_free(struct keyset *s)
{
	free(s->slots);
	free(s->data);
	memset(s, 0, sizeof *s);
}

static const unsigned char *
entry_at(const struct keyset *s, uint32_t entry)
{
	return s->data + (size_t)entry * UNIT;
}

static uint16_t
entry_mark(const unsigned char *e)
{
	uint16_t mark;

	memcpy(&mark, e + sizeof(uint32_t), sizeof mark);
	return mark;
}

static size_t
entry_length(const unsigned char *e)
{
	uint16_t mark = entry_mark(e);

	return mark == PACKED ? UUID_BYTES : mark;
}

/* The slot in which the form lies, or the free one where it would. */
static size_t
find_slot(const struct keyset *s, const struct form *f)
{
	size_t mask = s->slot_count - 1;
	size_t i = (size_t)hash_bytes(&s->key, f->bytes, f->len) & mask;

	for (; s->slots[i] != 0; i = (i + 1) & mask) {
		const unsigned char *e = entry_at(s, s->slots[i]);

		if (entry_mark(e) == f->mark && memcmp(e + HEAD, f->bytes, f->len) == 0)
			break;
	}
	return i;
}

/* Twice as many slots, for the same entries. */
static void
grow_slots(struct keyset *s)
{
	uint32_t *old = s->slots;
	size_t count = s->slot_count;

	s->slot_count *= 2;
	s->slots = mem_alloc(s->slot_count * sizeof *s->slots);
	for (size_t i = 0; i < count; i++) {
		const unsigned char *e;
		size_t at;

		if (old[i] == 0)
			continue;
		e = entry_at(s, old[i]);
		at = (size_t)hash_bytes(&s->key, e + HEAD, entry_length(e)) & (s->slot_count - 1);
		while (s->slots[at] != 0)
			at = (at + 1) & (s->slot_count - 1);
		s->slots[at] = old[i];
	}
	free(old);
}

uint32_t
keyset_find(const struct keyset *s, const char *text, size_t len)
{
	struct form f;

	form_of(&f, text, len);
	return s->slots[find_slot(s, &f)];
}

uint32_t
keyset_add(struct keyset *s, const char *text, size_t len)
{
	struct form f;
	size_t slot, need;
	uint32_t entry;

	form_of(&f, text, len);
	slot = find_slot(s, &f);
	if (s->slots[slot] != 0)
		return s->slots[slot];
	if (s->count >= s->slot_count / 4 * 3) {
		grow_slots(s);
		slot = find_slot(s, &f);
	}
	need = (HEAD + f.len + UNIT - 1) / UNIT * UNIT;
	if (s->len / UNIT > UINT32_MAX - need / UNIT) {
		diag_error("more users than can be kept in mind");
		exit(PROG_FAIL);
	}
	if (s->len + need > s->cap) {
		s->cap = (s->len + need) * 3 / 2;
		s->data = mem_resize(s->data, s->cap, 1);
	}
	entry = (uint32_t)(s->len / UNIT);
	memset(s->data + s->len, 0, need);
	memcpy(s->data + s->len + sizeof(uint32_t), &f.mark, sizeof f.mark);
	memcpy(s->data + s->len + HEAD, f.bytes, f.len);
	s->len += need;
	s->count++;
	s->slots[slot] = entry;
	return entry;
}

uint32_t
keyset_number(const struct keyset *s, uint32_t entry)
{
	uint32_t number;

	memcpy(&number, entry_at(s, entry), sizeof number);
	return number;
}

void
keyset_set_number(struct keyset *s, uint32_t entry, uint32_t number)
{
	memcpy(s->data + (size_t)entry * UNIT, &number, sizeof number);
}

void
keyset_text(const struct keyset *s, uint32_t entry, struct buf *b)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *e = entry_at(s, entry);

	buf_clear(b);
	if (entry_mark(e) != PACKED) {
		buf_append(b, e + HEAD, entry_length(e));
		return;
	}
	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (is_dash(b->len))
			buf_append_byte(b, '-');
		buf_append_byte(b, digits[e[HEAD + i] >> 4]);
		buf_append_byte(b, digits[e[HEAD + i] & 15]);
	}
}
