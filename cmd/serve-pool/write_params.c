/*
 * The members of requests that write (write_params.h).  What is in a list is read again by who
 * uses it, from the same tokens; here it is only checked.
 */
#include "write_params.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "exchange.h"
#include "json/jtext.h"

/* The service model's lengths, in characters. */
enum {
	ATTRIBUTE_MAX = 32, VALUE_MAX = 2048, PASSWORD_MAX = 256, ARN_MIN = 20, ARN_MAX = 2048,
	DESCRIPTION_MAX = 2048, PROVIDER_MAX = 32, CUSTOM_MAX = 25, CUSTOM_NAME_MAX = 20
};

/* What a member of a list is called: 'userAttributes.1.member.value'. */
enum { SHOWN_SIZE = 80 };

static struct params *
params_of(struct check *c)
{
	return &c->x->params;
}

/* The array, whose items must have this type, or 0. */
static uint32_t
read_list(struct check *c, const char *member, int type)
{
	uint32_t list = check_member(c, 0, member, TOK_ARRAY, TOK_ARRAY), i;
	const struct tok *tok = params_of(c)->list.tok;

	for (i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next)
		if (tok[i].type != type)
			c->serial = true;
	return c->serial ? 0 : list;
}

static void
read_attribute_name(struct check *c, uint32_t token, const char *shown)
{
	const struct tok *t = &params_of(c)->list.tok[token];
	struct buf b;

	buf_init(&b, EXCHANGE_BODY_MAX);
	jtext_decode(&b, buf_string(&c->x->body) + t->start, t->end - t->start);
	check_name(c, &b, shown, ATTRIBUTE_MAX, false);
	buf_free(&b);
}

static void
read_attribute_item(struct check *c, uint32_t object, const char *list, unsigned number)
{
	char shown[SHOWN_SIZE];
	struct buf b;
	uint32_t name;

	buf_init(&b, EXCHANGE_BODY_MAX);
	name = check_string(c, object, "Name", &b);
	snprintf(shown, sizeof shown, "%s.%u.member.name", list, number);
	if (name == 0)
		check_problem(c, "", shown, "not be null");
	else
		read_attribute_name(c, name, shown);
	check_string(c, object, "Value", &b);
	snprintf(shown, sizeof shown, "%s.%u.member.value", list, number);
	if (check_characters(&b) > VALUE_MAX)
		check_problem(c, NULL, shown, "have length less than or equal to 2048");
	buf_wipe(&b);
}

static uint32_t
read_attributes(struct check *c, const char *member, const char *shown)
{
	uint32_t list = read_list(c, member, TOK_OBJECT), i;
	const struct tok *tok = params_of(c)->list.tok;
	unsigned number = 0;

	for (i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next)
		read_attribute_item(c, i, shown, ++number);
	return list;
}

static void
read_names(struct check *c)
{
	uint32_t list = read_list(c, "UserAttributeNames", TOK_STRING), i;
	const struct tok *tok = params_of(c)->list.tok;
	char shown[SHOWN_SIZE];
	unsigned number = 0;

	params_of(c)->write.attributes = list;
	if (list == 0)
		check_problem(c, "", "userAttributeNames", "not be null");
	for (i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next) {
		snprintf(shown, sizeof shown, "userAttributeNames.%u.member", ++number);
		read_attribute_name(c, i, shown);
	}
}

static bool
read_bool(struct check *c, uint32_t object, const char *member)
{
	uint32_t value = check_member(c, object, member, TOK_TRUE, TOK_FALSE);

	return value != 0 && params_of(c)->list.tok[value].type == TOK_TRUE;
}

/* A map from text to text, of which nothing is done. */
static void
read_metadata(struct check *c)
{
	uint32_t map = check_member(c, 0, "ClientMetadata", TOK_OBJECT, TOK_OBJECT), i;
	const struct tok *tok = params_of(c)->list.tok;

	for (i = map + 1; map != 0 && i < tok[map].next; i = tok[i + 1].next)
		if (tok[i + 1].type != TOK_STRING && tok[i + 1].type != TOK_NULL)
			c->serial = true;
}

static uint32_t
read_password(struct check *c, const char *member, const char *shown)
{
	struct buf b;
	uint32_t value;

	buf_init(&b, EXCHANGE_BODY_MAX);
	buf_reserve(&b, c->x->body.len);
	value = check_string(c, 0, member, &b);
	if (value != 0 && check_characters(&b) > PASSWORD_MAX)
		check_problem(c, NULL, shown, "have length less than or equal to 256");
	if (value != 0 && !check_is_unbroken(&b))
		check_problem(c, NULL, shown, "satisfy regular expression pattern: [\\S]+");
	buf_wipe(&b);
	return value;
}

