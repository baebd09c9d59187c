/* HAVE out of the ledger (have_ledger.h). */
#include "have_ledger.h"

#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/plan_digest.h"

#include "scim.h"

const char have_ledger_before[] = "{\"Known\":false}";

/* Whether it ends in the id of a user pool, REGION_ID, as no SCIM server's address does. */
static bool
is_pool(const char *target)
{
	static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *id = strrchr(target, '/');
	size_t region = id != NULL ? strspn(id + 1, small) : 0;

	if (region == 0 || id[1 + region] != '_')
		return false;
	id += 1 + region + 1;
	return id[0] != '\0' && id[strspn(id, others)] == '\0';
}

void
have_ledger_check(const struct options *o)
{
	if (o->files[HAVE].count > 0)
		opt_usage_error("--have-ledger: HAVE is the ledger, and no file");
	if (o->ledger == NULL)
		opt_usage_error("--have-ledger: needs --ledger");
	if (o->target == NULL)
		opt_usage_error("--have-ledger: needs --target");
	if (!is_pool(o->target))
		opt_usage_error("--have-ledger: --target is no user pool, https://.../REGION_ID; for "
		    "SCIM servers HAVE is needed");
	if (strcmp(o->key.name, "Username") != 0)
		opt_usage_error("--have-ledger: the key is Username, the only one that the ledger has");
	if (o->no_disable && !o->delete_users)
		opt_usage_error("--no-disable: needs --delete, since who is missing would be "
		    "disabled");
	if (o->scope_groups.count > 0 || o->disable_leavers || o->delete_groups || o->idp_groups ||
	    o->role_arn)
		opt_usage_error("--have-ledger: groups are not looked at");
}

enum prog_status
have_ledger_side(struct sync *s)
{
	struct extent *have = &s->side[HAVE].extent[USERS];
	struct buf source;

	if (scim_plans(s))
		return sync_stop(s, PROG_USAGE, "--have-ledger: WANT is SCIM resources; for SCIM "
		    "servers HAVE is needed");
	if (s->side[WANT].extent[GROUPS].there || s->side[WANT].extent[MEMBERS].there)
		diag_warn("WANT has groups or memberships, which are not looked at (--have-ledger)");
	buf_init(&source, SEAL_MAX);
	(void)buf_appendf(&source, "%s/ledger", s->target);
	s->side[HAVE].sealed = 1;
	have->there = true;
	have->source = mem_dup_string(buf_string(&source));
	/* Who is ours is ours whatever WANT is a part of. */
	have->scope = mem_dup_string("all");
	buf_free(&source);
	return PROG_OK;
}

/*
 * Who is about to be enabled or disabled, when apply-cognito was killed, may be both, and so may be
 * who was adopted, or whose lines are of an older version: so he is what WANT says he is not.  Where
 * nobody can be told either, those who never were are taken for enabled, as they are made.
 */
static const char *
enabled_of(const struct sync *s, const struct subject *p)
{
	const struct half *w = &p->half[WANT];

	if (p->written.enabled == WRITTEN_UNKNOWN ||
	    (p->written.enabled == WRITTEN_UNSAID && !s->o.no_disable))
		return half_is(w, half_member(w, "Enabled"), "true") ? "false" : "true";
	return p->written.enabled == WRITTEN_NO ? "false" : "true";
}

void
have_ledger_stand_in(const struct sync *s, struct subject *p)
{
	const char *end = buf_string(&p->written.names) + p->written.names.len;
	struct buf *b = &p->half[HAVE].text;

	if (!s->o.have_ledger || p->kind != 'U' || p->ledger_username.len == 0 ||
	    (p->ledger != LEDGER_CREATED && p->ledger != LEDGER_ADOPTED))
		return;
	p->half[HAVE].count = 1;
	buf_append_string(b, "{\"Username\":");
	buf_append(b, p->ledger_username.data, p->ledger_username.len);
	buf_appendf(b, ",\"Enabled\":%s,\"Attributes\":{", enabled_of(s, p));
	if (p->ledger_sub.len > 0) {
		buf_append_string(b, "\"sub\":");
		buf_append(b, p->ledger_sub.data, p->ledger_sub.len);
	}
	buf_append_string(b, "},\"Digest\":");
	jtext_string(b, buf_string(&p->written.digest), p->written.digest.len);
	buf_append_string(b, ",\"Names\":[");
	for (const char *name = buf_string(&p->written.names); name < end; name += strlen(name) + 1) {
		if (b->data[b->len - 1] == '"')
			buf_append_byte(b, ',');
		jtext_string(b, name, strlen(name));
	}
	buf_append_string(b, "]}");
}

