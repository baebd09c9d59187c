/*
 * Tokens into values of libjq.
 *
 * All jv functions consume their arguments but those that give something of a string.
 *
 * A key costs libjq an allocation, a check of its UTF-8 and a hash; here each has them once, since
 * the records of a stream have the same keys, and a string of libjq keeps its hash.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jqvalue_state.h"
#include "json/jtext.h"

enum {
	/*
	 * Levels that every version of libjq reads: of the 256 of 1.6 an object takes two.  What is
	 * deeper is left to libjq's parser, which knows its own limit.
	 */
	PLAIN_DEPTH = 64,
	/* Every integer of so many digits is a double, and prints as it was read. */
	PLAIN_DIGITS = 15,
	/* In a row; the one that is kept then stays, in case that it comes again. */
	MISSES_MAX = 32
};

/* Whether libjq remembers how a number was written. */
static bool
keeps_literals(void)
{
	jv text = jv_dump_string(jv_parse("1.0"), 0);
	bool keeps = strcmp(jv_string_value(text), "1") != 0;

	jv_free(text);
	return keeps;
}

struct jqvalue *
jqvalue_new(void)
{
	struct jqvalue *q = mem_alloc(sizeof *q);

	buf_init(&q->decoded, INT_MAX);
	q->keeps_literals = keeps_literals();
	return q;
}

static void
drop(struct jqvalue_kept *k)
{
	if (k->s != NULL)
		jv_free(k->string);
	k->s = NULL;
}

void
jqvalue_free(struct jqvalue *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i < JQVALUE_KEYS; i++) {
		drop(&q->keys[i]);
		drop(&q->last[i]);
	}
	buf_free(&q->decoded);
	free(q);
}

/* The place of a key in the table, by its length and its first and last bytes. */
static size_t
place_of(const char *s, size_t len)
{
	uint32_t head = 0, tail = 0;

	memcpy(&head, s, len < sizeof head ? len : sizeof head);
	if (len > sizeof tail)
		memcpy(&tail, s + len - sizeof tail, sizeof tail);
	return ((head ^ tail * 31 ^ (uint32_t)len) * 2654435761u) >> 24;
}

/* The string of the len bytes at s, kept at k for the next time. */
static inline jv
keep(struct jqvalue_kept *k, const char *s, size_t len)
{
	if (k->s != NULL && k->len == len && memcmp(k->s, s, len) == 0) {
		k->misses = 0;
		return jv_copy(k->string);
	}
	/* A "sub" does not come again, nor does what shares its place with it. */
	if (k->misses == MISSES_MAX)
		return jv_string_sized(s, (int)len);
	k->misses++;
	drop(k);
	k->string = jv_string_sized(s, (int)len);
	k->s = jv_string_value(k->string);
	k->len = len;
	return jv_copy(k->string);
}

/* The bytes that a string token means, and their number. */
static inline const char *
meaning(struct jqvalue *q, const struct tok *t, const char *text, size_t *len)
{
	*len = t->end - t->start;
	if ((t->flags & TOK_ESCAPED) == 0)
		return text + t->start;
	buf_clear(&q->decoded);
	/* No escape means more bytes than it has, so that this stays below the maximum. */
	jtext_decode(&q->decoded, text + t->start, *len);
	*len = q->decoded.len;
	return buf_string(&q->decoded);
}

/* A key; *place gets the place of its values, or JQVALUE_KEYS. */
static jv
read_key(struct jqvalue *q, const struct tok *t, const char *text, size_t *place)
{
	size_t len;
	const char *s = meaning(q, t, text, &len);

	*place = JQVALUE_KEYS;
	if (len > JQVALUE_KEPT_MAX)
		return jv_string_sized(s, (int)len);
	*place = place_of(s, len);
	return keep(&q->keys[*place], s, len);
}

/* A string; place is that of the key before it. */
static jv
read_string(struct jqvalue *q, const struct tok *t, const char *text, size_t place)
{
	size_t len;
	const char *s = meaning(q, t, text, &len);

	if (place == JQVALUE_KEYS || len > JQVALUE_KEPT_MAX)
		return jv_string_sized(s, (int)len);
	return keep(&q->last[place], s, len);
}

static jv
read_number(const char *s, size_t len)
{
	size_t sign = s[0] == '-';
	double value = 0;

	/* -0 is a value of its own. */
	if (len - sign > PLAIN_DIGITS || (s[sign] == '0' && len > 1))
		return jv_parse_sized(s, (int)len);
	for (size_t i = sign; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return jv_parse_sized(s, (int)len);
		value = value * 10 + (s[i] - '0');
	}
	return jv_number(sign != 0 ? -value : value);
}

/* The value at index i; place is that of the key before it, or JQVALUE_KEYS. */
static jv
read_value(struct jqvalue *q, const struct tok_list *l, const char *text, uint32_t i, size_t place)
{
	const struct tok *t = &l->tok[i];
	jv v;

	switch (t->type) {
	case TOK_NULL:
		return jv_null();
	case TOK_FALSE:
		return jv_false();
	case TOK_TRUE:
		return jv_true();
	case TOK_NUMBER:
		return read_number(text + t->start, t->end - t->start);
	case TOK_STRING:
		return read_string(q, t, text, place);
	case TOK_ARRAY:
		v = jv_array();
		for (uint32_t k = i + 1; k < t->next; k = l->tok[k].next)
			v = jv_array_append(v, read_value(q, l, text, k, JQVALUE_KEYS));
		return v;
	default:
		v = jv_object();
		for (uint32_t k = i + 1; k < t->next; k = l->tok[k + 1].next) {
			jv key = read_key(q, &l->tok[k], text, &place);

			v = jv_object_set(v, key, read_value(q, l, text, k + 1, place));
		}
		return v;
	}
}

/* Whether no value lies deeper than PLAIN_DEPTH. */
static bool
is_plain(const struct tok_list *l)
{
	uint32_t end[PLAIN_DEPTH];
	size_t depth = 0;

	for (uint32_t i = 0; i < l->count; i++) {
		while (depth > 0 && i >= end[depth - 1])
			depth--;
		if (l->tok[i].type != TOK_ARRAY && l->tok[i].type != TOK_OBJECT)
			continue;
		if (depth == PLAIN_DEPTH)
			return false;
		end[depth++] = l->tok[i].next;
	}
	return true;
}

jv
jqvalue_read(struct jqvalue *q, const struct tok_list *l, const char *text, size_t len)
{
	if (len > INT_MAX)
		return jv_invalid();
	if ((l->flags & TOK_LONE) != 0 || !is_plain(l))
		return jv_parse_sized(text, (int)len);
	return read_value(q, l, text, 0, JQVALUE_KEYS);
}
