/* The plan comes in (confirm.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "confirm.h"
#include "rows.h"

static const char members_of[] = "members:";

static void
halt(struct confirm *c, enum prog_status status, const char *why)
{
	filter_halt(&c->filter, status, why);
}

/*
 * Whether a text is a source of this pool: the pool, and a kind; or several of them (seal_merge),
 * as users who bring their groups and a list of memberships have it together.
 */
static bool
is_ours(const struct confirm *c, const char *text)
{
	static const char *const kinds[] = { "/users", "/groups", "/memberships" };
	static const char plus[] = " + ";
	size_t len = strlen(c->source), i = 0;

	if (strncmp(text, c->source, len) != 0)
		return false;
	text += len;
	while (i < sizeof kinds / sizeof *kinds && strncmp(text, kinds[i], strlen(kinds[i])) != 0)
		i++;
	if (i == sizeof kinds / sizeof *kinds)
		return false;
	text += strlen(kinds[i]);
	return *text == '\0' ||
	    (strncmp(text, plus, sizeof plus - 1) == 0 && is_ours(c, text + sizeof plus - 1));
}

/* Whether all that is wanted was read from the pool that is asked. */
static bool
is_from_here(const struct confirm *c, const struct tok_list *l, const char *text, uint32_t want)
{
	uint32_t sources = want != 0 ? tok_member(l, text, want, "Sources") : 0;
	bool any = false, all = true;

	if (sources == 0 || l->tok[sources].type != TOK_ARRAY)
		return false;
	for (uint32_t i = sources + 1; i < l->tok[sources].next; i = l->tok[i].next) {
		char *source = rows_decode(l, text, i);

		all &= source != NULL && is_ours(c, source);
		any = true;
		free(source);
	}
	return any && all;
}

static void
list_groups(struct confirm *c, const struct tok_list *l, const char *text, uint32_t array)
{
	if (l->tok[array].type != TOK_ARRAY)
		return;
	for (uint32_t i = array + 1; i < l->tok[array].next; i = l->tok[i].next) {
		char *name = rows_decode(l, text, i);

		if (name == NULL)
			continue;
		c->listed = mem_resize(c->listed, c->listed_count + 1, sizeof *c->listed);
		c->listed[c->listed_count++] = name;
	}
}

/* "members:groups:[…]": the list stands in the scope, as JSON. */
static void
list_scope(struct confirm *c, const char *scope)
{
	static const char groups_of[] = "members:groups:";
	const char *text = scope + sizeof groups_of - 1;
	struct tok_list l;

	if (strncmp(scope, groups_of, sizeof groups_of - 1) != 0)
		return;
	tok_init(&l, RECORD_TOKENS_MAX);
	/* Too many for a scope: whoever is in any group stays. */
	if (tok_parse(&l, text, strlen(text)) == TOK_OK)
		list_groups(c, &l, text, 0);
	tok_free(&l);
}

/* What of the source is said not to have them: the pool, or some groups. */
static void
take_scope(struct confirm *c, const struct tok_list *l, const char *text, uint32_t want)
{
	uint32_t groups = tok_member(l, text, want, "Groups");
	char *scope = rows_decode(l, text, tok_member(l, text, want, "Scope"));

	c->people.by_groups = groups != 0 || (scope != NULL && strstr(scope, members_of) != NULL);
	if (groups != 0)
		list_groups(c, l, text, groups);
	else if (scope != NULL)
		list_scope(c, scope);
	free(scope);
}

static const char *
take_header(struct confirm *c, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	const char *wrong = plan_read_header(&c->header, &r->list, r->text, reason);
	uint32_t want;

	if (wrong != NULL)
		return wrong;
	c->has_header = true;
	c->header_text = mem_dup(r->text, r->len);
	want = tok_member(&r->list, r->text, 0, "Want");
	if (want != 0 && r->list.tok[want].type != TOK_OBJECT)
		return "Want: not an object";
	if (!is_from_here(c, &r->list, r->text, want)) {
		diag_error("%s: what the plan is made from was not, or not alone, read from %s",
		    r->name, c->source);
		halt(c, PROG_GUARD, "a plan from another source");
		return NULL;
	}
	take_scope(c, &r->list, r->text, want);
	return NULL;
}

