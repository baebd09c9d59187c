/*
 * The checks on AssumeRole's members, before anything is sent (sts.h).
 *
 * AWS's patterns speak of letters of any script (\p{L}, \p{Z}, \p{N} in tags).  Which characters
 * beyond ASCII these are is left to the service, whose tables are the ones that count.
 */
#include <string.h>
#include <strings.h>

#include "json/utf8.h"
#include "net/sts.h"

/*
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html; the patterns are those
 * of the service model.
 */
enum {
	ARN_MIN = 20, ARN_MAX = 2048,
	SESSION_NAME_MIN = 2, SESSION_NAME_MAX = 64,
	EXTERNAL_ID_MIN = 2, EXTERNAL_ID_MAX = 1224,
	DURATION_MIN = 900, DURATION_MAX = 43200,
	SOURCE_IDENTITY_MIN = 2, SOURCE_IDENTITY_MAX = 64,
	SERIAL_NUMBER_MIN = 9, SERIAL_NUMBER_MAX = 256,
	TOKEN_CODE_LEN = 6,
	TAGS_MAX = 50, TAG_KEY_MAX = 128, TAG_VALUE_MAX = 256,	/* characters */
	POLICY_ARNS_MAX = 10
};

#define DIGITS "0123456789"
#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" DIGITS

/* Whether s has a length in the range and only the given characters. */
static bool
matches(const char *s, size_t min, size_t max, const char *characters)
{
	size_t len = strlen(s);

	return len >= min && len <= max && strspn(s, characters) == len;
}

/* "123456789012", or for what is AWS's own "aws". */
static size_t
account_length(const char *s, bool own)
{
	if (own && strncmp(s, "aws:", 4) == 0)
		return 3;
	return strspn(s, DIGITS) == 12 ? 12 : 0;
}

/* arn:PARTITION:iam::ACCOUNT, then type (":role/") and a name; printable ASCII throughout. */
static bool
is_iam_arn(const char *arn, const char *type, bool own)
{
	size_t len = strlen(arn), account;
	const char *s = arn;

	for (size_t i = 0; i < len; i++)
		if (arn[i] <= ' ' || arn[i] > '~')
			return false;
	if (len < ARN_MIN || len > ARN_MAX || strncmp(s, "arn:aws", 7) != 0)
		return false;
	s += 7;
	s += strspn(s, "abcdefghijklmnopqrstuvwxyz-");
	if (strncmp(s, ":iam::", 6) != 0)
		return false;
	s += 6;
	account = account_length(s, own);
	if (account == 0 || strncmp(s + account, type, strlen(type)) != 0)
		return false;
	return s[account + strlen(type)] != '\0';
}

/* Whether s is 0 to max characters of a tag: U+0080 to U+009F are controls as those of ASCII. */
static bool
is_tag_text(const char *s, size_t max)
{
	size_t len = strlen(s);

	if (utf8_valid(s, len) != len || utf8_count(s, len) > max)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x80 && strchr(WORD " .:/=+-@", s[i]) == NULL)
			return false;
		if (c == 0xc2 && (unsigned char)s[i + 1] < 0xa0)
			return false;
	}
	return true;
}

static const char *
check_key(const char *key)
{
	if (key[0] == '\0' || !is_tag_text(key, TAG_KEY_MAX))
		return "a key is not 1 to 128 letters, digits, blanks or any of _.:/=+-@";
	if (strncasecmp(key, "aws:", 4) == 0)
		return "a key begins with aws:, which is AWS's own";
	return NULL;
}

static const char *
check_tags(const struct sts_assume_role *r)
{
	const char *wrong;

	if (r->tag_count > TAGS_MAX)
		return "more than 50 tags";
	for (size_t i = 0; i < r->tag_count; i++) {
		if ((wrong = check_key(r->tags[i].key)) != NULL)
			return wrong;
		if (!is_tag_text(r->tags[i].value, TAG_VALUE_MAX))
			return "a value is not up to 256 letters, digits, blanks or any of "
			    "_.:/=+-@";
		for (size_t j = 0; j < i; j++)
			if (strcasecmp(r->tags[i].key, r->tags[j].key) == 0)
				return "a key is there twice (upper and lower case do not "
				    "differ)";
	}
	return NULL;
}

/* The keys may also be those of tags that the caller's session has got from an earlier role. */
static const char *
check_transitive(const struct sts_assume_role *r)
{
	const char *wrong;

	if (r->transitive_tag_key_count > TAGS_MAX)
		return "more than 50 keys";
	for (size_t i = 0; i < r->transitive_tag_key_count; i++)
		if ((wrong = check_key(r->transitive_tag_keys[i])) != NULL)
			return wrong;
	return NULL;
}

static const char *
check_policies(const struct sts_assume_role *r)
{
	if (r->policy_arn_count > POLICY_ARNS_MAX)
		return "more than 10 policies";
	for (size_t i = 0; i < r->policy_arn_count; i++)
		if (!is_iam_arn(r->policy_arns[i], ":policy/", true))
			return "not an ARN of a policy, arn:aws:iam::123456789012:policy/NAME";
	return NULL;
}

const char *
sts_check(const struct sts_assume_role *r, const char **member)
{
	*member = "role-arn";
	if (!is_iam_arn(r->role_arn, ":role/", false))
		return "not an ARN of a role, arn:aws:iam::123456789012:role/NAME";
	*member = "role-session-name";
	if (!matches(r->session_name, SESSION_NAME_MIN, SESSION_NAME_MAX, WORD "+=,.@-"))
		return "not 2 to 64 letters, digits or any of _+=,.@-";
	*member = "external-id";
	if (r->external_id != NULL &&
	    !matches(r->external_id, EXTERNAL_ID_MIN, EXTERNAL_ID_MAX, WORD "+=,.@:/-"))
		return "not 2 to 1224 letters, digits or any of _+=,.@:/-";
	*member = "duration-seconds";
	if (r->duration_seconds != 0 &&
	    (r->duration_seconds < DURATION_MIN || r->duration_seconds > DURATION_MAX))
		return "not 900 to 43200";
	/* "aws:" at the start is AWS's own; no colon is allowed anyway. */
	*member = "source-identity";
	if (r->source_identity != NULL &&
	    !matches(r->source_identity, SOURCE_IDENTITY_MIN, SOURCE_IDENTITY_MAX, WORD "+=,.@-"))
		return "not 2 to 64 letters, digits or any of _+=,.@-";
	*member = "serial-number";
	if (r->serial_number != NULL &&
	    !matches(r->serial_number, SERIAL_NUMBER_MIN, SERIAL_NUMBER_MAX, WORD "+=/:,.@-"))
		return "not 9 to 256 letters, digits or any of _+=/:,.@-";
	*member = "tags";
	if (check_tags(r) != NULL)
		return check_tags(r);
	*member = "transitive-tag-keys";
	if (check_transitive(r) != NULL)
		return check_transitive(r);
	*member = "policy-arns";
	return check_policies(r);
}

bool
sts_token_code_valid(const char *text)
{
	return matches(text, TOKEN_CODE_LEN, TOKEN_CODE_LEN, DIGITS);
}
