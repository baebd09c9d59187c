/* The checks on AssumeRole's members. */
#include "net/sts.h"
#include "tap.h"

static const char role[] = "arn:aws:iam::123456789012:role/cognitoApiAccessRole";
static char filler[2100];

/* The last n bytes of many 'x'. */
static const char *
of_length(size_t n)
{
	return filler + sizeof filler - 1 - n;
}

/* With the role and a session name unless r has them; member NULL: nothing is wrong. */
static void
checked(struct sts_assume_role r, const char *member, const char *title)
{
	const char *named = "", *why;

	if (r.role_arn == NULL)
		r.role_arn = role;
	if (r.session_name == NULL)
		r.session_name = "sync";
	why = sts_check(&r, &named);
	if (!ok(member == NULL ? why == NULL : why != NULL && strcmp(named, member) == 0, title))
		printf("# %s: %s\n", named, why != NULL ? why : "nothing wrong");
}

#define CHECK(member, title, ...) \
	checked((struct sts_assume_role){ __VA_ARGS__ }, member, title)

static void
plain_members(void)
{
	CHECK(NULL, "good", .external_id = "id", .duration_seconds = 3600);
	CHECK(NULL, "without the optional ones", .duration_seconds = 0);
	CHECK(NULL, "another partition, a path",
	    .role_arn = "arn:aws-us-gov:iam::123456789012:role/a/b");
	CHECK("role-arn", "a name is no ARN", .role_arn = "cognitoApiAccessRole");
	CHECK("role-arn", "a user's ARN", .role_arn = "arn:aws:iam::123456789012:user/x");
	CHECK("role-arn", "an account of 11 digits", .role_arn = "arn:aws:iam::12345678901:role/xyz");
	CHECK("role-arn", "AWS has no roles to assume", .role_arn = "arn:aws:iam::aws:role/xyzabc");
	CHECK("role-arn", "no name", .role_arn = "arn:aws:iam::123456789012:role/");
	CHECK("role-arn", "a line end", .role_arn = "arn:aws:iam::123456789012:role/a\nb");
	CHECK("role-session-name", "short name", .session_name = "s");
	CHECK("role-session-name", "a blank", .session_name = "a b");
	CHECK("external-id", "an ampersand", .external_id = "a&b");
	CHECK("external-id", "empty", .external_id = "");
	CHECK("external-id", "1225 bytes", .external_id = of_length(1225));
	CHECK(NULL, "1224 bytes", .external_id = of_length(1224));
	CHECK("duration-seconds", "899", .duration_seconds = 899);
	CHECK("duration-seconds", "43201", .duration_seconds = 43201);
	CHECK(NULL, "a source identity", .source_identity = "ana+x=y,z.@-_1");
	CHECK(NULL, "of 64 bytes", .source_identity = of_length(64));
	CHECK("source-identity", "of 65", .source_identity = of_length(65));
	CHECK("source-identity", "of 1", .source_identity = "a");
	CHECK("source-identity", "AWS's own", .source_identity = "aws:ana");
	CHECK(NULL, "an MFA device", .serial_number = "arn:aws:iam::123456789012:mfa/ana");
	CHECK(NULL, "one of 9 bytes", .serial_number = of_length(9));
	CHECK(NULL, "one of 256", .serial_number = of_length(256));
	CHECK("serial-number", "one of 8", .serial_number = of_length(8));
	CHECK("serial-number", "one of 257", .serial_number = of_length(257));
	CHECK("serial-number", "one with a blank", .serial_number = "GAHT 12345678");
	ok(sts_token_code_valid("012345"), "a token code");
	ok(!sts_token_code_valid("12345"), "one of five digits");
	ok(!sts_token_code_valid("1234567"), "one of seven");
	ok(!sts_token_code_valid("12345a"), "one with a letter");
	ok(!sts_token_code_valid("\xd9\xa1" "1234"), "one with another script's digit");
}

/* One tag; member NULL: it is good. */
static void
tagged(const char *key, const char *value, const char *member, const char *title)
{
	CHECK(member, title, .tags = &(struct sts_tag){ key, value }, .tag_count = 1);
}

