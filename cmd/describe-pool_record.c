/* The record of a user pool (describe-pool_record.h). */
#include "describe-pool_record.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"

enum kind {
	TEXT, NUMBER, TRUTH, DATE,
	TEXTS,			/* a list of them */
	OBJECT, OBJECTS,	/* with the members of a table of its own; a list, by their Name */
	TAGS			/* texts under any name */
};

struct member {
	const char *name;
	enum kind kind;
	const struct member *members;
};

static const struct member number_limits[] = {
	{ "MinValue", TEXT, NULL }, { "MaxValue", TEXT, NULL }, { NULL, TEXT, NULL }
};
static const struct member string_limits[] = {
	{ "MinLength", TEXT, NULL }, { "MaxLength", TEXT, NULL }, { NULL, TEXT, NULL }
};
static const struct member attribute[] = {
	{ "Name", TEXT, NULL }, { "AttributeDataType", TEXT, NULL },
	{ "DeveloperOnlyAttribute", TRUTH, NULL }, { "Mutable", TRUTH, NULL },
	{ "Required", TRUTH, NULL }, { "NumberAttributeConstraints", OBJECT, number_limits },
	{ "StringAttributeConstraints", OBJECT, string_limits }, { NULL, TEXT, NULL }
};
static const struct member username[] = {
	{ "CaseSensitive", TRUTH, NULL }, { NULL, TEXT, NULL }
};
static const struct member password[] = {
	{ "MinimumLength", NUMBER, NULL }, { "RequireUppercase", TRUTH, NULL },
	{ "RequireLowercase", TRUTH, NULL }, { "RequireNumbers", TRUTH, NULL },
	{ "RequireSymbols", TRUTH, NULL }, { "PasswordHistorySize", NUMBER, NULL },
	{ "TemporaryPasswordValidityDays", NUMBER, NULL }, { NULL, TEXT, NULL }
};
static const struct member sign_in[] = {
	{ "AllowedFirstAuthFactors", TEXTS, NULL }, { NULL, TEXT, NULL }
};
static const struct member policies[] = {
	{ "PasswordPolicy", OBJECT, password }, { "SignInPolicy", OBJECT, sign_in },
	{ NULL, TEXT, NULL }
};
static const struct member updates[] = {
	{ "AttributesRequireVerificationBeforeUpdate", TEXTS, NULL }, { NULL, TEXT, NULL }
};
static const struct member mechanism[] = {
	{ "Name", TEXT, NULL }, { "Priority", NUMBER, NULL }, { NULL, TEXT, NULL }
};
static const struct member recovery[] = {
	{ "RecoveryMechanisms", OBJECTS, mechanism }, { NULL, TEXT, NULL }
};
static const struct member creation[] = {
	{ "AllowAdminCreateUserOnly", TRUTH, NULL }, { "UnusedAccountValidityDays", NUMBER, NULL },
	{ NULL, TEXT, NULL }
};
static const struct member devices[] = {
	{ "ChallengeRequiredOnNewDevice", TRUTH, NULL },
	{ "DeviceOnlyRememberedOnUserPrompt", TRUTH, NULL }, { NULL, TEXT, NULL }
};
static const struct member function[] = {
	{ "LambdaVersion", TEXT, NULL }, { "LambdaArn", TEXT, NULL }, { NULL, TEXT, NULL }
};
static const struct member triggers[] = {
	{ "PreSignUp", TEXT, NULL }, { "CustomMessage", TEXT, NULL },
	{ "PostConfirmation", TEXT, NULL }, { "PreAuthentication", TEXT, NULL },
	{ "PostAuthentication", TEXT, NULL }, { "DefineAuthChallenge", TEXT, NULL },
	{ "CreateAuthChallenge", TEXT, NULL }, { "VerifyAuthChallengeResponse", TEXT, NULL },
	{ "PreTokenGeneration", TEXT, NULL }, { "PreTokenGenerationConfig", OBJECT, function },
	{ "UserMigration", TEXT, NULL }, { "CustomSMSSender", OBJECT, function },
	{ "CustomEmailSender", OBJECT, function }, { "InboundFederation", OBJECT, function },
	{ "KMSKeyID", TEXT, NULL }, { NULL, TEXT, NULL }
};

/*
 * In the order in which they are given out.  Not here: the texts of messages, and how they are sent;
 * SmsConfiguration has the external ID of a role, which whoever reads a pool need not know.
 */
