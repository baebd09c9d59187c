/* Cognito's answers as records: order, sorting, dates, what is refused. */
#include "base/buf.h"
#include "json/cognito.h"
#include "tap.h"

enum kind { USER, GROUP, MEMBER };

static size_t replaced;

static void
check(enum kind kind, const char *names, const char *text, const char *want, const char *title)
{
	struct cognito_names *set = cognito_names_new(names);
	struct tok_list l;
	struct buf b;
	const char *wrong;

	tok_init(&l, 10000);
	buf_init(&b, 10000);
	if (!ok(tok_parse(&l, text, strlen(text)) == TOK_OK, "the fixture is JSON"))
		printf("# %s\n", text);
	if (kind == USER)
		wrong = cognito_user(&b, &l, text, 0, names, &replaced);
	else if (kind == GROUP)
		wrong = cognito_group(&b, &l, text, 0);
	else
		wrong = cognito_membership(&b, &l, text, 0, "eng \"x\"", set, &replaced);
	is(wrong != NULL ? wrong : buf_string(&b), want, title);
	buf_free(&b);
	tok_free(&l);
	cognito_names_free(set);
}

static void
test_users(void)
{
	check(USER, NULL, "{\"Enabled\":true,\"Attributes\":[{\"Name\":\"sub\",\"Value\":\"1\"},"
	    "{\"Value\":\"a@example.com\",\"Name\":\"email\"},{\"Name\":\"custom:x\",\"Value\":\"\"}],"
	    "\"UserStatus\":\"CONFIRMED\",\"UserLastModifiedDate\":1682955829.578,"
	    "\"UserCreateDate\":1532532731.091,\"Username\":\"ana\",\"MFAOptions\":[ {\"DeliveryMedium\":\"SMS\"} ]}",
	    "{\"Username\":\"ana\",\"Enabled\":true,\"UserStatus\":\"CONFIRMED\","
	    "\"UserCreateDate\":\"2018-07-25T15:32:11.091Z\","
	    "\"UserLastModifiedDate\":\"2023-05-01T15:43:49.578Z\","
	    "\"Attributes\":{\"custom:x\":\"\",\"email\":\"a@example.com\",\"sub\":\"1\"},"
	    "\"MFAOptions\":[{\"DeliveryMedium\":\"SMS\"}]}", "a user, members in our order");
	check(USER, "[\"a\"]", "{\"Username\":\"u\",\"UserAttributes\":[{\"Name\":\"sub\",\"Value\":\"1\"}]}",
	    "{\"Username\":\"u\",\"Attributes\":{\"sub\":\"1\"},\"Groups\":[\"a\"]}",
	    "AdminGetUser's answer, with groups");
	check(USER, NULL, "{\"Username\":\"u\",\"Enabled\":null,\"Attributes\":[{\"Name\":\"a\"}]}",
	    "{\"Username\":\"u\",\"Attributes\":{\"a\":\"\"}}", "null members and absent values");
	check(USER, NULL, "{\"Username\":\"u\",\"UserCreateDate\":1532531538}",
	    "{\"Username\":\"u\",\"UserCreateDate\":\"2018-07-25T15:12:18.000Z\",\"Attributes\":{}}",
	    "a date without decimals, no attributes");
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"\\u0061b\",\"Value\":\"2\"},"
	    "{\"Name\":\"aa\",\"Value\":\"1\"}]}",
	    "{\"Username\":\"u\",\"Attributes\":{\"aa\":\"1\",\"ab\":\"2\"}}",
	    "names are sorted by their meaning");
	replaced = 0;
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"n\",\"Value\":\"x\\ud800\"}]}",
	    "{\"Username\":\"u\",\"Attributes\":{\"n\":\"x\xef\xbf\xbd\"}}", "half a pair in a value");
	ok(replaced == 1, "and it is counted");
}

