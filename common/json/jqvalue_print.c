/*
 * Values of libjq as the text that jq -c prints.
 *
 * libjq appends that text a byte at a time, each through a check of its UTF-8; here a string is
 * one copy unless a byte of it must be escaped.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "json/jqvalue_state.h"
#include "json/jtext.h"

static const char too_long[] = "the mapping gave a value that is too long";

/* An integer of so many digits at most prints as it is; larger ones in ways that differ. */
static const double plain_max = 1e15;

/* Whether one of eight bytes is below 0x20, a quote, a backslash or DEL. */
static inline bool
has_special(uint64_t x)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
	uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\', del = x ^ ones * 0x7f;

	/* A byte below n, or 0, borrows into its top bit; one that has it already is masked out. */
	return (((x - ones * 0x20) & ~x) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
	    ((del - ones) & ~del)) & tops;
}

static bool
is_plain(const char *s, size_t len)
{
	uint64_t eight;

	for (; len >= sizeof eight; s += sizeof eight, len -= sizeof eight) {
		memcpy(&eight, s, sizeof eight);
		if (has_special(eight))
			return false;
	}
	memset(&eight, ' ', sizeof eight);
	memcpy(&eight, s, len);
	return !has_special(eight);
}

/* Consumes string. */
static const char *
print_string(struct buf *b, jv string)
{
	const char *s = jv_string_value(string);
	size_t len = (size_t)jv_string_length_bytes(jv_copy(string));
	bool good = true;

	if (!is_plain(s, len)) {
		good = jtext_string(b, s, len) == 0;
	} else if (buf_reserve(b, len + 2) == 0) {
		char *to = b->data + b->len;

		*to++ = '"';
		memcpy(to, s, len);
		to[len] = '"';
		to[len + 1] = '\0';
		b->len += len + 2;
	} else {
		good = false;
	}
	jv_free(string);
	return good ? NULL : too_long;
}

/* Borrows v. */
static const char *
print_number(const struct jqvalue *q, jv v, struct buf *b)
{
	double value = jv_number_value(v);
	jv text;
	int failed;

	if (!isfinite(value))
		return "the mapping gave a number that is not finite";
	if (!q->keeps_literals && fabs(value) < plain_max && value == (double)(int64_t)value &&
	    !(value == 0 && signbit(value)))
		return buf_appendf(b, "%lld", (long long)value) == 0 ? NULL : too_long;
	text = jv_dump_string(jv_copy(v), 0);
	failed = buf_append_string(b, jv_string_value(text));
	jv_free(text);
	return failed == 0 ? NULL : too_long;
}

static const char *
print_word(struct buf *b, const char *word, size_t len)
{
	return buf_append(b, word, len) == 0 ? NULL : too_long;
}

/* Consumes v. */
static const char *
print_value(const struct jqvalue *q, jv v, struct buf *b, int depth)
{
	const char *wrong = NULL;
	jv_kind kind = jv_get_kind(v);

	switch (kind) {
	case JV_KIND_STRING:
		return print_string(b, v);
	case JV_KIND_NUMBER:
		wrong = print_number(q, v, b);
		jv_free(v);
		return wrong;
	case JV_KIND_ARRAY:
	case JV_KIND_OBJECT:
		break;
	default:
		return kind == JV_KIND_TRUE ? print_word(b, "true", 4) :
		    kind == JV_KIND_FALSE ? print_word(b, "false", 5) : print_word(b, "null", 4);
	}
	if (depth == 0) {
		wrong = "the mapping gave a value that is nested too deep";
	} else if (kind == JV_KIND_ARRAY) {
		int n = jv_array_length(jv_copy(v));

		buf_append_byte(b, '[');
		for (int i = 0; i < n && wrong == NULL; i++) {
			if (i > 0)
				buf_append_byte(b, ',');
			wrong = print_value(q, jv_array_get(jv_copy(v), i), b, depth - 1);
		}
		if (buf_append_byte(b, ']') != 0)
			wrong = too_long;
	} else {
		bool first = true;

		buf_append_byte(b, '{');
		for (int i = jv_object_iter(v); jv_object_iter_valid(v, i) && wrong == NULL;
		    i = jv_object_iter_next(v, i)) {
			if (!first)
				buf_append_byte(b, ',');
			first = false;
			wrong = print_string(b, jv_object_iter_key(v, i));
			buf_append_byte(b, ':');
			if (wrong == NULL)
				wrong = print_value(q, jv_object_iter_value(v, i), b, depth - 1);
		}
		/* A byte that was left out before is one too many here. */
		if (wrong == NULL && buf_append_byte(b, '}') != 0)
			wrong = too_long;
	}
	jv_free(v);
	return wrong;
}

const char *
jqvalue_print(struct jqvalue *q, jv v, struct buf *b)
{
	return print_value(q, jv_copy(v), b, TOK_DEPTH_MAX);
}
