/* Harmless calls (probe.h). */
#include "probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "net/pool.h"

#include "explain.h"

enum { NAME_SIZE = 64, CHECK_NAME_SIZE = 600, NAME_BYTES_MAX = 4096,
	PAGE_TOKENS_MAX = 1024 * 1024 };

static const char no_answer[] = "HTTP 200 with something that is no answer of the service";

enum answer { UNASKED, PERMITTED, DENIED, NO_POOL, TROUBLE };

struct probe {
	enum answer answer;
	enum aws_outcome outcome;
	char *code, *message;		/* unless PERMITTED */
	bool real;			/* it was about a real user */
};

struct probes {
	struct check *check;
	char nobody[NAME_SIZE];		/* of no user and no group */
	char *user;			/* the first of ListUsers, for --with-admin-get-user */
	struct probe of[PLAN_OPERATIONS];
};

/* Asks about value, or about the pool as a whole if that is NULL.  Names have been checked. */
static const struct aws_result *
call(struct check *c, const struct plan_operation *op, const char *value)
{
	const struct aws_result *result;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	if (op->resource == PLAN_ANYTHING)
		(void)buf_append_string(&body, "{\"MaxResults\":1}");
	else
		(void)pool_request(&body, c->pool, value != NULL ? op->member : NULL, value, false);
	if (op->paged) {
		body.len--;
		(void)buf_append_string(&body, ",\"Limit\":1}");
	}
	result = aws_call(c->client, op->name, body.data, body.len);
	buf_free(&body);
	return result;
}

/* A proxy that blocks something, or a network that wants a login, may answer 200, too. */
static bool
is_object(const struct aws_result *result)
{
	struct tok_list list;
	bool object;

	tok_init(&list, PAGE_TOKENS_MAX);
	object = tok_parse(&list, result->body, result->body_len) == TOK_OK &&
	    list.tok[0].type == TOK_OBJECT;
	tok_free(&list);
	return object;
}

static enum answer
judge(const struct aws_result *result)
{
	if (result->outcome == AWS_OK)
		return is_object(result) ? PERMITTED : TROUBLE;
	if (explain_is_denied(result))
		return DENIED;
	if (explain_lacks_pool(result))
		return NO_POOL;
	if (strcmp(result->code, "ResourceNotFoundException") == 0 ||
	    strcmp(result->code, "UserNotFoundException") == 0)
		return PERMITTED;
	return TROUBLE;
}

/* The name of the first user in an answer of ListUsers, or NULL. */
static char *
first_user(const struct aws_result *result)
{
	uint32_t users, index = 0;
	struct tok_list list;
	struct buf name;

	tok_init(&list, PAGE_TOKENS_MAX);
	buf_init(&name, NAME_BYTES_MAX);
	if (tok_parse(&list, result->body, result->body_len) == TOK_OK &&
	    (users = tok_member(&list, result->body, 0, "Users")) != 0 &&
	    list.tok[users].type == TOK_ARRAY && list.tok[users].next > users + 1)
		index = tok_member(&list, result->body, users + 1, "Username");
	if (index != 0 && list.tok[index].type == TOK_STRING)
		(void)jtext_decode(&name, result->body + list.tok[index].start,
		    list.tok[index].end - list.tok[index].start);
	tok_free(&list);
	return name.data;
}

static enum answer
ask(struct probes *p, int number)
{
	const struct plan_operation *op = &plan_operations[number];
	struct probe *probe = &p->of[number];
	struct check *c = p->check;
	const struct aws_result *result;

	if (probe->answer != UNASKED)
		return probe->answer;
	probe->real = number == PLAN_ADMIN_GET_USER && p->user != NULL;
	result = call(c, op, probe->real ? p->user : op->member != NULL ? p->nobody : NULL);
	probe->answer = judge(result);
	probe->outcome = result->outcome;
	if (probe->answer == TROUBLE && result->outcome == AWS_OK) {
		probe->outcome = AWS_PROTOCOL;
		probe->code = mem_dup_string("");
		probe->message = mem_dup_string(no_answer);
	} else if (probe->answer != PERMITTED) {
		probe->code = mem_dup_string(result->code);
		/* The service may repeat a name that it was asked about. */
		probe->message = mem_dup_string(probe->real ? result->code : result->message);
	} else if (number == PLAN_LIST_USERS && c->admin_get_user) {
		p->user = first_user(result);
	}
	return probe->answer;
}

