#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "columns.h"
#include "rows.h"

enum { ORDER_ATTRIBUTES = 100, ORDER_LAST = 200 };

/* The members of records beside Attributes (cognito-records(5)), in their order. */
static const struct member {
	const char *name;
	unsigned kinds;
	enum columns_type type;
	bool last;		/* behind Attributes */
} members[] = {
	{ "GroupName", KIND_GROUP | KIND_MEMBERSHIP, TYPE_NAME, false },
	{ "Username", KIND_USER | KIND_MEMBERSHIP, TYPE_NAME, false },
	{ "Enabled", KIND_USER, TYPE_BOOL, false },
	{ "UserStatus", KIND_USER, TYPE_WORD, false },
	{ "UserCreateDate", KIND_USER, TYPE_DATE, false },
	{ "UserLastModifiedDate", KIND_USER, TYPE_DATE, false },
	{ "Description", KIND_GROUP, TYPE_TEXT, false },
	{ "Precedence", KIND_GROUP, TYPE_NUMBER, false },
	{ "RoleArn", KIND_GROUP, TYPE_WORD, false },
	{ "CreationDate", KIND_GROUP, TYPE_DATE, false },
	{ "LastModifiedDate", KIND_GROUP, TYPE_DATE, false },
	{ "Groups", KIND_USER, TYPE_LIST, true },
	{ "Members", KIND_GROUP, TYPE_LIST, true },
	{ NULL, 0, TYPE_TEXT, false }
};

/* The attributes that every pool has; its own begin with custom: or dev:custom:. */
static const char *const standard[] = {
	"address", "birthdate", "email", "email_verified", "family_name", "gender", "given_name",
	"identities", "locale", "middle_name", "name", "nickname", "phone_number",
	"phone_number_verified", "picture", "preferred_username", "profile", "sub", "updated_at",
	"website", "zoneinfo", NULL
};

static bool
is_attribute(const char *name)
{
	if (strncmp(name, "custom:", 7) == 0 || strncmp(name, "dev:custom:", 11) == 0)
		return true;
	for (size_t i = 0; standard[i] != NULL; i++) {
		if (strcmp(name, standard[i]) == 0)
			return true;
	}
	return false;
}

static const struct member *
find_member(const char *name, unsigned kind)
{
	const struct member *m = members;

	while (m->name != NULL && (strcmp(m->name, name) != 0 || (m->kinds & kind) == 0))
		m++;
	return m->name != NULL ? m : NULL;
}

static enum columns_type
attribute_type(const char *name)
{
	if (strcmp(name, "email_verified") == 0 || strcmp(name, "phone_number_verified") == 0)
		return TYPE_FLAG;
	return strcmp(name, "birthdate") == 0 ? TYPE_BIRTHDATE : TYPE_TEXT;
}

/* A complaint about a heading. */
static const char *
complain(char why[COLUMNS_WHY_SIZE], const char *heading, const char *what)
{
	snprintf(why, COLUMNS_WHY_SIZE, "column %.*s: %s", layout_shown(heading), heading, what);
	return why;
}

static const struct layout_column *
find_heading(const struct layout *l, const char *heading)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->columns[i].heading, heading) == 0)
			return &l->columns[i];
	}
	return NULL;
}

/*
 * The name that the heading goes by but for --key, or NULL: it fills nothing.  *known: not unheard
 * of.
 */
static const char *
name_of(const struct columns_rules *rules, struct column *c, bool *known)
{
	const struct layout_column *said;

	*known = true;
	c->explicit = true;
	if ((said = find_heading(rules->renames, c->heading)) != NULL)
		return said->name;
	c->explicit = rules->listed;
	if (rules->layout->count > 0) {
		said = find_heading(rules->layout, c->heading);
		*known = said != NULL;
		if (said != NULL)
			return said->name;	/* NULL: a constant, which no record had */
		c->explicit = false;
	}
	return c->heading;
}

static struct column *
add_column(struct columns *to, size_t index, const struct cell *heading)
{
	struct column *c = &to->column[to->count++];

	*c = (struct column){ .index = index, .heading = mem_dup(heading->s, heading->len) };
	return c;
}

/*
 * The column of --key: the Username; and what it is besides, if somebody has said so, or it is the
 * name of an attribute, such as email: a second column of the same cells.
 */
