/* What is written about one person (user_ops.h). */
#include "user_ops.h"

#include <string.h>

#include "json/jtext.h"

#include "have_ledger.h"
#include "members.h"
#include "ops.h"
#include "scim.h"
#include "scim_ops.h"

/* An address of somebody who comes or goes; arg is a bool that says that another has it. */
static void
meet(struct sync *s, const struct keyset_key *key, void *arg)
{
	*(bool *)arg |= keyset_find(&s->addresses[HAVE], key) != 0;
	(void)keyset_add(&s->addresses[WANT], key);
}

static void
part(struct sync *s, const struct keyset_key *key, void *arg)
{
	*(bool *)arg |= keyset_find(&s->addresses[WANT], key) != 0;
	(void)keyset_add(&s->addresses[HAVE], key);
}

/* Where he comes from, for the ledger. */
static void
put_origin(struct sync *s, const struct half *w)
{
	buf_append_string(&s->row, ",\"Source\":{\"Username\":");
	jtext_string_token(&s->row, &w->list.tok[w->view.keys.username], w->text.data);
	ops_token(s, "sub", w, w->view.keys.sub);
	buf_append_byte(&s->row, '}');
}

/* What somebody is to be: attributes, and what is no attribute. */
static void
put_new(struct sync *s, const struct half *h)
{
	uint32_t status = half_member(h, "UserStatus");
	struct buf b;

	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_appendf(&b, "{\"Enabled\":%s",
	    half_is(h, half_member(h, "Enabled"), "false") ? "false" : "true");
	if (status != 0) {
		buf_append_string(&b, ",\"UserStatus\":");
		jtext_value(&b, &h->list, h->text.data, status);
	}
	buf_append_string(&b, ",\"Attributes\":");
	ops_json(s, "After", b.data, b.len);
	buf_clear(&b);
	attributes_new(s, h, &b);
	buf_append_byte(&s->row, '{');
	buf_append(&s->row, buf_string(&b), b.len);
	buf_append_string(&s->row, "}}");
	buf_free(&b);
}

/* The row, with the attributes and the rest of h. */
static int
write_creation(struct sync *s, const struct subject *p, const struct half *h, const char *why)
{
	const struct half *w = &p->half[WANT];
	int result;

	ops_begin(s, OP_CREATE_USER, p);
	/* The name that was sent then: WANT may have another one for him by now. */
	if (h != w && p->ledger_username.len > 0)
		ops_json(s, "Username", p->ledger_username.data, p->ledger_username.len);
	else
		ops_token(s, "Username", w, w->view.keys.username);
	/* Who is there: not every server finds him by what he is called. */
	if (h != w && scim_plans(s))
		ops_token(s, "Id", h, h->view.keys.sub);
	if (scim_plans(s))
		scim_ops_put_new(s, "After", h);
	else
		put_new(s, h);
	put_origin(s, w);
	result = ops_end(s, OP_CREATE_USER, why);
	if (result == 0) {
		s->totals.calls_creation++;
		s->totals.calls_recovery++;
		s->totals.calls_update += half_is(h, half_member(h, "Enabled"), "false");
	}
	return result;
}

/* Whether he is created under what may be an e-mail address or a telephone number. */
static bool
is_address(const struct half *w)
{
	const struct tok *t = &w->list.tok[w->view.keys.username];
	const char *name = w->text.data + t->start;

	return memchr(name, '@', t->end - t->start) != NULL || (t->end > t->start && *name == '+');
}

int
user_ops_create(struct sync *s, const struct subject *p)
{
	bool other = false;
	int result = write_creation(s, p, &p->half[WANT], "not at the target");

	if (result != 0)
		return result;
	attributes_addresses(s, &p->half[WANT], meet, &other);
	s->totals.classes[CLASS_KEY_CHANGE] += other;
	s->totals.unaddressed += !is_address(&p->half[WANT]);
	return 0;
}

int
user_ops_settle(struct sync *s, const struct subject *p)
{
	return write_creation(s, p, &p->half[HAVE], "not known whether a run before created him") < 0 ?
	    -1 : 0;
}

static void
count_change(struct sync *s, const struct change *c)
{
	uint64_t *classes = s->totals.classes;

	classes[CLASS_UPDATE]++;
	classes[CLASS_EMAIL_CHANGE] += c->email;
	classes[CLASS_PHONE_CHANGE] += c->phone;
	classes[CLASS_LOGIN_CHANGE] += c->login;
	classes[CLASS_ATTRIBUTE_CLEAR] += c->cleared > 0;
	s->totals.messages += c->message;
	s->totals.calls_update += (c->set > 0) + (c->cleared > 0);
}