static void
explain(struct probes *p, int number)
{
	const struct probe *probe = &p->of[number];

	explain_call(p->check, &(struct aws_result){ .outcome = probe->outcome,
	    .operation = plan_operations[number].name, .code = probe->code,
	    .message = probe->message });
}

/* By the first operation that is not denied: only who may ask is told what there is. */
static void
check_pool(struct probes *p)
{
	static const char name[] = "pool";
	struct check *c = p->check;
	int i = 0;

	while (i < PLAN_OPERATIONS && (!plan_has(c->operations, i) ||
	    plan_operations[i].resource != PLAN_USER_POOL || ask(p, i) == DENIED))
		i++;
	if (i == PLAN_OPERATIONS) {
		report_say(&c->report.detail, "not known: who is denied every operation is not "
		    "told whether %s is in %s", c->pool, c->config.region);
		report_unknown(&c->report, name);
	} else if (p->of[i].answer == PERMITTED) {
		report_say(&c->report.detail, "%s is in %s", c->pool, c->config.region);
		report_ok(&c->report, name);
	} else {
		explain(p, i);
		report_failed(&c->report, name, aws_status(p->of[i].outcome));
		c->no_access = name;
	}
}

static void
check_permission(struct probes *p, int number)
{
	const struct plan_operation *op = &plan_operations[number];
	struct check *c = p->check;
	char name[CHECK_NAME_SIZE];

	snprintf(name, sizeof name, "permission %s", op->name);
	if (check_lacks_access(c, name))
		return;
	if (ask(p, number) != PERMITTED) {
		explain(p, number);
		report_failed(&c->report, name, aws_status(p->of[number].outcome));
		return;
	}
	report_say(&c->report.detail, "permitted%s", op->member == NULL ? "" : p->of[number].real ?
	    " (asked for one user, who counts as active this month)" :
	    " (asked about a name that nobody has)");
	report_ok(&c->report, name);
}

static void
check_group(struct probes *p, const char *group)
{
	struct check *c = p->check;
	int number = plan_has(c->operations, PLAN_GET_GROUP) ? PLAN_GET_GROUP :
	    PLAN_LIST_USERS_IN_GROUP;
	const struct plan_operation *op = &plan_operations[number];
	const struct aws_result *result;
	char name[CHECK_NAME_SIZE];

	snprintf(name, sizeof name, "group %s", group);
	if (check_lacks_access(c, name))
		return;
	if (p->of[number].answer != PERMITTED) {
		report_say(&c->report.detail, "not tried: %s is not permitted", op->name);
		report_unknown(&c->report, name);
		return;
	}
	result = call(c, op, group);
	if (result->outcome == AWS_OK) {
		report_say(&c->report.detail, "it is there");
		report_ok(&c->report, name);
		return;
	}
	if (judge(result) == PERMITTED) {
		report_say(&c->report.detail, "the pool has no such group");
		report_say(&c->report.hint, "Names of groups are case-sensitive; list-groups "
		    "shows all of them.");
	} else {
		explain_call(c, result);
	}
	report_failed(&c->report, name, aws_status(result->outcome));
}

/* A client with the keys; the rest of config stays. */
static struct aws_client *
make_client(struct check *c)
{
	struct aws_config config;

	aws_config_copy(&config, &c->config, NULL);
	config.keeper = c->config.keeper;
	keeper_init(&c->config.keeper, NULL);
	return aws_new(&config);
}

unsigned
probe_check(struct check *c)
{
	struct hash_key random = hash_key_random();
	struct probes p = { .check = c };
	unsigned permitted = 0;

	snprintf(p.nobody, sizeof p.nobody, "check-connection-%016" PRIx64 "%016" PRIx64,
	    random.k0, random.k1);
	if (!check_lacks_access(c, "pool")) {
		c->client = make_client(c);
		if (c->client == NULL)
			exit(PROG_FAIL);	/* aws_new has said why */
		check_pool(&p);
	}
	for (int i = 0; i < PLAN_OPERATIONS; i++)
		if (plan_has(c->operations, i))
			check_permission(&p, i);
	for (size_t i = 0; i < c->groups.count; i++)
		check_group(&p, c->groups.items[i]);
	for (int i = 0; i < PLAN_OPERATIONS; i++) {
		if (p.of[i].answer == PERMITTED)
			permitted |= 1U << i;
		free(p.of[i].code);
		free(p.of[i].message);
	}
	free(p.user);
	return c->no_access == NULL && c->no_network == NULL ? permitted : 0;
}
