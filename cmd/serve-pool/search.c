/*
 * The Filter of ListUsers (search.h).
 *
 * Values are compared as canonical JSON, where equal texts have equal bytes and where a prefix
 * stays a prefix: no escape is the beginning of another.
 */
#include "search.h"

#include <string.h>
#include <strings.h>

#include "json/jtext.h"

/* A filter has at most 256 characters of at most 4 bytes; escaped, a byte takes six. */
enum { VALUE_MAX = 6 * 1024 };

/*
 * What can be searched for; custom attributes cannot.  Of these, username and status mind the
 * case.
 */
static const struct {
	const char *name;
	enum search_field field;
	bool fold;
} fields[] = {
	{"username", SEARCH_USERNAME, false},
	{"email", SEARCH_ATTRIBUTE, true},
	{"phone_number", SEARCH_ATTRIBUTE, true},
	{"name", SEARCH_ATTRIBUTE, true},
	{"given_name", SEARCH_ATTRIBUTE, true},
	{"family_name", SEARCH_ATTRIBUTE, true},
	{"preferred_username", SEARCH_ATTRIBUTE, true},
	{"cognito:user_status", SEARCH_USER_STATUS, true},
	{"status", SEARCH_ENABLED, false},
	{"sub", SEARCH_ATTRIBUTE, true},
};

struct cursor {
	const char *at, *end;
};

static void
skip_blanks(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
		c->at++;
}

static bool
skip(struct cursor *c, char byte)
{
	if (c->at == c->end || *c->at != byte)
		return false;
	c->at++;
	return true;
}

static bool
set_field(struct search *s, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0) {
			s->name = fields[i].name;
			s->field = fields[i].field;
			s->fold = fields[i].fold;
			return true;
		}
	return false;
}

/* NAME or "NAME" */
static const char *
parse_name(struct search *s, struct cursor *c)
{
	bool quoted = skip(c, '"');
	const char *start = c->at;
	size_t len;

	while (c->at < c->end && (quoted ? *c->at != '"' : strchr("=^ \t\"", *c->at) == NULL))
		c->at++;
	len = (size_t)(c->at - start);
	if (len == 0 || (quoted && !skip(c, '"')))
		return "Error while parsing filter.";
	return set_field(s, start, len) ? NULL : "Invalid search attribute.";
}

/* "VALUE" */
static const char *
parse_value(struct search *s, struct cursor *c)
{
	struct buf plain;
	bool closed = false;

	if (!skip(c, '"'))
		return "Error while parsing filter.";
	buf_init(&plain, VALUE_MAX);
	for (; c->at < c->end && !closed; c->at++) {
		closed = *c->at == '"';
		if (*c->at == '\\' && c->at + 1 < c->end && (c->at[1] == '"' || c->at[1] == '\\'))
			c->at++;
		if (!closed)
			buf_append_byte(&plain, *c->at);
	}
	if (closed) {
		jtext_string(&s->value, buf_string(&plain), plain.len);
		s->value.len -= 2;
		memmove(s->value.data, s->value.data + 1, s->value.len);
		s->value.data[s->value.len] = '\0';
	}
	buf_free(&plain);
	return closed ? NULL : "Error while parsing filter.";
}

const char *
search_parse(struct search *s, const char *text, size_t len)
{
	struct cursor c = {text, text + len};
	const char *why;

	memset(s, 0, sizeof *s);
	buf_init(&s->value, VALUE_MAX);
	skip_blanks(&c);
	s->all = c.at == c.end;
	if (s->all)
		return NULL;
	if ((why = parse_name(s, &c)) != NULL)
		return why;
	skip_blanks(&c);
	s->prefix = skip(&c, '^');
	if (!skip(&c, '='))
		return "Error while parsing filter.";
	skip_blanks(&c);
	if ((why = parse_value(s, &c)) != NULL)
		return why;
	skip_blanks(&c);
	return c.at == c.end ? NULL : "Error while parsing filter.";
}

void
search_free(struct search *s)
{
	buf_free(&s->value);
}

const char *
search_attribute(const struct store_item *user, const char *name, size_t name_len, size_t *len)
{
	static const char head[] = "{\"Name\":\"", middle[] = "\",\"Value\":\"", tail[] = "\"},";
	const char *at = user->text + user->attributes + 1;
	const char *end = user->text + user->attributes_end - 1, *value;
	size_t n;

	/* The array is of our own making (wire.c): every element has this one form. */
	while (at < end) {
		at += sizeof head - 1;
		n = store_string_length(at);
		value = at + n + sizeof middle - 1;
		*len = store_string_length(value);
		if (n == name_len && memcmp(at, name, n) == 0)
			return value;
		at = value + *len + sizeof tail - 1;
	}
	return NULL;
}

static const char *
find_value(const struct search *s, const struct store_item *user, size_t *len)
{
	static const char status[] = ",\"UserStatus\":\"";
	const char *enabled = user->text + user->enabled, *value;

	switch (s->field) {
	case SEARCH_USERNAME:
		*len = user->name_len - 2;
		return user->text + user->name_at + 1;
	case SEARCH_USER_STATUS:
		value = enabled + strcspn(enabled, ",") + sizeof status - 1;
		*len = store_string_length(value);
		return value;
	case SEARCH_ENABLED:
		value = enabled[0] == 't' ? "Enabled" : "Disabled";
		*len = strlen(value);
		return value;
	case SEARCH_ATTRIBUTE:
		break;
	}
	return search_attribute(user, s->name, strlen(s->name), len);
}

bool
search_matches(const struct search *s, const struct store_item *user)
{
	const char *value;
	size_t len;

	if (s->all)
		return true;
	value = find_value(s, user, &len);
	if (value == NULL || (s->prefix ? len < s->value.len : len != s->value.len))
		return false;
	if (s->fold)
		return strncasecmp(value, buf_string(&s->value), s->value.len) == 0;
	return memcmp(value, buf_string(&s->value), s->value.len) == 0;
}
