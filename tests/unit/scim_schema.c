/* The schema check of emit-scim: what passes, and the path and reason of what does not. */
/* A command's helpers are in no archive. */
#include "../../cmd/emit-scim/schema.c"		/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/emit-scim/schema_table.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/emit-scim/schema_type.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/emit-scim/schema_value.c"	/* NOLINT(bugprone-suspicious-include) */

#include "tap.h"

#define USER "{\"schemas\":[\"" SCHEMA_USER "\"],\"userName\":\"ana\""
#define GROUP "{\"schemas\":[\"" SCHEMA_GROUP "\"]"
#define ENTERPRISE_URN "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define BOTH "{\"schemas\":[\"" SCHEMA_USER "\",\"" ENTERPRISE_URN "\"],\"userName\":\"ana\",\"" \
	ENTERPRISE_URN "\":"
#define OWN "{\"schemas\":[\"" SCHEMA_USER "\",\"urn:x:y\"],\"userName\":\"ana\",\"urn:x:y\":"
#define NAMED ",\"displayName\":\"A\",\"name\":{\"givenName\":\"A\",\"familyName\":\"B\"}"

struct row {
	const char *text, *want;	/* want NULL: good */
	enum dialect dialect;
	bool with_id;
};

static const struct row rows[] = {
	{ USER "}", NULL, DIALECT_SCIM, false },
	{ USER ",\"name\":null,\"emails\":null,\"urn:x:y\":null}", NULL, DIALECT_SCIM, false },
	{ "{\"userName\":\"ana\"}", "schemas: must name the core schema of User or of Group",
	    DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\",\"" SCHEMA_GROUP "\"],\"userName\":\"ana\"}",
	    "schemas: must name the core schema of User or of Group", DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\",\"" SCHEMA_USER "\"],\"userName\":\"a\"}",
	    "schemas: one of them is given twice", DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\",7],\"userName\":\"a\"}",
	    "schemas: not all of them are URNs", DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\"]}", "userName: required", DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\"],\"userName\":null}", "userName: required",
	    DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\"],\"userName\":\"\"}", "userName: empty",
	    DIALECT_SCIM, false },
	{ USER ",\"userName\":\"bob\"}", "userName: given twice", DIALECT_SCIM, false },
	{ USER ",\"active\":\"true\"}", "active: not a boolean", DIALECT_SCIM, false },
	{ USER ",\"displayName\":7}", "displayName: not a string", DIALECT_SCIM, false },
	{ USER ",\"nickname\":\"a\"}",
	    "nickname: not an attribute of User (the name is nickName)", DIALECT_SCIM, false },
	{ USER ",\"a b\":\"a\"}",
	    "(a name): not an attribute of User (names are schemas, "
	    "externalId, userName, name, displayName, nickName, profileUrl, title, userType, "
	    "preferredLanguage, locale, timezone, active, password, emails, phoneNumbers, "
	    "ims, photos, addresses, "
	    "entitlements, roles, x509Certificates)", DIALECT_SCIM, false },
	{ "{\"schemas\":[\"" SCHEMA_USER "\",\"title\"],\"userName\":\"a\",\"title\":\"b\"}",
	    "schemas: not all of them are URNs", DIALECT_SCIM, false },
	{ USER ",\"groups\":[{\"value\":\"a\"}]}", "groups: read-only", DIALECT_SCIM, false },
	{ USER ",\"meta\":{\"version\":\"1\"}}", "meta: read-only", DIALECT_SCIM, true },
	{ USER ",\"groups\":[{}],\"meta\":{},\"id\":null}", NULL, DIALECT_SCIM, false },
	{ USER ",\"" ENTERPRISE_URN "\":{\"manager\":{\"displayName\":null}}}", NULL,
	    DIALECT_SCIM, false },
	{ USER ",\"id\":\"7\"}", "id: read-only", DIALECT_SCIM, false },
	{ USER ",\"id\":\"7\"}", NULL, DIALECT_SCIM, true },
	{ USER ",\"emails\":{}}", "emails: not an array", DIALECT_SCIM, false },
	{ USER ",\"emails\":[\"a@b\"]}", "emails[0]: not an object", DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"type\":\"work\"}]}", "emails[0].value: required",
	    DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\"},{\"value\":\"c@d\",\"type\":\"mobile\"}]}",
	    "emails[1].type: not one of work, home, other", DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\",\"type\":\"recovery\"}]}",
	    "emails[0].type: not one of work, home, other", DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\",\"type\":\"recovery\"}]}",
	    NULL, DIALECT_OCI, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\",\"primary\":true},"
	    "{\"value\":\"c@d\",\"primary\":true}]}",
	    "emails[1].primary: a second primary", DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\",\"verified\":\"true\"}]}",
	    "emails[0].verified: not a boolean", DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\",\"Type\":\"work\"}]}",
	    "emails[0].Type: not an attribute of emails (the name is type)", DIALECT_SCIM, false },
	{ USER ",\"name\":\"Ana\"}", "name: not an object", DIALECT_SCIM, false },
	{ USER ",\"name\":{\"givenName\":[]}}", "name.givenName: not a string",
	    DIALECT_SCIM, false },
	{ USER ",\"profileUrl\":\"example.com\"}", "profileUrl: not an absolute URI", DIALECT_SCIM,
	    false },
	{ USER ",\"profileUrl\":\"https://example.com/a b\"}", "profileUrl: not an absolute URI",
	    DIALECT_SCIM, false },
	{ USER ",\"profileUrl\":\"https:\\/\\/example.com\\/a\",\"locale\":\"en\\u002dUS\"}", NULL,
	    DIALECT_SCIM, false },
	{ USER ",\"profileUrl\":\"https://example.com/\\u007f\"}",
	    "profileUrl: not an absolute URI",
	    DIALECT_SCIM, false },
	{ USER ",\"photos\":[{\"value\":\"https://example.com/a\",\"type\":\"photo\"}]}", NULL,
	    DIALECT_SCIM, false },
	{ USER ",\"photos\":[{\"value\":\"a.png\"}]}", "photos[0].value: not an absolute URI",
	    DIALECT_SCIM, false },
	{ USER ",\"locale\":\"en_US\"}", "locale: not a language tag such as en-US", DIALECT_SCIM,
	    false },
	{ USER ",\"locale\":\"sr-Latn-RS\",\"preferredLanguage\":\"x-klingon\"}",
	    NULL, DIALECT_SCIM,
	    false },
	{ USER ",\"timezone\":\"Etc\\/GMT+3\"}", NULL, DIALECT_SCIM, false },
	{ USER ",\"timezone\":\"x y\"}", "timezone: not a time zone such as America/Chicago",
	    DIALECT_SCIM, false },
	{ USER ",\"locale\":\"en-\"}", "locale: not a language tag such as en-US",
	    DIALECT_SCIM, false },
	{ USER ",\"addresses\":[{\"country\":\"Spain\"}]}",
	    "addresses[0].country: not a country code of two letters", DIALECT_SCIM, false },
	{ GROUP "}", "displayName: required", DIALECT_SCIM, false },
	{ GROUP ",\"displayName\":\"a\",\"userName\":\"a\"}",
	    "userName: not an attribute of Group (names are schemas, externalId, displayName, "
	    "members)",
	    DIALECT_SCIM, false },
	{ GROUP ",\"displayName\":\"a\",\"members\":[{\"value\":\"1\"},{\"display\":\"x\"}]}",
	    "members[1].value: required", DIALECT_SCIM, false },
	{ GROUP ",\"displayName\":\"a\",\"members\":[{\"value\":\"1\",\"type\":\"user\"}]}",
	    "members[0].type: not one of User, Group", DIALECT_SCIM, false },
	{ BOTH "{\"employeeNumber\":\"7\",\"manager\":{\"value\":\"1\"}}}",
	    NULL, DIALECT_SCIM, false },
	{ BOTH "{\"employeeNumber\":7}}", ENTERPRISE_URN ":employeeNumber: not a string",
	    DIALECT_SCIM,
	    false },
	{ BOTH "{\"manager\":{\"displayName\":\"x\"}}}",
	    ENTERPRISE_URN ":manager.displayName: read-only", DIALECT_SCIM, false },
	{ BOTH "[]}", ENTERPRISE_URN ": not an object", DIALECT_SCIM, false },
	{ OWN "{\"anything\":[1,{\"a\":null}]}}", NULL, DIALECT_SCIM, false },
	{ OWN "{},\"urn:x:y\":{}}", "urn:x:y: given twice", DIALECT_SCIM, false },
	{ USER ",\"urn:x:y\":{\"a\":[]}}", NULL, DIALECT_SCIM, false },
	{ USER ",\"urn:x:y\":{\"a\":0}}", "urn:x:y: an extension that is not among the schemas",
	    DIALECT_SCIM, false },
	{ USER ",\"emails\":[{\"value\":\"a@b\"}]}", "emails[0].type: required",
	    DIALECT_OCI, false },
	{ USER ",\"phoneNumbers\":[{\"value\":\"1\"}]}", "phoneNumbers[0].type: required",
	    DIALECT_OCI, false },
	{ USER ",\"addresses\":[{\"locality\":\"x\"}]}", "addresses[0].type: required", DIALECT_OCI,
	    false },
	{ USER "}", "name: required", DIALECT_AWS, false },
	{ USER NAMED "}", NULL, DIALECT_AWS, false },
	{ USER ",\"displayName\":\"A\",\"name\":{\"givenName\":\"A\"}}",
	    "name.familyName: required",
	    DIALECT_AWS, false },
	{ USER NAMED ",\"photos\":[],\"phoneNumbers\":[{\"value\":\"a\",\"display\":null}]}", NULL,
	    DIALECT_AWS, false },
	{ USER NAMED ",\"photos\":[{\"value\":\"a:b\"}]}",
	    "photos: not known to IAM Identity Center",
	    DIALECT_AWS, false },
	{ USER NAMED ",\"emails\":[{\"value\":\"a\",\"primary\":true},{\"value\":\"b\"}]}",
	    "emails[1]: IAM Identity Center takes one value only", DIALECT_AWS, false },
	{ USER NAMED ",\"emails\":[{\"value\":\"a\",\"primary\":false}]}",
	    "emails[0].primary: must be true", DIALECT_AWS, false },
	{ USER NAMED ",\"phoneNumbers\":[{\"value\":\"a\",\"display\":\"b\"}]}",
	    "phoneNumbers[0].display: not known to IAM Identity Center", DIALECT_AWS, false },
};

