#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "json/utf8.h"

#include "make.h"

enum {
	/* A record before it is held against RECORD_LINE_MAX: six bytes for each of row and names. */
	MAKE_MAX = 16 * RECORD_LINE_MAX,
	NAME_MAX_CHARACTERS = 1024,	/* eight times what Cognito takes; four bytes each make a key */
	NAME_MAX_BYTES = 4 * NAME_MAX_CHARACTERS - 1,
	KEY_MAX = 2 * NAME_MAX_BYTES + 1,
	PRECEDENCE_DIGITS = 10
};

void
make_init(struct make *m, const struct make_rules *rules)
{
	memset(m, 0, sizeof *m);
	m->rules = rules;
	buf_init(&m->record, MAKE_MAX);
	buf_init(&m->key, KEY_MAX);
}

void
make_free(struct make *m)
{
	buf_free(&m->record);
	buf_free(&m->key);
}

/* Text.  What is appended never passes MAKE_MAX. */

static char *
put_escaped(char *to, unsigned char c)
{
	static const char letters[] = "btn?fr", hex[] = "0123456789abcdef";

	*to++ = '\\';
	if (c == '"' || c == '\\') {
		*to++ = (char)c;
	} else if (c >= '\b' && c <= '\r' && c != '\v') {
		*to++ = letters[c - '\b'];
	} else {
		memcpy(to, "u00", 3);
		to[3] = hex[c >> 4];
		to[4] = hex[c & 15];
		to += 5;
	}
	return to;
}

/* As jtext_string, at the speed that a million rows want. */
static void
put_string(struct buf *b, const char *s, size_t len)
{
	const char *end = s + len;
	char *to;

	buf_reserve(b, 6 * len + 2);
	to = b->data + b->len;
	*to++ = '"';
	for (; s < end; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f)
			to = put_escaped(to, c);
		else
			*to++ = (char)c;
	}
	*to++ = '"';
	b->len = (size_t)(to - b->data);
	*to = '\0';
}

static bool
has_blank_end(const char *s, size_t len)
{
	return s[0] == ' ' || s[0] == '\t' || s[len - 1] == ' ' || s[len - 1] == '\t';
}

/* Values.  Each function returns NULL, or what is wrong with the cell (static). */

static const char *
put_name(struct make *m, const char *s, size_t len)
{
	if (len == 0)
		return "empty, where there must be a name";
	if (has_blank_end(s, len))
		return "a blank at an end (--trim)";
	if (len > NAME_MAX_BYTES)
		return "longer than a name can be";
	/* No name holds a NUL. */
	if (m->key.len > 0)
		buf_append_byte(&m->key, '\0');
	buf_append(&m->key, s, len);
	put_string(&m->record, s, len);
	return NULL;
}

static bool
is_among(char *const *words, const char *s, size_t len)
{
	for (; words != NULL && *words != NULL; words++) {
		if (strlen(*words) == len && strncasecmp(*words, s, len) == 0)
			return true;
	}
	return false;
}

/* The caller's words first: "no" may be what stands for true. */
static bool
read_bool(const struct make_rules *rules, const char *s, size_t len, bool *value)
{
	static char yes[] = "true", no[] = "false";
	static char *const own[2][2] = { { no, NULL }, { yes, NULL } };

	*value = is_among(rules->words[true].word, s, len);
	if (*value || is_among(rules->words[false].word, s, len))
		return true;
	*value = is_among(own[true], s, len);
	return *value || is_among(own[false], s, len);
}

static const char *
put_bool(struct make *m, const char *s, size_t len, const char *quote)
{
	bool value;

	if (!read_bool(m->rules, s, len, &value))
		return "neither true nor false (--true, --false)";
	buf_append_string(&m->record, quote);
	buf_append_string(&m->record, value ? "true" : "false");
	buf_append_string(&m->record, quote);
	return NULL;
}

