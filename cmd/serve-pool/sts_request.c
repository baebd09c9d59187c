/*
 * What the operations that give a session are asked for (sts_request.h), checked as
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html says.
 */
#include "sts_request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "exchange.h"
#include "json/tok.h"
#include "sts_check.h"

enum { DURATION_MIN = 900, DURATION_MAX = 43200, DURATION_DEFAULT = 3600 };
enum { TAGS_MAX = 50, TAG_KEY_MAX = 128, TAG_VALUE_MAX = 256, POLICY_ARNS_MAX = 10 };
enum { POLICY_MAX = 2048, POLICY_TOKENS_MAX = POLICY_MAX };

/* The place of an element in messages: transitiveTagKeys.50.member, and room. */
enum { PLACE_SIZE = 64 };

struct member {
	const char *name, *shown;	/* in the form, in messages */
	size_t min, max;
	enum sts_text text;
	bool required, secret;
};

static const struct member
    role_arn = {"RoleArn", "roleArn", 20, 2048, STS_ARN, true, false},
    session_name = {"RoleSessionName", "roleSessionName", 2, 64, STS_NAME, true, false},
    external_id = {"ExternalId", "externalId", 2, 1224, STS_EXTERNAL, false, false},
    serial_number = {"SerialNumber", "serialNumber", 9, 256, STS_SERIAL, false, false},
    token_code = {"TokenCode", "tokenCode", 6, 6, STS_DIGITS, false, true},
    source_identity = {"SourceIdentity", "sourceIdentity", 2, 64, STS_NAME, false, false},
    policy = {"Policy", "policy", 1, POLICY_MAX, STS_POLICY, false, false},
    web_token = {"WebIdentityToken", "webIdentityToken", 4, 20000, STS_ANY, true, true},
    provider_id = {"ProviderId", "providerId", 4, 2048, STS_ANY, false, false};

static int
read_text(struct exchange *x, const struct member *m, const char **value)
{
	*value = form_value(&x->form, m->name);
	if (*value == NULL && !m->required)
		return 0;
	return sts_check_text(x, *value, m->shown, m->min, m->max, m->text, m->secret);
}

static int
check_arn(struct exchange *x, const char *arn, const char *kind)
{
	if (strncmp(arn, "arn:", 4) != 0)
		answer_sts(&x->answer, 400, "ValidationError", "%s is invalid", arn);
	else if (strstr(arn, ":iam::") == NULL || strstr(arn, kind) == NULL)
		answer_sts(&x->answer, 400, "ValidationError", "Request ARN is invalid");
	else
		return 0;
	return -1;
}

static int
read_duration(struct exchange *x, struct sts_request *r)
{
	const char *text = form_value(&x->form, "DurationSeconds"), *why;

	r->seconds = DURATION_DEFAULT;
	if (text == NULL)
		return 0;
	if (num_parse(text, INT32_MIN, INT32_MAX, &r->seconds, &why) != 0) {
		answer_sts(&x->answer, 400, "MalformedInput", "DurationSeconds is not an integer");
		return -1;
	}
	if (r->seconds >= DURATION_MIN && r->seconds <= DURATION_MAX)
		return 0;
	sts_check_refuse(x, text, "durationSeconds", r->seconds < DURATION_MIN ?
	    "have value greater than or equal to 900" : "have value less than or equal to 43200");
	return -1;
}

static void
pack(struct sts_request *r, const char *text)
{
	r->packs = true;
	r->packed += strlen(text);
}

