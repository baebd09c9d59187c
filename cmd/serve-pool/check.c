/* Constraints of the service model (check.h). */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "exchange.h"
#include "json/jtext.h"
#include "json/utf8.h"

/* A message repeats at most all of the body, twice. */
enum { PROBLEMS_MAX = 4 * EXCHANGE_BODY_MAX };

void
check_start(struct check *c, struct exchange *x)
{
	memset(c, 0, sizeof *c);
	c->x = x;
	c->code = "InvalidParameterException";
	buf_init(&c->problems, PROBLEMS_MAX);
}

void
check_problem(struct check *c, const char *value, const char *member, const char *constraint)
{
	buf_append_string(&c->problems, c->count++ > 0 ? "; " : "");
	if (value == NULL)
		buf_append_string(&c->problems, "Value");
	else if (value[0] == '\0')
		buf_append_string(&c->problems, "Value null");
	else
		buf_appendf(&c->problems, "Value '%s'", value);
	buf_appendf(&c->problems, " at '%s' failed to satisfy constraint: Member must %s", member,
	    constraint);
}

size_t
check_characters(const struct buf *b)
{
	return utf8_count(buf_string(b), b->len);
}

uint32_t
check_member(struct check *c, uint32_t object, const char *member, int type, int other)
{
	const struct tok_list *l = &c->x->params.list;
	uint32_t value = tok_member(l, buf_string(&c->x->body), object, member);

	if (value == 0 || l->tok[value].type == TOK_NULL)
		return 0;
	if (l->tok[value].type != type && l->tok[value].type != other) {
		c->serial = true;
		return 0;
	}
	return value;
}

uint32_t
check_string(struct check *c, uint32_t object, const char *member, struct buf *b)
{
	const struct tok *tok = c->x->params.list.tok;
	uint32_t value = check_member(c, object, member, TOK_STRING, TOK_STRING);

	buf_clear(b);
	if (value != 0)
		jtext_decode(b, buf_string(&c->x->body) + tok[value].start,
		    tok[value].end - tok[value].start);
	return value;
}

/*
 * Whether a character is in none of \p{L}\p{M}\p{S}\p{N}\p{P}: white space, controls, joiners and
 * their like, private use.  As ranges of the characters' bytes, read as numbers.
 */
static bool
is_unnamable(const char *s, size_t len)
{
	static const uint32_t ranges[][2] = {{0x00, 0x20}, {0x7f, 0x7f}, {0xc280, 0xc2a0},
		{0xc2ad, 0xc2ad}, {0xe19a80, 0xe19a80}, {0xe28080, 0xe2808f}, {0xe280a8, 0xe280af},
		{0xe2819f, 0xe281af}, {0xe38080, 0xe38080}, {0xee8080, 0xefa3bf},
		{0xefbbbf, 0xefbbbf}};
	uint32_t bytes = 0;
	size_t i;

	for (i = 0; i < len; i++)
		bytes = bytes << 8 | (unsigned char)s[i];
	for (i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (bytes >= ranges[i][0] && bytes <= ranges[i][1])
			return true;
	return false;
}

void
check_name(struct check *c, const struct buf *b, const char *member, size_t max, bool sensitive)
{
	const char *repeated = sensitive ? NULL : buf_string(b);
	char limit[64];
	size_t i, len;

	if (b->len == 0)
		check_problem(c, NULL, member, "have length greater than or equal to 1");
	if (check_characters(b) > max) {
		snprintf(limit, sizeof limit, "have length less than or equal to %zu", max);
		check_problem(c, repeated, member, limit);
	}
	for (i = 0; i < b->len; i += len) {
		len = utf8_length(b->data + i, b->data + b->len);
		if (is_unnamable(b->data + i, len)) {
			check_problem(c, repeated, member, "satisfy regular expression pattern: "
			    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
			break;
		}
	}
}

bool
check_is_unbroken(const struct buf *b)
{
	return b->len > 0 && strcspn(b->data, " \t\r\n\f\v") == b->len;
}

int
check_verdict(struct check *c)
{
	if (c->serial)
		answer_coral(&c->x->answer, 400, "SerializationException",
		    "A member of the request has the wrong type");
	else if (c->count > 0)
		answer_error(&c->x->answer, 400, c->code,
		    "%d validation error%s detected: %s", c->count, c->count > 1 ? "s" : "",
		    buf_string(&c->problems));
	buf_free(&c->problems);
	return c->serial || c->count > 0 ? -1 : 0;
}