/* WANT's attributes, as a new user would get them. */
struct wanted {
	struct buf text;
	struct tok_list list;
	uint32_t in;			/* the object that has them */
};

static void
wanted_make(struct wanted *w, const struct sync *s, const struct half *want)
{
	struct buf members;

	buf_init(&w->text, 4 * (size_t)RECORD_LINE_MAX);
	buf_init(&members, 4 * (size_t)RECORD_LINE_MAX);
	tok_init(&w->list, RECORD_TOKENS_MAX);
	attributes_new(s, want, &members);
	buf_append_string(&w->text, "{\"Attributes\":{");
	buf_append(&w->text, buf_string(&members), members.len);
	buf_append_string(&w->text, "}}");
	buf_free(&members);
	w->in = tok_parse(&w->list, w->text.data, w->text.len) != TOK_OK ? 0 :
	    tok_member(&w->list, w->text.data, 0, "Attributes");
}

static void
wanted_free(struct wanted *w)
{
	tok_free(&w->list);
	buf_free(&w->text);
}

static uint32_t
wanted_find(const struct wanted *w, const char *name)
{
	return tok_member(&w->list, w->text.data, w->in, name);
}

/* Whether Cognito may write to the address: it is not said to be verified. */
static bool
may_message(const struct wanted *w, const char *name, const char *flag)
{
	uint32_t at = wanted_find(w, flag);

	return wanted_find(w, name) != 0 &&
	    (at == 0 || !tok_is(&w->list.tok[at], w->text.data, "true", 4));
}

/* What was written once and is not in WANT: cleared, or kept. */
static void
take_missing(const struct sync *s, const struct half *have, const struct wanted *w, bool may_clear,
    struct change *c)
{
	uint32_t in = half_member(have, "Names");
	const struct tok *tok = have->list.tok;
	struct buf name;

	buf_init(&name, RECORD_LINE_MAX);
	for (uint32_t i = in + 1; in != 0 && i < tok[in].next; i = tok[i].next) {
		if (!key_text(&have->view, i, &name) ||
		    !attributes_is_compared(s, buf_string(&name)) ||
		    wanted_find(w, buf_string(&name)) != 0)
			continue;
		if (!may_clear) {
			c->kept++;
			continue;
		}
		c->cleared++;
		if (c->after.len > 0)
			buf_append_byte(&c->after, ',');
		jtext_string(&c->after, name.data, name.len);
		buf_append_string(&c->after, ":null");
	}
	buf_free(&name);
}

void
have_ledger_compare(const struct sync *s, const struct half *want, const struct half *have,
    bool may_clear, struct change *c)
{
	uint32_t digest = half_member(have, "Digest");
	const struct tok *t = &have->list.tok[digest];
	struct wanted w;

	/* A record without them says nothing of them. */
	if (half_member(want, "Attributes") == 0)
		return;
	wanted_make(&w, s, want);
	attributes_new(s, want, &c->after);
	c->set = c->after.len > 0;
	take_missing(s, have, &w, may_clear, c);
	/* Nothing to write makes no operation, whatever is not known: it would come again for ever. */
	c->count = c->cleared > 0 || (c->set > 0 && (digest == 0 ||
	    !plan_digest_is(have->text.data + t->start, t->end - t->start, &w.list, w.text.data,
	    w.in)));
	c->message = may_message(&w, "email", "email_verified") ||
	    may_message(&w, "phone_number", "phone_number_verified");
	buf_append_string(&c->names, "what was written last");
	wanted_free(&w);
}
