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
enum { NAMES = sizeof names / sizeof *names };

unsigned
parts_read(const char *list)
{
	unsigned parts = PART_POOL;
	char shown[80];
	size_t len, i;

	if (list == NULL)
		return PART_ALL;
	for (; ; list += len + 1) {
		len = strcspn(list, ",");
		for (i = 0; i < NAMES; i++)
			if (strlen(names[i].name) == len && memcmp(list, names[i].name, len) == 0)
				break;
		if (i == NAMES)
			opt_value_error("--parts: \"%s\" is none of pool, mfa, clients, providers, "
			    "groups, domain, resource-servers, limits",
			    diag_quote(shown, sizeof shown, list, len));
		parts |= names[i].part;
		if (list[len] == '\0')
			return parts;
	}
}
