/* STS: the forms, and what is taken out of the answers (sts.h). */
#include "net/sts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

/*
 * The longest form that the checks let through, each byte of a value as %XX, a tag's characters
 * with four bytes: 50 tags and as many transitive keys of 128, with values of 256, are
 * 50 * 12 * (128 + 256 + 128) = 307,200; 10 policies, 61,440; the role, 6,144; the external ID,
 * 3,672; serial number, session name and source identity, 1,152; all names, below 5,000.  A token
 * of a web identity, 60,000, comes with a role and a session name alone.
 */
enum { FORM_MAX = 384 * 1024, WEB_TOKEN_MIN = 4, WEB_TOKEN_MAX = 20000, NAME_SIZE = 64 };

static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "0123456789_-.~";

/* Of full size at once: a buffer that grows would leave copies of the secrets in it behind. */
static void
begin(struct buf *form)
{
	buf_init(form, FORM_MAX);
	(void)buf_reserve(form, FORM_MAX);
}

/* value NULL: not given. */
static void
put_field(struct buf *form, const char *name, const char *value)
{
	if (value == NULL)
		return;
	(void)buf_appendf(form, "&%s=", name);
	for (; *value != '\0'; value++) {
		if (strchr(unreserved, *value) != NULL)
			(void)buf_append_byte(form, *value);
		else
			(void)buf_appendf(form, "%%%02X", (unsigned char)*value);
	}
}

/* A field of a list's member: list "Tags", index 0, field ".Key" make "Tags.member.1.Key". */
static void
put_member(struct buf *form, const char *list, size_t index, const char *field, const char *value)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof name, "%s.member.%zu%s", list, index + 1, field);
	put_field(form, name, value);
}

static void
put_duration(struct buf *form, int seconds)
{
	if (seconds != 0)
		(void)buf_appendf(form, "&DurationSeconds=%d", seconds);
}

