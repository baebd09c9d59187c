/* A user's attributes: an array of {Name, Value} becomes an object sorted by name. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "json/cognito_put.h"

const char cognito_too_long[] = "longer than a record may be";

/* Sets of attribute names. */

struct cognito_names {
	bool all;
	char *text;		/* the list, its commas replaced by NULs */
	const char **name;
	size_t count;
};

struct cognito_names *
cognito_names_new(const char *list)
{
	struct cognito_names *n = mem_alloc(sizeof *n);
	char *p;

	n->text = mem_dup_string(list != NULL ? list : "");
	n->all = strcmp(n->text, "all") == 0;
	for (p = n->text; *p != '\0';) {
		char *comma = strchr(p, ',');

		n->name = mem_resize(n->name, n->count + 1, sizeof *n->name);
		n->name[n->count++] = p;
		if (comma == NULL)
			break;
		*comma = '\0';
		p = comma + 1;
	}
	return n;
}

void
cognito_names_free(struct cognito_names *n)
{
	if (n == NULL)
		return;
	free(n->name);
	free(n->text);
	free(n);
}

static bool
names_has(const struct cognito_names *n, const char *name, size_t len)
{
	if (n == NULL || n->all || (len == 3 && memcmp(name, "sub", 3) == 0))
		return true;
	for (size_t i = 0; i < n->count; i++) {
		if (strlen(n->name[i]) == len && memcmp(n->name[i], name, len) == 0)
			return true;
	}
	return false;
}

enum { NAME_START = 8 };

struct attribute {
	uint64_t start;		/* the name's first bytes: what differs in them needs no memcmp */
	const char *name;	/* decoded */
	char *decoded;		/* what name points into when it had escapes, else NULL */
	uint32_t len;
	uint32_t value;		/* token, 0: none */
};

static inline bool
before(const struct attribute *a, const struct attribute *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int order;

	if (a->start != b->start)
		return a->start < b->start;
	order = memcmp(a->name, b->name, n);
	return order != 0 ? order < 0 : a->len < b->len;
}

/*
 * The first eight bytes of a name (len > 0) as a number that sorts as they do, zeroes behind a
 * short one.  room: bytes that can be read, which saves a short name a detour through memory.
 */
