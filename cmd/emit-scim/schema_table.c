/*
 * RFC 7643, sections 3.1, 4.1 to 4.3; Oracle's extensions as its identity domains have them.  The
 * tables of OCI's extensions are not whole: what they do not know passes.
 */
#include <stddef.h>

#include "schema_table.h"

#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define ORACLE "urn:ietf:params:scim:schemas:oracle:idcs:extension:"

static const char *const places[] = { "work", "home", "other", NULL };
/* An identity domain adds the last one of itself. */
static const char *const email_types[] = { "work", "home", "other", "recovery", NULL };
static const char *const phone_types[] = {
	"work", "home", "mobile", "fax", "pager", "other", "recovery", NULL
};
static const char *const photo_types[] = { "photo", "thumbnail", NULL };
static const char *const member_types[] = { "User", "Group", NULL };

static const struct attribute name[] = {
	{ "formatted", TYPE_STRING, 0, NULL, NULL },
	{ "familyName", TYPE_STRING, AWS_REQUIRED, NULL, NULL },
	{ "givenName", TYPE_STRING, AWS_REQUIRED, NULL, NULL },
	{ "middleName", TYPE_STRING, 0, NULL, NULL },
	{ "honorificPrefix", TYPE_STRING, 0, NULL, NULL },
	{ "honorificSuffix", TYPE_STRING, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute email[] = {
	{ "value", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "display", TYPE_STRING, AWS_FORBIDDEN, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, email_types, NULL },
	{ "primary", TYPE_BOOLEAN, AWS_REQUIRED, NULL, NULL },
	/* Oracle's; the mapping sets it for all, and it goes out where it may. */
	{ "verified", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute phone[] = {
	{ "value", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "display", TYPE_STRING, AWS_FORBIDDEN, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, phone_types, NULL },
	{ "primary", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute photo[] = {
	{ "value", TYPE_URI, IS_REQUIRED, NULL, NULL },
	{ "display", TYPE_STRING, 0, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, photo_types, NULL },
	{ "primary", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute ims[] = {
	{ "value", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "display", TYPE_STRING, 0, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, NULL, NULL },
	{ "primary", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute plain[] = {
	{ "value", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "display", TYPE_STRING, 0, NULL, NULL },
	{ "type", TYPE_STRING, 0, NULL, NULL },
	{ "primary", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute address[] = {
	{ "formatted", TYPE_STRING, 0, NULL, NULL },
	{ "streetAddress", TYPE_STRING, 0, NULL, NULL },
	{ "locality", TYPE_STRING, 0, NULL, NULL },
	{ "region", TYPE_STRING, 0, NULL, NULL },
	{ "postalCode", TYPE_STRING, 0, NULL, NULL },
	{ "country", TYPE_COUNTRY, 0, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, places, NULL },
	{ "primary", TYPE_BOOLEAN, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute member[] = {
	{ "value", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "$ref", TYPE_STRING, 0, NULL, NULL },
	{ "display", TYPE_STRING, AWS_FORBIDDEN, NULL, NULL },
	{ "type", TYPE_STRING, OCI_REQUIRED, member_types, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

const struct attribute schema_user[] = {
	{ "schemas", TYPE_SCHEMAS, IS_REQUIRED, NULL, NULL },
	{ "id", TYPE_STRING, IS_READ_ONLY, NULL, NULL },
	{ "externalId", TYPE_STRING, 0, NULL, NULL },
	{ "meta", TYPE_COMPLEX, IS_READ_ONLY, NULL, NULL },
	{ "userName", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "name", TYPE_COMPLEX, AWS_REQUIRED, NULL, name },
	{ "displayName", TYPE_STRING, AWS_REQUIRED, NULL, NULL },
	{ "nickName", TYPE_STRING, 0, NULL, NULL },
	{ "profileUrl", TYPE_URI, 0, NULL, NULL },
	{ "title", TYPE_STRING, 0, NULL, NULL },
	{ "userType", TYPE_STRING, 0, NULL, NULL },
	{ "preferredLanguage", TYPE_TAG, 0, NULL, NULL },
	{ "locale", TYPE_TAG, 0, NULL, NULL },
	{ "timezone", TYPE_ZONE, 0, NULL, NULL },
	{ "active", TYPE_BOOLEAN, 0, NULL, NULL },
	{ "password", TYPE_STRING, AWS_FORBIDDEN, NULL, NULL },
	{ "emails", TYPE_COMPLEX, IS_MULTI | AWS_ONE, NULL, email },
	{ "phoneNumbers", TYPE_COMPLEX, IS_MULTI | AWS_ONE, NULL, phone },
	{ "ims", TYPE_COMPLEX, IS_MULTI | AWS_FORBIDDEN, NULL, ims },
	{ "photos", TYPE_COMPLEX, IS_MULTI | AWS_FORBIDDEN, NULL, photo },
	{ "addresses", TYPE_COMPLEX, IS_MULTI | AWS_ONE, NULL, address },
	{ "groups", TYPE_COMPLEX, IS_MULTI | IS_READ_ONLY, NULL, NULL },
	{ "entitlements", TYPE_COMPLEX, IS_MULTI | AWS_FORBIDDEN, NULL, plain },
	{ "roles", TYPE_COMPLEX, IS_MULTI, NULL, plain },
	{ "x509Certificates", TYPE_COMPLEX, IS_MULTI | AWS_FORBIDDEN, NULL, plain },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

const struct attribute schema_group[] = {
	{ "schemas", TYPE_SCHEMAS, IS_REQUIRED, NULL, NULL },
	{ "id", TYPE_STRING, IS_READ_ONLY, NULL, NULL },
	{ "externalId", TYPE_STRING, 0, NULL, NULL },
	{ "meta", TYPE_COMPLEX, IS_READ_ONLY, NULL, NULL },
	{ "displayName", TYPE_STRING, IS_REQUIRED, NULL, NULL },
	{ "members", TYPE_COMPLEX, IS_MULTI, NULL, member },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute manager[] = {
	{ "value", TYPE_STRING, 0, NULL, NULL },
	{ "$ref", TYPE_STRING, 0, NULL, NULL },
	{ "displayName", TYPE_STRING, IS_READ_ONLY, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute enterprise[] = {
	{ "employeeNumber", TYPE_STRING, 0, NULL, NULL },
	{ "costCenter", TYPE_STRING, 0, NULL, NULL },
	{ "organization", TYPE_STRING, 0, NULL, NULL },
	{ "division", TYPE_STRING, 0, NULL, NULL },
	{ "department", TYPE_STRING, 0, NULL, NULL },
	{ "manager", TYPE_COMPLEX, 0, NULL, manager },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute oracle_user[] = {
	{ "bypassNotification", TYPE_BOOLEAN, 0, NULL, NULL },
	{ "isFederatedUser", TYPE_BOOLEAN, 0, NULL, NULL },
	{ "creationMechanism", TYPE_STRING, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

static const struct attribute oracle_group[] = {
	{ "description", TYPE_STRING, 0, NULL, NULL },
	{ NULL, TYPE_STRING, 0, NULL, NULL }
};

const struct schema schema_extensions[] = {
	{ ENTERPRISE, "the enterprise extension", enterprise, false },
	{ ORACLE "user:User", "Oracle's extension", oracle_user, true },
	{ ORACLE "group:Group", "Oracle's extension", oracle_group, true },
	{ NULL, NULL, NULL, false }
};