int
user_ops_update(struct sync *s, const struct subject *p, const struct change *c, bool adopted)
{
	struct buf why;
	int result;

	buf_init(&why, 2 * (size_t)RECORD_LINE_MAX);
	if (c->count > 0)
		buf_appendf(&why, "%s differ%s%s", buf_string(&c->names), c->count == 1 ? "s" : "",
		    adopted ? "; adopted" : "");
	else
		buf_append_string(&why, "adopted");
	ops_begin(s, OP_UPDATE_USER, p);
	members_put_target(s, p, false);
	if (c->count == 0) {
		/* Nothing is written: whoever applies it puts it into the ledger. */
		ops_json(s, "Before", "{}", 2);
		ops_json(s, "After", "{}", 2);
	} else {
		const char *open = scim_plans(s) ? "" : "{\"Attributes\":";
		const char *close = scim_plans(s) ? "" : "}";

		if (s->o.have_ledger) {
			ops_json(s, "Before", have_ledger_before, strlen(have_ledger_before));
		} else {
			buf_appendf(&s->row, ",\"Before\":%s{", open);
			buf_append(&s->row, c->before.data, c->before.len);
			buf_appendf(&s->row, "}%s", close);
		}
		buf_appendf(&s->row, ",\"After\":%s{", open);
		buf_append(&s->row, c->after.data, c->after.len);
		buf_appendf(&s->row, "}%s", close);
	}
	if (adopted)
		put_origin(s, &p->half[WANT]);
	result = ops_end(s, OP_UPDATE_USER, why.data);
	buf_free(&why);
	if (result == 0 && c->count > 0)
		count_change(s, c);
	return result < 0 ? -1 : 0;
}

int
user_ops_enable(struct sync *s, const struct subject *p, bool enable, bool absent,
    const char *why)
{
	enum op op = enable ? OP_ENABLE_USER : OP_DISABLE_USER;
	const char *yes = "{\"Enabled\":true}", *no = "{\"Enabled\":false}";
	int result;

	ops_begin(s, op, p);
	members_put_target(s, p, false);
	ops_json(s, "Before", enable ? no : yes, strlen(enable ? no : yes));
	ops_json(s, "After", enable ? yes : no, strlen(enable ? yes : no));
	if (absent)
		members_put_source(s, p);
	result = ops_end(s, op, why);
	if (result == 0) {
		s->totals.calls_update++;
		s->totals.classes[enable ? CLASS_USER_ENABLE : CLASS_USER_DISABLE]++;
	}
	return result < 0 ? -1 : 0;
}

/* Before: all that is there of somebody, with the names of his groups. */
static void
put_whole(struct sync *s, const struct subject *p)
{
	const struct half *h = &p->half[HAVE];
	size_t len = h->text.len;
	const char *text = scim_plans(s) ? scim_ops_resource(h, &len) : h->text.data;
	bool first = true;

	if (s->o.have_ledger) {
		ops_json(s, "Before", have_ledger_before, strlen(have_ledger_before));
		return;
	}
	if (h->view.keys.groups != 0 || !members_are_said(s, p, HAVE)) {
		ops_json(s, "Before", text, len);
		return;
	}
	ops_json(s, "Before", text, len - 1);
	buf_append_string(&s->row, ",\"Groups\":[");
	for (size_t i = 0; i < p->count; i++) {
		if ((p->belonging[i].sides & 1U << HAVE) == 0)
			continue;
		keyset_text(&s->groups.names, s->groups.item[p->belonging[i].group].entry, &s->text);
		if (!first)
			buf_append_byte(&s->row, ',');
		first = false;
		jtext_string(&s->row, buf_string(&s->text), s->text.len);
	}
	buf_append_string(&s->row, "]}");
}

int
user_ops_delete(struct sync *s, const struct subject *p, const char *why)
{
	int result;

	ops_begin(s, OP_DELETE_USER, p);
	members_put_target(s, p, false);
	put_whole(s, p);
	members_put_source(s, p);
	result = ops_end(s, OP_DELETE_USER, why);
	if (result == 0) {
		s->totals.classes[CLASS_USER_DELETE]++;
		s->totals.calls_update++;
	}
	return result < 0 ? -1 : 0;
}

void
user_ops_part(struct sync *s, const struct subject *p)
{
	bool other = false;

	attributes_addresses(s, &p->half[HAVE], part, &other);
	s->totals.classes[CLASS_KEY_CHANGE] += other;
}
