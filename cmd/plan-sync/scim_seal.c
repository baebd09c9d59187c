/* What the seal of a file of resources says (scim.h). */
#include "scim.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "extents.h"

/* The last part of a source; bits of kinds, 0 if it is none. */
static unsigned
kinds_of(const char *source, size_t len, size_t *stem, bool *server)
{
	static const struct {
		const char *name;
		unsigned kinds;
		bool server;
	} ends[] = {
		{ "users", 1U << USERS, false }, { "groups", 1U << GROUPS, false },
		{ "memberships", 1U << MEMBERS, false }, { "Users", 1U << USERS, true },
		{ "Groups", 1U << GROUPS | 1U << MEMBERS, true },
		{ "Users+Groups", 1U << USERS | 1U << GROUPS | 1U << MEMBERS, true }
	};

	*stem = len;
	while (*stem > 0 && source[*stem - 1] != '/')
		--*stem;
	if (*stem == 0)
		return 0;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strlen(ends[i].name) == len - *stem &&
		    strncmp(source + *stem, ends[i].name, len - *stem) == 0) {
			--*stem;
			*server = ends[i].server;
			return ends[i].kinds;
		}
	return 0;
}

bool
scim_is_file(const struct input *in, const struct seal *seal)
{
	bool server = false;
	size_t stem;

	return in->s->scim->resources[in->side] || (seal->source != NULL &&
	    kinds_of(seal->source, strlen(seal->source), &stem, &server) != 0 && server);
}

/* One of the sources that a seal names.  Returns PROG_OK, or what sync_stop returned. */
static enum prog_status
take_source(struct input *in, const struct seal *seal, const char *source, size_t len,
    unsigned *told)
{
	struct sync *s = in->s;
	struct seal one = *seal;
	bool server = false;
	size_t stem;
	unsigned kinds = kinds_of(source, len, &stem, &server);
	enum prog_status status = PROG_OK;

	if (kinds == 0 && in->side == HAVE)
		return sync_stop(s, PROG_USAGE, "%s: of an unknown target: the source in its seal "
		    "ends in no kind", in->path);
	s->scim->server |= server && in->side == HAVE;
	one.source = mem_dup(source, len);
	for (int k = 0; k < KINDS; k++) {
		/* A file that names no kind is of those that it has. */
		if ((kinds >> k & 1) == 0 && (kinds != 0 || !in->saw[k]))
			continue;
		extents_extend(&s->side[in->side].extent[k], &one);
		*told |= 1U << k;
	}
	if (kinds != 0)
		status = extents_stem(in, &one, stem);
	free(one.source);
	return status;
}

enum prog_status
scim_end_file(struct input *in, const struct seal *seal)
{
	static const char separator[] = " + ";
	struct extent *extent = in->s->side[in->side].extent;
	const char *at = seal->source != NULL ? seal->source : "?", *end;
	enum prog_status status = PROG_OK;
	unsigned told = 0;

	for (; at != NULL && status == PROG_OK; at = end != NULL ? end + strlen(separator) : NULL) {
		end = strstr(at, separator);
		status = take_source(in, seal, at, end != NULL ? (size_t)(end - at) : strlen(at),
		    &told);
	}
	/* Groups that were read with their members. */
	if (status == PROG_OK && in->saw[MEMBERS] && (told & 1U << MEMBERS) == 0) {
		struct seal one = *seal;

		one.source = extent[GROUPS].source;
		extents_extend(&extent[MEMBERS], &one);
	}
	in->s->side[in->side].lists_members |= extent[MEMBERS].there;
	return status;
}
