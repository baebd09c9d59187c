/*
 * Records as LDIF.  Compared with a slow reader of RFC 2849 by hand (folds, "::" and base64,
 * SAFE-STRING, 76 columns): the same dn, attributes and values in the same order as a tree of the
 * record (tree.h) has them, and nothing else; what may be a name and a dn by the grammars of
 * RFC 4512 and RFC 4514, written down a second time.
 *
 * Each line is a record.
 *
 * With: cmd/emit-ldif_line.c
 */
#include <stdint.h>
#include <strings.h>

#define main emit_ldif_main
#include "../../cmd/emit-ldif.c"
#undef main

#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_key_byte(char c)
{
	return is_alpha(c) || is_digit(c) || c == '-';
}

/* Where the attribute type at s ends, or NULL. */
static const char *
type_end(const char *s)
{
	int numbers = 0;

	if (is_alpha(*s)) {
		while (is_key_byte(*s))
			s++;
		return s;
	}
	for (;; s++, numbers++) {
		if (!is_digit(*s) || (*s == '0' && is_digit(s[1])))
			return NULL;
		while (is_digit(*s))
			s++;
		if (*s != '.')
			return numbers > 0 ? s : NULL;
	}
}

/* Whether it can be an attribute's name in a file. */
static bool
slow_is_name(const char *s)
{
	const char *end = type_end(s);
	size_t len = end != NULL ? (size_t)(end - s) : 0;

	if (len == 0 || (len == 2 && strncasecmp(s, "dn", 2) == 0) ||
	    (len == 10 && strncasecmp(s, "changetype", 10) == 0) ||
	    (len == 7 && strncasecmp(s, "control", 7) == 0))
		return false;
	while (*end == ';') {
		if (!is_key_byte(*++end))
			return false;
		while (is_key_byte(*end))
			end++;
	}
	return *end == '\0';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Behind the value at s, or NULL. */
static const char *
dn_value_end(const char *s)
{
	const char *start = s;
	bool blank = false;

	if (*s == '#') {
		for (s++; is_hex(s[0]) && is_hex(s[1]); s += 2)
			;
		return s > start + 1 ? s : NULL;
	}
	if (*s == ' ')
		return NULL;
	for (; *s != '\0' && strchr("\"+,;<>", *s) == NULL; s++) {
		blank = *s == ' ';
		if (*s != '\\')
			continue;
		s++;
		if (is_hex(s[0]) && is_hex(s[1]))
			s++;
		else if (*s == '\0' || strchr("\"+,;<> #=\\", *s) == NULL)
			return NULL;
	}
	return blank ? NULL : s;
}

static bool
slow_is_dn(const char *s, size_t len)
{
	const char *start = s;

	for (;;) {
		while (s > start && *s == ' ')
			s++;
		s = type_end(s);
		if (s == NULL || *s != '=' || (s = dn_value_end(s + 1)) == NULL)
			return false;
		if (*s == '\0')
			return s == start + len;
		if (*s != ',' && *s != '+')
			return false;
		s++;
	}
}

/* The reader.  An unfolded line at a time. */

static bool
is_safe_line(const char *s)
{
	if (*s == ' ' || *s == ':' || *s == '<' || (*s != '\0' && s[strlen(s) - 1] == ' '))
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s > 0x7f || *s == '\r' || *s == '\n')
			return false;
	return true;
}

static void
decode_base64(struct text *to, const char *s)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t len = strlen(s);

	check(len % 4 == 0 && len > 0);
	for (; *s != '\0' && *s != '='; s++) {
		const char *at = strchr(digits, *s);
		char c;

		check(at != NULL);
		bits = bits << 6 | (unsigned)(at - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			c = (char)(bits >> have & 0xff);
			text_add(to, &c, 1);
		}
	}
	check(strlen(s) <= 2 && strspn(s, "=") == strlen(s) && (bits & ((1U << have) - 1)) == 0);
}

/* The next line of the entry as name and value.  Returns false at its end. */
static bool
next_line(const char **p, const char *end, struct text *name, struct text *value)
{
	struct text line = { NULL, 0, 0 };
	char *colon;

	if (*p == end)
		return false;
	for (;;) {
		const char *lf = memchr(*p, '\n', (size_t)(end - *p));

		check(lf != NULL && lf > *p && lf - *p <= 76);
		text_add(&line, *p, (size_t)(lf - *p));
		*p = lf + 1;
		if (*p == end || **p != ' ')
			break;
		++*p;
	}
	check(strlen(line.s) == line.len && line.s[0] != '#');
	colon = strchr(line.s, ':');
	check(colon != NULL);
	name->len = value->len = 0;
	text_add(name, line.s, (size_t)(colon - line.s));
	text_add(value, NULL, 0);
	if (colon[1] == ':') {
		check(colon[2] == ' ');
		decode_base64(value, colon + 3);
	} else {
		check(colon[1] == ' ' && is_safe_line(colon + 2));
		text_say(value, colon + 2);
	}
	free(line.s);
	return true;
}

