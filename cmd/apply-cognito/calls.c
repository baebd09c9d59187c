#include "calls.h"

#include <stdio.h>
#include <string.h>

#include "json/jtext.h"

#include "users.h"

/* "OPERATION: name, name" of the attributes that are set, or cleared.  Nothing if there are none. */
static void
put_attributes(const struct task *t, struct buf *b, const char *operation, bool clear, bool bare)
{
	uint32_t in = tok_member(&t->list, t->text, t->row.after, "Attributes");
	struct buf call;
	size_t count = 0;

	buf_init(&call, SIZE_MAX);
	(void)buf_append_string(&call, operation);
	for (uint32_t i = in + 1; in != 0 && i < t->list.tok[in].next;
	    i = t->list.tok[i + 1].next) {
		const struct tok *name = &t->list.tok[i];

		if (clear != (t->list.tok[i + 1].type == TOK_NULL) ||
		    schema_is_silent(t->text + name->start, name->end - name->start))
			continue;
		(void)buf_append_string(&call, count++ == 0 ? ": " : ", ");
		(void)jtext_decode(&call, t->text + name->start, name->end - name->start);
	}
	if (count > 0 || bare) {
		(void)buf_append_byte(b, ',');
		(void)jtext_string(b, call.data, call.len);
	}
	buf_free(&call);
}

static void
put_creation(const struct task *t, struct buf *b)
{
	struct apply *a = t->apply;
	const struct password *p = passwords_find(&a->passwords, t->key);
	bool set = p != NULL ? !p->planned && !users_invites(t) : a->allow_messages < 0;

	put_attributes(t, b, "AdminCreateUser", false, true);
	if (a->passwords_asked && set)
		(void)buf_append_string(b, ",\"AdminSetUserPassword\"");
	if (users_is_disabled(t))
		(void)buf_append_string(b, ",\"AdminDisableUser\"");
}

/* An attribute is made before the first row that writes it. */
static void
put_making(const struct task *t, struct buf *b)
{
	uint32_t in = t->row.after == 0 ? 0 : tok_member(&t->list, t->text, t->row.after,
	    "Attributes");
	struct opt_list *making = &t->apply->add_attributes;
	char call[SCHEMA_NAME_SIZE + 40];

	for (size_t i = 0; in != 0 && i < making->count; i++) {
		if (making->items[i] == NULL)
			continue;
		snprintf(call, sizeof call, "AddCustomAttributes: custom:%s", making->items[i]);
		if (tok_member(&t->list, t->text, in, strstr(call, "custom:")) == 0)
			continue;
		(void)buf_append_byte(b, ',');
		(void)jtext_string(b, call, strlen(call));
		making->items[i] = NULL;
	}
}

void
calls_put(const struct task *t, struct buf *b)
{
	static const char *const calls[PLAN_OPS] = {
		[PLAN_CREATE_GROUP] = ",\"CreateGroup\"",
		[PLAN_UPDATE_GROUP] = ",\"GetGroup\",\"UpdateGroup\"",
		[PLAN_LINK_PROVIDER] = ",\"AdminLinkProviderForUser\"",
		[PLAN_SET_PASSWORD] = ",\"AdminSetUserPassword\"",
		[PLAN_ENABLE_USER] = ",\"AdminEnableUser\"",
		[PLAN_ADD_MEMBER] = ",\"AdminAddUserToGroup\"",
		[PLAN_REMOVE_MEMBER] = ",\"AdminRemoveUserFromGroup\"",
		[PLAN_DISABLE_USER] = ",\"AdminDisableUser\"",
		[PLAN_DELETE_USER] = ",\"AdminDeleteUser\"",
		[PLAN_DELETE_GROUP] = ",\"GetGroup\",\"ListUsersInGroup\",\"DeleteGroup\""
	};
	size_t start;

	(void)buf_append_string(b, ",\"Calls\":");
	start = b->len;
	put_making(t, b);
	if (t->row.op >= PLAN_LINK_PROVIDER && t->username != NULL && users_looks(t))
		(void)buf_append_string(b, ",\"AdminGetUser\"");
	if (t->row.op == PLAN_CREATE_USER) {
		put_creation(t, b);
	} else if (t->row.op == PLAN_UPDATE_USER) {
		put_attributes(t, b, "AdminUpdateUserAttributes", false, false);
		put_attributes(t, b, t->apply->never_looks ? "AdminUpdateUserAttributes" :
		    "AdminDeleteUserAttributes", true, false);
	} else {
		(void)buf_append_string(b, calls[t->row.op]);
	}
	/* The first comma is the bracket. */
	if (b->len == start)
		(void)buf_append_byte(b, '[');
	else
		b->data[start] = '[';
	(void)buf_append_byte(b, ']');
}
