/* STS AssumeRole: the form, the XML answer. */
#ifndef NET_STS_H
#define NET_STS_H

#include "net/aws.h"

struct sts_assume_role {
	const char *role_arn;
	const char *session_name;
	const char *external_id;	/* or NULL */
	int duration_seconds;		/* 0: the service's default */
};

/*
 * Checks the members against AWS's own patterns and lengths.  Returns NULL, or a text such as
 * "--role-arn: not an ARN of a role".
 */
const char *sts_check(const struct sts_assume_role *r);

/*
 * Assumes the role with a client made for AWS_STS.  Returns PROG_OK with cred filled (cred_free)
 * and arn, if not NULL, set to the assumed role's ARN (free); or PROG_FAIL or PROG_TEMPORARY
 * with one line printed, with a hint on AccessDenied.
 */
enum prog_status sts_assume_role(struct aws_client *c, const struct sts_assume_role *r,
    struct cred *cred, char **arn);

/*
 * Finds the texts of elements by name, anywhere in the XML; the first of each wins.  White space
 * inside a text is kept, entities are decoded.  names is NULL-terminated; texts gets a heap
 * string or NULL for each (free; wipe secrets).  Returns 0; or -1, nothing allocated, if it is not
 * well-formed, has a DOCTYPE, or is longer than a megabyte.
 */
int sts_xml_texts(const char *xml, size_t len, const char *const names[], char *texts[]);

#endif
