/* Whether two snapshots can be compared (compared.h). */
#include "compared.h"

#include <string.h>

#include "base/diag.h"

/* Between the texts of several inputs (seal_merge). */
static const char between[] = " + ";

/* A part of a source or scope. */
struct piece {
	const char *text;
	size_t len;
};

/* The next piece of *rest, which moves behind it.  Returns false at the end. */
static bool
next_piece(const char **rest, struct piece *p)
{
	const char *end;

	if (*rest == NULL)
		return false;
	end = strstr(*rest, between);
	p->text = *rest;
	p->len = end != NULL ? (size_t)(end - *rest) : strlen(*rest);
	*rest = end != NULL ? end + sizeof between - 1 : NULL;
	return true;
}

/* "https://…/eu-west-1_abc/users" becomes the id of the pool; of another source its kind goes. */
static struct piece
pool_of(struct piece p)
{
	size_t len = p.len, at;

	while (len > 0 && p.text[len - 1] != '/')
		len--;
	if (len > 1)
		p.len = len - 1;
	for (at = p.len; at > 0 && p.text[at - 1] != '/';)
		at--;
	if (memchr(p.text + at, '_', p.len - at) != NULL)
		p = (struct piece){ p.text + at, p.len - at };
	return p;
}

/* A scope as it is. */
static struct piece
itself(struct piece p)
{
	return p;
}

static bool
has_piece(const char *text, struct piece wanted, struct piece (*meaning)(struct piece))
{
	struct piece p;

	while (next_piece(&text, &p)) {
		p = meaning(p);
		if (p.len == wanted.len && memcmp(p.text, wanted.text, p.len) == 0)
			return true;
	}
	return false;
}

/* Whether the members of this scope's groups are there too, so that it says nothing new. */
static bool
has_members(const char *text, struct piece scope)
{
	static const char members[] = "members:";
	const size_t head = sizeof members - 1;
	struct piece p;

	while (next_piece(&text, &p))
		if (p.len == head + scope.len && memcmp(p.text, members, head) == 0 &&
		    memcmp(p.text + head, scope.text, scope.len) == 0)
			return true;
	return false;
}

/* Whether all pieces of a are among those of b. */
static bool
is_within(const char *a, const char *b, struct piece (*meaning)(struct piece))
{
	const char *rest = a;
	struct piece p;

	while (next_piece(&rest, &p))
		if (!has_members(a, p) && !has_piece(b, meaning(p), meaning))
			return false;
	return true;
}

static bool
is_same(const char *a, const char *b, struct piece (*meaning)(struct piece))
{
	return a == NULL || b == NULL || (is_within(a, b, meaning) && is_within(b, a, meaning));
}

const char *
compared_scope(const struct totals *t, bool show_values)
{
	const char *scope = t->seal.scope != NULL ? t->seal.scope : "not said";

	if (strcmp(scope, "all") == 0)
		return "all users of the pool";
	if (strstr(scope, "filter:") != NULL && !show_values)
		return "users found by a filter";
	return scope;
}

bool
compared_one_pool(const struct totals *t, const char *id)
{
	const char *rest = t->sealed ? t->seal.source : NULL;
	struct piece first = { id, id != NULL ? strlen(id) : 0 }, p;

	while (next_piece(&rest, &p)) {
		p = pool_of(p);
		/* Of what is no pool of Cognito's nothing is known. */
		if (memchr(p.text, '/', p.len) != NULL || memchr(p.text, '_', p.len) == NULL)
			continue;
		if (first.text == NULL)
			first = p;
		if (first.len != p.len || memcmp(first.text, p.text, p.len) != 0)
			return false;
	}
	return true;
}

bool
compared_possible(const struct figures *f)
{
	const struct totals *now = &f->side[NOW], *before = &f->side[BEFORE];
	const struct pool *p = &f->pool;

	if (!f->compared)
		return true;
	if (p->id != NULL && p->id_before != NULL && strcmp(p->id, p->id_before) != 0) {
		diag_error("--before: of another pool: %s, and now %s", p->id_before, p->id);
		return false;
	}
	if (!now->sealed || !before->sealed)
		return true;
	if (!is_same(before->seal.source, now->seal.source, pool_of)) {
		diag_error("--before: of another pool: %s, and now %s", before->seal.source,
		    now->seal.source);
		return false;
	}
	if (!is_same(before->seal.scope, now->seal.scope, itself)) {
		diag_error("--before: another part of the pool: %s, and now %s",
		    compared_scope(before, f->show_values), compared_scope(now, f->show_values));
		return false;
	}
	return true;
}
