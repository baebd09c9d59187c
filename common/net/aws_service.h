/*
 * The services that the AWS client talks to, and what each is called where: in host names,
 * signatures and permissions, in requests, in variables and in profiles.
 *
 * Source: botocore's service models (signingName, endpointPrefix, targetPrefix, serviceId,
 * apiVersion).
 */
#ifndef NET_AWS_SERVICE_H
#define NET_AWS_SERVICE_H

#include <stdbool.h>

enum aws_service {
	AWS_COGNITO_IDP,	/* user pools */
	AWS_COGNITO_IDENTITY,	/* identity pools */
	AWS_STS,
	AWS_SERVICES
};

/* All texts are static. */
struct aws_service_names {
	/* "cognito-idp": in host names and signatures, and before the colon of IAM actions. */
	const char *name;
	/* What stands before the operation in X-Amz-Target.  NULL: the service speaks Query/XML. */
	const char *target;
	const char *version;	/* of its interface; Query/XML says it in each request */
	const char *variable;	/* of its own endpoint: "AWS_ENDPOINT_URL_STS" */
	const char *key;	/* of its own endpoint in a profile's services section: "sts" */
	/* One of Cognito's: paced, and with host names by Cognito's rules. */
	bool of_cognito;
};

const struct aws_service_names *aws_service_names(enum aws_service service);

#endif