static void
put_assume_role(struct buf *form, const struct sts_assume_role *r)
{
	put_field(form, "RoleArn", r->role_arn);
	put_field(form, "RoleSessionName", r->session_name);
	put_field(form, "ExternalId", r->external_id);
	put_duration(form, r->duration_seconds);
	put_field(form, "SourceIdentity", r->source_identity);
	put_field(form, "SerialNumber", r->serial_number);
	put_field(form, "TokenCode", r->token_code);
	for (size_t i = 0; i < r->policy_arn_count; i++)
		put_member(form, "PolicyArns", i, ".arn", r->policy_arns[i]);
	for (size_t i = 0; i < r->tag_count; i++) {
		put_member(form, "Tags", i, ".Key", r->tags[i].key);
		put_member(form, "Tags", i, ".Value", r->tags[i].value);
	}
	for (size_t i = 0; i < r->transitive_tag_key_count; i++)
		put_member(form, "TransitiveTagKeys", i, "", r->transitive_tag_keys[i]);
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

static enum prog_status
refuse(char why[CRED_WHY_SIZE], const char *operation, const char *text)
{
	snprintf(why, CRED_WHY_SIZE, "%s: %.600s", operation, text);
	return PROG_FAIL;
}

enum { ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, EXPIRATION, ARN, TEXTS };

/* Takes the credentials out of the texts.  Returns 0, or -1 with why set. */
static int
take(char *texts[TEXTS], const struct aws_client *c, struct cred *cred, char why[CRED_WHY_SIZE])
{
	static const char *const names[] = { "AccessKeyId", "SecretAccessKey", "SessionToken" };
	int64_t expires = 0;
	const char *wrong;
	int part;

	for (int i = 0; i < EXPIRATION; i++) {
		if (texts[i] == NULL) {
			snprintf(why, CRED_WHY_SIZE, "the answer lacks %s", names[i]);
			return -1;
		}
		drop_white_space(texts[i]);
	}
	if (texts[EXPIRATION] == NULL ||
	    clock_parse_rfc3339(texts[EXPIRATION], strlen(texts[EXPIRATION]), &expires) != 0) {
		snprintf(why, CRED_WHY_SIZE, "the answer has no usable Expiration");
		return -1;
	}
	cred->access_key = texts[ACCESS_KEY];
	cred->secret_key = texts[SECRET_KEY];
	cred->session_token = texts[SESSION_TOKEN];
	texts[ACCESS_KEY] = texts[SECRET_KEY] = texts[SESSION_TOKEN] = NULL;
	if ((wrong = cred_check(cred, &part)) != NULL) {
		snprintf(why, CRED_WHY_SIZE, "the answer's %s %s", names[part], wrong);
		cred_free(cred);
		return -1;
	}
	cred->expires_ms = expires;
	if (expires > aws_now_ms(c))
		cred->lifetime_ms = expires - aws_now_ms(c);
	return 0;
}

static enum prog_status
read_credentials(const struct aws_client *c, const struct aws_result *result, struct cred *cred,
    char **arn, char why[CRED_WHY_SIZE])
{
	static const char *const names[] = { "AccessKeyId", "SecretAccessKey", "SessionToken",
		"Expiration", "Arn", NULL };
	char text[CRED_WHY_SIZE] = "the answer is not XML";
	char *texts[TEXTS] = { NULL };
	int rc = sts_xml_texts(result->body, result->body_len, names, texts);

	if (rc == 0)
		rc = take(texts, c, cred, text);
	if (rc == 0 && arn != NULL) {
		*arn = texts[ARN];
		texts[ARN] = NULL;
	}
	for (int i = 0; i < TEXTS; i++)
		mem_wipe_free(texts[i]);
	if (rc == 0)
		return PROG_OK;
	return refuse(why, result->operation, text);
}

/* Sends the form, wipes it, and reads the credentials. */
static enum prog_status
get_credentials(struct aws_client *c, const char *operation, struct buf *form, struct cred *cred,
    char **arn, char why[CRED_WHY_SIZE])
{
	const struct aws_result *result = aws_call(c, operation, form->data, form->len);

	buf_wipe(form);
	if (result->outcome == AWS_OK)
		return read_credentials(c, result, cred, arn, why);
	snprintf(why, CRED_WHY_SIZE, "%s: %s", operation, result->message);
	return aws_status(result->outcome);
}

enum prog_status
sts_assume_role(struct aws_client *c, const struct sts_assume_role *r, struct cred *cred,
    char **arn, char why[CRED_WHY_SIZE])
{
	static const char operation[] = "AssumeRole";
	const char *wrong, *member;
	struct buf form;

	memset(cred, 0, sizeof *cred);
	if (arn != NULL)
		*arn = NULL;
	if ((wrong = sts_check(r, &member)) != NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s: %s", operation, member, wrong);
		return PROG_FAIL;
	}
	if (r->token_code != NULL && !sts_token_code_valid(r->token_code))
		return refuse(why, operation, "the token code is not six digits");
	begin(&form);
	put_assume_role(&form, r);
	return get_credentials(c, operation, &form, cred, arn, why);
}

enum prog_status
sts_web_identity(struct aws_client *c, const struct sts_web_identity *r, struct cred *cred,
    char **arn, char why[CRED_WHY_SIZE])
{
	static const char operation[] = "AssumeRoleWithWebIdentity";
	const struct sts_assume_role common = { .role_arn = r->role_arn,
		.session_name = r->session_name, .duration_seconds = r->duration_seconds };
	size_t len = strlen(r->token);
	const char *wrong, *member;
	struct buf form;

	memset(cred, 0, sizeof *cred);
	if (arn != NULL)
		*arn = NULL;
	if ((wrong = sts_check(&common, &member)) != NULL) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s: %s", operation, member, wrong);
		return PROG_FAIL;
	}
	if (len < WEB_TOKEN_MIN || len > WEB_TOKEN_MAX)
		return refuse(why, operation, "the token has not 4 to 20000 bytes");
	begin(&form);
	put_field(&form, "RoleArn", r->role_arn);
	put_field(&form, "RoleSessionName", r->session_name);
	put_duration(&form, r->duration_seconds);
	put_field(&form, "WebIdentityToken", r->token);
	return get_credentials(c, operation, &form, cred, arn, why);
}

enum prog_status
sts_caller_identity(struct aws_client *c, struct sts_identity *id, char why[CRED_WHY_SIZE])
{
	static const char operation[] = "GetCallerIdentity";
	static const char *const names[] = { "Account", "Arn", "UserId", NULL };
	const struct aws_result *result = aws_call(c, operation, "", 0);
	char *texts[3];

	memset(id, 0, sizeof *id);
	if (result->outcome != AWS_OK) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s", operation, result->message);
		return aws_status(result->outcome);
	}
	if (sts_xml_texts(result->body, result->body_len, names, texts) != 0)
		return refuse(why, operation, "the answer is not XML");
	*id = (struct sts_identity){ texts[0], texts[1], texts[2] };
	for (int i = 0; i < 3; i++) {
		if (texts[i] != NULL)
			drop_white_space(texts[i]);
		if (texts[i] == NULL || texts[i][0] == '\0') {
			sts_identity_free(id);
			snprintf(why, CRED_WHY_SIZE, "%s: the answer lacks %s", operation,
			    names[i]);
			return PROG_FAIL;
		}
	}
	return PROG_OK;
}

void
sts_identity_free(struct sts_identity *id)
{
	free(id->account);
	free(id->arn);
	free(id->user_id);
	memset(id, 0, sizeof *id);
}
