/* The table of the services (aws_service.h). */
#include "net/aws_service.h"

#include <stddef.h>

const struct aws_service_names *
aws_service_names(enum aws_service service)
{
	static const struct aws_service_names table[AWS_SERVICES] = {
		[AWS_COGNITO_IDP] = {
			.name = "cognito-idp", .target = "AWSCognitoIdentityProviderService.",
			.version = "2016-04-18",
			.variable = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
			.key = "cognito_identity_provider", .of_cognito = true
		},
		[AWS_COGNITO_IDENTITY] = {
			.name = "cognito-identity", .target = "AWSCognitoIdentityService.",
			.version = "2014-06-30", .variable = "AWS_ENDPOINT_URL_COGNITO_IDENTITY",
			.key = "cognito_identity", .of_cognito = true
		},
		[AWS_STS] = {
			.name = "sts", .target = NULL, .version = "2011-06-15",
			.variable = "AWS_ENDPOINT_URL_STS", .key = "sts", .of_cognito = false
		}
	};

	return &table[service];
}
