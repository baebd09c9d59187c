/*
 * STS (sts.h): a form in, XML out.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
#include "sts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "exchange.h"

enum { DURATION_MIN = 900, DURATION_MAX = 43200, DURATION_DEFAULT = 3600 };
enum { NAME_MIN = 2, NAME_MAX_BYTES = 64, ROLE_MIN = 20, ROLE_MAX = 2048, EXTERNAL_MAX = 1224 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

static int
hex_value(char c)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at == NULL ? -1 : (int)(at - digits) & 15;
}

/* Decodes a value of a form; the caller frees. */
static char *
decode(const char *s, size_t len)
{
	char *out = mem_alloc(len + 1);
	size_t i, n = 0;
	int high, low;

	for (i = 0; i < len; i++) {
		high = s[i] == '%' && i + 2 < len ? hex_value(s[i + 1]) : -1;
		low = high >= 0 ? hex_value(s[i + 2]) : -1;
		if (low >= 0) {
			/* A NUL would end the value; no member may hold it, nor what stands for it. */
			out[n++] = (char)(unsigned char)(high + low == 0 ? 1 : high * 16 + low);
			i += 2;
		} else {
			out[n++] = s[i];
			if (s[i] == '+')
				out[n - 1] = ' ';
		}
	}
	return out;
}

/* The value of a name in the form, decoded; NULL if it is not there.  The caller frees. */
static char *
form_value(const struct exchange *x, const char *name)
{
	const char *s = buf_string(&x->body);
	size_t len, name_len = strlen(name);

	for (; *s != '\0'; s += len + (s[len] == '&')) {
		len = strcspn(s, "&");
		if (len > name_len && memcmp(s, name, name_len) == 0 && s[name_len] == '=')
			return decode(s + name_len + 1, len - name_len - 1);
	}
	return NULL;
}

void
sts_read_operation(struct exchange *x)
{
	static const char *const known[] = {"AssumeRole", "GetCallerIdentity"};
	char *action = form_value(x, "Action"), *version = form_value(x, "Version");
	size_t i;

	x->operation = "";
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (action != NULL && strcmp(action, known[i]) == 0 && version != NULL &&
		    strcmp(version, "2011-06-15") == 0)
			x->operation = known[i];
	free(action);
	free(version);
}

static void
put_end(struct exchange *x)
{
	buf_appendf(&x->answer.body, "  <ResponseMetadata>\n    <RequestId>%s</RequestId>\n"
	    "  </ResponseMetadata>\n</%sResponse>\n", x->answer.request_id, x->operation);
}

static void
put_begin(struct exchange *x)
{
	x->answer.content_type = "text/xml";
	buf_appendf(&x->answer.body,
	    "<%sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n", x->operation);
}

/* An identifier such as AIDA... or AROA...: the same for the same ARN. */
static void
put_identifier(struct buf *b, const char *prefix, const char *arn)
{
	char hex[SIGV4_HEX_SIZE];
	int i;

	sigv4_sha256_hex(arn, strlen(arn), hex);
	buf_append_string(b, prefix);
	for (i = 0; i < 17; i++)
		buf_append_byte(b, letters[(hex[i] * 16 + hex[i + 17]) % 26]);
}

static void
get_caller_identity(struct exchange *x)
{
	const struct server *s = x->server;
	struct buf *b = &x->answer.body;

	put_begin(x);
	buf_appendf(b, "  <GetCallerIdentityResult>\n    <Arn>%s</Arn>\n    <UserId>",
	    x->caller.arn);
	if (x->caller.is_role) {
		put_identifier(b, "AROA", s->role_arn);
		buf_appendf(b, ":%s", x->cache.session.name);
	} else {
		put_identifier(b, "AIDA", s->user_arn);
	}
	buf_appendf(b, "</UserId>\n    <Account>%s</Account>\n  </GetCallerIdentityResult>\n",
	    s->account);
	put_end(x);
}

struct assume_role {
	char *role, *name, *external_id, *duration;
	int64_t seconds;
};

static bool
is_made_of(const char *s, const char *others)
{
	for (; *s != '\0'; s++)
		if (strchr(letters, *s) == NULL && strchr(others, *s) == NULL)
			return false;
	return true;
}

static void
invalid(struct exchange *x, const char *value, const char *member, const char *constraint)
{
	answer_sts(&x->answer, 400, "ValidationError", "1 validation error detected: Value %s%s%s "
	    "at '%s' failed to satisfy constraint: Member must %s", value != NULL ? "'" : "",
	    value != NULL ? value : "null", value != NULL ? "'" : "", member, constraint);
}

static void
invalid_length(struct exchange *x, const char *value, const char *member, const char *than,
    size_t bound)
{
	char constraint[80];

	snprintf(constraint, sizeof constraint, "have length %s than or equal to %zu", than, bound);
	invalid(x, value, member, constraint);
}