static const struct member pool_members[] = {
	{ "Id", TEXT, NULL }, { "Name", TEXT, NULL }, { "Arn", TEXT, NULL },
	{ "CreationDate", DATE, NULL }, { "LastModifiedDate", DATE, NULL },
	{ "UserPoolTier", TEXT, NULL }, { "DeletionProtection", TEXT, NULL },
	{ "Domain", TEXT, NULL }, { "CustomDomain", TEXT, NULL },
	{ "EstimatedNumberOfUsers", NUMBER, NULL }, { "UsernameAttributes", TEXTS, NULL },
	{ "AliasAttributes", TEXTS, NULL }, { "UsernameConfiguration", OBJECT, username },
	{ "AutoVerifiedAttributes", TEXTS, NULL }, { "UserAttributeUpdateSettings", OBJECT, updates },
	{ "MfaConfiguration", TEXT, NULL }, { "Policies", OBJECT, policies },
	{ "AccountRecoverySetting", OBJECT, recovery },
	{ "AdminCreateUserConfig", OBJECT, creation }, { "DeviceConfiguration", OBJECT, devices },
	{ "LambdaConfig", OBJECT, triggers }, { "UserPoolTags", TAGS, NULL },
	{ "SchemaAttributes", OBJECTS, attribute }, { NULL, TEXT, NULL }
};

static const char too_long[] = "the record would be too long";

struct making {
	struct buf *b;
	const struct tok_list *l;
	const char *text;
	char *wrong;
};

/* What is wrong with the member of that name. */
static const char *
fault(const struct making *m, const char *name, const char *what)
{
	snprintf(m->wrong, RECORD_WRONG_SIZE, "%s: %s", name, what);
	return m->wrong;
}

static const char *
put_text(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];

	if (t->type != TOK_STRING || (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return fault(m, name, "no text");
	return jtext_string_token(m->b, t, m->text) == 0 ? NULL : too_long;
}

static const char *
put_date(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];
	char date[CLOCK_RFC3339_SIZE];
	int64_t ms;

	if (t->type != TOK_NUMBER ||
	    clock_parse_epoch(m->text + t->start, t->end - t->start, &ms) != 0)
		return fault(m, name, "a date that is not a number of seconds");
	clock_rfc3339(ms, date);
	return jtext_string(m->b, date, strlen(date)) == 0 ? NULL : too_long;
}

static const char *
put_scalar(const struct making *m, const struct member *of, uint32_t at)
{
	const struct tok *t = &m->l->tok[at];

	if (of->kind == TEXT)
		return put_text(m, of->name, at);
	if (of->kind == DATE)
		return put_date(m, of->name, at);
	if (of->kind == NUMBER && t->type != TOK_NUMBER)
		return fault(m, of->name, "no number");
	if (of->kind == TRUTH && t->type != TOK_TRUE && t->type != TOK_FALSE)
		return fault(m, of->name, "neither true nor false");
	return buf_append(m->b, m->text + t->start, t->end - t->start) == 0 ? NULL : too_long;
}

static const char *
put_texts(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *tok = m->l->tok;
	const char *wrong = NULL, *comma = "[";

	if (tok[at].type != TOK_ARRAY)
		return fault(m, name, "no list");
	for (uint32_t i = at + 1; wrong == NULL && i < tok[at].next; i = tok[i].next) {
		wrong = buf_append_string(m->b, comma) == 0 ? put_text(m, name, i) : too_long;
		comma = ",";
	}
	if (wrong == NULL && buf_append_string(m->b, *comma == '[' ? "[]" : "]") != 0)
		wrong = too_long;
	return wrong;
}

/* What is to be sorted: the place of an item, and the canonical text of its name. */
struct item {
	uint32_t at;
	char *name;
};

struct items {
	struct item *item;
	size_t count;
};

static int
compare_items(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->name, ((const struct item *)b)->name);
}

static void
free_items(struct items *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->item[i].name);
	free(s->item);
}

/* Notes the item at the index, whose name is the text at another one; false: that is none. */
static bool
add_item(const struct making *m, struct items *s, uint32_t at, uint32_t name)
{
	const struct tok *t = &m->l->tok[name];
	struct buf b;

	if (name == 0 || t->type != TOK_STRING || t->start == t->end ||
	    (t->flags & (TOK_LONE | TOK_NUL)) != 0)
		return false;
	buf_init(&b, SIZE_MAX);
	(void)jtext_string_token(&b, t, m->text);
	s->item = mem_resize(s->item, s->count + 1, sizeof *s->item);
	s->item[s->count++] = (struct item){ .at = at, .name = mem_dup(buf_string(&b), b.len) };
	buf_free(&b);
	return true;
}