static void
test_refused(void)
{
	check(USER, NULL, "{\"Attributes\":[]}", "a user without a Username", "no name");
	check(USER, NULL, "{\"Username\":\"\"}", "a user without a Username", "an empty name");
	check(USER, NULL, "{\"Username\":\"a\\ud800\"}", "a user without a Username",
	    "a name is never replaced");
	check(USER, NULL, "[]", "a user without a Username", "no object");
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"a\",\"Value\":\"1\"},"
	    "{\"Name\":\"a\",\"Value\":\"2\"}]}", "an attribute stands there twice", "twice");
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"a\",\"Value\":1}]}",
	    "an attribute whose value is not a string", "a number for a value");
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":{}}", "Attributes is not a list", "type");
	check(USER, NULL, "{\"Username\":\"u\",\"UserCreateDate\":\"x\"}",
	    "a date that is not a number of seconds", "a date");
	check(USER, NULL, "{\"Username\":\"u\",\"~end\":1}",
	    "a member whose name begins with ~ (reserved)", "a reserved name");
	check(USER, NULL, "{\"Username\":\"u\",\"\":0,\"\\u007eend\":1}",
	    "a member whose name begins with ~ (reserved)", "as an escape");
	check(USER, NULL, "{\"Username\":\"u\",\"GroupName\":\"g\"}",
	    "a member with the name of a key of records", "a user that would be a membership");
	check(USER, NULL, "{\"Username\":\"u\",\"Gro\\u0075ps\":[\"admins\"]}",
	    "a member with the name of a key of records", "groups that nobody listed");
	check(GROUP, NULL, "{\"GroupName\":\"g\",\"Username\":\"u\"}",
	    "a member with the name of a key of records", "a group that would be a membership");
	check(USER, NULL, "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"sub\",\"Value\":\"1\\u0000\"}]}",
	    "a sub that holds a NUL or half a surrogate pair", "a sub that no reader takes");
	check(MEMBER, "", "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"s\\u0075b\","
	    "\"Value\":\"\\udc00\"}]}", "a sub that holds a NUL or half a surrogate pair",
	    "a sub is never replaced");
}

static void
test_groups(void)
{
	check(GROUP, NULL, "{\"CreationDate\":0,\"Description\":\"a\\nb\",\"GroupName\":\"g\","
	    "\"UserPoolId\":\"p_1\",\"Precedence\":0,\"RoleArn\":\"arn:x\",\"LastModifiedDate\":1.5,\"New\":{}}",
	    "{\"GroupName\":\"g\",\"Description\":\"a\\nb\",\"Precedence\":0,\"RoleArn\":\"arn:x\","
	    "\"CreationDate\":\"1970-01-01T00:00:00.000Z\",\"LastModifiedDate\":\"1970-01-01T00:00:01.500Z\","
	    "\"New\":{}}", "a group");
	check(MEMBER, "email", "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"sub\",\"Value\":\"1\"},"
	    "{\"Name\":\"name\",\"Value\":\"N\"},{\"Name\":\"email\",\"Value\":\"e\"}]}",
	    "{\"GroupName\":\"eng \\\"x\\\"\",\"Username\":\"u\",\"Attributes\":{\"email\":\"e\",\"sub\":\"1\"}}",
	    "a membership carries sub and what was named");
	check(MEMBER, "", "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"name\",\"Value\":\"N\"}]}",
	    "{\"GroupName\":\"eng \\\"x\\\"\",\"Username\":\"u\",\"Attributes\":{}}", "nothing named");
	check(MEMBER, "all", "{\"Username\":\"u\",\"Attributes\":[{\"Name\":\"name\",\"Value\":\"N\"}]}",
	    "{\"GroupName\":\"eng \\\"x\\\"\",\"Username\":\"u\",\"Attributes\":{\"name\":\"N\"}}", "all");
}

static void
test_providers(void)
{
	static const char *const are[] = { "eu-west-1_AbCdEfGhI_Google", "eu-west-1_AbCdEf_Google",
		"us-gov-west-1_a_x", "ap-southeast-12_0_ _" };
	static const char *const are_none[] = { "", "eu-west-1", "eu-west-1_AbCdEfGhI",
		"eu-west-1_AbCdEfGhI_", "eu-west-1__Google", "eu-west-1_Ab-Cd_Google", "eu-west_Ab_Google",
		"eu-1_Ab_Google", "-west-1_Ab_Google", "eu--west-1_Ab_Google", "EU-west-1_Ab_Google",
		"eu-west-1a_Ab_Google", "staff" };

	for (size_t i = 0; i < sizeof are / sizeof *are; i++)
		ok(cognito_is_providers_group(are[i]), are[i]);
	for (size_t i = 0; i < sizeof are_none / sizeof *are_none; i++)
		ok(!cognito_is_providers_group(are_none[i]), are_none[i]);
}

int
main(void)
{
	test_users();
	test_refused();
	test_groups();
	test_providers();
	return tap_done();
}
