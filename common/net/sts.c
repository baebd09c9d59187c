/* STS AssumeRole: the members' checks, the form, the credentials out of the answer. */
#include "net/sts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"

/* https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
enum {
	ARN_MIN = 20, ARN_MAX = 2048,
	SESSION_NAME_MIN = 2, SESSION_NAME_MAX = 64,
	EXTERNAL_ID_MIN = 2, EXTERNAL_ID_MAX = 1224,
	DURATION_MIN = 900, DURATION_MAX = 43200,
	FORM_MAX = 32 * 1024
};

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* Whether s has a length in the range and only the given characters. */
static bool
matches(const char *s, size_t min, size_t max, const char *characters)
{
	size_t len = strlen(s);

	return len >= min && len <= max && strspn(s, characters) == len;
}

/* arn:PARTITION:iam::ACCOUNT:role/NAME, printable ASCII throughout. */
static bool
is_role_arn(const char *arn)
{
	size_t len = strlen(arn);
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
	if (strspn(s, "0123456789") != 12)
		return false;
	s += 12;
	return strncmp(s, ":role/", 6) == 0 && s[6] != '\0';
}

const char *
sts_check(const struct sts_assume_role *r)
{
	if (!is_role_arn(r->role_arn))
		return "--role-arn: not an ARN of a role, arn:aws:iam::123456789012:role/NAME";
	if (!matches(r->session_name, SESSION_NAME_MIN, SESSION_NAME_MAX, WORD "+=,.@-"))
		return "--role-session-name: not 2 to 64 letters, digits or any of _+=,.@-";
	if (r->external_id != NULL &&
	    !matches(r->external_id, EXTERNAL_ID_MIN, EXTERNAL_ID_MAX, WORD "+=,.@:/-"))
		return "--external-id: not 2 to 1224 letters, digits or any of _+=,.@:/-";
	if (r->duration_seconds != 0 &&
	    (r->duration_seconds < DURATION_MIN || r->duration_seconds > DURATION_MAX))
		return "--duration-seconds: not 900 to 43200";
	return NULL;
}

static void
put_field(struct buf *form, const char *name, const char *value)
{
	(void)buf_appendf(form, "&%s=", name);
	for (; *value != '\0'; value++) {
		if (strchr(WORD "-.~", *value) != NULL)
			(void)buf_append_byte(form, *value);
		else
			(void)buf_appendf(form, "%%%02X", (unsigned char)*value);
	}
}

static void
drop_white_space(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n", *s) == NULL)
			*to++ = *s;
	*to = '\0';
}

enum { ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, EXPIRATION, ARN, TEXTS };

/* Takes the credentials out of the texts.  Returns NULL, or what is wrong. */
static const char *
take(char *texts[TEXTS], struct cred *cred, char **arn)
{
	int64_t expires = 0;

	for (int i = 0; i < EXPIRATION; i++) {
		if (texts[i] == NULL)
			return "the answer lacks a part of the credentials";
		drop_white_space(texts[i]);
		if (texts[i][0] == '\0')
			return "the answer has an empty part in the credentials";
	}
	if (texts[EXPIRATION] == NULL ||
	    clock_parse_rfc3339(texts[EXPIRATION], strlen(texts[EXPIRATION]), &expires) != 0)
		return "the answer has no usable Expiration";
	cred->access_key = texts[ACCESS_KEY];
	cred->secret_key = texts[SECRET_KEY];
	cred->session_token = texts[SESSION_TOKEN];
	cred->expires_ms = expires;
	cred->provider = "assumed role";
	texts[ACCESS_KEY] = texts[SECRET_KEY] = texts[SESSION_TOKEN] = NULL;
	if (arn != NULL) {
		*arn = texts[ARN];
		texts[ARN] = NULL;
	}
	return NULL;
}

static enum prog_status
read_answer(const struct aws_result *result, struct cred *cred, char **arn)
{
	static const char *const names[] = { "AccessKeyId", "SecretAccessKey", "SessionToken",
		"Expiration", "Arn", NULL };
	char *texts[TEXTS] = { NULL };
	const char *why = "the answer is not XML";

	if (sts_xml_texts(result->body, result->body_len, names, texts) == 0)
		why = take(texts, cred, arn);
	for (int i = 0; i < TEXTS; i++)
		mem_wipe_free(texts[i]);
	if (why == NULL)
		return PROG_OK;
	diag_error("AssumeRole: %s", why);
	return PROG_FAIL;
}

enum prog_status
sts_assume_role(struct aws_client *c, const struct sts_assume_role *r, struct cred *cred,
    char **arn)
{
	const struct aws_result *result;
	struct buf form;

	memset(cred, 0, sizeof *cred);
	if (arn != NULL)
		*arn = NULL;
	buf_init(&form, FORM_MAX);
	put_field(&form, "RoleArn", r->role_arn);
	put_field(&form, "RoleSessionName", r->session_name);
	if (r->external_id != NULL)
		put_field(&form, "ExternalId", r->external_id);
	if (r->duration_seconds != 0)
		(void)buf_appendf(&form, "&DurationSeconds=%d", r->duration_seconds);
	result = aws_call(c, "AssumeRole", form.data, form.len);
	buf_wipe(&form);
	if (result->outcome == AWS_OK)
		return read_answer(result, cred, arn);
	diag_error("AssumeRole: %s", result->message);
	return aws_status(result->outcome);
}