static const char *
take_candidate(struct confirm *c, const struct plan_row *row, const struct record_reader *r)
{
	char *key = rows_decode(&r->list, r->text, row->key);
	char *username = NULL, *sub = NULL;
	const char *wrong;

	if (row->source != 0) {
		username = rows_decode(&r->list, r->text,
		    tok_member(&r->list, r->text, row->source, "Username"));
		sub = rows_decode(&r->list, r->text,
		    tok_member(&r->list, r->text, row->source, "sub"));
	}
	c->candidates++;
	wrong = people_add(&c->people, key, username, sub);
	free(key);
	free(username);
	free(sub);
	return wrong;
}

/* Only the row that deletes it makes it one to ask for. */
static const char *
take_group(struct confirm *c, const struct plan_row *row, const struct record_reader *r)
{
	char *name;
	const char *wrong;

	c->candidates++;
	if (row->op != PLAN_DELETE_GROUP)
		return NULL;
	name = rows_decode(&r->list, r->text, row->group_name);
	wrong = groups_add(&c->groups, name);
	free(name);
	return wrong;
}

static const char *
take_operation(struct confirm *c, const struct record_reader *r)
{
	static char reason[RECORD_REASON_SIZE];
	struct plan_row row;
	const char *wrong = plan_read_row(&row, &r->list, r->text, reason);

	if (wrong == NULL)
		wrong = plan_add(&c->sums, &row, &r->list, r->text);
	if (wrong == NULL && rows_is_candidate(&row, &r->list, r->text))
		wrong = take_candidate(c, &row, r);
	else if (wrong == NULL && rows_is_of_group(&row, &r->list, r->text))
		wrong = take_group(c, &row, r);
	if (wrong != NULL)
		return wrong;
	if (!c->has_rows && spool_open(&c->rows) != 0) {
		halt(c, PROG_FAIL, "no temporary file");
		return NULL;
	}
	c->has_rows = true;
	if (spool_append(&c->rows, r->text, r->len) != 0 || spool_append(&c->rows, "\n", 1) != 0)
		halt(c, PROG_FAIL, "the temporary file cannot be written");
	return NULL;
}

static const char *
take_row(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct confirm *c = arg;

	(void)sink;
	return c->has_header ? take_operation(c, r) : take_header(c, r);
}

/* A plan of which a line is wrong is none, whatever --reject says. */
static void
take_wrong(void *arg, const struct record_reader *r, const char *reason)
{
	struct confirm *c = arg;

	diag_error("%s:%" PRIu64 ": %s", r->name, r->line, reason);
	halt(c, PROG_FAIL, "a wrong line in the plan");
}

/* The whole was read.  Is it what it says? */
static enum prog_status
check_whole(struct confirm *c, const char **why)
{
	enum plan_op op;

	*why = "not a whole plan";
	if (!c->has_header) {
		diag_error("incomplete: there is no plan in it");
		return PROG_INCOMPLETE;
	}
	if (!plan_adds_up(&c->header, &c->sums, &op)) {
		diag_error("incomplete: the plan has %" PRIu64 " rows %s, and its header says %" PRIu64,
		    c->sums.totals[op], plan_op_name(op), c->header.totals[op]);
		return PROG_INCOMPLETE;
	}
	return PROG_OK;
}

enum prog_status
plan_take(struct confirm *c, const char **why)
{
	struct sink_options sealed = *c->options;
	enum prog_status status;

	/* A plan is always sealed. */
	sealed.seal = true;
	c->filter.opts = &sealed;
	c->filter.row = take_row;
	c->filter.wrong = take_wrong;
	c->filter.arg = c;
	status = filter_run(&c->filter, why);
	c->filter.opts = c->options;
	return status == PROG_OK ? check_whole(c, why) : status;
}

void
plan_free(struct confirm *c)
{
	plan_header_free(&c->header);
	plan_sums_free(&c->sums);
	plan_sums_free(&c->dropped);
	if (c->has_rows)
		spool_close(&c->rows);
	for (size_t i = 0; i < c->listed_count; i++)
		free(c->listed[i]);
	free(c->listed);
	free(c->header_text);
	free(c->source);
}
