/*
 * The slow way: JSON as a tree, by the letter of RFC 8259, one function a rule, nothing shared with
 * the code under test.  Members keep their order and may repeat; strings are decoded, half a
 * surrogate pair as U+FFFD; numbers stay text.  The target tok ties it to libjq's parser.
 */
#ifndef FUZZ_TREE_H
#define FUZZ_TREE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tree_kind {
	TREE_NULL, TREE_FALSE, TREE_TRUE, TREE_NUMBER, TREE_STRING, TREE_ARRAY, TREE_OBJECT
};

struct tree {
	enum tree_kind kind;
	char *s;		/* decoded text of a string, text of a number; NUL behind it */
	size_t len;
	bool lone, nul;
	struct tree **kid;	/* of an object key and value in turn */
	size_t count;
};

struct tree_reader {
	const unsigned char *start, *p, *end;
	unsigned depth;
	bool deep;		/* stopped by the depth alone */
};

/* Says which of the comparisons it was: the compiler makes one of all calls of abort. */
static inline void
check_at(bool good, const char *file, int line)
{
	if (good)
		return;
	fprintf(stderr, "%s:%d: they differ\n", file, line);
	abort();
}

#define check(good) check_at((good), __FILE__, __LINE__)

static inline void
tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->count; i++)
		tree_free(t->kid[i]);
	free(t->kid);
	free(t->s);
	free(t);
}

static inline void
tree_white(struct tree_reader *r)
{
	while (r->p < r->end && memchr(" \t\r\n", *r->p, 4) != NULL)
		r->p++;
}

static inline bool
tree_take(struct tree_reader *r, char c)
{
	if (r->p == r->end || *r->p != (unsigned char)c)
		return false;
	r->p++;
	return true;
}

static inline void
tree_add_byte(struct tree *t, unsigned c)
{
	t->s[t->len++] = (char)c;
}

static inline void
tree_add(struct tree *t, unsigned long c)
{
	if (c < 0x80) {
		tree_add_byte(t, (unsigned)c);
	} else if (c < 0x800) {
		tree_add_byte(t, 0xc0 | (unsigned)(c >> 6));
		tree_add_byte(t, 0x80 | (c & 63));
	} else if (c < 0x10000) {
		tree_add_byte(t, 0xe0 | (unsigned)(c >> 12));
		tree_add_byte(t, 0x80 | (c >> 6 & 63));
		tree_add_byte(t, 0x80 | (c & 63));
	} else {
		tree_add_byte(t, 0xf0 | (unsigned)(c >> 18));
		tree_add_byte(t, 0x80 | (c >> 12 & 63));
		tree_add_byte(t, 0x80 | (c >> 6 & 63));
		tree_add_byte(t, 0x80 | (c & 63));
	}
}

/* Four hexadecimal digits; -1 if there are none. */
static inline long
tree_hex(struct tree_reader *r)
{
	long n = 0;

	for (int i = 0; i < 4; i++, r->p++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const char *d;

		if (r->p == r->end || *r->p == '\0' || (d = strchr(digits, *r->p)) == NULL)
			return -1;
		n = n * 16 + (d - digits < 16 ? d - digits : d - digits - 6);
	}
	return n;
}

/* Behind "\u". */
static inline bool
tree_unicode(struct tree_reader *r, struct tree *t)
{
	long c = tree_hex(r), low;
	const unsigned char *here = r->p;

	if (c < 0)
		return false;
	t->nul |= c == 0;
	if (c >= 0xd800 && c < 0xdc00) {
		if (tree_take(r, '\\') && tree_take(r, 'u') && (low = tree_hex(r)) >= 0xdc00 &&
		    low < 0xe000) {
			tree_add(t, 0x10000UL + ((unsigned long)(c - 0xd800) << 10) +
			    (unsigned long)(low - 0xdc00));
			return true;
		}
		r->p = here;
	}
	t->lone |= c >= 0xd800 && c < 0xe000;
	tree_add(t, c >= 0xd800 && c < 0xe000 ? 0xfffd : (unsigned long)c);
	return true;
}

/* A character beyond ASCII, by table 3-7 of the Unicode standard. */
static inline bool
tree_utf8(struct tree_reader *r, struct tree *t)
{
	static const struct { unsigned char first, last, low, high, more; } rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 0 }, { 0xe0, 0xe0, 0xa0, 0xbf, 1 },
		{ 0xe1, 0xec, 0x80, 0xbf, 1 }, { 0xed, 0xed, 0x80, 0x9f, 1 },
		{ 0xee, 0xef, 0x80, 0xbf, 1 }, { 0xf0, 0xf0, 0x90, 0xbf, 2 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 2 }, { 0xf4, 0xf4, 0x80, 0x8f, 2 }
	};
	size_t i = 0, n;

	while (i < 8 && (*r->p < rows[i].first || *r->p > rows[i].last))
		i++;
	if (i == 8)
		return false;
	n = 2 + (size_t)rows[i].more;
	if ((size_t)(r->end - r->p) < n || r->p[1] < rows[i].low || r->p[1] > rows[i].high)
		return false;
	for (size_t j = 2; j < n; j++)
		if (r->p[j] < 0x80 || r->p[j] > 0xbf)
			return false;
	while (n-- > 0)
		tree_add_byte(t, *r->p++);
	return true;
}