static void
read_mediums(struct check *c)
{
	uint32_t list = read_list(c, "DesiredDeliveryMediums", TOK_STRING), i;
	struct params_write *w = &params_of(c)->write;
	const struct tok *tok = params_of(c)->list.tok;
	const char *text = buf_string(&c->x->body);

	for (i = list + 1; list != 0 && i < tok[list].next; i = tok[i].next)
		if (tok_is(&tok[i], text, "SMS", 3))
			w->sms = true;
		else if (tok_is(&tok[i], text, "EMAIL", 5))
			w->email = true;
		else
			check_problem(c, NULL, "desiredDeliveryMediums", "satisfy constraint: "
			    "[Member must satisfy enum value set: [SMS, EMAIL]]");
}

static void
read_create(struct check *c)
{
	struct params_write *w = &params_of(c)->write;
	const char *text = buf_string(&c->x->body);
	const struct tok *action;
	uint32_t value;

	read_attributes(c, "ValidationData", "validationData");
	w->password = read_password(c, "TemporaryPassword", "temporaryPassword");
	w->force_alias = read_bool(c, 0, "ForceAliasCreation");
	value = check_member(c, 0, "MessageAction", TOK_STRING, TOK_STRING);
	action = &params_of(c)->list.tok[value];
	w->resend = value != 0 && tok_is(action, text, "RESEND", 6);
	w->suppress = value != 0 && tok_is(action, text, "SUPPRESS", 8);
	if (value != 0 && !w->resend && !w->suppress)
		check_problem(c, NULL, "messageAction",
		    "satisfy enum value set: [RESEND, SUPPRESS]");
	read_mediums(c);
}

/* [\w+=/,.@-]: the characters of an ARN's parts; \w is ASCII's. */
static size_t
arn_part(const char *s)
{
	return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
	    "+=/,.@-");
}

/*
 * arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:...)?
 */
static bool
is_arn(const struct buf *b)
{
	const char *s = b->data;
	size_t n;
	int part;

	if (b->len < ARN_MIN || strlen(s) != b->len || strncmp(s, "arn:", 4) != 0)
		return false;
	s += 4;
	for (part = 0; part < 7; part++) {
		n = part == 3 ? strspn(s, "0123456789") : arn_part(s);
		if (n == 0 && part != 2)
			return false;
		if (s[n] == '\0')
			return part >= 4;
		if (s[n] != ':')
			return false;
		s += n + 1;
	}
	return false;
}

uint32_t
write_params_role(struct check *c, const char *member, const char *shown)
{
	uint32_t role;
	struct buf b;

	buf_init(&b, EXCHANGE_BODY_MAX);
	role = check_string(c, 0, member, &b);
	if (role != 0 && b.len < ARN_MIN)
		check_problem(c, NULL, shown, "have length greater than or equal to 20");
	else if (role != 0 && check_characters(&b) > ARN_MAX)
		check_problem(c, NULL, shown, "have length less than or equal to 2048");
	else if (role != 0 && !is_arn(&b))
		check_problem(c, NULL, shown, "satisfy regular expression pattern: "
		    "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+"
		    "(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?");
	buf_free(&b);
	return role;
}

static void
read_precedence(struct check *c)
{
	struct params *p = params_of(c);
	uint32_t value = check_member(c, 0, "Precedence", TOK_NUMBER, TOK_NUMBER);
	const struct tok *t = &p->list.tok[value];
	char number[24];
	const char *why;
	int64_t n;

	if (value == 0)
		return;
	snprintf(number, sizeof number, "%.*s", (int)(t->end - t->start < 20 ?
	    t->end - t->start : 20), buf_string(&c->x->body) + t->start);
	if (num_parse(number, INT32_MIN, INT32_MAX, &n, &why) != 0)
		c->serial = true;
	else if (n < 0)
		check_problem(c, number, "precedence", "have value greater than or equal to 0");
	p->write.precedence = value;
}

static void
read_group_form(struct check *c)
{
	struct params_write *w = &params_of(c)->write;
	struct buf b;

	buf_init(&b, EXCHANGE_BODY_MAX);
	w->description = check_string(c, 0, "Description", &b);
	if (check_characters(&b) > DESCRIPTION_MAX)
		check_problem(c, NULL, "description", "have length less than or equal to 2048");
	buf_free(&b);
	w->role = write_params_role(c, "RoleArn", "roleArn");
	read_precedence(c);
}

