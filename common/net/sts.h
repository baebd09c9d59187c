/*
 * STS: AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity; the forms, the XML answers.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 */
#ifndef NET_STS_H
#define NET_STS_H

#include <stdbool.h>
#include <stddef.h>

#include "net/aws.h"

struct sts_tag {
	const char *key, *value;
};

/* Everything is borrowed; NULL, 0: not given. */
struct sts_assume_role {
	const char *role_arn;		/* needed */
	const char *session_name;	/* needed */
	const char *external_id;
	int duration_seconds;		/* 0: the service's default */
	const char *source_identity;
	const char *serial_number, *token_code;		/* of an MFA device */
	const struct sts_tag *tags;
	size_t tag_count;
	const char *const *transitive_tag_keys;
	size_t transitive_tag_key_count;
	const char *const *policy_arns;
	size_t policy_arn_count;
};

struct sts_web_identity {
	const char *role_arn, *session_name, *token;
	int duration_seconds;		/* 0: the service's default */
};

/* Who the caller is. */
struct sts_identity {
	char *account, *arn, *user_id;
};

/*
 * Checks the members against AWS's own patterns and lengths.  Returns NULL; or a static text such
 * as "not an ARN of a role, arn:aws:iam::123456789012:role/NAME" with *member set to the option
 * that holds it: "role-arn", "role-session-name", "external-id", "duration-seconds",
 * "source-identity", "serial-number", "tags", "transitive-tag-keys", "policy-arns".
 */
const char *sts_check(const struct sts_assume_role *r, const char **member);

/* Whether text is six digits. */
bool sts_token_code_valid(const char *text);

/*
 * Assumes the role with a client made for AWS_STS.  Returns PROG_OK with cred filled (cred_free),
 * its lifetime_ms 0 if that time seems to be over, and arn, if not NULL, set to the assumed role's
 * ARN (free; NULL if the answer has none); or PROG_FAIL or PROG_TEMPORARY with why set,
 * "AssumeRole: CODE: text; hint", also for what sts_check refuses.
 */
enum prog_status sts_assume_role(struct aws_client *c, const struct sts_assume_role *r,
    struct cred *cred, char **arn, char why[CRED_WHY_SIZE]);

/* The same with AssumeRoleWithWebIdentity; the client has no source, for the call is not signed. */
enum prog_status sts_web_identity(struct aws_client *c, const struct sts_web_identity *r,
    struct cred *cred, char **arn, char why[CRED_WHY_SIZE]);

/* GetCallerIdentity, which needs no permission.  The caller frees with sts_identity_free. */
enum prog_status sts_caller_identity(struct aws_client *c, struct sts_identity *id,
    char why[CRED_WHY_SIZE]);

void sts_identity_free(struct sts_identity *id);

/*
 * Finds the texts of elements by name, anywhere in the XML; the first of each wins.  White space
 * inside a text is kept, entities are decoded.  names is NULL-terminated; texts gets a heap
 * string or NULL for each (free; wipe secrets).  Returns 0; or -1, nothing allocated, if it is not
 * well-formed, has a DOCTYPE, or is longer than a megabyte.
 */
int sts_xml_texts(const char *xml, size_t len, const char *const names[], char *texts[]);

#endif
