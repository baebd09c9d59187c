/* Records in the form in which Cognito sends them (wire.h). */
#include "wire.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "json/jtext.h"
#include "net/sigv4.h"

/*
 * Appending to b cannot fail here: a record is at most a megabyte, and its form far below b's
 * maximum.
 */

void
wire_put_epoch(struct buf *b, int64_t ms)
{
	uint64_t size = ms < 0 ? -(uint64_t)ms : (uint64_t)ms;

	buf_appendf(b, "%s%llu", ms < 0 ? "-" : "", (unsigned long long)(size / 1000));
	if (size % 1000 == 0)
		return;
	buf_appendf(b, ".%03d", (int)(size % 1000));
	while (b->data[b->len - 1] == '0')
		b->len--;
	b->data[b->len] = '\0';
}

/* A date of a record: RFC 3339, or the number as it is sent. */
static const char *
put_date(struct buf *b, const struct tok_list *l, const char *text, uint32_t value)
{
	const struct tok *t = &l->tok[value];
	int64_t ms;

	if (t->type == TOK_NUMBER) {
		buf_append(b, text + t->start, t->end - t->start);
		return NULL;
	}
	if (t->type != TOK_STRING ||
	    clock_parse_rfc3339(text + t->start, t->end - t->start, &ms) != 0)
		return "a date is not in the form of RFC 3339";
	wire_put_epoch(b, ms);
	return NULL;
}

static bool
is_one_of(const struct tok *key, const char *text, const char *const names[])
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (tok_is(key, text, names[i], strlen(names[i])))
			return true;
	return false;
}

const char *
wire_put_members(struct buf *b, const struct tok_list *l, const char *text, uint32_t object,
    const char *const names[], bool in_names, const char *const dates[])
{
	const char *why = NULL;
	uint32_t i;

	for (i = object + 1; i < l->tok[object].next && why == NULL; i = l->tok[i + 1].next) {
		if (l->tok[i + 1].type == TOK_NULL ||
		    is_one_of(&l->tok[i], text, names) != in_names)
			continue;
		buf_append_byte(b, ',');
		jtext_string_token(b, &l->tok[i], text);
		buf_append_byte(b, ':');
		if (is_one_of(&l->tok[i], text, dates))
			why = put_date(b, l, text, i + 1);
		else
			jtext_value(b, l, text, i + 1);
	}
	return why;
}

/* ,"NAME":VALUE for every member that is not null and whose name is in names, or is not. */
static void
put_members(struct buf *b, const struct tok_list *l, const char *text, const char *const names[],
    bool in_names)
{
	static const char *const none[] = {NULL};

	/* Without dates nothing can be wrong. */
	(void)wire_put_members(b, l, text, 0, names, in_names, none);
}

/* ,"NAME":SECONDS for each of the two dates that is there. */
static const char *
put_dates(struct buf *b, const struct tok_list *l, const char *text, const char *const names[2])
{
	const char *why = NULL;
	uint32_t value;
	int i;

	for (i = 0; i < 2 && why == NULL; i++) {
		value = tok_member(l, text, 0, names[i]);
		if (value == 0 || l->tok[value].type == TOK_NULL)
			continue;
		buf_appendf(b, ",\"%s\":", names[i]);
		why = put_date(b, l, text, value);
	}
	return why;
}

