#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "json/cognito.h"
#include "json/jtext.h"

static const char too_long[] = "longer than a record may be";

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

/* Attributes: an array of {Name, Value} becomes an object sorted by name. */

struct attribute {
	const char *name;	/* decoded */
	size_t len;
	char *decoded;		/* what name points into when it had escapes, else NULL */
	uint32_t value;		/* token, 0: none */
};

static bool
before(const struct attribute *a, const struct attribute *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->name, b->name, n);

	return order != 0 ? order < 0 : a->len < b->len;
}

/* Reads one {Name, Value}.  Returns NULL or what is wrong. */
static const char *
read_attribute(struct attribute *a, const struct tok_list *page, const char *text, uint32_t index)
{
	uint32_t name = tok_member(page, text, index, "Name");
	const struct tok *t = &page->tok[name];

	a->value = tok_member(page, text, index, "Value");
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
	if ((t->flags & TOK_ESCAPED) != 0) {
		struct buf b;

		buf_init(&b, a->len * 3);
		jtext_decode(&b, a->name, a->len);
		a->name = a->decoded = b.data;
		a->len = b.len;
	}
	return NULL;
}

/*
 * Reads the array into list, sorted.  An insertion sort: a user has about ten attributes, and the
 * service mostly sends them in the same order.
 */
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
		struct attribute a;
		const char *wrong;
		size_t at = *count;

		if (*count == COGNITO_ATTRIBUTES_MAX)
			return "more than 256 attributes";
		wrong = read_attribute(&a, page, text, i);
		if (wrong != NULL)
			return wrong;
		for (; at > 0 && before(&a, &list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = a;
		++*count;
		if (at > 0 && !before(&list[at - 1], &list[at]))
			return "an attribute stands there twice";
	}
	return NULL;
}

static const char *
write_attributes(struct buf *b, const struct attribute *list, size_t count,
    const struct tok_list *page, const char *text, const struct cognito_names *names,
    size_t *replaced)
{
	bool first = true;

	if (buf_append_string(b, ",\"Attributes\":{") != 0)
		return too_long;
	for (size_t i = 0; i < count; i++) {
		const struct attribute *a = &list[i];
		const struct tok *value = &page->tok[a->value];
		int failed;

		if (!names_has(names, a->name, a->len))
			continue;
		failed = (!first && buf_append_byte(b, ',') != 0) ||
		    jtext_string(b, a->name, a->len) != 0 || buf_append_byte(b, ':') != 0 ||
		    (a->value != 0 ? jtext_string_token(b, value, text) :
		    buf_append_string(b, "\"\"")) != 0;
		if (failed)
			return too_long;
		first = false;
		if (a->value != 0 && (value->flags & TOK_LONE) != 0)
			++*replaced;
	}
	return buf_append_byte(b, '}') == 0 ? NULL : too_long;
}

