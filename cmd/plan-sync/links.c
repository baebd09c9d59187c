/* Linked identities (links.h). */
#include "links.h"

#include <string.h>

#include "json/jtext.h"

#include "members.h"
#include "ops.h"

/* A record's identities: JSON text that stood within JSON. */
struct identities {
	struct buf text;
	struct tok_list list;
	uint32_t count;		/* of tokens; 0: none */
};

static void
identities_read(struct identities *i, const struct half *h)
{
	uint32_t index = 0;

	buf_init(&i->text, RECORD_LINE_MAX);
	tok_init(&i->list, RECORD_TOKENS_MAX);
	i->count = 0;
	if (h->count > 0 && h->view.keys.attributes != 0)
		index = tok_member(&h->list, h->text.data, h->view.keys.attributes, "identities");
	if (index == 0 || h->list.tok[index].type != TOK_STRING ||
	    jtext_decode(&i->text, h->text.data + h->list.tok[index].start,
	    h->list.tok[index].end - h->list.tok[index].start) != 0)
		return;
	if (tok_parse(&i->list, buf_string(&i->text), i->text.len) == TOK_OK &&
	    i->list.tok[0].type == TOK_ARRAY && (i->list.flags & (TOK_LONE | TOK_NUL)) == 0)
		i->count = i->list.tok[0].next;
}

static void
identities_free(struct identities *i)
{
	buf_free(&i->text);
	tok_free(&i->list);
}

/* Provider and id of the identity at index, as JSON strings.  Returns false if it has not both. */
static bool
identity_at(const struct identities *i, uint32_t index, struct buf *provider, struct buf *id)
{
	struct buf *const to[] = { provider, id };
	static const char *const names[] = { "providerName", "userId" };

	for (int n = 0; n < 2; n++) {
		uint32_t m;
		const struct tok *t;

		if (i->list.tok[index].type != TOK_OBJECT)
			return false;
		m = tok_member(&i->list, i->text.data, index, names[n]);
		t = &i->list.tok[m];
		buf_clear(to[n]);
		if (m == 0 || (t->type != TOK_STRING && t->type != TOK_NUMBER) || t->start == t->end)
			return false;
		if (t->type == TOK_STRING)
			jtext_string_token(to[n], t, i->text.data);
		else
			buf_appendf(to[n], "\"%.*s\"", (int)(t->end - t->start),
			    i->text.data + t->start);
	}
	return true;
}

static bool
has(const struct identities *i, const struct buf *provider, const struct buf *id)
{
	struct buf a, b;
	bool found = false;

	buf_init(&a, RECORD_LINE_MAX);
	buf_init(&b, RECORD_LINE_MAX);
	for (uint32_t n = 1; n < i->count && !found; n = i->list.tok[n].next)
		found = identity_at(i, n, &a, &b) && strcmp(a.data, provider->data) == 0 &&
		    strcmp(b.data, id->data) == 0;
	buf_free(&a);
	buf_free(&b);
	return found;
}

static int
write_link(struct sync *s, const struct subject *p, bool created, const struct buf *provider,
    const struct buf *id)
{
	int result;

	ops_begin(s, OP_LINK_PROVIDER, p);
	members_put_target(s, p, created);
	buf_append_string(&s->row, ",\"After\":{\"ProviderName\":");
	buf_append(&s->row, provider->data, provider->len);
	buf_append_string(&s->row, ",\"ProviderAttributeName\":\"Cognito_Subject\","
	    "\"ProviderAttributeValue\":");
	buf_append(&s->row, id->data, id->len);
	buf_append_byte(&s->row, '}');
	result = ops_end(s, OP_LINK_PROVIDER, "linked in WANT");
	s->totals.calls_update += result == 0;
	return result < 0 ? -1 : 0;
}

int
links_decide(struct sync *s, const struct subject *p, bool created, bool *any)
{
	struct identities want, have;
	struct buf provider, id;
	int result = 0;

	/* Nobody knows who of them is linked already. */
	if (s->o.have_ledger && !created)
		return 0;
	identities_read(&want, &p->half[WANT]);
	if (want.count == 0) {
		identities_free(&want);
		return 0;
	}
	identities_read(&have, &p->half[HAVE]);
	buf_init(&provider, RECORD_LINE_MAX);
	buf_init(&id, RECORD_LINE_MAX);
	for (uint32_t n = 1; n < want.count && result == 0; n = want.list.tok[n].next) {
		if (!identity_at(&want, n, &provider, &id) || has(&have, &provider, &id))
			continue;
		*any = true;
		result = write_link(s, p, created, &provider, &id);
	}
	buf_free(&provider);
	buf_free(&id);
	identities_free(&want);
	identities_free(&have);
	return result;
}
