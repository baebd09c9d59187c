/* What the pool lets a user have (schema.h). */
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/utf8.h"

/* The description's other members: templates of messages, tags, 20 KB each at most. */
enum { OTHER_MAX = 4 * 1024 * 1024 };

/* Of the value of any attribute. */
enum { LENGTH_MAX = 2048 };

/* As a pool has them that was made without any. */
static const struct {
	const char *name;
	enum schema_type type;
	const char *min, *max;
} standard[] = {
	{"sub", SCHEMA_STRING, "1", "2048"},
	{"name", SCHEMA_STRING, "0", "2048"},
	{"given_name", SCHEMA_STRING, "0", "2048"},
	{"family_name", SCHEMA_STRING, "0", "2048"},
	{"middle_name", SCHEMA_STRING, "0", "2048"},
	{"nickname", SCHEMA_STRING, "0", "2048"},
	{"preferred_username", SCHEMA_STRING, "0", "2048"},
	{"profile", SCHEMA_STRING, "0", "2048"},
	{"picture", SCHEMA_STRING, "0", "2048"},
	{"website", SCHEMA_STRING, "0", "2048"},
	{"email", SCHEMA_STRING, "0", "2048"},
	{"email_verified", SCHEMA_BOOLEAN, NULL, NULL},
	{"gender", SCHEMA_STRING, "0", "2048"},
	{"birthdate", SCHEMA_STRING, "10", "10"},
	{"zoneinfo", SCHEMA_STRING, "0", "2048"},
	{"locale", SCHEMA_STRING, "0", "2048"},
	{"phone_number", SCHEMA_STRING, "0", "2048"},
	{"phone_number_verified", SCHEMA_BOOLEAN, NULL, NULL},
	{"address", SCHEMA_STRING, "0", "2048"},
	{"updated_at", SCHEMA_NUMBER, "0", NULL},
	{"identities", SCHEMA_STRING, NULL, NULL},
};

static const char made_without_any[] =
    ",\"Name\":\"serve-pool\",\"LambdaConfig\":{},"
    "\"VerificationMessageTemplate\":{\"DefaultEmailOption\":\"CONFIRM_WITH_CODE\"},"
    "\"MfaConfiguration\":\"OFF\",\"UserPoolTags\":{},\"DeletionProtection\":\"INACTIVE\","
    "\"EmailConfiguration\":{\"EmailSendingAccount\":\"COGNITO_DEFAULT\"},"
    "\"AdminCreateUserConfig\":{\"AllowAdminCreateUserOnly\":false,"
    "\"UnusedAccountValidityDays\":7}";

void
schema_init(struct schema *s)
{
	size_t i;

	memset(s, 0, sizeof *s);
	buf_init(&s->other, OTHER_MAX);
	buf_append_string(&s->other, made_without_any);
	s->auto_verified = SCHEMA_EMAIL | SCHEMA_PHONE;
	s->password_min = SCHEMA_PASSWORD_MIN;
	s->upper = s->lower = s->digit = s->symbol = true;
	for (i = 0; i < sizeof standard / sizeof *standard; i++)
		schema_add(s, mem_dup_string(standard[i].name), standard[i].type, standard[i].min,
		    standard[i].max);
	s->attribute[0].immutable = s->attribute[0].required = true;
}

void
schema_cut(struct schema *s, size_t count)
{
	while (s->count > count) {
		s->count--;
		free(s->attribute[s->count].name);
		free(s->attribute[s->count].min);
		free(s->attribute[s->count].max);
	}
}

void
schema_free(struct schema *s)
{
	schema_cut(s, 0);
	free(s->attribute);
	buf_free(&s->other);
}

const struct schema_attribute *
schema_find(const struct schema *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (strcmp(s->attribute[i].name, name) == 0)
			return &s->attribute[i];
	return NULL;
}

void
schema_add(struct schema *s, char *name, enum schema_type type, const char *min, const char *max)
{
	s->attribute = mem_resize(s->attribute, s->count + 1, sizeof *s->attribute);
	s->attribute[s->count++] = (struct schema_attribute){
		.name = name, .type = type, .min = mem_dup_string(min), .max = mem_dup_string(max)
	};
}

struct schema_attribute *
schema_last(struct schema *s)
{
	return &s->attribute[s->count - 1];
}

bool
schema_is_custom(const char *name)
{
	return strncmp(name, "custom:", 7) == 0 || strncmp(name, "dev:custom:", 11) == 0;
}

size_t
schema_custom(const struct schema *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->count; i++)
		n += schema_is_custom(s->attribute[i].name);
	return n;
}

static void
add_seen_name(struct schema *s, const char *text, size_t len)
{
	char *name = mem_dup(text, len);

	if (schema_is_custom(name) && schema_find(s, name) == NULL)
		schema_add(s, name, SCHEMA_STRING, "0", "2048");
	else
		free(name);
}

void
schema_add_seen(struct schema *s, const struct store_table *users)
{
	static const char begin[] = "{\"Name\":\"";
	const struct store_item *user;
	const char *at, *end;
	size_t i;

	/* Inside a string the quotes would be escaped, so what looks like an attribute is one. */
	for (i = 0; i < users->order_count; i++) {
		user = &users->item[users->order[i]];
		at = user->text + user->attributes;
		end = user->text + user->attributes_end;
		while ((at = memchr(at, '{', (size_t)(end - at))) != NULL) {
			if ((size_t)(end - at) <= sizeof begin ||
			    memcmp(at, begin, sizeof begin - 1) != 0) {
				at++;
				continue;
			}
			at += sizeof begin - 1;
			if (*at == 'c' || *at == 'd')
				add_seen_name(s, at, store_string_length(at));
		}
	}
}

