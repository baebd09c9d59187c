/* Keys (key.h). */
#include "key.h"

#include <string.h>

#include "json/fold.h"
#include "json/jtext.h"

bool
key_text_behind(const struct view *v, uint32_t index, size_t skip, struct buf *to)
{
	const struct tok *t = &v->list->tok[index];

	buf_clear(to);
	if (index == 0 || t->type != TOK_STRING || (t->flags & (TOK_NUL | TOK_LONE)) != 0)
		return false;
	return jtext_decode(to, v->text + t->start, t->end - t->start) == 0 && to->len > 0 &&
	    to->len <= KEYSET_KEY_MAX + skip;
}

bool
key_text(const struct view *v, uint32_t index, struct buf *to)
{
	return key_text_behind(v, index, 0, to);
}

bool
key_from(const struct key_rule *rule, const char *text, size_t len, struct buf *key)
{
	buf_clear(key);
	if (len == 0 || len > KEYSET_KEY_MAX || memchr(text, '\0', len) != NULL)
		return false;
	if (!rule->fold)
		return buf_append(key, text, len) == 0;
	return fold_append(key, text, len) == 0 && key->len <= KEYSET_KEY_MAX;
}

bool
key_may_change(const struct key_rule *rule)
{
	return strcmp(rule->name, "Username") != 0 && strcmp(rule->name, "sub") != 0;
}

/* The index of the member that the rule names, or 0. */
static uint32_t
find(const struct key_rule *rule, const struct view *v)
{
	uint32_t index = 0;

	if (strcmp(rule->name, "Username") == 0)
		return v->keys.username;
	if (strcmp(rule->name, "sub") == 0 && v->keys.sub != 0)
		return v->keys.sub;
	if (v->keys.attributes != 0)
		index = tok_member(v->list, v->text, v->keys.attributes, rule->name);
	return index != 0 ? index : tok_member(v->list, v->text, 0, rule->name);
}

bool
key_of(const struct key_rule *rule, const struct view *v, struct buf *key)
{
	struct buf text;
	bool good;

	buf_init(&text, RECORD_LINE_MAX);
	good = key_text(v, find(rule, v), &text) && key_from(rule, text.data, text.len, key);
	buf_free(&text);
	return good;
}

/* 0x01 becomes 01 02, so that 01 01 ends a text and sorts before every longer one. */
void
key_encode(struct buf *line, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buf_append_byte(line, text[i]);
		if (text[i] == '\x01')
			buf_append_byte(line, '\x02');
	}
	buf_append_string(line, KEY_END);
}

bool
key_decode(const char *line, size_t len, struct buf *to, size_t *rest)
{
	buf_clear(to);
	for (size_t i = 0; i < len; i++) {
		if (line[i] != '\x01') {
			buf_append_byte(to, line[i]);
			continue;
		}
		if (++i == len)
			return false;
		if (line[i] == '\x01') {
			*rest = i + 1;
			return true;
		}
		buf_append_byte(to, '\x01');
	}
	return false;
}
