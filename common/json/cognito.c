/* Cognito's answers as records (cognito.h). */
#include <ctype.h>
#include <string.h>

#include "base/clock.h"

#include "json/cognito_put.h"

enum kind {
	NAME,			/* the record's own: put_name */
	COPY, DATE,
	LIST,			/* of attributes */
	DROPPED
};

struct field {
	const char *name;
	uint32_t len;
	enum kind kind;
};

enum { FIELDS_MAX = 7 };

/* In the order in which they are given out. */
static const struct field user_fields[] = {
	{ "Username", 8, NAME }, { "Enabled", 7, COPY }, { "UserStatus", 10, COPY },
	{ "UserCreateDate", 14, DATE }, { "UserLastModifiedDate", 20, DATE },
	{ "Attributes", 10, LIST }, { "UserAttributes", 14, LIST }, { NULL, 0, COPY }
};
static const struct field group_fields[] = {
	{ "GroupName", 9, NAME }, { "Description", 11, COPY }, { "Precedence", 10, COPY },
	{ "RoleArn", 7, COPY }, { "CreationDate", 12, DATE }, { "LastModifiedDate", 16, DATE },
	{ "UserPoolId", 10, DROPPED }, { NULL, 0, COPY }
};

/* Where they stand in user_fields. */
enum { USER_ATTRIBUTES = 5, USER_ATTRIBUTES_OF_ONE = 6 };

/* The values of an object's fields by their place in the table; 0: not there. */
struct found {
	uint32_t value[FIELDS_MAX];
	bool unknown;		/* there are other members, too */
};

/* The place of the field with this name, or that of the table's end. */
static inline size_t
place_of(const struct field *fields, const struct tok *key, const char *text)
{
	size_t i = 0;

	while (fields[i].name != NULL && !tok_is(key, text, fields[i].name, fields[i].len))
		i++;
	return i;
}

/* One pass for all fields; the last one wins where a name is repeated. */
static void
find_fields(struct found *found, const struct field *fields, const struct tok_list *page,
    const char *text, uint32_t object)
{
	const struct tok *tok = page->tok;

	memset(found, 0, sizeof *found);
	if (tok[object].type != TOK_OBJECT)
		return;
	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		size_t at = place_of(fields, &tok[i], text);

		if (fields[at].name != NULL)
			found->value[at] = i + 1;
		else
			found->unknown = true;
	}
}

