/* What users may have in common by mistake (gather_parts.h). */
#include "gather_parts.h"

#include <string.h>

#include "json/jtext.h"

#include "lines.h"

/* An attribute has 2,048 characters, an identity with providerName and userId more than 32. */
enum { IDENTITIES_MAX = 64 };

static const char *const known[KNOWN] = {
	"email", "email_verified", "phone_number", "phone_number_verified", "preferred_username"
};

void
shared_names(struct tally *attributes)
{
	for (int k = 0; k < KNOWN; k++)
		(void)tally_row(attributes, known[k], strlen(known[k]));
}

const char *
gather_text(struct buf *b, const struct record_reader *r, uint32_t index, size_t *len)
{
	const struct tok *t = &r->list.tok[index];

	*len = t->end - t->start;
	if (index == 0 || t->type == TOK_NULL) {
		*len = 0;
		return "";
	}
	if (t->type != TOK_STRING || (t->flags & TOK_ESCAPED) == 0)
		return r->text + t->start;
	buf_clear(b);
	(void)jtext_decode(b, r->text + t->start, t->end - t->start);
	for (size_t i = 0; (t->flags & TOK_NUL) != 0 && i < b->len; i++)
		if (b->data[i] == '\0')
			b->data[i] = (char)LINE_NUL;
	*len = b->len;
	return buf_string(b);
}

bool
gather_is(const struct record_reader *r, uint32_t index, const char *text)
{
	return index != 0 && tok_is(&r->list.tok[index], r->text, text, strlen(text));
}

void
gather_end_line(struct gather *g)
{
	if (order_end_line(g->order) != 0)
		g->failed = true;
}

/* A line for what others may have too. */
static void
put_shared(struct gather *g, const struct user *u, char kind, bool folded, const char *text,
    size_t len, unsigned flags)
{
	lines_begin(g->order, kind, folded, text, len, g->side);
	if (u->federated)
		flags |= FLAG_FEDERATED;
	buf_append_byte(&g->order->line, (char)('0' + flags));
	if (g->figures->show_values) {
		text = gather_text(&g->text, u->r, u->r->keys.username, &len);
		lines_text(&g->order->line, text, len);
	}
	gather_end_line(g);
}

/* E-mail and telephone number: whether they are there, verified, and somebody else's too. */
static void
take_contact(struct gather *g, struct user *u, enum known value, enum known verified,
    uint64_t proofs[PROOFS], char kind)
{
	bool good = gather_is(u->r, u->value[verified], "true") ||
	    (u->value[verified] != 0 && u->r->list.tok[u->value[verified]].type == TOK_TRUE);
	size_t len;
	const char *text = gather_text(&g->text, u->r, u->value[value], &len);

	if (len == 0) {
		proofs[PROOF_NONE]++;
		return;
	}
	proofs[good ? PROOF_VERIFIED : PROOF_UNVERIFIED]++;
	put_shared(g, u, kind, kind == LINE_EMAIL, text, len, good ? FLAG_VERIFIED : 0);
}

/* Whether the hash is a new one.  Of more than fit into the attribute one may come again. */
static bool
is_new(uint64_t seen[IDENTITIES_MAX], size_t *n, uint64_t hash)
{
	for (size_t i = 0; i < *n; i++)
		if (seen[i] == hash)
			return false;
	if (*n < IDENTITIES_MAX)
		seen[(*n)++] = hash;
	return true;
}

static void
take_identities(struct gather *g, struct user *u)
{
	static const char none[] = "(not said)";
	struct identities *i = &g->identities;
	struct tally *t = &g->figures->providers;
	int figure = u->federated ? PROVIDER_PROFILES : PROVIDER_LINKED;
	uint64_t seen[IDENTITIES_MAX] = { 0 };
	size_t n = 0;
	bool any = false;

	(void)identities_of(i, u->r);
	while (identities_next(i)) {
		struct buf *name = &g->name;

		any = true;
		buf_clear(name);
		buf_append(name, i->provider.data, i->provider.len);
		buf_append_byte(name, (char)LINE_NUL);
		buf_append(name, i->id.data, i->id.len);
		if (!is_new(seen, &n, hash_bytes(&g->key, name->data, name->len)))
			continue;
		put_shared(g, u, LINE_IDENTITY, false, name->data, name->len, 0);
		buf_clear(name);
		buf_append(name, i->provider.data, i->provider.len);
		if (i->type.len > 0 && strcmp(i->type.data, i->provider.data) != 0)
			buf_appendf(name, " (%s)", i->type.data);
		tally_row(t, name->data, name->len)->count[g->side][figure]++;
	}
	if (!u->federated)
		u->totals->linked += any;
	else if (!any)
		tally_row(t, none, sizeof none - 1)->count[g->side][figure]++;
}

void
shared_take(struct gather *g, struct user *u)
{
	struct totals *t = u->totals;
	size_t len;
	const char *text;

	take_contact(g, u, EMAIL, EMAIL_VERIFIED, t->email, LINE_EMAIL);
	take_contact(g, u, PHONE, PHONE_VERIFIED, t->phone, LINE_PHONE);
	text = gather_text(&g->text, u->r, u->value[PREFERRED_USERNAME], &len);
	if (len > 0)
		put_shared(g, u, LINE_PREFERRED, true, text, len, 0);
	take_identities(g, u);
}
