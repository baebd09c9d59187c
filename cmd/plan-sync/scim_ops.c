/* Resources compared (scim_ops.h). */
#include "scim_ops.h"

#include <string.h>

#include "json/jtext.h"
#include "json/scim_body.h"
#include "json/scim_compare.h"

#include "ops.h"

enum { BODY_MAX = 4 * RECORD_LINE_MAX };

/* The resource of a record that scim.c made. */
static struct json
resource_of(const struct half *h)
{
	return (struct json){ &h->list, h->text.data, half_member(h, "Scim") };
}

const char *
scim_ops_resource(const struct half *h, size_t *len)
{
	struct json r = resource_of(h);
	const struct tok *t = json_tok(&r);

	*len = t->end - t->start;
	return h->text.data + t->start;
}

void
scim_ops_put_new(struct sync *s, const char *name, const struct half *h)
{
	struct json r = resource_of(h);
	struct buf b;

	buf_init(&b, BODY_MAX);
	(void)scim_body_create(&b, &r, &s->o.rules);
	ops_json(s, name, buf_string(&b), b.len);
	buf_free(&b);
}

/* A resource that has one member, in a text of its own. */
struct one {
	struct buf text;
	struct tok_list list;
	struct json json;
};

static void
one_init(struct one *o)
{
	buf_init(&o->text, BODY_MAX);
	tok_init(&o->list, RECORD_TOKENS_MAX);
}

static void
one_free(struct one *o)
{
	buf_free(&o->text);
	tok_free(&o->list);
}

/* How many operations it takes; *clears: one of them takes a value away. */
static long
count_ops(struct one *o, const struct json *theirs, const struct scim_rules *rules, bool *clears)
{
	struct buf ops;
	long count = 0;

	*clears = false;
	buf_init(&ops, BODY_MAX);
	if (tok_parse(&o->list, buf_string(&o->text), o->text.len) == TOK_OK) {
		o->json = (struct json){ &o->list, o->text.data, 0 };
		count = scim_compare_patch(&o->json, theirs, rules, &ops);
		/* No value can hold this: there its quotes are escaped. */
		*clears = count > 0 && strstr(buf_string(&ops), "\"op\":\"remove\"") != NULL;
	}
	buf_free(&ops);
	return count;
}

static void
put_member(struct buf *b, const struct json *key, const struct json *value)
{
	if (b->len > 0)
		buf_append_byte(b, ',');
	jtext_string_token(b, json_tok(key), key->text);
	buf_append_byte(b, ':');
	if (value->at != 0)
		jtext_value(b, value->list, value->text, value->at);
	else
		buf_append_string(b, "null");
}

/* What the change of a member means to the guard. */
static void
classify(const struct sync *s, const struct json *key, struct change *c)
{
	struct buf name;

	c->email |= json_is_named(key, "emails");
	c->phone |= json_is_named(key, "phoneNumbers");
	buf_init(&name, RECORD_LINE_MAX);
	jtext_decode(&name, key->text + json_tok(key)->start,
	    json_tok(key)->end - json_tok(key)->start);
	c->login |= json_is_named(key, "userName") || strcmp(buf_string(&name), s->o.key.name) == 0 ||
	    names_have(&s->o.logins, buf_string(&name), name.len);
	buf_free(&name);
}

static void
note(const struct sync *s, const struct json *key, const struct one *o, const struct json *theirs,
    struct change *c)
{
	struct json before = json_at(theirs, json_member_like(theirs, key));
	struct json after = json_at(&o->json, 2);

	c->count++;
	put_member(&c->before, key, &before);
	put_member(&c->after, key, &after);
	if (before.at != 0 && !json_is_empty(&before))
		classify(s, key, c);
	if (c->names.len > 0)
		buf_append_string(&c->names, ", ");
	jtext_decode(&c->names, key->text + json_tok(key)->start,
	    json_tok(key)->end - json_tok(key)->start);
}

static void
compare_member(const struct sync *s, const struct json *key, const struct json *value,
    const struct json *theirs, bool may_clear, struct change *c)
{
	struct one o, set;
	bool clears;

	one_init(&o);
	one_init(&set);
	buf_append_byte(&o.text, '{');
	jtext_string_token(&o.text, json_tok(key), key->text);
	buf_append_byte(&o.text, ':');
	jtext_value(&o.text, value->list, value->text, value->at);
	buf_append_byte(&o.text, '}');
	if (count_ops(&o, theirs, &s->o.rules, &clears) == 0)
		goto done;
	if (!clears || may_clear) {
		c->set += !clears;
		c->cleared += clears;
		note(s, key, &o, theirs, c);
		goto done;
	}
	/* What is set, without what is taken away. */
	c->kept++;
	(void)scim_body_create(&set.text, &o.json, &s->o.rules);
	if (count_ops(&set, theirs, &s->o.rules, &clears) > 0) {
		c->set++;
		note(s, key, &set, theirs, c);
	}
done:
	one_free(&o);
	one_free(&set);
}

/* Whether --attributes and --ignore-attributes let it count. */
static bool
is_asked_for(const struct sync *s, const struct json *key)
{
	struct buf name;
	bool asked;

	buf_init(&name, RECORD_LINE_MAX);
	jtext_decode(&name, key->text + json_tok(key)->start,
	    json_tok(key)->end - json_tok(key)->start);
	asked = (s->o.all_attributes || names_have(&s->o.attributes, buf_string(&name), name.len)) &&
	    !names_have(&s->o.ignored, buf_string(&name), name.len);
	buf_free(&name);
	return asked;
}

void
scim_ops_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c)
{
	struct json ours = resource_of(want), theirs = resource_of(have);
	const struct tok *tok = want->list.tok;

	for (uint32_t i = ours.at + 1; ours.at != 0 && theirs.at != 0 && i < tok[ours.at].next;
	    i = tok[i + 1].next) {
		struct json key = json_at(&ours, i), value = json_at(&ours, i + 1);

		/* What stands there twice counts once, as its last one. */
		if (json_member_like(&ours, &key) != i + 1 || json_is_named(&key, "active") ||
		    !scim_resource_is_compared(&key, LEVEL_TOP, &s->o.rules) || !is_asked_for(s, &key))
			continue;
		compare_member(s, &key, &value, &theirs, may_clear, c);
	}
}

void
scim_ops_addresses(struct sync *s, const struct half *h,
    void (*take)(struct sync *s, const struct keyset_key *key, void *arg), void *arg)
{
	static const char *const names[] = { "emails", "phoneNumbers" };
	const struct key_rule rule = { "", true };
	struct json r = resource_of(h);
	struct buf folded;

	buf_init(&folded, ORDER_LINE_MAX);
	for (size_t n = 0; r.at != 0 && n < sizeof names / sizeof *names; n++) {
		struct json all = json_at(&r, json_member(&r, names[n]));

		if (all.at == 0 || json_tok(&all)->type != TOK_ARRAY)
			continue;
		for (uint32_t i = all.at + 1; i < json_tok(&all)->next; i = h->list.tok[i].next) {
			struct json element = json_at(&all, i);
			uint32_t value = json_member(&element, "value");
			struct keyset_key key;

			if (value == 0 || !key_text(&h->view, value, &s->text) ||
			    !key_from(&rule, s->text.data, s->text.len, &folded))
				continue;
			keyset_key(&key, folded.data, folded.len);
			take(s, &key, arg);
		}
	}
	buf_free(&folded);
}
