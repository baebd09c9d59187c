/* What is not compared (uncompared.h). */
#include "uncompared.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"

static void
say_members(const struct sync *s)
{
	bool want = s->side[WANT].extent[MEMBERS].there;

	/* Of --have-ledger, which knows none, another line speaks. */
	if (!s->o.have_ledger && want != s->side[HAVE].extent[MEMBERS].there)
		diag_warn("%s has memberships, and %s says nothing of any: they are not compared "
		    "(expand-members)", side_names[want ? WANT : HAVE], side_names[want ? HAVE : WANT]);
	for (int side = 0; side < SIDES; side++)
		if (s->side[side].with_members > 0)
			diag_warn("%s has %" PRIu64 " groups with Members, which are not read: memberships "
			    "are records, or Groups of users (expand-members)", side_names[side],
			    s->side[side].with_members);
}

/* By a key that the target gives out itself everybody would be created again by each plan. */
static void
say_key(const struct sync *s)
{
	const char *want = s->side[WANT].stem, *have = s->side[HAVE].stem;

	if (strcmp(s->o.key.name, "sub") == 0 && want != NULL && have != NULL &&
	    strcmp(want, have) != 0)
		diag_warn("--key sub: WANT and HAVE are of different pools, and a user has another sub in "
		    "each: nobody is known again");
}

/* A name that is spelled wrong has no members, so that nothing happens, or they all seem to leave. */
static void
say_groups(struct sync *s)
{
	const struct opt_list *groups = &s->o.scope_groups;

	for (size_t i = 0; i < groups->count; i++) {
		const char *name = groups->items[i];
		size_t len = strlen(name);
		struct keyset_key key;
		char shown[160];

		if (len > 0 && len <= KEYSET_KEY_MAX) {
			keyset_key(&key, name, len);
			if (keyset_find(&s->groups.names, &key) != 0)
				continue;
		}
		diag_warn("--scope-groups: neither side has the group %s",
		    diag_quote(shown, sizeof shown, name, len));
	}
}

void
uncompared_say(struct sync *s)
{
	say_members(s);
	say_key(s);
	say_groups(s);
	if (s->side[WANT].flat > 0)
		diag_warn("WANT has %" PRIu64 " users without Attributes, but with texts beside, which are "
		    "not compared", s->side[WANT].flat);
}