static void
name_key(struct columns *to, const struct columns_rules *rules, struct column *c,
    const struct cell *heading)
{
	const char *name;
	bool known;

	name = name_of(rules, c, &known);
	if (known && name != NULL && strcmp(name, "Username") != 0 &&
	    strcmp(name, "cognito:username") != 0 && (c->explicit || is_attribute(name))) {
		struct column *other = add_column(to, c->index, heading);

		other->explicit = c->explicit;
		other->name = mem_dup_string(name);
	}
	c->explicit = true;
	c->name = mem_dup_string("Username");
}

/* What tells Excel the delimiter stands before the headings: sep=; and no more. */
static bool
is_sep_line(const struct cells *headings)
{
	const struct cell *first = headings->cell;

	return headings->count >= 1 && headings->count <= 2 && first->len >= 4 &&
	    first->len <= 5 && memcmp(first->s, "sep=", 4) == 0 &&
	    (headings->count == 1 || headings->cell[1].len == 0);
}

/* The first step: the columns with names.  Returns NULL or what is wrong. */
static const char *
name_columns(struct columns *to, const struct columns_rules *rules, const struct cells *headings,
    char why[COLUMNS_WHY_SIZE])
{
	if (is_sep_line(headings))
		return "the line that tells Excel the delimiter, and no headings (--preamble 1)";
	for (size_t i = 0; i < headings->count; i++) {
		const struct cell *cell = &headings->cell[i];
		struct column *c;
		const char *name;
		bool known;

		if (cell->len == 0 && rules->unknown == UNKNOWN_IGNORE)
			continue;
		if (cell->len == 0) {
			snprintf(why, COLUMNS_WHY_SIZE, "column %zu has no heading "
			    "(--unknown ignore passes over it)", i + 1);
			return why;
		}
		c = add_column(to, i, cell);
		for (size_t k = 0; k + 1 < to->count; k++) {
			if (strcmp(to->column[k].heading, c->heading) == 0)
				return complain(why, c->heading, "stands there twice");
		}
		if (rules->key != NULL && strcmp(rules->key, c->heading) == 0) {
			name_key(to, rules, c, cell);
			continue;
		}
		name = name_of(rules, c, &known);
		if (!known && rules->unknown == UNKNOWN_ERROR)
			return complain(why, c->heading, "unknown (--rename, --unknown)");
		if (!known && rules->unknown == UNKNOWN_IGNORE)
			name = NULL;
		if (name != NULL && strcmp(name, "cognito:username") == 0)
			name = "Username";
		/* Cognito's import has it, and no record of a user. */
		if (name != NULL && strcmp(name, "cognito:mfa_enabled") == 0 && !c->explicit &&
		    rules->kind != KIND_FLAT)
			name = NULL;
		c->name = mem_dup_string(name);
	}
	return NULL;
}