/* Returns NULL, or that one is there twice. */
static const char *
sort_items(const struct making *m, const char *name, struct items *s)
{
	if (s->count > 1)
		qsort(s->item, s->count, sizeof *s->item, compare_items);
	for (size_t i = 1; i < s->count; i++)
		if (strcmp(s->item[i - 1].name, s->item[i].name) == 0)
			return fault(m, name, "a name is there twice");
	return NULL;
}

static const char *
put_tags(const struct making *m, const char *name, uint32_t at)
{
	const struct tok *tok = m->l->tok;
	struct items s = { NULL, 0 };
	const char *wrong;
	bool good = tok[at].type == TOK_OBJECT;

	for (uint32_t i = at + 1; good && i < tok[at].next; i = tok[i + 1].next)
		good = add_item(m, &s, i + 1, i);
	wrong = good ? sort_items(m, name, &s) : fault(m, name, "no object with names");
	if (wrong == NULL && buf_append_byte(m->b, '{') != 0)
		wrong = too_long;
	for (size_t i = 0; wrong == NULL && i < s.count; i++) {
		if (buf_appendf(m->b, "%s%s:", i > 0 ? "," : "", s.item[i].name) != 0)
			wrong = too_long;
		else
			wrong = put_text(m, name, s.item[i].at);
	}
	if (wrong == NULL && buf_append_byte(m->b, '}') != 0)
		wrong = too_long;
	free_items(&s);
	return wrong;
}

/* The objects of a list by their names. */
static const char *
find_objects(const struct making *m, const char *name, uint32_t at, struct items *s)
{
	const struct tok *tok = m->l->tok;

	if (tok[at].type != TOK_ARRAY)
		return fault(m, name, "no list");
	for (uint32_t i = at + 1; i < tok[at].next; i = tok[i].next)
		if (tok[i].type != TOK_OBJECT ||
		    !add_item(m, s, i, tok_member(m->l, m->text, i, "Name")))
			return fault(m, name, "no list of objects with names");
	return sort_items(m, name, s);
}

/* As deep as the tables. */
static const char *
put_value(const struct making *m, const struct member *of, uint32_t at)
{
	const struct member one = { of->name, OBJECT, of->members };
	const char *wrong = NULL, *comma = "";
	struct items s = { NULL, 0 };
	uint32_t value;

	switch (of->kind) {
	case TEXT: case NUMBER: case TRUTH: case DATE:
		return put_scalar(m, of, at);
	case TEXTS:
		return put_texts(m, of->name, at);
	case TAGS:
		return put_tags(m, of->name, at);
	case OBJECTS:
		wrong = find_objects(m, of->name, at, &s);
		for (size_t i = 0; wrong == NULL && i < s.count; i++)
			wrong = buf_append_byte(m->b, i > 0 ? ',' : '[') == 0 ?
			    put_value(m, &one, s.item[i].at) : too_long;
		if (wrong == NULL && buf_append_string(m->b, s.count > 0 ? "]" : "[]") != 0)
			wrong = too_long;
		free_items(&s);
		return wrong;
	case OBJECT:
		break;
	}
	if (m->l->tok[at].type != TOK_OBJECT)
		return fault(m, of->name, "no object");
	if (buf_append_byte(m->b, '{') != 0)
		return too_long;
	for (const struct member *k = of->members; wrong == NULL && k->name != NULL; k++) {
		value = tok_member(m->l, m->text, at, k->name);
		if (value == 0 || m->l->tok[value].type == TOK_NULL)
			continue;
		wrong = buf_appendf(m->b, "%s\"%s\":", comma, k->name) == 0 ?
		    put_value(m, k, value) : too_long;
		comma = ",";
	}
	return wrong == NULL && buf_append_byte(m->b, '}') != 0 ? too_long : wrong;
}

const char *
record_pool(struct buf *b, const struct tok_list *l, const char *text, uint32_t pool,
    char wrong[RECORD_WRONG_SIZE])
{
	static const struct member all = { "UserPool", OBJECT, pool_members };
	const struct making m = { b, l, text, wrong };
	uint32_t list;

	if (l->tok[pool].type != TOK_OBJECT || tok_member(l, text, pool, "Id") == 0)
		return "no pool with an Id";
	/* Without them nobody could say what a user may have; every pool has twenty of AWS's own. */
	list = tok_member(l, text, pool, "SchemaAttributes");
	if (list == 0 || l->tok[list].type != TOK_ARRAY || l->tok[list].next == list + 1)
		return "SchemaAttributes: none";
	return put_value(&m, &all, pool);
}
