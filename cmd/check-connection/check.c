/* What all checks have in common (check.h). */
#include "check.h"

#include <string.h>

/* That it was taken from the pool's id is said of the option, wherever the id is from. */
const char *
check_region_from(const struct check *c)
{
	return strcmp(c->config.region_from, "--user-pool-id") == 0 ? "the pool's id" :
	    c->config.region_from;
}

static bool
is_stopped(struct check *c, const char *name, const char *by)
{
	if (by == NULL)
		return false;
	report_say(&c->report.detail, "not tried: %s failed", by);
	report_unknown(&c->report, name);
	return true;
}

bool
check_lacks_network(struct check *c, const char *name)
{
	return is_stopped(c, name, c->no_network);
}

bool
check_lacks_access(struct check *c, const char *name)
{
	return is_stopped(c, name, c->no_access != NULL ? c->no_access : c->no_network);
}
