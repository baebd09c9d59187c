/* AWS's endpoints, as botocore 1.43's rule sets resolve them, and the checks on given ones. */
#include <stdlib.h>

#include "net/endpoint.h"
#include "tap.h"

static void
aws_endpoints(void)
{
	static const struct {
		enum aws_service service;
		int fips, dualstack;
		const char *region, *host;
	} table[] = {
		{ AWS_COGNITO_IDP, 0, 0, "eu-west-1", "cognito-idp.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 0, 1, "eu-west-1", "cognito-idp.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 0, "eu-west-1", "cognito-idp-fips.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "eu-west-1", "cognito-idp-fips.eu-west-1.api.aws" },
		{ AWS_COGNITO_IDP, 1, 1, "us-east-1", "cognito-idp-fips.us-east-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "us-east-2", "cognito-idp-fips.us-east-2.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "us-west-1", "cognito-idp-fips.us-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "us-west-2", "cognito-idp-fips.us-west-2.amazonaws.com" },
		{ AWS_COGNITO_IDP, 0, 0, "us-gov-west-1", "cognito-idp.us-gov-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 0, 1, "us-gov-west-1", "cognito-idp.us-gov-west-1.api.aws" },
		{ AWS_COGNITO_IDP, 1, 0, "us-gov-west-1",
		    "cognito-idp-fips.us-gov-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "us-gov-east-1", "cognito-idp-fips.us-gov-east-1.api.aws" },
		{ AWS_COGNITO_IDP, 0, 0, "cn-north-1", "cognito-idp.cn-north-1.amazonaws.com.cn" },
		{ AWS_COGNITO_IDP, 1, 1, "cn-north-1",
		    "cognito-idp-fips.cn-north-1.api.amazonwebservices.com.cn" },
		{ AWS_COGNITO_IDP, 0, 0, "eusc-de-east-1", "cognito-idp.eusc-de-east-1.amazonaws.eu" },
		{ AWS_COGNITO_IDP, 0, 1, "eusc-de-east-1",
		    "cognito-idp.eusc-de-east-1.api.amazonwebservices.eu" },
		{ AWS_COGNITO_IDP, 0, 1, "us-iso-east-1",
		    "cognito-idp.us-iso-east-1.api.aws.ic.gov" },
		{ AWS_COGNITO_IDP, 0, 0, "us-isob-east-1",
		    "cognito-idp.us-isob-east-1.sc2s.sgov.gov" },
		{ AWS_COGNITO_IDP, 0, 1, "eu-isoe-west-1",
		    "cognito-idp.eu-isoe-west-1.api.cloud-aws.adc-e.uk" },
		{ AWS_COGNITO_IDP, 1, 0, "us-isof-south-1",
		    "cognito-idp-fips.us-isof-south-1.csp.hci.ic.gov" },
		{ AWS_COGNITO_IDP, 0, 1, "xx-new-9", "cognito-idp.xx-new-9.amazonaws.com" },
		{ AWS_COGNITO_IDP, 1, 1, "xx-new-9", "cognito-idp-fips.xx-new-9.api.aws" },
		{ AWS_COGNITO_IDENTITY, 0, 0, "eu-west-1", "cognito-identity.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDENTITY, 0, 1, "eu-west-1", "cognito-identity.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDENTITY, 1, 0, "eu-west-1",
		    "cognito-identity-fips.eu-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDENTITY, 1, 1, "eu-west-1", "cognito-identity-fips.eu-west-1.api.aws" },
		{ AWS_COGNITO_IDENTITY, 1, 1, "us-west-2",
		    "cognito-identity-fips.us-west-2.amazonaws.com" },
		{ AWS_COGNITO_IDENTITY, 0, 1, "us-gov-west-1",
		    "cognito-identity.us-gov-west-1.api.aws" },
		{ AWS_COGNITO_IDENTITY, 1, 0, "us-gov-west-1",
		    "cognito-identity-fips.us-gov-west-1.amazonaws.com" },
		{ AWS_COGNITO_IDENTITY, 0, 0, "cn-north-1",
		    "cognito-identity.cn-north-1.amazonaws.com.cn" },
		{ AWS_COGNITO_IDENTITY, 1, 1, "cn-north-1",
		    "cognito-identity-fips.cn-north-1.api.amazonwebservices.com.cn" },
		{ AWS_COGNITO_IDENTITY, 0, 1, "eusc-de-east-1",
		    "cognito-identity.eusc-de-east-1.api.amazonwebservices.eu" },
		{ AWS_STS, 0, 0, "us-east-1", "sts.us-east-1.amazonaws.com" },
		{ AWS_STS, 0, 1, "us-east-1", "sts.us-east-1.api.aws" },
		{ AWS_STS, 1, 0, "us-east-1", "sts-fips.us-east-1.amazonaws.com" },
		{ AWS_STS, 1, 1, "us-east-1", "sts-fips.us-east-1.api.aws" },
		{ AWS_STS, 1, 0, "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com" },
		{ AWS_STS, 0, 1, "us-gov-east-1", "sts.us-gov-east-1.api.aws" },
		{ AWS_STS, 1, 1, "us-gov-east-1", "sts-fips.us-gov-east-1.api.aws" },
		{ AWS_STS, 1, 0, "cn-north-1", "sts-fips.cn-north-1.amazonaws.com.cn" },
		{ AWS_STS, 1, 1, "eu-isoe-west-1", "sts-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk" }
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char *url = endpoint_of_aws(table[i].service, table[i].region, table[i].fips != 0,
		    table[i].dualstack != 0);

		is(endpoint_host(url), table[i].host, table[i].host);
		ok(strncmp(url, "https://", 8) == 0, "over https");
		free(url);
	}
}

static void
parses(const char *url, const char *expected)
{
	const char *why = "";
	char *got = endpoint_parse(url, &why);

	if (expected == NULL)
		ok(got == NULL && why[0] != '\0', url);
	else
		is(got, expected, url);
	free(got);
}

static void
given_endpoints(void)
{
	parses("https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com",
	    "https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com");
	parses("HTTPS://Example.COM:443/", "https://example.com");
	parses("https://example.com:8443", "https://example.com:8443");
	parses("http://127.0.0.1:5055/", "http://127.0.0.1:5055");
	parses("http://localhost:80", "http://localhost");
	parses("http://[::1]:9", "http://[::1]:9");
	parses("http://127.9.9.9:443", "http://127.9.9.9:443");
	parses("http://[0:0:0:0:0:0:0:1]:9", "http://[::1]:9");
	parses("https://[2001:DB8::1:1]", "https://[2001:db8::1:1]");
	/* To libcurl all of these are 127.0.0.1; the last one is no address. */
	parses("https://127.1", NULL);
	parses("https://2130706433", NULL);
	parses("https://0x7f000001", NULL);
	parses("https://0177.0.0.1", NULL);
	parses("https://[1:2]", NULL);
	parses("http://example.com", NULL);
	parses("http://127.0.0.1.example.com", NULL);
	parses("http://128.0.0.1", NULL);
	parses("http://[::2]", NULL);
	parses("http://localhost.example.com", NULL);
	parses("http://127.0.0.1@example.com", NULL);
	parses("https://user:secret@example.com", NULL);
	parses("https://example.com/path", NULL);
	parses("https://example.com?x=1", NULL);
	parses("https://example.com#x", NULL);
	parses("https://example.com\r\nX: y", NULL);
	parses("https://example.com:0", NULL);
	parses("https://example.com:65536", NULL);
	parses("https://example.com:", NULL);
	parses("https://example.com:80x", NULL);
	parses("https://", NULL);
	parses("https://[::1", NULL);
	parses("ftp://example.com", NULL);
	parses("example.com", NULL);
	parses("", NULL);
}

static void
regions(void)
{
	ok(endpoint_region_valid("eu-west-1"), "eu-west-1");
	ok(endpoint_region_valid("local"), "local");
	ok(!endpoint_region_valid(""), "no empty region");
	ok(!endpoint_region_valid("eu-west-1.example.com/"), "no dots");
	ok(!endpoint_region_valid("EU-WEST-1"), "no capitals");
	ok(!endpoint_region_valid("-eu"), "no hyphen first");
	ok(!endpoint_region_valid("eu-"), "no hyphen last");
	ok(!endpoint_region_valid("eu--west"), "no two hyphens");
	ok(!endpoint_region_valid("eu-west-1\r\n"), "no line end");
	ok(!endpoint_region_valid("a23456789012345678901234567890123"), "not 33 bytes");
}

static void
loopback(void)
{
	ok(endpoint_is_loopback("http://127.0.0.1:1"), "127.0.0.1 is this machine");
	ok(endpoint_is_loopback("https://[::1]"), "::1 is this machine");
	ok(!endpoint_is_loopback("https://example.com"), "example.com is not");
}

int
main(void)
{
	aws_endpoints();
	given_endpoints();
	regions();
	loopback();
	return tap_done();
}