/* In an order that is not the tables'. */
static const char noted[] = "{\"entitlements\":null,\"userType\":\"a\",\"userName\":\"ana\","
    "\"displayName\":\"A\",\"externalId\":\"x\",\"ims\":[],\"id\":\"7\",\"emails\":[],"
    "\"schemas\":[\"" SCHEMA_USER "\"]}";
static const char group[] = GROUP ",\"externalId\":\"x\",\"displayName\":\"A\"}";

int
main(void)
{
	char reason[SCHEMA_REASON_SIZE];
	struct schema_keys keys;
	struct tok_list l;

	tok_init(&l, 1000);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		const char *got;

		if (!ok(tok_parse(&l, r->text, strlen(r->text)) == TOK_OK, r->text))
			continue;
		got = schema_check(&l, r->text, r->dialect, r->with_id, &keys, reason);
		is(got != NULL ? got : "good", r->want != NULL ? r->want : "good", "the verdict");
	}
	ok(tok_parse(&l, noted, strlen(noted)) == TOK_OK && schema_check(&l, noted, DIALECT_SCIM, true,
	    &keys, reason) == NULL && keys.type == SCHEMA_IS_USER &&
	    keys.schemas == tok_member(&l, noted, 0, "schemas") &&
	    keys.id == tok_member(&l, noted, 0, "id") &&
	    keys.external == tok_member(&l, noted, 0, "externalId") &&
	    keys.name == tok_member(&l, noted, 0, "userName"), "where the keys of a user are");
	ok(tok_parse(&l, group, strlen(group)) == TOK_OK && schema_check(&l, group, DIALECT_SCIM, true,
	    &keys, reason) == NULL && keys.type == SCHEMA_IS_GROUP && keys.id == 0 &&
	    keys.name == tok_member(&l, group, 0, "displayName"), "and those of a group");
	tok_free(&l);
	return tap_done();
}
