/*
 * What the sides are the whole of (extents.h).
 *
 * A seal's source ends in the kind (/users, /groups, /memberships); that of users with their Groups
 * covers memberships too, and its scope is the users', or "USERS + groups:..." where the Groups
 * were restricted, or "members:GROUPS" for the users who are in any of these.
 */
#include "extents.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

#include "scim.h"

static const char members_scope[] = "members:", groups_scope[] = " + groups:";

/* into becomes text, or "into + text" if they differ. */
static void
join(char **into, const char *text)
{
	struct buf b;

	if (text == NULL || (*into != NULL && strcmp(*into, text) == 0))
		return;
	buf_init(&b, 4 * (size_t)SEAL_MAX);
	if (*into != NULL)
		buf_appendf(&b, "%s + ", *into);
	buf_append_string(&b, text);
	seal_set(into, buf_string(&b));
	buf_free(&b);
}

static int64_t
when(const char *text)
{
	int64_t ms;

	return text != NULL && clock_parse_rfc3339(text, strlen(text), &ms) == 0 ? ms : 0;
}

/* What a sealed file says of a kind. */
static void
extend(struct extent *e, const struct seal *seal, const char *scope, size_t scope_len)
{
	int64_t started = when(seal->started), ended = when(seal->ended);
	bool first = !e->there;

	if (ended < started)
		started = ended = 0;
	e->there = true;
	e->via |= seal->via_count > 0;
	join(&e->source, seal->source != NULL && seal->source[0] != '\0' ? seal->source : "?");
	if (scope != NULL && scope_len > 0) {
		char *copy = mem_dup(scope, scope_len);

		join(&e->scope, copy);
		free(copy);
	} else {
		join(&e->scope, "?");
	}
	if (first || started == 0 || (e->started != 0 && started < e->started))
		e->started = started;
	if (first || ended == 0 || (e->ended != 0 && ended > e->ended))
		e->ended = ended;
}

void
extents_extend(struct extent *e, const struct seal *seal)
{
	extend(e, seal, seal->scope, seal->scope != NULL ? strlen(seal->scope) : 0);
}

/* The kind at the end of a source, or KINDS; *stem is the length without it. */
static enum kind
kind_of(const char *source, size_t *stem)
{
	static const char *const ends[KINDS] = { "users", "groups", "memberships" };
	const char *end = source != NULL ? strrchr(source, '/') : NULL;

	if (end == NULL)
		return KINDS;
	*stem = (size_t)(end - source);
	for (int k = 0; k < KINDS; k++)
		if (strcmp(end + 1, ends[k]) == 0)
			return (enum kind)k;
	return KINDS;
}

/* A side's files are of one pool; WANT's may be of several files (file:NAME). */
static enum prog_status
take_stem(struct input *in, const struct seal *seal, size_t len)
{
	struct sync *s = in->s;
	struct side *side = &s->side[in->side];
	char *stem;
	bool same;

	if (in->side == WANT && strncmp(seal->source, "file:", strlen("file:")) == 0)
		return PROG_OK;
	stem = mem_dup(seal->source, len);
	if (side->stem == NULL)
		side->stem = mem_dup_string(stem);
	if (in->side == HAVE && s->target == NULL)
		s->target = mem_dup_string(stem);
	same = strcmp(side->stem, stem) == 0 &&
	    (in->side == WANT || strcmp(s->target, stem) == 0);
	free(stem);
	if (same)
		return PROG_OK;
	return sync_stop(s, PROG_USAGE, in->side == HAVE ?
	    "%s: of another target than --target or HAVE's other files" :
	    "%s: of another source than WANT's other files", in->path);
}

enum prog_status
extents_stem(struct input *in, const struct seal *seal, size_t len)
{
	return take_stem(in, seal, len);
}

static void
extend_side(struct input *in, const struct seal *seal, enum kind named)
{
	struct extent *extent = in->s->side[in->side].extent;
	const char *scope = seal->scope, *more = scope != NULL ? strstr(scope, groups_scope) : NULL;
	size_t len = scope != NULL ? strlen(scope) : 0;

	if (named != KINDS)
		in->saw[named] = true;
	if (in->saw[GROUPS])
		extend(&extent[GROUPS], seal, scope, len);
	if (!in->saw[USERS]) {
		if (in->saw[MEMBERS])
			extend(&extent[MEMBERS], seal, scope, len);
		return;
	}
	extend(&extent[USERS], seal, scope, more != NULL ? (size_t)(more - scope) : len);
	if (!in->saw[MEMBERS])
		return;
	if (more != NULL)
		scope = more + strlen(" + ");
	else if (scope != NULL && strncmp(scope, members_scope, sizeof members_scope - 1) == 0)
		scope += sizeof members_scope - 1;
	extend(&extent[MEMBERS], seal, scope, scope != NULL ? strlen(scope) : 0);
}

enum prog_status
extents_end_file(struct input *in, const struct record_reader *r, bool sealed)
{
	struct side *side = &in->s->side[in->side];
	enum kind named = KINDS;
	size_t stem = 0;

	side->wrong += in->wrong;
	side->rejected += in->wrong;
	if (!sealed) {
		side->plain++;
		for (int k = 0; k < KINDS; k++)
			side->extent[k].there |= in->saw[k];
		return PROG_OK;
	}
	side->sealed++;
	side->rejected += r->seal.rejected;
	if (scim_is_file(in, &r->seal))
		return scim_end_file(in, &r->seal);
	named = kind_of(r->seal.source, &stem);
	side->lists_members |= named == MEMBERS;
	extend_side(in, &r->seal, named);
	if (named != KINDS)
		return take_stem(in, &r->seal, stem);
	if (in->side == HAVE)
		return sync_stop(in->s, PROG_USAGE, "%s: of an unknown target: the source in its "
		    "seal ends in no kind", in->path);
	return PROG_OK;
}