/* A text member against its length and the characters that it may have besides \w (NULL: any). */
static int
check_text(struct exchange *x, const char *value, const char *member, size_t min, size_t max,
    const char *others)
{
	if (value == NULL)
		invalid(x, value, member, "not be null");
	else if (strlen(value) < min || strlen(value) > max)
		invalid_length(x, value, member, strlen(value) < min ? "greater" : "less",
		    strlen(value) < min ? min : max);
	else if (others != NULL && !is_made_of(value, others))
		invalid(x, value, member, others[0] == '=' ?
		    "satisfy regular expression pattern: [\\w+=,.@-]*" :
		    "satisfy regular expression pattern: [\\w+=,.@:\\/-]*");
	else
		return 0;
	return -1;
}

static int
check_role(struct exchange *x, const char *role)
{
	if (check_text(x, role, "roleArn", ROLE_MIN, ROLE_MAX, NULL) != 0)
		return -1;
	if (strncmp(role, "arn:", 4) != 0)
		answer_sts(&x->answer, 400, "ValidationError", "%s is invalid", role);
	else if (strstr(role, ":iam::") == NULL || strstr(role, ":role/") == NULL)
		answer_sts(&x->answer, 400, "ValidationError", "Request ARN is invalid");
	else
		return 0;
	return -1;
}

static int
check_assume_role(struct exchange *x, struct assume_role *r)
{
	const char *why;

	if (check_role(x, r->role) != 0 ||
	    check_text(x, r->name, "roleSessionName", NAME_MIN, NAME_MAX_BYTES, "=+,.@-") != 0 ||
	    (r->external_id != NULL && check_text(x, r->external_id, "externalId", NAME_MIN,
	    EXTERNAL_MAX, ":/+=,.@-") != 0))
		return -1;
	r->seconds = DURATION_DEFAULT;
	if (r->duration != NULL && num_parse(r->duration, INT32_MIN, INT32_MAX, &r->seconds,
	    &why) != 0) {
		answer_sts(&x->answer, 400, "MalformedInput", "DurationSeconds is not an integer");
		return -1;
	}
	if (r->seconds >= DURATION_MIN && r->seconds <= DURATION_MAX)
		return 0;
	invalid(x, r->duration, "durationSeconds", r->seconds < DURATION_MIN ?
	    "have value greater than or equal to 900" : "have value less than or equal to 43200");
	return -1;
}

/*
 * The trust policy: the user himself (not a session of the role), this role, with this external
 * ID.  What of it failed is not said.
 */
static int
check_trust(struct exchange *x, const struct assume_role *r)
{
	const struct server *s = x->server;

	if (!x->caller.is_role && strcmp(r->role, s->role_arn) == 0 && r->external_id != NULL &&
	    strcmp(r->external_id, s->external_id) == 0)
		return 0;
	answer_front(&x->answer, ANSWER_DENIED,
	    "User: %s is not authorized to perform: sts:AssumeRole on resource: %s",
	    x->caller.arn, r->role);
	return -1;
}

static void
put_session(struct exchange *x, const struct assume_role *r)
{
	struct server *s = x->server;
	struct buf *b = &x->answer.body;
	char token[SESSION_TOKEN_SIZE], ends[CLOCK_RFC3339_SIZE];
	struct session session;
	/* Ends are told in whole seconds, so they are. */
	int64_t end = server_now_ms(s) / 1000 +
	    (s->session_seconds > 0 ? s->session_seconds : r->seconds);

	session_make(s, r->name, end * 1000, &session, token);
	clock_rfc3339(end * 1000, ends);
	put_begin(x);
	buf_appendf(b, "  <AssumeRoleResult>\n    <AssumedRoleUser>\n"
	    "      <Arn>arn:%s:sts::%s:assumed-role/%s/%s</Arn>\n      <AssumedRoleId>",
	    s->partition, s->account, s->role_name, r->name);
	put_identifier(b, "AROA", s->role_arn);
	buf_appendf(b, ":%s</AssumedRoleId>\n    </AssumedRoleUser>\n    <Credentials>\n", r->name);
	buf_appendf(b, "      <AccessKeyId>%s</AccessKeyId>\n"
	    "      <SecretAccessKey>%s</SecretAccessKey>\n"
	    "      <SessionToken>%s</SessionToken>\n      <Expiration>%.19sZ</Expiration>\n",
	    session.access_key, session.secret_key, token, ends);
	buf_append_string(b, "    </Credentials>\n  </AssumeRoleResult>\n");
	put_end(x);
	mem_wipe(&session, sizeof session);
}

static void
assume_role(struct exchange *x)
{
	struct assume_role r = {
		.role = form_value(x, "RoleArn"), .name = form_value(x, "RoleSessionName"),
		.external_id = form_value(x, "ExternalId"),
		.duration = form_value(x, "DurationSeconds")
	};

	if (check_assume_role(x, &r) == 0 && check_trust(x, &r) == 0)
		put_session(x, &r);
	free(r.role);
	free(r.name);
	free(r.external_id);
	free(r.duration);
}

void
sts_answer(struct exchange *x)
{
	if (strcmp(x->operation, "AssumeRole") == 0)
		assume_role(x);
	else if (strcmp(x->operation, "GetCallerIdentity") == 0)
		get_caller_identity(x);
	else
		answer_sts(&x->answer, 400, "InvalidAction",
		    "Could not find operation for version 2011-06-15");
}