static const char *
put_number(struct make *m, const char *s, size_t len)
{
	static const char limit[] = "2147483647";
	size_t digits = 0;

	while (digits < len && s[digits] >= '0' && s[digits] <= '9')
		digits++;
	if (digits < len || len > PRECEDENCE_DIGITS || (len > 1 && s[0] == '0') ||
	    (len == PRECEDENCE_DIGITS && memcmp(s, limit, len) > 0))
		return "no whole number from 0 to 2147483647";
	buf_append(&m->record, s, len);
	return NULL;
}

static const char *
put_date(struct make *m, const char *s, size_t len)
{
	char date[CLOCK_RFC3339_SIZE];
	int64_t ms;

	if (clock_parse_rfc3339(s, len, &ms) != 0)
		return "no date of RFC 3339 (2018-07-25T15:32:11Z)";
	clock_rfc3339(ms, date);
	put_string(&m->record, date, strlen(date));
	return NULL;
}

static unsigned
days_of(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool
make_day(enum make_order order, const char *s, size_t len, unsigned day[3])
{
	static const unsigned char places[][3] = {
		[ORDER_AS_IS] = { 0, 1, 2 }, [ORDER_YMD] = { 0, 1, 2 },
		[ORDER_MDY] = { 1, 2, 0 }, [ORDER_DMY] = { 2, 1, 0 }
	};
	size_t at = 0, digits[3];
	const unsigned char *place;
	char separator = '\0';
	unsigned n[3];

	for (size_t i = 0; i < 3; i++) {
		size_t start;

		if (i > 0 && (at == len || s[at] == '\0' || strchr("/.-", s[at]) == NULL ||
		    (i == 2 && s[at] != separator)))
			return false;
		if (i > 0)
			separator = s[at++];
		start = at;
		for (n[i] = 0; at < len && at < start + 4 && s[at] >= '0' && s[at] <= '9'; at++)
			n[i] = 10 * n[i] + (unsigned)(s[at] - '0');
		digits[i] = at - start;
	}
	place = places[digits[0] == 4 ? ORDER_YMD : order];
	for (size_t i = 0; i < 3; i++) {
		if (place[i] == 0 ? digits[i] != 4 : digits[i] < 1 || digits[i] > 2)
			return false;
		day[place[i]] = n[i];
	}
	return at == len && day[1] >= 1 && day[1] <= 12 && day[2] >= 1 &&
	    day[2] <= days_of(day[0], day[1]);
}

static const char *
put_birthdate(struct make *m, const char *s, size_t len)
{
	unsigned day[3];

	if (m->rules->birthdate == ORDER_AS_IS) {
		put_string(&m->record, s, len);
		return NULL;
	}
	if (!make_day(m->rules->birthdate, s, len, day))
		return "no date of the order that is asked for (--birthdate)";
	buf_appendf(&m->record, "\"%04u-%02u-%02u\"", day[0], day[1], day[2]);
	return NULL;
}

/* Where the joiner stands first in s, or NULL. */
static const char *
find_join(const char *join, const char *s, const char *end)
{
	size_t len = strlen(join);

	while ((s = memchr(s, join[0], (size_t)(end - s))) != NULL) {
		if ((size_t)(end - s) < len)
			return NULL;
		if (memcmp(s, join, len) == 0)
			return s;
		s++;
	}
	return NULL;
}

static const char *
put_list(struct make *m, const char *s, size_t len)
{
	const char *end = s + len, *next;

	buf_append_byte(&m->record, '[');
	do {
		const char *item = s;
		size_t n;

		next = find_join(m->rules->join, s, end);
		n = (size_t)((next != NULL ? next : end) - s);
		if (m->rules->trim)
			cells_trim(&item, &n);
		if (n == 0)
			return "a list with an empty item";
		if (has_blank_end(item, n))
			return "an item of a list with a blank at an end (--trim)";
		put_string(&m->record, item, n);
		if (next != NULL) {
			buf_append_byte(&m->record, ',');
			s = next + strlen(m->rules->join);
		}
	} while (next != NULL);
	buf_append_byte(&m->record, ']');
	return NULL;
}

static const char *
put_value(struct make *m, enum columns_type type, const char *s, size_t len)
{
	switch (type) {
	case TYPE_NAME:
		return put_name(m, s, len);
	case TYPE_BOOL:
		return put_bool(m, s, len, "");
	case TYPE_FLAG:
		return put_bool(m, s, len, "\"");
	case TYPE_NUMBER:
		return put_number(m, s, len);
	case TYPE_DATE:
		return put_date(m, s, len);
	case TYPE_BIRTHDATE:
		return put_birthdate(m, s, len);
	case TYPE_LIST:
		return put_list(m, s, len);
	case TYPE_TEXT:
	case TYPE_WORD:
		break;
	}
	put_string(&m->record, s, len);
	return NULL;
}

/* What an empty cell gives: JSON text, or NULL for nothing. */
static const char *
empty_value(const struct make_rules *rules, enum columns_type type, bool quoted)
{
	bool there = rules->empty == EMPTY_QUOTED && quoted;

	if (type == TYPE_LIST)
		return there || rules->empty_lists ? "[]" : NULL;
	if (type == TYPE_TEXT || type == TYPE_BIRTHDATE)
		return there || rules->empty == EMPTY_TEXT ? "\"\"" : NULL;
	return NULL;
}

/* One member, with the comma in front of it.  Returns NULL or what is wrong (static). */
static const char *
put_column(struct make *m, const struct column *c, const struct cell *cell)
{
	const char *s = cell->s, *empty;
	size_t len = cell->len;

	if (len > 0)
		guard_strip(m->rules->guard, &s, &len);
	if (len > 0 || c->type == TYPE_NAME) {
		if (m->record.data[m->record.len - 1] != '{')
			buf_append_byte(&m->record, ',');
		buf_append(&m->record, c->key, c->key_len);
		return put_value(m, c->type, s, len);
	}
	empty = empty_value(m->rules, c->type, cell->empty);
	if (empty == NULL)
		return NULL;
	if (m->record.data[m->record.len - 1] != '{')
		buf_append_byte(&m->record, ',');
	buf_append(&m->record, c->key, c->key_len);
	buf_append_string(&m->record, empty);
	return NULL;
}

/* A user has Attributes, however few; a membership has them where there is a column of one. */
static size_t
attributes_at(const struct columns *c)
{
	size_t i = 0;

	while (i < c->count && !c->column[i].attribute &&
	    !(c->kind == KIND_USER && c->column[i].type == TYPE_LIST))
		i++;
	return i < c->count || c->kind == KIND_USER ? i : c->count + 1;
}

/* The members of the row.  Returns NULL, or what is wrong, in m->reason. */
static const char *
put_columns(struct make *m, const struct cells *cells)
{
	const struct columns *columns = m->columns;
	size_t at = attributes_at(columns);
	bool inside = false;

	for (size_t i = 0; i <= columns->count; i++) {
		const struct column *c = &columns->column[i];
		const char *wrong;

		if (i == at) {
			buf_append_string(&m->record, ",\"Attributes\":{");
			inside = true;
		}
		if (inside && (i == columns->count || !c->attribute)) {
			buf_append_byte(&m->record, '}');
			inside = false;
		}
		if (i == columns->count)
			break;
		wrong = put_column(m, c, &cells->cell[c->index]);
		if (wrong != NULL) {
			snprintf(m->reason, sizeof m->reason, "column %.*s: %s",
			    layout_shown(c->heading), c->heading, wrong);
			return m->reason;
		}
	}
	return NULL;
}

const char *
make_record(struct make *m, const struct cells *cells)
{
	const char *wrong;

	if (cells->count != m->columns->cells) {
		snprintf(m->reason, sizeof m->reason, "%zu cells below %zu headings", cells->count,
		    m->columns->cells);
		return m->reason;
	}
	buf_clear(&m->record);
	buf_clear(&m->key);
	buf_append_byte(&m->record, '{');
	wrong = put_columns(m, cells);
	if (wrong != NULL)
		return wrong;
	buf_append_byte(&m->record, '}');
	return m->record.len > RECORD_LINE_MAX ? "longer than a record may be" : NULL;
}
