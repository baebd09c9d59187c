/*
 * Where credentials come from: one kind of source each, all asked in the same way.
 *
 * A source that rests on another one (a role assumed with a user's keys) owns it.  chain.h finds
 * out which source counts; keeper.h holds what a source gave and asks again in time.
 */
#ifndef NET_SOURCE_H
#define NET_SOURCE_H

#include <stdbool.h>

#include "base/prog.h"
#include "net/cred.h"

struct aws_config;
struct keeper;
struct sts_assume_role;

struct source {
	/* For -v and for messages: "environment", "profile reader (~/.aws/config:12): role arn:...".
	   Heap; holds no secret. */
	char *name;
	bool renewable;			/* asking again gives keys that last longer */
	bool is_role;			/* of a role that we assume ourselves */
	bool lacks_keys;		/* of such a role: the last get never asked for it, for want of
					   the keys or the token that assume it */
	/*
	 * Gets credentials, blocking.  patient: they are needed now, so a fault that may pass is
	 * outlasted (STS as long as --retry-seconds says, the endpoints of containers and instances
	 * for three tries), and a person may be asked; otherwise one try will do, and nobody is
	 * asked.  Returns PROG_OK with *cred filled (cred_free), or
	 * PROG_FAIL, PROG_TEMPORARY or, if something must be configured otherwise, PROG_USAGE,
	 * with why set.  Prints nothing.
	 */
	enum prog_status (*get)(struct source *s, bool patient, struct cred *cred,
	    char why[CRED_WHY_SIZE]);
	void (*release)(struct source *s);	/* what lies behind this struct; or NULL */
};

/* NULL is fine. */
void source_free(struct source *s);

/*
 * Fills why for PROG_USAGE: "no credentials: " and what to do about it.  rest, perhaps "", goes
 * behind it in brackets.
 */
void source_say_none(char why[CRED_WHY_SIZE], const char *rest);

/* Keys that were there from the start; cred is taken over.  Not renewable. */
struct source *source_fixed(const char *name, struct cred *cred);

/*
 * The credentials of another client of this program, renewed by it: what needs a person's token
 * code, a process or STS is asked once.  k, which has a source, is borrowed and must live longer.
 */
struct source *source_lent(struct keeper *k);

/*
 * A credential_process.  argv, NULL-terminated, heap strings in a heap array, is taken over; it is
 * executed without a shell, with standard input from /dev/null and standard error as ours, and may
 * take five minutes (it may be waiting for a browser's login).  profile goes into the variable
 * COGNITO_CREDENTIAL_PROCESS of its environment, one a line, behind those that stand there: chain.c
 * finds by it that a process has come back to its own profile.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
struct source *source_process(const char *name, const char *profile, char **argv);

/*
 * The container endpoint: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (ECS) or
 * AWS_CONTAINER_CREDENTIALS_FULL_URI (EKS Pod Identity, assume-role), with the token of
 * AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, read anew each time, or
 * AWS_CONTAINER_AUTHORIZATION_TOKEN.  Plain http goes to this machine, 169.254.170.2,
 * 169.254.170.23 and [fd00:ec2::23] only.  Returns NULL with why set if a variable is malformed;
 * NULL with why "" if neither URI is set.  ca_bundle is for https, or NULL.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
struct source *source_container(const char *ca_bundle, char why[CRED_WHY_SIZE]);

/*
 * Instance metadata of EC2, IMDSv2 only (a session token first), at 169.254.169.254, or
 * [fd00:ec2::254] with AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6, or where
 * AWS_EC2_METADATA_SERVICE_ENDPOINT says, which must be one of these two or this machine.  Returns
 * NULL with why set if a variable is malformed; NULL with why "" if AWS_EC2_METADATA_DISABLED is
 * true.  An address where nobody answers, or somebody who knows of no session token, gives
 * PROG_USAGE: this is no instance, so no credentials are configured.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 */
struct source *source_metadata(char why[CRED_WHY_SIZE]);

/*
 * A role assumed by STS.  sts, whose keeper's source is whose keys assume it, is taken over; role
 * is copied with all its texts.  With a serial_number the token code is token_code for the first
 * time, if that is not NULL, and asked for on the terminal otherwise (terminal.h; only when
 * patient; six digits, three attempts).
 */
struct source *source_role(const char *name, struct aws_config *sts,
    const struct sts_assume_role *role);

/*
 * A role assumed with the OpenID Connect token in token_file, which is read anew each time.  sts,
 * taken over, has no source: the call is not signed.  The texts are copied; duration_seconds 0 is
 * the service's default.
 */
struct source *source_web_identity(const char *name, struct aws_config *sts, const char *role_arn,
    const char *session_name, int duration_seconds, const char *token_file);

#endif