static inline uint64_t
name_start(const char *name, size_t len, size_t room)
{
	unsigned char p[NAME_START] = { 0 };
	uint64_t start;

	if (room >= NAME_START)
		memcpy(p, name, NAME_START);
	else
		memcpy(p, name, len < NAME_START ? len : NAME_START);
	start = (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
	    (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
	    (uint64_t)p[6] << 8 | (uint64_t)p[7];
	return len < NAME_START ? start & ~(UINT64_MAX >> (8 * len)) : start;
}

/* Finds the members of an attribute, which nearly always are just these two in this order. */
static inline void
find_pair(const struct tok_list *page, const char *text, uint32_t index, uint32_t *name,
    uint32_t *value)
{
	const struct tok *t = &page->tok[index];

	if (t->type == TOK_OBJECT && t->next == index + 5 && t[2].next == index + 3 &&
	    tok_is(&t[1], text, "Name", 4) && tok_is(&t[3], text, "Value", 5)) {
		*name = index + 2;
		*value = index + 4;
		return;
	}
	*name = tok_member(page, text, index, "Name");
	*value = tok_member(page, text, index, "Value");
}

/* Reads one {Name, Value}.  Returns NULL or what is wrong. */
static const char *
read_attribute(struct attribute *a, const struct tok_list *page, const char *text, uint32_t index)
{
	const struct tok *t;
	uint32_t name;

	find_pair(page, text, index, &name, &a->value);
	t = &page->tok[name];
	a->decoded = NULL;
	if (name == 0 || t->type != TOK_STRING || t->start == t->end ||
	    (t->flags & TOK_LONE) != 0)
		return "an attribute without a name";
	if (a->value != 0 && page->tok[a->value].type == TOK_NULL)
		a->value = 0;
	if (a->value != 0 && page->tok[a->value].type != TOK_STRING)
		return "an attribute whose value is not a string";
	a->name = text + t->start;
	a->len = t->end - t->start;
	a->start = name_start(a->name, a->len, page->tok[0].end - t->start);
	if ((t->flags & TOK_ESCAPED) != 0) {
		struct buf b;

		buf_init(&b, (size_t)a->len * 3);
		jtext_decode(&b, a->name, a->len);
		a->name = a->decoded = b.data;
		a->len = (uint32_t)b.len;
		a->start = name_start(a->name, a->len, a->len);
	}
	/* No reader takes such a record, and two people must not become one. */
	if (a->len == 3 && memcmp(a->name, "sub", 3) == 0 && a->value != 0 &&
	    (page->tok[a->value].flags & (TOK_LONE | TOK_NUL)) != 0) {
		free(a->decoded);
		return "a sub that holds a NUL or half a surrogate pair";
	}
	return NULL;
}

/*
 * Brings the last one to its place.  An insertion sort: a user has about ten attributes, and the
 * service mostly sends them in the same order.  Returns false if its name was there.
 */
static bool
sort_last(struct attribute *list, size_t last)
{
	struct attribute a = list[last];
	size_t at = last;

	for (; at > 0 && before(&a, &list[at - 1]); at--)
		list[at] = list[at - 1];
	list[at] = a;
	return at == 0 || before(&list[at - 1], &a);
}

/* Reads the array into list, sorted. */
static const char *
read_attributes(struct attribute *list, size_t *count, const struct tok_list *page,
    const char *text, uint32_t array)
{
	const struct tok *tok = page->tok;

	if (array == 0)
		return NULL;
	if (tok[array].type != TOK_ARRAY)
		return "Attributes is not a list";
	for (uint32_t i = array + 1; i < tok[array].next; i = tok[i].next) {
		size_t at = *count;
		const char *wrong;

		if (at == COGNITO_ATTRIBUTES_MAX)
			return "more than 256 attributes";
		wrong = read_attribute(&list[at], page, text, i);
		if (wrong != NULL)
			return wrong;
		++*count;
		if (at > 0 && !before(&list[at - 1], &list[at]) && !sort_last(list, at))
			return "an attribute stands there twice";
	}
	return NULL;
}

static const char *
write_attributes(struct buf *b, const struct attribute *list, size_t count,
    const struct tok_list *page, const char *text, const struct cognito_names *names,
    size_t *replaced)
{
	static const char open[] = ",\"Attributes\":{";
	bool first = true;

	if (cognito_put(b, open, sizeof open - 1) != 0)
		return cognito_too_long;
	for (size_t i = 0; i < count; i++) {
		const struct attribute *a = &list[i];
		const struct tok *value = &page->tok[a->value];
		int failed;

		if (!names_has(names, a->name, a->len))
			continue;
		failed = (!first && cognito_put(b, ",", 1) != 0) ||
		    (a->decoded != NULL ? jtext_string(b, a->name, a->len) :
		    cognito_put(b, a->name - 1, (size_t)a->len + 2)) != 0 || cognito_put(b, ":", 1) != 0 ||
		    (a->value != 0 ? cognito_put_string(b, value, text) : cognito_put(b, "\"\"", 2)) != 0;
		if (failed)
			return cognito_too_long;
		first = false;
		if (a->value != 0 && (value->flags & TOK_LONE) != 0)
			++*replaced;
	}
	return cognito_put(b, "}", 1) == 0 ? NULL : cognito_too_long;
}

const char *
cognito_put_attributes(struct buf *b, const struct tok_list *page, const char *text, uint32_t array,
    const struct cognito_names *names, size_t *replaced)
{
	struct attribute list[COGNITO_ATTRIBUTES_MAX];
	size_t count = 0;
	const char *wrong = read_attributes(list, &count, page, text, array);

	if (wrong == NULL)
		wrong = write_attributes(b, list, count, page, text, names, replaced);
	for (size_t i = 0; i < count; i++)
		free(list[i].decoded);
	return wrong;
}
