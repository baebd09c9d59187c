/* ARNs taken apart and put together (arn.h).  arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE */
#include "arn.h"

#include <string.h>

#include "base/mem.h"
#include "net/endpoint.h"

enum { ARN_PARTS = 6, ARN_MAX = 2048, ACCOUNT_DIGITS = 12 };
enum { PARTITION = 1, SERVICE = 2, REGION = 3, ACCOUNT = 4, RESOURCE = 5 };

struct arn {
	const char *part[ARN_PARTS];
	int len[ARN_PARTS];
};

static bool
is_account(const char *s, int len)
{
	return len == ACCOUNT_DIGITS && strspn(s, "0123456789") >= ACCOUNT_DIGITS;
}

static bool
split(const char *text, struct arn *a)
{
	for (int i = 0; i < ARN_PARTS; i++) {
		a->part[i] = text;
		a->len[i] = (int)(i < ARN_PARTS - 1 ? strcspn(text, ":") : strlen(text));
		text += a->len[i];
		if (i < ARN_PARTS - 1 && *text++ != ':')
			return false;
	}
	return strncmp(a->part[0], "arn:aws", 7) == 0 && a->len[RESOURCE] > 0 &&
	    is_account(a->part[ACCOUNT], a->len[ACCOUNT]);
}

char *
arn_account(const char *arn)
{
	struct arn a;

	return split(arn, &a) ? mem_dup(a.part[ACCOUNT], ACCOUNT_DIGITS) : NULL;
}

char *
arn_principal(const char *arn)
{
	static const char assumed[] = "assumed-role/";
	const char *name;
	struct arn a;
	struct buf b;

	if (!split(arn, &a) || strncmp(a.part[RESOURCE], assumed, sizeof assumed - 1) != 0)
		return mem_dup_string(arn);
	name = a.part[RESOURCE] + sizeof assumed - 1;
	/* It is shorter than the session's, however long somebody makes that. */
	buf_init(&b, strlen(arn));
	(void)buf_appendf(&b, "arn:%.*s:iam::%.*s:role/%.*s", a.len[PARTITION], a.part[PARTITION],
	    ACCOUNT_DIGITS, a.part[ACCOUNT], (int)strcspn(name, "/"), name);
	return b.data;
}

/* Whether the last part is one of these kinds, with so many slashes at least and a name behind. */
static bool
is_kind(const struct arn *a, const char *service, const char *kind, int slashes)
{
	const char *resource = a->part[RESOURCE], *at = resource;

	if (strncmp(a->part[SERVICE], service, strlen(service)) != 0 || a->len[REGION] != 0 ||
	    strncmp(resource, kind, strlen(kind)) != 0)
		return false;
	for (; slashes > 0 && at != NULL; slashes--)
		if ((at = strchr(at, '/')) != NULL)
			at++;
	return at != NULL && *at != '\0' && at[strlen(at) - 1] != '/';
}

bool
arn_is_principal(const char *text)
{
	struct arn a;
	size_t len = strlen(text);

	if (is_account(text, (int)len))
		return true;
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("*?\"\\", text[i]) != NULL)
			return false;
	/* Groups, policies and providers cannot be one: IAM refuses the whole policy. */
	return len <= ARN_MAX && split(text, &a) && (is_kind(&a, "iam:", "user/", 1) ||
	    is_kind(&a, "iam:", "role/", 1) ||
	    (is_kind(&a, "iam:", "root", 0) && a.len[RESOURCE] == 4) ||
	    is_kind(&a, "sts:", "assumed-role/", 2) || is_kind(&a, "sts:", "federated-user/", 1));
}

void
arn_put_session(struct buf *b, const char *role_arn, const char *session)
{
	const char *name = strrchr(role_arn, '/');
	struct arn a;

	if (name != NULL && split(role_arn, &a))
		(void)buf_appendf(b, "arn:%.*s:sts::%.*s:assumed-role%s/%s", a.len[PARTITION],
		    a.part[PARTITION], ACCOUNT_DIGITS, a.part[ACCOUNT], name, session);
}

void
arn_put_pool(struct buf *b, const char *region, const char *account, const char *pool)
{
	(void)buf_appendf(b, "arn:%s:cognito-idp:%s:%s:userpool/%s", endpoint_partition(region),
	    region, account != NULL ? account : "ACCOUNT", pool);
}

void
arn_put_identity_pools(struct buf *b, const char *region, const char *account)
{
	(void)buf_appendf(b, "arn:%s:cognito-identity:%s:%s:identitypool/*",
	    endpoint_partition(region), region, account);
}