static uint32_t
read_provider_user(struct check *c, const char *member, const char *shown)
{
	uint32_t object = check_member(c, 0, member, TOK_OBJECT, TOK_OBJECT);
	char name[SHOWN_SIZE];
	struct buf b;

	if (object == 0) {
		check_problem(c, "", shown, "not be null");
		return 0;
	}
	buf_init(&b, EXCHANGE_BODY_MAX);
	snprintf(name, sizeof name, "%s.providerName", shown);
	if (check_string(c, object, "ProviderName", &b) != 0)
		check_name(c, &b, name, PROVIDER_MAX, false);
	check_string(c, object, "ProviderAttributeName", &b);
	check_string(c, object, "ProviderAttributeValue", &b);
	buf_free(&b);
	return object;
}

static void
read_custom(struct check *c, uint32_t object, unsigned number)
{
	static const char *const types[] = { "String", "Number", "DateTime", "Boolean" };
	char shown[SHOWN_SIZE];
	bool known = false;
	struct buf b;
	uint32_t i;

	buf_init(&b, EXCHANGE_BODY_MAX);
	snprintf(shown, sizeof shown, "customAttributes.%u.member.name", number);
	if (check_string(c, object, "Name", &b) != 0)
		check_name(c, &b, shown, CUSTOM_NAME_MAX, false);
	snprintf(shown, sizeof shown, "customAttributes.%u.member.attributeDataType", number);
	if (check_string(c, object, "AttributeDataType", &b) != 0) {
		for (i = 0; i < 4; i++)
			known = known || strcmp(buf_string(&b), types[i]) == 0;
		if (!known)
			check_problem(c, NULL, shown, "satisfy enum value set: "
			    "[Boolean, DateTime, String, Number]");
	}
	read_bool(c, object, "DeveloperOnlyAttribute");
	read_bool(c, object, "Mutable");
	read_bool(c, object, "Required");
	i = check_member(c, object, "NumberAttributeConstraints", TOK_OBJECT, TOK_OBJECT);
	if (i != 0) {
		check_string(c, i, "MinValue", &b);
		check_string(c, i, "MaxValue", &b);
	}
	i = check_member(c, object, "StringAttributeConstraints", TOK_OBJECT, TOK_OBJECT);
	if (i != 0) {
		check_string(c, i, "MinLength", &b);
		check_string(c, i, "MaxLength", &b);
	}
	buf_free(&b);
}

static void
read_schema(struct check *c)
{
	uint32_t list = read_list(c, "CustomAttributes", TOK_OBJECT), i;
	const struct tok *tok = params_of(c)->list.tok;
	unsigned number = 0;

	params_of(c)->write.attributes = list;
	if (list == 0) {
		check_problem(c, "", "customAttributes", "not be null");
		return;
	}
	for (i = list + 1; i < tok[list].next; i = tok[i].next)
		read_custom(c, i, ++number);
	if (number == 0)
		check_problem(c, NULL, "customAttributes",
		    "have length greater than or equal to 1");
	if (number > CUSTOM_MAX)
		check_problem(c, NULL, "customAttributes",
		    "have length less than or equal to 25");
}

void
write_params_read(struct check *c, unsigned members)
{
	struct params_write *w = &params_of(c)->write;

	if (members & PARAM_ATTRIBUTES) {
		w->attributes = read_attributes(c, "UserAttributes", "userAttributes");
		if (w->attributes == 0 && (members & PARAM_OPTIONAL) == 0)
			check_problem(c, "", "userAttributes", "not be null");
		read_metadata(c);
	}
	if (members & PARAM_NAMES)
		read_names(c);
	if (members & PARAM_CREATE)
		read_create(c);
	if (members & PARAM_PASSWORD) {
		w->password = read_password(c, "Password", "password");
		if (w->password == 0)
			check_problem(c, "", "password", "not be null");
		w->permanent = read_bool(c, 0, "Permanent");
	}
	if (members & PARAM_GROUP_FORM)
		read_group_form(c);
	if (members & PARAM_LINK) {
		w->destination = read_provider_user(c, "DestinationUser", "destinationUser");
		w->source = read_provider_user(c, "SourceUser", "sourceUser");
	}
	if (members & PARAM_UNLINK)
		w->source = read_provider_user(c, "User", "user");
	if (members & PARAM_SCHEMA)
		read_schema(c);
}
