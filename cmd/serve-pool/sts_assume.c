/*
 * Who gets a session, and of which role (sts_assume.h).  The trust policies: the user's keys may
 * assume the role, of any account, with its external ID, or, where there is an intermediate role,
 * that one, whose sessions may assume the role.
 */
#include "sts_assume.h"

#include <string.h>

#include "base/clock.h"
#include "base/datafile.h"
#include "base/mem.h"
#include "exchange.h"
#include "sts_request.h"
#include "sts_xml.h"

/* What a role that was assumed from a role may ask for. */
enum { CHAINED_MAX = 3600 };

/* The longest token of a web identity in the service model, and white space round it. */
enum { TOKEN_FILE_MAX = 20000 + 1024 };

/* What policies and tags share: their packed size is given as a percentage of it. */
enum { PACKED_MAX = 2048 };

/* Says nothing if there is no code: then the trust policy decides.  -1: answered. */
static int
check_mfa(struct exchange *x, const struct sts_request *r)
{
	struct mfa *m = &x->server->mfa;
	const char *why = NULL;

	if (r->serial == NULL && r->code == NULL)
		return 0;
	if (r->serial == NULL || r->code == NULL)
		why = ", must provide both MFA serial number and one time pass code.";
	else if (x->caller.role != NULL || !mfa_is_device(m, r->serial))
		why = ", unable to validate MFA code.  Please verify your MFA serial number is "
		    "valid and associated with this user.";
	else if (!mfa_take(m, r->code))
		why = " with invalid MFA one time pass code. ";
	if (why == NULL)
		return 0;
	answer_front(&x->answer, ANSWER_DENIED, "MultiFactorAuthentication failed%s", why);
	return -1;
}

static bool
has_external_id(const struct exchange *x, const struct sts_request *r)
{
	return r->external_id != NULL && strcmp(r->external_id, x->server->external_id) == 0;
}

/* The role if the caller may assume it, or NULL with the error answered: why, is not said. */
static const struct role *
find_role(struct exchange *x, const struct sts_request *r)
{
	const struct server *s = x->server;
	const struct role *found = NULL;
	bool is_user = x->caller.role == NULL && (s->mfa.serial == NULL || r->code != NULL);

	if (x->caller.role == &s->via || (is_user && s->via.arn == NULL))
		found = accounts_role_of_arn(&s->accounts, r->role);
	else if (is_user && strcmp(r->role, s->via.arn) == 0)
		found = &s->via;
	if (found != NULL && (found == &s->via || has_external_id(x, r)))
		return found;
	answer_front(&x->answer, ANSWER_DENIED,
	    "User: %s is not authorized to perform: sts:AssumeRole on resource: %s",
	    x->caller.arn, r->role);
	return NULL;
}

static int
check_duration(struct exchange *x, const struct sts_request *r, bool chained)
{
	if (chained && r->seconds > CHAINED_MAX)
		answer_sts(&x->answer, 400, "ValidationError", "The requested DurationSeconds exceeds "
		    "the 1 hour session limit for roles assumed by role chaining.");
	else if (r->seconds > x->server->max_session_seconds)
		answer_sts(&x->answer, 400, "ValidationError", "The requested DurationSeconds exceeds "
		    "the MaxSessionDuration set for this role.");
	else
		return 0;
	return -1;
}

static void
put_credentials(struct exchange *x, const struct role *role, const struct sts_request *r)
{
	struct server *s = x->server;
	char token[SESSION_TOKEN_SIZE], ends[CLOCK_RFC3339_SIZE];
	struct session session;
	int64_t end = server_now_ms(s) +
	    (s->session_seconds > 0 ? s->session_seconds : r->seconds) * 1000;

	session_make(s, role, r->name, end, &session, token);
	/* Cut to whole seconds, so that no session ends before it is told to. */
	clock_rfc3339(end, ends);
	buf_appendf(&x->answer.body, "    <Credentials>\n      <AccessKeyId>%s</AccessKeyId>\n"
	    "      <SecretAccessKey>%s</SecretAccessKey>\n"
	    "      <SessionToken>%s</SessionToken>\n      <Expiration>%.19sZ</Expiration>\n"
	    "    </Credentials>\n", session.access_key, session.secret_key, token, ends);
	mem_wipe(&session, sizeof session);
	mem_wipe(token, sizeof token);
}

