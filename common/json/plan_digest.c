/* Digests of attributes (plan_digest.h). */
#include "json/plan_digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/jtext.h"

enum { SALT_BYTES = 16, SALT_DIGITS = 2 * SALT_BYTES, HASH_BYTES = 8 };

/* An attribute, decoded: offsets, since the buffer moves while it grows. */
struct pair {
	const char *name;
	size_t name_at, name_len, value_at, value_len;
};

struct pairs {
	struct pair *item;
	size_t count;
	struct buf text;
};

static bool
has_value(const struct tok *t)
{
	return t->type == TOK_STRING && t->start < t->end;
}

static int
compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	size_t least = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order = memcmp(x->name, y->name, least);

	if (order != 0)
		return order;
	return x->name_len < y->name_len ? -1 : x->name_len > y->name_len;
}

static size_t
add_text(struct buf *b, const struct tok *t, const char *text, size_t *at)
{
	*at = b->len;
	(void)jtext_decode(b, text + t->start, t->end - t->start);
	return b->len - *at;
}

/* Those that have a value, by name. */
static void
pairs_make(struct pairs *p, const struct tok_list *l, const char *text, uint32_t in)
{
	const struct tok *tok = l->tok;
	size_t count = 0;

	buf_init(&p->text, SIZE_MAX);
	p->count = 0;
	for (uint32_t i = in + 1; in != 0 && i < tok[in].next; i = tok[i + 1].next)
		count++;
	p->item = mem_alloc((count + 1) * sizeof *p->item);
	for (uint32_t i = in + 1; in != 0 && i < tok[in].next; i = tok[i + 1].next) {
		struct pair *pair = &p->item[p->count];

		if (!has_value(&tok[i + 1]))
			continue;
		pair->name_len = add_text(&p->text, &tok[i], text, &pair->name_at);
		pair->value_len = add_text(&p->text, &tok[i + 1], text, &pair->value_at);
		p->count++;
	}
	for (size_t i = 0; i < p->count; i++)
		p->item[i].name = buf_string(&p->text) + p->item[i].name_at;
	qsort(p->item, p->count, sizeof *p->item, compare);
}

static void
pairs_free(struct pairs *p)
{
	free(p->item);
	buf_free(&p->text);
}

static void
put_number(unsigned char to[8], uint64_t n)
{
	for (int i = 0; i < 8; i++)
		to[i] = (unsigned char)(n >> (56 - 8 * i));
}

static void
add_sized(struct buf *b, const char *bytes, size_t len)
{
	unsigned char size[8];

	put_number(size, len);
	(void)buf_append(b, size, sizeof size);
	(void)buf_append(b, bytes, len);
}

static void
put_hex(struct buf *to, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		(void)buf_append_byte(to, digits[bytes[i] >> 4]);
		(void)buf_append_byte(to, digits[bytes[i] & 15]);
	}
}

/* Appends it, made under that key, whose text is salt. */
static void
put_digest(struct buf *to, const unsigned char salt[SALT_BYTES], const struct tok_list *l,
    const char *text, uint32_t in)
{
	struct hash_key key = { 0, 0 };
	unsigned char hash[HASH_BYTES];
	struct pairs pairs;
	struct buf all;

	for (int i = 0; i < 8; i++) {
		key.k0 = key.k0 << 8 | salt[i];
		key.k1 = key.k1 << 8 | salt[8 + i];
	}
	pairs_make(&pairs, l, text, in);
	buf_init(&all, SIZE_MAX);
	for (size_t i = 0; i < pairs.count; i++) {
		const struct pair *p = &pairs.item[i];

		add_sized(&all, p->name, p->name_len);
		add_sized(&all, buf_string(&pairs.text) + p->value_at, p->value_len);
	}
	put_number(hash, hash_bytes(&key, buf_string(&all), all.len));
	buf_free(&all);
	pairs_free(&pairs);
	put_hex(to, salt, SALT_BYTES);
	(void)buf_append_byte(to, ':');
	put_hex(to, hash, sizeof hash);
}

void
plan_digest_make(struct buf *to, const struct tok_list *l, const char *text, uint32_t attributes)
{
	struct hash_key random = hash_key_random();
	unsigned char salt[SALT_BYTES];

	put_number(salt, random.k0);
	put_number(salt + 8, random.k1);
	put_digest(to, salt, l, text, attributes);
}

/* The value of a digit that put_hex writes, or -1. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
plan_digest_is(const char *digest, size_t len, const struct tok_list *l, const char *text,
    uint32_t attributes)
{
	unsigned char salt[SALT_BYTES];
	struct buf made;
	bool same;

	if (len != PLAN_DIGEST_LEN || digest[SALT_DIGITS] != ':')
		return false;
	for (size_t i = 0; i < SALT_BYTES; i++) {
		int high = digit(digest[2 * i]), low = digit(digest[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		salt[i] = (unsigned char)(high << 4 | low);
	}
	buf_init(&made, PLAN_DIGEST_LEN + 1);
	put_digest(&made, salt, l, text, attributes);
	same = made.len == len && memcmp(made.data, digest, len) == 0;
	buf_free(&made);
	return same;
}

void
plan_digest_names(struct buf *to, const struct tok_list *l, const char *text, uint32_t attributes,
    bool with_value)
{
	const struct tok *tok = l->tok;
	bool first = true;

	for (uint32_t i = attributes + 1; attributes != 0 && i < tok[attributes].next;
	    i = tok[i + 1].next) {
		if (has_value(&tok[i + 1]) != with_value)
			continue;
		if (!first)
			(void)buf_append_byte(to, ',');
		first = false;
		(void)jtext_string_token(to, &tok[i], text);
	}
}
