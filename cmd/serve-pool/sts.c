/* STS (sts.h): a form in, XML out. */
#include "sts.h"

#include <string.h>

#include "exchange.h"
#include "sts_assume.h"
#include "sts_xml.h"

static void
get_caller_identity(struct exchange *x)
{
	const struct server *s = x->server;
	const struct role *role = x->caller.role;
	struct buf *b = &x->answer.body;

	sts_xml_begin(x);
	buf_appendf(b, "    <Arn>%s</Arn>\n    <UserId>", x->caller.arn);
	sts_xml_identifier(b, role != NULL ? "AROA" : "AIDA",
	    role != NULL ? role->arn : s->user_arn);
	if (role != NULL)
		buf_appendf(b, ":%s", x->cache.session.name);
	buf_appendf(b, "</UserId>\n    <Account>%s</Account>\n",
	    role != NULL ? role->account : s->role.account);
	sts_xml_end(x);
}

static const struct {
	const char *name;
	bool is_unsigned;
	void (*answer)(struct exchange *x);
} operations[] = {
	{"AssumeRole", false, sts_assume_role},
	{"AssumeRoleWithWebIdentity", true, sts_assume_with_web_identity},
	{"GetCallerIdentity", false, get_caller_identity},
};

enum { OPERATIONS = sizeof operations / sizeof *operations };

/* OPERATIONS: it is not served. */
static size_t
find(const char *name)
{
	size_t i;

	for (i = 0; i < OPERATIONS && strcmp(operations[i].name, name) != 0; i++)
		;
	return i;
}

void
sts_read_operation(struct exchange *x)
{
	const char *action = form_value(&x->form, "Action");
	const char *version = form_value(&x->form, "Version");
	size_t i = OPERATIONS;

	if (action != NULL && version != NULL && strcmp(version, "2011-06-15") == 0)
		i = find(action);
	x->operation = i < OPERATIONS ? operations[i].name : "";
}

bool
sts_knows(const char *operation)
{
	return find(operation) < OPERATIONS;
}

bool
sts_is_unsigned(const struct exchange *x)
{
	size_t i = find(x->operation);

	return i < OPERATIONS && operations[i].is_unsigned;
}

void
sts_answer(struct exchange *x)
{
	size_t i = find(x->operation);

	if (i < OPERATIONS)
		operations[i].answer(x);
	else
		answer_sts(&x->answer, 400, "InvalidAction",
		    "Could not find operation for version 2011-06-15");
}
