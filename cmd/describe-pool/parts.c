/* The names of the parts (parts.h). */
#include "parts.h"

#include <string.h>

#include "base/diag.h"
#include "base/opt.h"

static const struct {
	const char *name;
	enum part part;
} names[] = {
	{ "pool", PART_POOL }, { "mfa", PART_MFA }, { "clients", PART_CLIENTS },
	{ "providers", PART_PROVIDERS }, { "groups", PART_GROUPS }, { "domain", PART_DOMAIN },
	{ "resource-servers", PART_RESOURCE_SERVERS }, { "limits", PART_LIMITS }
};

static unsigned
part_of(const char *name, size_t len)
{
	char shown[80];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == len && memcmp(name, names[i].name, len) == 0)
			return names[i].part;
	opt_value_error("--parts: \"%s\" is none of pool, mfa, clients, providers, groups, domain, "
	    "resource-servers, limits", diag_quote(shown, sizeof shown, name, len));
}

unsigned
parts_read(const char *list)
{
	unsigned parts = PART_POOL;
	size_t len;

	if (list == NULL)
		return PART_ALL;
	for (; ; list += len + 1) {
		len = strcspn(list, ",");
		parts |= part_of(list, len);
		if (list[len] == '\0')
			return parts;
	}
}
