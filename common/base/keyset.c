#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/keyset.h"
#include "base/mem.h"
#include "base/prog.h"

enum {
	UNIT = 4,		/* entries begin at multiples of it, so that 32 bits reach 16 GiB */
	UUID_TEXT = 36,
	PACKED = 0xffff,	/* in place of a length, above all: a UUID in 16 bytes */
	HEAD = 6,		/* a number of four bytes and a length of two */
	GLANCE = 64,		/* an entry in the file; the few longer ones take memory to look at */
	FIRST_BITS = 6, FRESH_BITS = 16,
	FILE_GROWTH = 2,	/* fourfold: each time all of it is read and written */
	/* 1 MiB: beside 1,000,000 texts it knows of 19 in 20 others, beside 5,000,000 of one in two. */
	FILTER_BITS = 23, FILTER_WORD = 64
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
pack(const char *text, size_t len, unsigned char out[KEYSET_UUID_BYTES])
{
	static const unsigned char places[KEYSET_UUID_BYTES] = {
		0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34
	};
	const unsigned char *s = (const unsigned char *)text;

	if (len != UUID_TEXT || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-')
		return false;
	for (size_t i = 0; i < KEYSET_UUID_BYTES; i++) {
		unsigned high = digit_value[s[places[i]]], low = digit_value[s[places[i] + 1]];

		if (high == 0 || low == 0)
			return false;
		out[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	return true;
}

void
keyset_key(struct keyset_key *k, const char *text, size_t len)
{
	/* One for all sets, so that one hash serves them all. */
	static struct hash_key key;
	static bool chosen;

	if (!chosen)
		key = hash_key_random();
	chosen = true;
	if (pack(text, len, k->uuid)) {
		k->bytes = k->uuid;
		k->len = sizeof k->uuid;
		k->mark = PACKED;
	} else {
		k->bytes = text;
		k->len = len;
		k->mark = (uint16_t)len;
	}
	k->tag = (uint32_t)hash_bytes(&key, k->bytes, k->len);
}

/* What has been reported.  An answer without the file would be a wrong one. */
static void
need(int failed)
{
	if (failed != 0)
		exit(PROG_FAIL);
}

void
keyset_init(struct keyset *s)
{
	memset(s, 0, sizeof *s);
	files_will_spool();
	keyset_table_open_memory(&s->fresh, FIRST_BITS);
	/* Entry 0 means none. */
	s->len = UNIT;
}

void
keyset_free(struct keyset *s)
{
	keyset_table_close(&s->fresh);
	keyset_table_close(&s->old);
	free(s->filter);
	free(s->data);
	if (s->filed)
		spool_close(&s->texts);
	memset(s, 0, sizeof *s);
}

/* The two bits of a tag. */
static void
filter_bits(uint32_t tag, uint32_t bit[2])
{
	bit[0] = tag & ((1U << FILTER_BITS) - 1);
	bit[1] = tag * UINT32_C(2654435761) >> (KEYSET_TAG_BITS - FILTER_BITS);
}

static void
filter_add(uint64_t *filter, uint32_t tag)
{
	uint32_t bit[2];

	filter_bits(tag, bit);
	for (int i = 0; i < 2; i++)
		filter[bit[i] / FILTER_WORD] |= UINT64_C(1) << bit[i] % FILTER_WORD;
}

/* Whether the tag may be in the file. */
static bool
filter_has(const uint64_t *filter, uint32_t tag)
{
	uint32_t bit[2];

	filter_bits(tag, bit);
	return (filter[bit[0] / FILTER_WORD] >> bit[0] % FILTER_WORD &
	    filter[bit[1] / FILTER_WORD] >> bit[1] % FILTER_WORD & 1) != 0;
}

/* What is fresh goes to the file, which grows where it must: both lie in the order of tags. */
static void
merge(struct keyset *s)
{
	struct keyset_table *old = &s->old, grown;

	if (old->bits == 0) {
		keyset_table_open_file(old, s->fresh.bits + FILE_GROWTH);
	} else {
		keyset_table_widen(old);
		if (keyset_table_is_full(old, s->fresh.used)) {
			/* Few long texts make a small file, which more short ones may follow. */
			unsigned bits = old->bits > s->fresh.bits ? old->bits : s->fresh.bits;

			keyset_table_open_file(&grown, bits + FILE_GROWTH);
			keyset_table_take(&grown, old);
			keyset_table_close(old);
			*old = grown;
		}
	}
	keyset_table_take(old, &s->fresh);
	keyset_table_narrow(old);
	for (size_t i = 0; i < (size_t)1 << s->fresh.bits; i++) {
		if (s->fresh.places[i] != 0)
			filter_add(s->filter, (uint32_t)(s->fresh.places[i] >> KEYSET_TAG_BITS));
	}
	memset(s->fresh.places, 0, ((size_t)1 << s->fresh.bits) * sizeof *s->fresh.places);
	s->fresh.used = 0;
}

/* The texts leave memory. */
static void
move_to_files(struct keyset *s)
{
	s->filed = true;
	need(spool_open(&s->texts));
	need(spool_append(&s->texts, s->data, s->len));
	free(s->data);
	s->data = NULL;
	s->cap = 0;
	s->filter = mem_alloc((1U << FILTER_BITS) / FILTER_WORD * sizeof *s->filter);
	merge(s);
}

/* Room for one text more of so many bytes. */
static void
make_room(struct keyset *s, size_t len)
{
	struct keyset_table grown;
	bool full = keyset_table_is_full(&s->fresh, 1);
	bool largest = s->fresh.bits == FRESH_BITS;

	if (!s->filed && ((full && largest) || s->len + len > KEYSET_MEMORY_BYTES)) {
		move_to_files(s);
	} else if (full && !largest) {
		keyset_table_open_memory(&grown, s->fresh.bits + 1);
		keyset_table_take(&grown, &s->fresh);
		keyset_table_close(&s->fresh);
		s->fresh = grown;
	} else if (full) {
		merge(s);
	}
	if (!s->filed && s->len + len > s->cap) {
		s->cap = (s->len + len) * 3 / 2;
		s->data = mem_resize(s->data, s->cap, 1);
		/* Before the first entry. */
		memset(s->data, 0, UNIT);
	}
}

static void
read_text(struct keyset *s, void *to, size_t len, size_t at)
{
	if (s->filed)
		need(spool_read(&s->texts, to, len, at));
	else
		memcpy(to, s->data + at, len);
}

static bool
is_entry(struct keyset *s, uint32_t entry, const struct keyset_key *k)
{
	size_t at = (size_t)entry * UNIT, len = HEAD + k->len;
	unsigned char glance[GLANCE], *all = glance;
	uint16_t mark;
	bool same;

	if (!s->filed) {
		memcpy(&mark, s->data + at + sizeof(uint32_t), sizeof mark);
		return mark == k->mark && memcmp(s->data + at + HEAD, k->bytes, k->len) == 0;
	}
	/* A shorter entry may be the last one. */
	if (len > s->len - at)
		return false;
	if (len > sizeof glance)
		all = mem_alloc(len);
	read_text(s, all, len, at);
	memcpy(&mark, all + sizeof(uint32_t), sizeof mark);
	same = mark == k->mark && memcmp(all + HEAD, k->bytes, k->len) == 0;
	if (all != glance)
		free(all);
	return same;
}

/* The place of t that leads to the text, or the free one where it would. */
static uint64_t *
find_place(struct keyset *s, struct keyset_table *t, const struct keyset_key *k)
{
	size_t at = keyset_table_first(t, k->tag);
	uint64_t *place;

	for (; *(place = keyset_table_place(t, at)) != 0; at = keyset_table_next(t, at)) {
		if (*place >> KEYSET_TAG_BITS == k->tag && is_entry(s, (uint32_t)*place, k))
			break;
	}
	return place;
}

uint32_t
keyset_find(struct keyset *s, const struct keyset_key *k)
{
	uint32_t entry = (uint32_t)*find_place(s, &s->fresh, k);

	if (entry == 0 && s->old.bits > 0 && filter_has(s->filter, k->tag))
		entry = (uint32_t)*find_place(s, &s->old, k);
	return entry;
}

/* The entry's bytes at the end of the texts. */
static void
append_entry(struct keyset *s, const struct keyset_key *k, uint32_t number, size_t len)
{
	static const unsigned char zeroes[UNIT];
	size_t pad = len - HEAD - k->len;
	unsigned char head[HEAD];

	memcpy(head, &number, sizeof number);
	memcpy(head + sizeof number, &k->mark, sizeof k->mark);
	if (s->filed) {
		need(spool_append(&s->texts, head, HEAD));
		need(spool_append(&s->texts, k->bytes, k->len));
		need(spool_append(&s->texts, zeroes, pad));
	} else {
		memcpy(s->data + s->len, head, HEAD);
		memcpy(s->data + s->len + HEAD, k->bytes, k->len);
		memcpy(s->data + s->len + HEAD + k->len, zeroes, pad);
	}
	s->len += len;
}

uint32_t
keyset_insert(struct keyset *s, const struct keyset_key *k, uint32_t number)
{
	size_t len = (HEAD + k->len + UNIT - 1) / UNIT * UNIT;
	uint32_t entry;

	if (s->len / UNIT > UINT32_MAX - len / UNIT) {
		diag_error("more texts than can be kept in mind");
		exit(PROG_FAIL);
	}
	make_room(s, len);
	entry = (uint32_t)(s->len / UNIT);
	*find_place(s, &s->fresh, k) = (uint64_t)k->tag << KEYSET_TAG_BITS | entry;
	s->fresh.used++;
	append_entry(s, k, number, len);
	s->count++;
	return entry;
}

uint32_t
keyset_add(struct keyset *s, const struct keyset_key *k)
{
	uint32_t entry = keyset_find(s, k);

	return entry != 0 ? entry : keyset_insert(s, k, 0);
}

uint32_t
keyset_number(struct keyset *s, uint32_t entry)
{
	uint32_t number;

	read_text(s, &number, sizeof number, (size_t)entry * UNIT);
	return number;
}

void
keyset_set_number(struct keyset *s, uint32_t entry, uint32_t number)
{
	size_t at = (size_t)entry * UNIT;

	if (s->filed)
		need(spool_write(&s->texts, &number, sizeof number, at));
	else
		memcpy(s->data + at, &number, sizeof number);
}

void
keyset_text(struct keyset *s, uint32_t entry, struct buf *b)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char uuid[KEYSET_UUID_BYTES];
	size_t at = (size_t)entry * UNIT;
	uint16_t mark;

	buf_clear(b);
	read_text(s, &mark, sizeof mark, at + sizeof(uint32_t));
	if (mark != PACKED) {
		if (buf_reserve(b, mark) != 0)
			return;
		read_text(s, b->data, mark, at + HEAD);
		b->data[b->len = mark] = '\0';
		return;
	}
	read_text(s, uuid, sizeof uuid, at + HEAD);
	for (size_t i = 0; i < KEYSET_UUID_BYTES; i++) {
		if (is_dash(b->len))
			buf_append_byte(b, '-');
		buf_append_byte(b, digits[uuid[i] >> 4]);
		buf_append_byte(b, digits[uuid[i] & 15]);
	}
}