/* Session policies are looked at, and otherwise ignored. */
static int
read_policies(struct exchange *x, struct sts_request *r)
{
	size_t i, count = form_count(&x->form, "PolicyArns");
	const char *text;
	char place[PLACE_SIZE];
	struct tok_list list;
	bool good = true;

	if (sts_check_count(x, count, "policyArns", POLICY_ARNS_MAX) != 0)
		return -1;
	for (i = 1; i <= count; i++) {
		snprintf(place, sizeof place, "policyArns.%zu.member.arn", i);
		text = form_item(&x->form, "PolicyArns", i, "arn");
		if (sts_check_text(x, text, place, 20, 2048, STS_ARN, false) != 0 ||
		    check_arn(x, text, ":policy/") != 0)
			return -1;
		pack(r, text);
	}
	if (read_text(x, &policy, &text) != 0)
		return -1;
	if (text != NULL) {
		pack(r, text);
		tok_init(&list, POLICY_TOKENS_MAX);
		good = tok_parse(&list, text, strlen(text)) == TOK_OK &&
		    list.tok[0].type == TOK_OBJECT;
		tok_free(&list);
	}
	if (!good)
		answer_sts(&x->answer, 400, "MalformedPolicyDocument",
		    "The policy is not in the valid JSON format.");
	return good ? 0 : -1;
}

/* Whether one of the first count tags has the key; case does not count. */
static bool
has_tag(const struct exchange *x, size_t count, const char *key)
{
	size_t i;

	for (i = 1; i <= count; i++)
		if (strcasecmp(form_item(&x->form, "Tags", i, "Key"), key) == 0)
			return true;
	return false;
}

static int
read_tags(struct exchange *x, struct sts_request *r, size_t count)
{
	char place[PLACE_SIZE];
	const char *key, *value;
	size_t i;

	if (sts_check_count(x, count, "tags", TAGS_MAX) != 0)
		return -1;
	for (i = 1; i <= count; i++) {
		key = form_item(&x->form, "Tags", i, "Key");
		value = form_item(&x->form, "Tags", i, "Value");
		snprintf(place, sizeof place, "tags.%zu.member.key", i);
		if (sts_check_text(x, key, place, 1, TAG_KEY_MAX, STS_TAG, false) != 0)
			return -1;
		snprintf(place, sizeof place, "tags.%zu.member.value", i);
		if (sts_check_text(x, value, place, 0, TAG_VALUE_MAX, STS_TAG, false) != 0)
			return -1;
		if (has_tag(x, i - 1, key)) {
			answer_sts(&x->answer, 400, "InvalidParameterValue", "Duplicate tag keys "
			    "found. Please note that Tag keys are case insensitive.");
			return -1;
		}
		pack(r, key);
		pack(r, value);
	}
	return 0;
}

static int
read_transitive(struct exchange *x, size_t tags)
{
	size_t i, count = form_count(&x->form, "TransitiveTagKeys");
	char place[PLACE_SIZE];
	const char *key;

	if (sts_check_count(x, count, "transitiveTagKeys", TAGS_MAX) != 0)
		return -1;
	for (i = 1; i <= count; i++) {
		snprintf(place, sizeof place, "transitiveTagKeys.%zu.member", i);
		key = form_item(&x->form, "TransitiveTagKeys", i, NULL);
		if (sts_check_text(x, key, place, 1, TAG_KEY_MAX, STS_TAG, false) != 0)
			return -1;
		if (!has_tag(x, tags, key)) {
			answer_sts(&x->answer, 400, "InvalidParameterValue", "The specified "
			    "transitive tag key must be included in the requested tags.");
			return -1;
		}
	}
	return 0;
}

int
sts_request_read(struct exchange *x, struct sts_request *r)
{
	size_t tags = form_count(&x->form, "Tags");
	const char *ignored;

	memset(r, 0, sizeof *r);
	if (read_text(x, &role_arn, &r->role) != 0 || check_arn(x, r->role, ":role/") != 0 ||
	    read_text(x, &session_name, &r->name) != 0 || read_duration(x, r) != 0 ||
	    read_policies(x, r) != 0)
		return -1;
	if (strcmp(x->operation, "AssumeRole") != 0)
		return read_text(x, &web_token, &r->token) != 0 ? -1 :
		    read_text(x, &provider_id, &ignored);
	if (read_text(x, &external_id, &r->external_id) != 0 ||
	    read_text(x, &serial_number, &r->serial) != 0 ||
	    read_text(x, &token_code, &r->code) != 0 ||
	    read_text(x, &source_identity, &r->source_identity) != 0 ||
	    read_tags(x, r, tags) != 0)
		return -1;
	return read_transitive(x, tags);
}