/* What the entry must hold. */

struct wanted {
	struct text lines;	/* name, NUL, length, value; for each */
	bool has_class, good;
};

static void
want(struct wanted *w, const char *name, const char *s, size_t len)
{
	if (len == 0)
		return;
	w->has_class |= strcasecmp(name, "objectclass") == 0;
	text_add(&w->lines, name, strlen(name) + 1);
	text_add(&w->lines, &len, sizeof len);
	text_add(&w->lines, s, len);
}

static void
want_value(struct wanted *w, const char *name, const struct tree *t)
{
	if (t->kind == TREE_TRUE)
		want(w, name, "TRUE", 4);
	else if (t->kind == TREE_FALSE)
		want(w, name, "FALSE", 5);
	else if (t->kind == TREE_STRING || t->kind == TREE_NUMBER)
		want(w, name, t->s, t->len);
	else if (t->kind != TREE_NULL)
		w->good = false;
}

static void
want_record(struct wanted *w, const struct tree *t)
{
	const struct tree *dn = tree_get(t, "dn");

	w->good = dn != NULL && dn->kind == TREE_STRING && slow_is_dn(dn->s, dn->len) &&
	    t->count <= 2 * MEMBERS_MAX;
	if (w->good)
		want(w, "dn", dn->s, dn->len);
	for (size_t i = 0; w->good && i < t->count; i += 2) {
		const struct tree *key = t->kid[i], *value = t->kid[i + 1];
		bool last = true;

		if (tree_is(key, "dn"))
			continue;
		w->good = !key->nul && slow_is_name(key->s);
		if (w->good)
			last = tree_get(t, key->s) == value;
		if (!w->good || !last)
			continue;
		if (value->kind != TREE_ARRAY)
			want_value(w, key->s, value);
		for (size_t n = 0; value->kind == TREE_ARRAY && n < value->count; n++)
			want_value(w, key->s, value->kid[n]);
	}
	w->good = w->good && w->has_class;
}

static void
compare(const struct wanted *w, const char *entry, size_t len)
{
	const char *p = w->lines.s, *end = w->lines.s + w->lines.len, *entry_end = entry + len;
	struct text name = { NULL, 0, 0 }, value = { NULL, 0, 0 };

	check(len > 0 && *entry++ == '\n');
	while (next_line(&entry, entry_end, &name, &value)) {
		size_t value_len;

		check(p < end && strcmp(name.s, p) == 0);
		p += strlen(p) + 1;
		memcpy(&value_len, p, sizeof value_len);
		p += sizeof value_len;
		check(value_len == value.len && memcmp(p, value.s, value_len) == 0);
		p += value_len;
	}
	check(p == end);
	free(name.s);
	free(value.s);
}

static void
try_record(struct emitter *e, const char *text, size_t len)
{
	struct wanted w = { .good = false };
	char reason[RECORD_REASON_SIZE];
	struct record_keys keys;
	struct tok_list list;

	tok_init(&list, RECORD_TOKENS_MAX);
	if (record_check(text, len, &list, &keys, reason) == NULL) {
		struct tree *t = tree_parse(text, len);

		text_add(&w.lines, NULL, 0);
		want_record(&w, t);
		check((make_entry(e, &list, text) == NULL) == w.good);
		if (w.good)
			compare(&w, e->entry.data, e->entry.len);
		free(w.lines.s);
		tree_free(t);
	}
	tok_free(&list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct emitter e = { .lead = "\n" };
	const char *text = (const char *)data, *end = text + size;

	buf_init(&e.entry, ENTRY_MAX);
	buf_init(&e.name, RECORD_LINE_MAX);
	buf_init(&e.value, RECORD_LINE_MAX);
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));

		try_record(&e, text, (size_t)((lf != NULL ? lf : end) - text));
		text = lf != NULL ? lf + 1 : end;
	}
	buf_free(&e.entry);
	buf_free(&e.name);
	buf_free(&e.value);
	return 0;
}
