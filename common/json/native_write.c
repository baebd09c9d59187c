/*
 * Values of a native program as text, and what a document must be like for that.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/native_value.h"

/* A short integer, as jq prints it: no exponent, no point, no -0. */
static bool
is_short_integer(const char *s, size_t len)
{
	size_t minus = len > 0 && s[0] == '-';

	if (len - minus > NATIVE_DIGITS_MAX || (minus == 1 && s[1] == '0'))
		return false;
	for (size_t i = minus; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

bool
native_suits(const struct tok_list *list, const char *text)
{
	unsigned types = 0;
	size_t containers = 0;

	if ((list->flags & (TOK_LONE | TOK_NUL)) != 0)
		return false;
	for (size_t i = 0; i < list->count; i++)
		types |= 1U << list->tok[i].type;
	/* Few records have a number, and next to none so many tokens. */
	if ((types & 1U << TOK_NUMBER) == 0 && list->count <= NATIVE_DEPTH_MAX)
		return true;
	for (size_t i = 0; i < list->count; i++) {
		const struct tok *t = &list->tok[i];

		if (t->type == TOK_NUMBER && !is_short_integer(text + t->start, t->end - t->start))
			return false;
		containers += t->type >= TOK_ARRAY;
	}
	return containers <= NATIVE_DEPTH_MAX;
}

static int
write_text(struct buf *b, const struct native_value *v)
{
	size_t need = (size_t)v->n + 2;
	char *to;

	if (!v->plain)
		return jtext_string(b, v->u.text, v->n) == 0 ? NATIVE_ONE : NATIVE_DOUBT;
	if (b->cap - b->len <= need && buf_reserve(b, need) != 0)
		return NATIVE_DOUBT;
	to = b->data + b->len;
	*to++ = '"';
	if (v->n > 0)
		memcpy(to, v->u.text, v->n);
	to[v->n] = '"';
	b->len += need;
	return NATIVE_ONE;
}

static int
write_token(struct buf *b, const struct native_document *d, uint32_t index)
{
	const struct tok *t = &d->tok[index];
	bool object = t->type == TOK_OBJECT;
	uint32_t i = index + 1;
	int result = NATIVE_ONE;

	if (t->type == TOK_STRING)
		return jtext_string_token(b, t, d->text) == 0 ? NATIVE_ONE : NATIVE_DOUBT;
	if (t->type < TOK_ARRAY)
		return native_append(b, d->text + t->start, t->end - t->start);
	if (object && !native_keys_differ(d, index))
		return NATIVE_DOUBT;
	result = native_append(b, object ? "{" : "[", 1);
	while (result == NATIVE_ONE && i < t->next) {
		if (i > index + 1)
			result = native_append(b, ",", 1);
		if (object) {
			if (write_token(b, d, i++) != NATIVE_ONE)
				return NATIVE_DOUBT;
			result = native_append(b, ":", 1);
		}
		if (result == NATIVE_ONE)
			result = write_token(b, d, i);
		i = d->tok[i].next;
	}
	return result == NATIVE_ONE ? native_append(b, object ? "}" : "]", 1) : result;
}

static int
write_container(struct buf *b, const struct native_value *v, int depth)
{
	bool object = v->kind == TOK_OBJECT;
	int result = native_append(b, object ? "{" : "[", 1);

	for (uint32_t i = 0; i < v->n && result == NATIVE_ONE; i++) {
		if (i > 0)
			result = native_append(b, ",", 1);
		if (object) {
			if (write_text(b, &v->u.members[i].key) != NATIVE_ONE)
				return NATIVE_DOUBT;
			result = native_append(b, ":", 1);
		}
		if (result == NATIVE_ONE)
			result = native_write(b, object ? &v->u.members[i].value : &v->u.items[i],
			    depth - 1);
	}
	return result == NATIVE_ONE ? native_append(b, object ? "}" : "]", 1) : result;
}

int
native_write(struct buf *b, const struct native_value *v, int depth)
{
	char number[32];

	switch (v->kind) {
	case TOK_NULL:
		return native_append(b, "null", 4);
	case TOK_FALSE:
		return native_append(b, "false", 5);
	case TOK_TRUE:
		return native_append(b, "true", 4);
	case TOK_STRING:
		return write_text(b, v);
	case TOK_NUMBER:
		return native_append(b, number, (size_t)snprintf(number, sizeof number, "%lld",
		    (long long)v->u.number));
	default:
		break;
	}
	if (depth == 0)
		return NATIVE_DOUBT;
	return v->lazy ? write_token(b, v->u.document, v->n) : write_container(b, v, depth);
}