static const char *
put_attributes(struct buf *b, const struct tok_list *page, const char *text, uint32_t array,
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

/* Members of the record. */

/* {"NAME":"…" from the string at index; the first member. */
static const char *
put_name(struct buf *b, const char *open, const struct tok_list *page, const char *text,
    uint32_t index, const char *missing)
{
	const struct tok *t = &page->tok[index];

	if (index == 0 || t->type != TOK_STRING || t->start == t->end ||
	    (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return missing;
	if (buf_append_string(b, open) != 0 || jtext_string_token(b, t, text) != 0)
		return too_long;
	return NULL;
}

static const char *
put_date(struct buf *b, const struct tok_list *page, const char *text, uint32_t index)
{
	const struct tok *t = &page->tok[index];
	char date[CLOCK_RFC3339_SIZE];
	int64_t ms;

	if (t->type != TOK_NUMBER || clock_parse_epoch(text + t->start, t->end - t->start, &ms) != 0)
		return "a date that is not a number of seconds";
	clock_rfc3339(ms, date);
	return buf_append_byte(b, '"') == 0 && buf_append_string(b, date) == 0 &&
	    buf_append_byte(b, '"') == 0 ? NULL : too_long;
}

enum member_kind { COPY, DATE };

struct member {
	const char *name;
	enum member_kind kind;
};

/* The members of ours that are there, in our order. */
static const char *
put_members(struct buf *b, const struct tok_list *page, const char *text, uint32_t object,
    const struct member *members)
{
	for (; members->name != NULL; members++) {
		uint32_t value = tok_member(page, text, object, members->name);
		const char *wrong = NULL;

		if (value == 0 || page->tok[value].type == TOK_NULL)
			continue;
		if (buf_append_string(b, ",\"") != 0 || buf_append_string(b, members->name) != 0 ||
		    buf_append_string(b, "\":") != 0)
			return too_long;
		if (members->kind == DATE)
			wrong = put_date(b, page, text, value);
		else if (jtext_value(b, page, text, value) != 0)
			wrong = too_long;
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

static bool
is_any(const struct tok *key, const char *text, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (tok_is(key, text, *names, strlen(*names)))
			return true;
	}
	return false;
}

/* What the service sends beyond what we know, so that nothing is lost. */
static const char *
put_unknown(struct buf *b, const struct tok_list *page, const char *text, uint32_t object,
    const char *const *known)
{
	const struct tok *tok = page->tok;

	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		size_t at = b->len;

		if (tok[i + 1].type == TOK_NULL || is_any(&tok[i], text, known))
			continue;
		if (buf_append_byte(b, ',') != 0 || jtext_string_token(b, &tok[i], text) != 0)
			return too_long;
		/* Behind the comma and the quote: it may have come as an escape. */
		if (b->data[at + 2] == '~')
			return "a member whose name begins with ~ (reserved)";
		if (buf_append_byte(b, ':') != 0 || jtext_value(b, page, text, i + 1) != 0)
			return too_long;
	}
	return NULL;
}

static const struct member user_members[] = {
	{ "Enabled", COPY }, { "UserStatus", COPY }, { "UserCreateDate", DATE },
	{ "UserLastModifiedDate", DATE }, { NULL, COPY }
};
static const char *const user_known[] = {
	"Username", "Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate",
	"Attributes", "UserAttributes", NULL
};
static const struct member group_members[] = {
	{ "Description", COPY }, { "Precedence", COPY }, { "RoleArn", COPY },
	{ "CreationDate", DATE }, { "LastModifiedDate", DATE }, { NULL, COPY }
};
static const char *const group_known[] = {
	"GroupName", "Description", "Precedence", "RoleArn", "CreationDate", "LastModifiedDate",
	"UserPoolId", NULL
};

/* Takes back what a record that went wrong has appended. */
static const char *
settle(struct buf *b, size_t was, const char *wrong)
{
	if (wrong != NULL)
		b->len = was;
	return wrong;
}

static const char *
put_user(struct buf *b, const struct tok_list *page, const char *text, uint32_t user,
    const char *groups, size_t *replaced)
{
	uint32_t attributes = tok_member(page, text, user, "Attributes");
	const char *wrong = put_name(b, "{\"Username\":", page, text,
	    tok_member(page, text, user, "Username"), "a user without a Username");

	if (attributes == 0)
		attributes = tok_member(page, text, user, "UserAttributes");
	if (wrong == NULL)
		wrong = put_members(b, page, text, user, user_members);
	if (wrong == NULL)
		wrong = put_attributes(b, page, text, attributes, NULL, replaced);
	if (wrong == NULL)
		wrong = put_unknown(b, page, text, user, user_known);
	if (wrong == NULL && groups != NULL &&
	    (buf_append_string(b, ",\"Groups\":") != 0 || buf_append_string(b, groups) != 0))
		wrong = too_long;
	if (wrong == NULL && buf_append_byte(b, '}') != 0)
		wrong = too_long;
	return wrong;
}

const char *
cognito_user(struct buf *b, const struct tok_list *page, const char *text, uint32_t user,
    const char *groups, size_t *replaced)
{
	size_t was = b->len;

	return settle(b, was, put_user(b, page, text, user, groups, replaced));
}

const char *
cognito_group(struct buf *b, const struct tok_list *page, const char *text, uint32_t group)
{
	size_t was = b->len;
	const char *wrong = put_name(b, "{\"GroupName\":", page, text,
	    tok_member(page, text, group, "GroupName"), "a group without a GroupName");

	if (wrong == NULL)
		wrong = put_members(b, page, text, group, group_members);
	if (wrong == NULL)
		wrong = put_unknown(b, page, text, group, group_known);
	if (wrong == NULL && buf_append_byte(b, '}') != 0)
		wrong = too_long;
	return settle(b, was, wrong);
}

const char *
cognito_membership(struct buf *b, const struct tok_list *page, const char *text, uint32_t user,
    const char *group, const struct cognito_names *names, size_t *replaced)
{
	size_t was = b->len;
	const char *wrong = NULL;

	if (buf_append_string(b, "{\"GroupName\":") != 0 ||
	    jtext_string(b, group, strlen(group)) != 0)
		wrong = too_long;
	if (wrong == NULL)
		wrong = put_name(b, ",\"Username\":", page, text,
		    tok_member(page, text, user, "Username"), "a user without a Username");
	if (wrong == NULL)
		wrong = put_attributes(b, page, text, tok_member(page, text, user, "Attributes"),
		    names, replaced);
	if (wrong == NULL && buf_append_byte(b, '}') != 0)
		wrong = too_long;
	return settle(b, was, wrong);
}
