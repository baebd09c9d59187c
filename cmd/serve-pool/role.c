/* A role of IAM (role.h). */
#include "role.h"

#include <stdio.h>
#include <string.h>

/* IAM's limits. */
enum { ROLE_ARN_MAX = 2048, ROLE_NAME_MAX = 64 };

/* arn:PARTITION:iam::ACCOUNT:role/PATH/NAME, in IAM's characters: it is put into JSON and XML. */
int
role_set(struct role *r, const char *arn)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "_+=,.@-/:";
	static const char iam[] = ":iam::", role[] = ":role/";
	const char *p = arn;
	size_t len;

	if (strncmp(p, "arn:", 4) != 0 || p[strspn(p, word)] != '\0' || strlen(p) > ROLE_ARN_MAX)
		return -1;
	p += 4;
	len = strcspn(p, ":");
	if (len == 0 || len >= sizeof r->partition || strncmp(p + len, iam, sizeof iam - 1) != 0)
		return -1;
	memset(r, 0, sizeof *r);
	memcpy(r->partition, p, len);
	p += len + sizeof iam - 1;
	len = strspn(p, "0123456789");
	if (len != ROLE_ACCOUNT_SIZE - 1 || strncmp(p + len, role, sizeof role - 1) != 0)
		return -1;
	memcpy(r->account, p, len);
	r->arn = arn;
	r->name = strrchr(p, '/') + 1;
	len = strlen(r->name);
	return len > 0 && len <= ROLE_NAME_MAX ? 0 : -1;
}

void
role_session_arn(const struct role *r, const char *name, char out[ROLE_SESSION_ARN_SIZE])
{
	snprintf(out, ROLE_SESSION_ARN_SIZE, "arn:%s:sts::%s:assumed-role/%s/%s", r->partition,
	    r->account, r->name, name);
}