/* {"NAME":"…" from the string at index; the first member. */
static const char *
put_name(struct buf *b, const char *open, const struct tok_list *page, const char *text,
    uint32_t index, const char *missing)
{
	const struct tok *t = &page->tok[index];

	if (index == 0 || t->type != TOK_STRING || t->start == t->end ||
	    (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return missing;
	return cognito_put(b, open, strlen(open)) == 0 && cognito_put_string(b, t, text) == 0 ?
	    NULL : cognito_too_long;
}

static const char *
put_date(struct buf *b, const struct tok_list *page, const char *text, uint32_t index)
{
	const struct tok *t = &page->tok[index];
	char date[1 + CLOCK_RFC3339_SIZE];
	int64_t ms;

	if (t->type != TOK_NUMBER || clock_parse_epoch(text + t->start, t->end - t->start, &ms) != 0)
		return "a date that is not a number of seconds";
	date[0] = '"';
	clock_rfc3339(ms, date + 1);
	date[sizeof date - 1] = '"';
	return cognito_put(b, date, sizeof date) == 0 ? NULL : cognito_too_long;
}

static int
put_value(struct buf *b, const struct tok_list *page, const char *text, uint32_t index)
{
	const struct tok *t = &page->tok[index];

	if (t->type == TOK_STRING)
		return cognito_put_string(b, t, text);
	if (t->type == TOK_OBJECT || t->type == TOK_ARRAY)
		return jtext_value(b, page, text, index);
	return cognito_put(b, text + t->start, t->end - t->start);
}

/* The members of ours that are there, in our order, but for the name and the attributes. */
static const char *
put_members(struct buf *b, const struct tok_list *page, const char *text,
    const struct field *fields, const struct found *found)
{
	for (size_t i = 0; fields[i].name != NULL; i++) {
		uint32_t value = found->value[i];
		const char *wrong = NULL;

		if ((fields[i].kind != COPY && fields[i].kind != DATE) || value == 0 ||
		    page->tok[value].type == TOK_NULL)
			continue;
		if (cognito_put(b, ",\"", 2) != 0 || cognito_put(b, fields[i].name, fields[i].len) != 0 ||
		    cognito_put(b, "\":", 2) != 0)
			return cognito_too_long;
		if (fields[i].kind == DATE)
			wrong = put_date(b, page, text, value);
		else if (put_value(b, page, text, value) != 0)
			wrong = cognito_too_long;
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

/* Whether it would make another kind of record of it, or groups that nobody listed. */
static bool
is_key_of_records(const struct tok *t, const char *text)
{
	return tok_is(t, text, "Username", 8) || tok_is(t, text, "GroupName", 9) ||
	    tok_is(t, text, "Groups", 6);
}

/* What the service sends beyond what we know, so that nothing is lost. */
static const char *
put_unknown(struct buf *b, const struct tok_list *page, const char *text, uint32_t object,
    const struct field *known)
{
	const struct tok *tok = page->tok;

	for (uint32_t i = object + 1; i < tok[object].next; i = tok[i + 1].next) {
		size_t at = b->len;

		if (tok[i + 1].type == TOK_NULL || known[place_of(known, &tok[i], text)].name != NULL)
			continue;
		if (is_key_of_records(&tok[i], text))
			return "a member with the name of a key of records";
		if (cognito_put(b, ",", 1) != 0 || cognito_put_string(b, &tok[i], text) != 0)
			return cognito_too_long;
		/* Behind the comma and the quote: it may have come as an escape. */
		if (b->data[at + 2] == '~')
			return "a member whose name begins with ~ (reserved)";
		if (cognito_put(b, ":", 1) != 0 || put_value(b, page, text, i + 1) != 0)
			return cognito_too_long;
	}
	return NULL;
}

/* Takes back what a record that went wrong has appended. */
static const char *
settle(struct buf *b, size_t was, const char *wrong)
{
	if (wrong != NULL)
		b->len = was;
	if (b->data != NULL)
		b->data[b->len] = '\0';
	return wrong;
}

static const char *
put_user(struct buf *b, const struct tok_list *page, const char *text, uint32_t user,
    const char *groups, size_t *replaced)
{
	struct found found;
	uint32_t attributes;
	const char *wrong;

	find_fields(&found, user_fields, page, text, user);
	attributes = found.value[USER_ATTRIBUTES] != 0 ? found.value[USER_ATTRIBUTES] :
	    found.value[USER_ATTRIBUTES_OF_ONE];
	wrong = put_name(b, "{\"Username\":", page, text, found.value[0],
	    "a user without a Username");
	if (wrong == NULL)
		wrong = put_members(b, page, text, user_fields, &found);
	if (wrong == NULL)
		wrong = cognito_put_attributes(b, page, text, attributes, NULL, replaced);
	if (wrong == NULL && found.unknown)
		wrong = put_unknown(b, page, text, user, user_fields);
	if (wrong == NULL && groups != NULL &&
	    (buf_append_string(b, ",\"Groups\":") != 0 || buf_append_string(b, groups) != 0))
		wrong = cognito_too_long;
	if (wrong == NULL && cognito_put(b, "}", 1) != 0)
		wrong = cognito_too_long;
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
	struct found found;
	const char *wrong;

	find_fields(&found, group_fields, page, text, group);
	wrong = put_name(b, "{\"GroupName\":", page, text, found.value[0],
	    "a group without a GroupName");
	if (wrong == NULL)
		wrong = put_members(b, page, text, group_fields, &found);
	if (wrong == NULL && found.unknown)
		wrong = put_unknown(b, page, text, group, group_fields);
	if (wrong == NULL && cognito_put(b, "}", 1) != 0)
		wrong = cognito_too_long;
	return settle(b, was, wrong);
}

const char *
cognito_membership(struct buf *b, const struct tok_list *page, const char *text, uint32_t user,
    const char *group, const struct cognito_names *names, size_t *replaced)
{
	size_t was = b->len;
	const char *wrong = NULL;
	struct found found;

	find_fields(&found, user_fields, page, text, user);
	if (buf_append_string(b, "{\"GroupName\":") != 0 ||
	    jtext_string(b, group, strlen(group)) != 0)
		wrong = cognito_too_long;
	if (wrong == NULL)
		wrong = put_name(b, ",\"Username\":", page, text, found.value[0],
		    "a user without a Username");
	if (wrong == NULL)
		wrong = cognito_put_attributes(b, page, text, found.value[USER_ATTRIBUTES], names,
		    replaced);
	if (wrong == NULL && cognito_put(b, "}", 1) != 0)
		wrong = cognito_too_long;
	return settle(b, was, wrong);
}

/* How long the name of a Region at s is, "eu-west-1", or 0. */
static size_t
region_length(const char *s)
{
	size_t len = 0;
	int parts = 1;

	while (islower((unsigned char)s[len]) || (s[len] == '-' && len > 0 && s[len - 1] != '-')) {
		parts += s[len] == '-';
		len++;
	}
	if (parts < 3 || s[len - 1] != '-' || !isdigit((unsigned char)s[len]))
		return 0;
	while (isdigit((unsigned char)s[len]))
		len++;
	return len;
}

bool
cognito_is_providers_group(const char *name)
{
	size_t region = region_length(name), pool = 0;

	if (region == 0 || name[region] != '_')
		return false;
	while (isalnum((unsigned char)name[region + 1 + pool]))
		pool++;
	return pool > 0 && name[region + 1 + pool] == '_' && name[region + 2 + pool] != '\0';
}