/* "sub" in the shape of a UUID, from the SHA-256 of the name: the same in every run. */
static void
put_made_sub(struct buf *b, const struct tok_list *l, const char *text)
{
	const struct tok *name = &l->tok[tok_member(l, text, 0, "Username")];
	struct buf plain;
	char hex[SIGV4_HEX_SIZE];

	buf_init(&plain, name->end - name->start);
	jtext_decode(&plain, text + name->start, name->end - name->start);
	sigv4_sha256_hex(buf_string(&plain), plain.len, hex);
	buf_free(&plain);
	buf_appendf(b, "{\"Name\":\"sub\",\"Value\":\"%.8s-%.4s-%.4s-%.4s-%.12s\"}", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

static const char *
put_attributes(struct buf *b, const struct tok_list *l, const char *text)
{
	uint32_t object = tok_member(l, text, 0, "Attributes"), i;
	const char *comma = "";

	if (object != 0 && l->tok[object].type != TOK_OBJECT)
		return "Attributes is not an object";
	buf_append_byte(b, '[');
	if (object == 0 || tok_member(l, text, object, "sub") == 0) {
		put_made_sub(b, l, text);
		comma = ",";
	}
	for (i = object + 1; object != 0 && i < l->tok[object].next; i = l->tok[i + 1].next) {
		if (l->tok[i + 1].type != TOK_STRING)
			return "an attribute's value is not a string";
		buf_appendf(b, "%s{\"Name\":", comma);
		jtext_string_token(b, &l->tok[i], text);
		buf_append_string(b, ",\"Value\":");
		jtext_string_token(b, &l->tok[i + 1], text);
		buf_append_byte(b, '}');
		comma = ",";
	}
	buf_append_byte(b, ']');
	return NULL;
}

/* ,"NAME":VALUE, or the fallback if it is not there.  Returns where the value stands. */
static uint32_t
put_member(struct buf *b, const struct tok_list *l, const char *text, const char *name,
    const char *fallback)
{
	uint32_t value = tok_member(l, text, 0, name), at;

	buf_appendf(b, ",\"%s\":", name);
	at = (uint32_t)b->len;
	if (value == 0 || l->tok[value].type == TOK_NULL)
		buf_append_string(b, fallback);
	else
		jtext_value(b, l, text, value);
	return at;
}

const char *
wire_user(struct buf *b, const struct tok_list *l, const char *text, struct store_item *form)
{
	static const char *const dates[2] = {"UserCreateDate", "UserLastModifiedDate"};
	static const char *const known[] = {"Username", "Attributes", "UserCreateDate",
		"UserLastModifiedDate", "Enabled", "UserStatus", "Groups",
		"PreferredMfaSetting", "UserMFASettingList", WIRE_PASSWORD, NULL};
	/* The service model has these in AdminGetUser's answer, not in UserType. */
	static const char *const unlisted[] = {"PreferredMfaSetting", "UserMFASettingList", NULL};
	uint32_t enabled = tok_member(l, text, 0, "Enabled");
	uint32_t status = tok_member(l, text, 0, "UserStatus");
	const char *why;

	if (enabled != 0 && l->tok[enabled].type > TOK_TRUE)
		return "Enabled is neither true nor false";
	if (status != 0 && l->tok[status].type != TOK_NULL && l->tok[status].type != TOK_STRING)
		return "UserStatus is not a string";
	memset(form, 0, sizeof *form);
	buf_clear(b);
	buf_append_string(b, "{\"Username\":");
	form->name_at = (uint32_t)b->len;
	jtext_string_token(b, &l->tok[tok_member(l, text, 0, "Username")], text);
	form->name_len = (uint32_t)b->len - form->name_at;
	buf_append_string(b, ",\"Attributes\":");
	form->attributes = (uint32_t)b->len;
	if ((why = put_attributes(b, l, text)) != NULL)
		return why;
	form->attributes_end = (uint32_t)b->len;
	if ((why = put_dates(b, l, text, dates)) != NULL)
		return why;
	form->enabled = put_member(b, l, text, "Enabled", "true");
	put_member(b, l, text, "UserStatus", "\"CONFIRMED\"");
	put_members(b, l, text, known, false);
	form->listed = (uint32_t)b->len;
	put_members(b, l, text, unlisted, true);
	buf_append_byte(b, '}');
	form->text = b->data;
	form->len = (uint32_t)b->len;
	return NULL;
}

const char *
wire_group(struct buf *b, const struct tok_list *l, const char *text, const char *pool,
    struct store_item *form)
{
	static const char *const dates[2] = {"LastModifiedDate", "CreationDate"};
	static const char *const known[] = {"GroupName", "UserPoolId", "LastModifiedDate",
		"CreationDate", NULL};
	const char *why;

	memset(form, 0, sizeof *form);
	buf_clear(b);
	buf_append_string(b, "{\"GroupName\":");
	form->name_at = (uint32_t)b->len;
	jtext_string_token(b, &l->tok[tok_member(l, text, 0, "GroupName")], text);
	form->name_len = (uint32_t)b->len - form->name_at;
	buf_appendf(b, ",\"UserPoolId\":\"%s\"", pool);
	put_members(b, l, text, known, false);
	if ((why = put_dates(b, l, text, dates)) != NULL)
		return why;
	form->listed = (uint32_t)b->len;
	buf_append_byte(b, '}');
	form->text = b->data;
	form->len = (uint32_t)b->len;
	return NULL;
}