/* Behind the quote. */
static inline bool
tree_string(struct tree_reader *r, struct tree *t)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	t->kind = TREE_STRING;
	t->s = malloc((size_t)(r->end - r->p) + 5);	/* no escape is shorter than its meaning */
	while (r->p < r->end && *r->p != '"') {
		if (*r->p < 0x20)
			return false;
		if (*r->p >= 0x80) {
			if (!tree_utf8(r, t))
				return false;
		} else if (*r->p != '\\') {
			tree_add_byte(t, *r->p++);
		} else if (++r->p == r->end || *r->p == '\0') {
			return false;
		} else if (*r->p == 'u') {
			r->p++;
			if (!tree_unicode(r, t))
				return false;
		} else {
			const char *at = strchr(from, *r->p++);

			if (at == NULL)
				return false;
			tree_add_byte(t, (unsigned char)to[at - from]);
		}
	}
	t->s[t->len] = '\0';
	return tree_take(r, '"');
}

static inline bool
tree_digits(struct tree_reader *r)
{
	const unsigned char *here = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
		r->p++;
	return r->p > here;
}

static inline bool
tree_number(struct tree_reader *r, struct tree *t)
{
	const unsigned char *here = r->p;

	t->kind = TREE_NUMBER;
	(void)tree_take(r, '-');
	if (!tree_take(r, '0') && !tree_digits(r))
		return false;
	if (tree_take(r, '.') && !tree_digits(r))
		return false;
	if (tree_take(r, 'e') || tree_take(r, 'E')) {
		if (!tree_take(r, '+'))
			(void)tree_take(r, '-');
		if (!tree_digits(r))
			return false;
	}
	t->len = (size_t)(r->p - here);
	t->s = strndup((const char *)here, t->len);
	return true;
}

static inline bool
tree_word(struct tree_reader *r, struct tree *t, const char *word, enum tree_kind kind)
{
	t->kind = kind;
	for (; *word != '\0'; word++)
		if (!tree_take(r, *word))
			return false;
	return true;
}

static inline struct tree *tree_value(struct tree_reader *r);	/* as deep as the text */

static inline bool
tree_kid(struct tree_reader *r, struct tree *t)
{
	struct tree *kid = tree_value(r);

	if (kid == NULL)
		return false;
	if ((t->count & (t->count - 1)) == 0)
		t->kid = realloc(t->kid, (t->count > 0 ? 2 * t->count : 1) * sizeof *t->kid);
	t->kid[t->count++] = kid;
	return true;
}

/* Behind the bracket. */
static inline bool
tree_container(struct tree_reader *r, struct tree *t, bool object)
{
	t->kind = object ? TREE_OBJECT : TREE_ARRAY;
	if (r->depth == 0) {
		r->deep = true;
		return false;
	}
	r->depth--;
	tree_white(r);
	if (!tree_take(r, object ? '}' : ']')) {
		do {
			tree_white(r);
			if (object && (r->p == r->end || *r->p != '"' || !tree_kid(r, t) ||
			    !tree_take(r, ':')))
				return false;
			if (!tree_kid(r, t))
				return false;
		} while (tree_take(r, ','));
		if (!tree_take(r, object ? '}' : ']'))
			return false;
	}
	r->depth++;
	return true;
}

static inline struct tree *
tree_value(struct tree_reader *r)
{
	struct tree *t = calloc(1, sizeof *t);
	bool good;

	tree_white(r);
	if (tree_take(r, '"'))
		good = tree_string(r, t);
	else if (tree_take(r, '{'))
		good = tree_container(r, t, true);
	else if (tree_take(r, '['))
		good = tree_container(r, t, false);
	else if (r->p < r->end && *r->p == 't')
		good = tree_word(r, t, "true", TREE_TRUE);
	else if (r->p < r->end && *r->p == 'f')
		good = tree_word(r, t, "false", TREE_FALSE);
	else if (r->p < r->end && *r->p == 'n')
		good = tree_word(r, t, "null", TREE_NULL);
	else
		good = tree_number(r, t);
	tree_white(r);
	if (good)
		return t;
	tree_free(t);
	return NULL;
}