static void
put_session(struct exchange *x, const struct role *role, const struct sts_request *r)
{
	struct buf *b = &x->answer.body;
	size_t percent = (r->packed * 100 + PACKED_MAX - 1) / PACKED_MAX;
	char arn[ROLE_SESSION_ARN_SIZE];

	role_session_arn(role, r->name, arn);
	buf_appendf(b, "    <AssumedRoleUser>\n      <Arn>%s</Arn>\n      <AssumedRoleId>", arn);
	sts_xml_identifier(b, "AROA", role->arn);
	buf_appendf(b, ":%s</AssumedRoleId>\n    </AssumedRoleUser>\n", r->name);
	put_credentials(x, role, r);
	if (r->packs)	/* AWS packs tighter than this, so that what is too much is not known. */
		buf_appendf(b, "    <PackedPolicySize>%zu</PackedPolicySize>\n",
		    percent < 100 ? percent : 100);
	if (r->source_identity != NULL)
		buf_appendf(b, "    <SourceIdentity>%s</SourceIdentity>\n", r->source_identity);
}

void
sts_assume_role(struct exchange *x)
{
	struct sts_request r;
	const struct role *role;

	if (sts_request_read(x, &r) != 0 || check_mfa(x, &r) != 0 ||
	    (role = find_role(x, &r)) == NULL || check_duration(x, &r, x->caller.role != NULL) != 0)
		return;
	sts_xml_begin(x);
	put_session(x, role, &r);
	sts_xml_end(x);
}

/*
 * Whether the token is the one in the file, which may be another at every call.  -1: the file
 * cannot be read, as an identity provider may be out of reach.
 */
static int
is_in_file(const char *path, const char *token)
{
	static const char space[] = " \t\r\n";
	const char *s;
	struct buf b;
	size_t len;
	int rc = -1;

	buf_init(&b, TOKEN_FILE_MAX);
	buf_reserve(&b, TOKEN_FILE_MAX);
	if (datafile_read(path, &b) == 0) {
		s = b.data + strspn(b.data, space);
		for (len = strlen(s); len > 0 && strchr(space, s[len - 1]) != NULL; len--)
			;
		rc = len > 0 && strlen(token) == len && memcmp(token, s, len) == 0;
	}
	buf_wipe(&b);
	return rc;
}

void
sts_assume_with_web_identity(struct exchange *x)
{
	const struct server *s = x->server;
	const struct role *role;
	struct sts_request r;
	int known;

	if (sts_request_read(x, &r) != 0)
		return;
	known = s->web_identity_token_file == NULL ? 0 :
	    is_in_file(s->web_identity_token_file, r.token);
	if (known == -1)
		answer_sts(&x->answer, 400, "IDPCommunicationError",
		    "An error was encountered while communicating with the identity provider.");
	else if (known == 0)
		answer_sts(&x->answer, 400, "InvalidIdentityToken",
		    "The web identity token that was passed could not be validated by AWS.");
	else if ((role = accounts_role_of_arn(&s->accounts, r.role)) == NULL)
		answer_front(&x->answer, ANSWER_DENIED,
		    "Not authorized to perform sts:AssumeRoleWithWebIdentity");
	else if (check_duration(x, &r, false) == 0) {
		sts_xml_begin(x);
		buf_append_string(&x->answer.body,
		    "    <SubjectFromWebIdentityToken>serve-pool</SubjectFromWebIdentityToken>\n"
		    "    <Audience>sts.amazonaws.com</Audience>\n"
		    "    <Provider>https://serve-pool.example</Provider>\n");
		put_session(x, role, &r);
		sts_xml_end(x);
	}
}