/* A decimal number, whole or with a fraction. */
static bool
is_number(const char *s, size_t len)
{
	size_t i = len > 0 && s[0] == '-', digits = i;

	while (i < len && s[i] >= '0' && s[i] <= '9')
		i++;
	if (i == digits)
		return false;
	if (i < len && s[i] == '.')
		for (digits = ++i; i < len && s[i] >= '0' && s[i] <= '9'; i++)
			;
	return i == len && i > digits;
}

/* YYYY-MM-DD, and a day that there is. */
static bool
is_day(const char *s, size_t len)
{
	char date[sizeof "2020-01-01T00:00:00Z"];
	int64_t ms;

	if (len != 10)
		return false;
	snprintf(date, sizeof date, "%.10sT00:00:00Z", s);
	return clock_parse_rfc3339(date, strlen(date), &ms) == 0;
}

bool
schema_is_email(const char *s, size_t len)
{
	const char *at = memchr(s, '@', len);

	return at != NULL && at > s && at + 1 < s + len &&
	    memchr(at + 1, '@', (size_t)(s + len - at - 1)) == NULL &&
	    memchr(s, ' ', len) == NULL && at[1] != '.' && s[len - 1] != '.';
}

bool
schema_is_phone(const char *s, size_t len)
{
	size_t i;

	for (i = 1; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return len >= 2 && len <= 16 && s[0] == '+';
}

static const char *
refuses_number(const struct schema_attribute *a, const char *value, size_t len)
{
	double n;

	if (!is_number(value, len))
		return "Number must be a number";
	n = strtod(value, NULL);
	if (a->min != NULL && n < strtod(a->min, NULL))
		return "Number must not be less than the minimum";
	if (a->max != NULL && n > strtod(a->max, NULL))
		return "Number must not be greater than the maximum";
	return NULL;
}

static const char *
refuses_string(const struct schema_attribute *a, const char *value, size_t len)
{
	size_t n = utf8_count(value, len);

	if (a->min != NULL && n < strtoul(a->min, NULL, 10))
		return "String must be no shorter than the minimum length";
	if (a->max != NULL && n > strtoul(a->max, NULL, 10))
		return "String must be no longer than the maximum length";
	if (strcmp(a->name, "birthdate") == 0 && !is_day(value, len))
		return "Invalid birthdate format";
	return NULL;
}

static bool
is_length(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= 4 && strspn(s, "0123456789") == len &&
	    strtoul(s, NULL, 10) <= LENGTH_MAX;
}

const char *
schema_refuses_bounds(enum schema_type type, const char *min, const char *max)
{
	if (type == SCHEMA_NUMBER) {
		if ((min != NULL && !is_number(min, strlen(min))) ||
		    (max != NULL && !is_number(max, strlen(max))))
			return "MinValue and MaxValue are numbers";
		return min != NULL && max != NULL && strtod(min, NULL) > strtod(max, NULL) ?
		    "MinValue is greater than MaxValue" : NULL;
	}
	if ((min != NULL && !is_length(min)) || (max != NULL && !is_length(max)))
		return "MinLength and MaxLength are numbers from 0 to 2048";
	return min != NULL && max != NULL && strtoul(min, NULL, 10) > strtoul(max, NULL, 10) ?
	    "MinLength is greater than MaxLength" : NULL;
}

static bool
is_word(const char *s, size_t len, const char *word)
{
	size_t i;

	for (i = 0; i < len && word[i] != '\0'; i++)
		if ((s[i] | 0x20) != word[i])
			return false;
	return i == len && word[i] == '\0';
}

const char *
schema_refuses(const struct schema_attribute *a, const char *value, size_t len)
{
	int64_t ms;

	switch (a->type) {
	case SCHEMA_NUMBER:
		return refuses_number(a, value, len);
	case SCHEMA_BOOLEAN:
		if (is_word(value, len, "true") || is_word(value, len, "false"))
			return NULL;
		return "Boolean must be true or false";
	case SCHEMA_DATE_TIME:
		if (is_number(value, len) || clock_parse_rfc3339(value, len, &ms) == 0)
			return NULL;
		return "Invalid date";
	case SCHEMA_STRING:
		break;
	}
	return refuses_string(a, value, len);
}

const char *
schema_refuses_password(const struct schema *s, const char *password, size_t len)
{
	static const char symbols[] = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";
	bool upper = false, lower = false, digit = false, symbol = false;
	size_t i;

	for (i = 0; i < len; i++) {
		upper = upper || (password[i] >= 'A' && password[i] <= 'Z');
		lower = lower || (password[i] >= 'a' && password[i] <= 'z');
		digit = digit || (password[i] >= '0' && password[i] <= '9');
		symbol = symbol || (password[i] != '\0' && strchr(symbols, password[i]) != NULL);
	}
	if (utf8_count(password, len) < (size_t)s->password_min)
		return "Password did not conform with policy: Password not long enough";
	if (s->upper && !upper)
		return "Password did not conform with policy: "
		    "Password must have uppercase characters";
	if (s->lower && !lower)
		return "Password did not conform with policy: "
		    "Password must have lowercase characters";
	if (s->digit && !digit)
		return "Password did not conform with policy: "
		    "Password must have numeric characters";
	if (s->symbol && !symbol)
		return "Password did not conform with policy: "
		    "Password must have symbol characters";
	return NULL;
}