/* NULL: not JSON, or *deep: nested deeper than 256. */
static inline struct tree *
tree_parse_deep(const char *text, size_t len, bool *deep)
{
	const unsigned char *start = (const unsigned char *)text;
	struct tree_reader r = { start, start, start + len, 256, false };
	struct tree *t = tree_value(&r);

	*deep = r.deep;
	if (t == NULL || r.p == r.end)
		return t;
	tree_free(t);
	return NULL;
}

static inline struct tree *
tree_parse(const char *text, size_t len)
{
	bool deep;

	return tree_parse_deep(text, len, &deep);
}

static inline bool
tree_is(const struct tree *t, const char *s)
{
	return t != NULL && t->kind == TREE_STRING && t->len == strlen(s) &&
	    memcmp(t->s, s, t->len) == 0;
}

/* The value of the last member with this name, or NULL. */
static inline const struct tree *
tree_get(const struct tree *t, const char *name)
{
	const struct tree *found = NULL;

	for (size_t i = 0; t != NULL && t->kind == TREE_OBJECT && i < t->count; i += 2)
		if (tree_is(t->kid[i], name))
			found = t->kid[i + 1];
	return found;
}

/* Whether some string in it is odd in this way, keys included. */
static inline bool
tree_has_lone(const struct tree *t)
{
	bool has = t->lone;

	for (size_t i = 0; i < t->count; i++)
		has |= tree_has_lone(t->kid[i]);
	return has;
}

/* A text that grows. */
struct text {
	char *s;
	size_t len, cap;
};

static inline void
text_add(struct text *t, const void *s, size_t len)
{
	if (t->cap - t->len <= len || t->s == NULL) {
		t->cap = 2 * (t->len + len) + 64;
		t->s = realloc(t->s, t->cap);
	}
	if (len > 0)
		memcpy(t->s + t->len, s, len);
	t->len += len;
	t->s[t->len] = '\0';
}

static inline void
text_say(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

/* A string as jq -c writes it. */
static inline void
text_string(struct text *t, const char *s, size_t len)
{
	text_say(t, "\"");
	for (size_t i = 0; i < len; i++) {
		static const char names[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
		unsigned char c = (unsigned char)s[i];
		const char *at = c != '\0' ? strchr(names, c) : NULL;
		char escape[8];

		if (at != NULL)
			text_add(t, (char[]){ '\\', letters[at - names] }, 2);
		else if (c < 0x20 || c == 0x7f)
			text_add(t, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
		else
			text_add(t, s + i, 1);
	}
	text_say(t, "\"");
}

static inline void
text_tree(struct text *t, const struct tree *j)
{
	static const char *const words[] = { "null", "false", "true" };
	bool object = j->kind == TREE_OBJECT;

	if (j->kind <= TREE_TRUE) {
		text_say(t, words[j->kind]);
	} else if (j->kind == TREE_NUMBER) {
		text_add(t, j->s, j->len);
	} else if (j->kind == TREE_STRING) {
		text_string(t, j->s, j->len);
	} else {
		text_say(t, object ? "{" : "[");
		for (size_t i = 0; i < j->count; i++) {
			text_say(t, i == 0 ? "" : object && i % 2 == 1 ? ":" : ",");
			text_tree(t, j->kid[i]);
		}
		text_say(t, object ? "}" : "]");
	}
}

/* A string with many of its characters as escapes, which mean the same. */
static inline void
text_string_escaped(struct text *t, const struct tree *j, unsigned *random)
{
	text_say(t, "\"");
	for (size_t i = 0; i < j->len; i++) {
		unsigned char c = (unsigned char)j->s[i];
		char escape[8];

		*random = *random * 1103515245 + 12345;
		if (c < 0x20 || c == '"' || c == '\\' || (c < 0x80 && (*random >> 16) % 3 != 0)) {
			snprintf(escape, sizeof escape, (*random >> 20) % 2 != 0 ? "\\u%04x" :
			    "\\u%04X", c);
			text_say(t, escape);
		} else {
			text_add(t, &c, 1);
		}
	}
	text_say(t, "\"");
}

/*
 * The same text otherwise: escapes in names and values, white space between them.  Whoever goes by
 * what a text means takes it for the same; those with half a surrogate pair are not kept.
 */
static inline void
text_tree_otherwise(struct text *t, const struct tree *j, unsigned *random)
{
	bool object = j->kind == TREE_OBJECT;

	if (j->kind < TREE_STRING) {
		text_tree(t, j);
	} else if (j->kind == TREE_STRING) {
		text_string_escaped(t, j, random);
	} else {
		text_say(t, object ? "{\t" : "[\r");
		for (size_t i = 0; i < j->count; i++) {
			text_say(t, i == 0 ? "" : object && i % 2 == 1 ? "\r:\n" : " ,\t");
			text_tree_otherwise(t, j->kid[i], random);
		}
		text_say(t, object ? "\n}" : " ]");
	}
}

#endif