static void
fill(char *to, const char *character, size_t times)
{
	size_t n = strlen(character);

	for (size_t i = 0; i < times; i++)
		memcpy(to + i * n, character, n);
	to[times * n] = '\0';
}

static void
tags(void)
{
	static const struct sts_tag same[] = { { "Team", "a" }, { "tEAM", "b" } };
	static char names[51][8];
	struct sts_tag many[51];
	const char *keys[51];
	char text[4 * 257 + 1];

	tagged("Project", "", NULL, "an empty value");
	tagged("a b_.:/=+-@9", "a b_.:/=+-@9", NULL, "every kind of ASCII");
	tagged("\xd0\xa6\xd0\xb5\xd0\xbd\xd1\x82\xd1\x80", "\xe6\x9d\xb1\xe4\xba\xac", NULL,
	    "other scripts");
	fill(text, "\xf0\x90\x8d\x88", 128);
	tagged(text, "x", NULL, "a key of 128 characters of four bytes");
	fill(text, "\xf0\x90\x8d\x88", 129);
	tagged(text, "x", "tags", "a key of 129");
	fill(text, "\xf0\x90\x8d\x88", 256);
	tagged("x", text, NULL, "a value of 256 characters of four bytes");
	fill(text, "\xf0\x90\x8d\x88", 257);
	tagged("x", text, "tags", "a value of 257");
	tagged("", "x", "tags", "an empty key");
	tagged("a,b", "x", "tags", "a comma");
	tagged("a", "x\ty", "tags", "a control character");
	tagged("a", "x\x7f", "tags", "DEL");
	tagged("a", "x\xc2\x85", "tags", "a control character beyond ASCII");
	tagged("a", "x\xc2\xa0", NULL, "a blank beyond ASCII");
	tagged("a", "\xff", "tags", "not UTF-8");
	tagged("a", "x\xc2", "tags", "UTF-8 that is cut");
	tagged("AWS:x", "y", "tags", "AWS's own key");
	tagged("awsx", "aws:y", NULL, "almost");
	CHECK("tags", "a key twice, but for its case", .tags = same, .tag_count = 2);
	for (size_t i = 0; i < 51; i++) {
		snprintf(names[i], sizeof names[i], "k%zu", i);
		many[i] = (struct sts_tag){ names[i], "v" };
		keys[i] = names[i];
	}
	CHECK(NULL, "50 tags", .tags = many, .tag_count = 50);
	CHECK("tags", "51 tags", .tags = many, .tag_count = 51);
	CHECK(NULL, "50 transitive keys, of tags that come from before",
	    .transitive_tag_keys = keys, .transitive_tag_key_count = 50);
	CHECK("transitive-tag-keys", "51", .transitive_tag_keys = keys,
	    .transitive_tag_key_count = 51);
	keys[1] = "";
	CHECK("transitive-tag-keys", "an empty one", .transitive_tag_keys = keys,
	    .transitive_tag_key_count = 2);
}

static void
policies(void)
{
	const char *arns[11];

	for (size_t i = 0; i < 11; i++)
		arns[i] = "arn:aws:iam::123456789012:policy/path/x";
	arns[1] = "arn:aws:iam::aws:policy/ReadOnlyAccess";
	arns[2] = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess";
	CHECK(NULL, "10 policies, AWS's own among them", .policy_arns = arns, .policy_arn_count = 10);
	CHECK("policy-arns", "11", .policy_arns = arns, .policy_arn_count = 11);
	arns[3] = role;
	CHECK("policy-arns", "a role's ARN", .policy_arns = arns, .policy_arn_count = 4);
	arns[3] = "arn:aws:iam::aws:policy/";
	CHECK("policy-arns", "no name", .policy_arns = arns, .policy_arn_count = 4);
	arns[3] = "arn:aws:iam::12345:policy/abcdef";
	CHECK("policy-arns", "no account", .policy_arns = arns, .policy_arn_count = 4);
}

int
main(void)
{
	memset(filler, 'x', sizeof filler - 1);
	plain_members();
	tags();
	policies();
	return tap_done();
}