static bool
has_name(const struct columns *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->column[i].name != NULL && strcmp(c->column[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool
has_heading(const struct columns *c, const char *heading)
{
	for (size_t i = 0; i < c->count; i++) {
		if (strcmp(c->column[i].heading, heading) == 0)
			return true;
	}
	return false;
}

/* A slip of the pen in what the caller says must not leave an attribute out without a word. */
static const char *
find_missing(const struct columns *c, const struct columns_rules *rules,
    char why[COLUMNS_WHY_SIZE])
{
	static const char missing[] = "the file has no such heading";

	if (rules->key != NULL && !has_heading(c, rules->key))
		return complain(why, rules->key, missing);
	for (size_t i = 0; i < rules->renames->count; i++) {
		if (!has_heading(c, rules->renames->columns[i].heading))
			return complain(why, rules->renames->columns[i].heading, missing);
	}
	for (size_t i = 0; i < rules->layout->count; i++) {
		const struct layout_column *l = &rules->layout->columns[i];

		if ((rules->listed || l->required) && !has_heading(c, l->heading))
			return complain(why, l->heading, missing);
	}
	return NULL;
}

static const char *
choose_kind(struct columns *c, const struct columns_rules *rules)
{
	bool user = has_name(c, "Username"), group = has_name(c, "GroupName");

	if (rules->kind == KIND_FLAT) {
		c->kind = KIND_FLAT;
		return user || group ? "Username and GroupName are no members of a flat record" :
		    NULL;
	}
	if (!user && !group)
		return "no column is the Username or GroupName (--key, --rename, --kind flat)";
	c->kind = user && group ? KIND_MEMBERSHIP : user ? KIND_USER : KIND_GROUP;
	if (rules->kind == 0 || rules->kind == c->kind)
		return NULL;
	return rules->kind == KIND_MEMBERSHIP ? "a membership needs Username and GroupName" :
	    rules->kind == KIND_USER ? "a user has a Username and no GroupName" :
	    "a group has a GroupName and no Username";
}

/* Where the member stands, and how.  Returns NULL or what is wrong (static). */
static const char *
place_column(struct column *c, const struct columns_rules *rules, enum columns_kind kind)
{
	const struct member *m = find_member(c->name, kind);

	c->type = TYPE_TEXT;
	if (kind == KIND_FLAT) {
		c->order = (int)c->index;
		return c->name[0] == '~' ? "names that begin with ~ are reserved" : NULL;
	}
	if (m != NULL) {
		c->type = m->type;
		c->order = (int)(m - members) + (m->last ? ORDER_LAST : 0);
		return NULL;
	}
	c->order = ORDER_ATTRIBUTES;
	c->attribute = true;
	c->type = attribute_type(c->name);
	if (kind != KIND_GROUP && (c->explicit || is_attribute(c->name) ||
	    rules->unknown == UNKNOWN_ATTRIBUTE))
		return NULL;
	if (rules->unknown == UNKNOWN_IGNORE && !c->explicit) {
		free(c->name);
		c->name = NULL;
		return NULL;
	}
	return kind == KIND_GROUP ? "a group has no such member, and no attributes (--unknown)" :
	    "not known (--rename, --unknown)";
}

static void
free_column(struct column *c)
{
	free(c->heading);
	free(c->name);
	free(c->key);
}

static void
make_key(struct column *c)
{
	struct buf b;

	buf_init(&b, 8 * (size_t)ROWS_ROW_MAX);
	/* A heading is no longer than its row. */
	jtext_string(&b, c->name, strlen(c->name));
	buf_append_byte(&b, ':');
	c->key_len = b.len;
	c->key = b.data;
}

static int
compare(const void *a, const void *b)
{
	const struct column *x = a, *y = b;

	int order = x->order != y->order ? x->order - y->order : strcmp(x->name, y->name);

	return order != 0 ? order : x->index < y->index ? -1 : 1;
}

/* The last step.  Returns NULL or what is wrong. */
static const char *
sort_columns(struct columns *c, char why[COLUMNS_WHY_SIZE])
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (c->column[i].name == NULL)
			free_column(&c->column[i]);
		else
			c->column[kept++] = c->column[i];
	}
	c->count = kept;
	qsort(c->column, c->count, sizeof *c->column, compare);
	for (size_t i = 0; i < c->count; i++) {
		for (size_t k = 0; k < i; k++) {
			const char *heading = c->column[k].heading;

			if (strcmp(c->column[k].name, c->column[i].name) != 0)
				continue;
			snprintf(why, COLUMNS_WHY_SIZE, "columns %.*s and %.*s are both %.*s",
			    layout_shown(heading), heading, layout_shown(c->column[i].heading),
			    c->column[i].heading, layout_shown(c->column[i].name),
			    c->column[i].name);
			return why;
		}
		make_key(&c->column[i]);
	}
	return NULL;
}

const char *
columns_make(struct columns *c, const struct columns_rules *rules, const struct cells *headings,
    char why[COLUMNS_WHY_SIZE])
{
	const char *wrong;

	memset(c, 0, sizeof *c);
	if (headings->count > LAYOUT_COLUMNS_MAX)
		return "more than 1000 columns";
	c->cells = headings->count;
	/* That of the key may be two. */
	c->column = mem_alloc((headings->count + 1) * sizeof *c->column);
	wrong = name_columns(c, rules, headings, why);
	if (wrong == NULL)
		wrong = find_missing(c, rules, why);
	if (wrong == NULL)
		wrong = choose_kind(c, rules);
	for (size_t i = 0; i < c->count && wrong == NULL; i++) {
		if (c->column[i].name == NULL)
			continue;
		wrong = place_column(&c->column[i], rules, c->kind);
		if (wrong != NULL)
			wrong = complain(why, c->column[i].heading, wrong);
	}
	return wrong != NULL ? wrong : sort_columns(c, why);
}

void
columns_free(struct columns *c)
{
	for (size_t i = 0; i < c->count; i++)
		free_column(&c->column[i]);
	free(c->column);
	memset(c, 0, sizeof *c);
}
