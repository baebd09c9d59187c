/* The report's sections about attributes, and about what users share. */
#include <inttypes.h>
#include <stdlib.h>

#include "report_parts.h"

static void
put_attribute(struct report *r, struct grid *g, const struct tally_row *row, const char *name)
{
	const uint64_t *now = row->count[NOW], *before = row->count[BEFORE];

	grid_text(g, name);
	grid_number(g, now[ATTRIBUTE_FILLED]);
	grid_share(g, now[ATTRIBUTE_FILLED], r->now->users);
	if (r->f->compared)
		grid_delta(g, now[ATTRIBUTE_FILLED], before[ATTRIBUTE_FILLED]);
	grid_number(g, now[ATTRIBUTE_EMPTY]);
	grid_number(g, now[ATTRIBUTE_LONGEST]);
	if (r->f->pool.known)
		grid_text(g, (row->marks[NOW] & MARK_REQUIRED) != 0 ? "required" :
		    (row->marks[NOW] & MARK_DECLARED) != 0 ? "optional" : "not in the schema");
}

void
report_attributes(struct report *r)
{
	struct page_column columns[7] = { { "Attribute", PAGE_LEFT }, { "Users", PAGE_RIGHT },
		{ "Share", PAGE_RIGHT } };
	size_t n = 3, rows, *order = tally_sort(&r->f->attributes, ATTRIBUTE_FILLED, &rows);
	struct grid g = { .cells = NULL };

	if (r->f->compared)
		columns[n++] = (struct page_column){ "Change", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Empty", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Longest", PAGE_RIGHT };
	if (r->f->pool.known)
		columns[n++] = (struct page_column){ "In the pool", PAGE_LEFT };
	for (size_t i = 0; i < rows; i++)
		put_attribute(r, &g, &r->f->attributes.rows[order[i]],
		    r->f->attributes.rows[order[i]].name);
	if (r->f->attributes.beyond)
		put_attribute(r, &g, &r->f->attributes.rows[r->f->attributes.count],
		    "with names that are not told apart");
	page_section(r->p, "Attributes", NULL);
	report_tally(r, &(struct page_chart){
		.title = "Attributes by fill rate", .item = "Attribute", .unit = "Users",
		.about = "How many users have a value.", .total = r->now->users
	}, &r->f->attributes, ATTRIBUTE_FILLED, BARS_SHOWN);
	grid_end(&g, r, &(struct page_chart){
		.title = "All attributes", .about = "Users: who have a value. Empty: who have the "
		    "attribute without one. Longest: characters of the longest value.",
		.empty = "No user has an attribute."
	}, columns, n);
	free(order);
}

static const char *const kinds[SHARED_KINDS] = {
	[SHARED_NAME] = "user name", [SHARED_NAME_CASE] = "user name, any case",
	[SHARED_EMAIL] = "e-mail address", [SHARED_PHONE] = "telephone number",
	[SHARED_PREFERRED] = "preferred_username", [SHARED_IDENTITY] = "identity",
	[SHARED_SUB] = "sub"
};

static void
put_shared(struct report *r, struct grid *g, enum shared kind)
{
	const struct shared_count *s = &r->now->shared[kind];

	grid_text(g, kinds[kind]);
	grid_number(g, s->values);
	grid_number(g, s->users);
	if (r->f->compared)
		grid_delta(g, s->users, r->before->shared[kind].users);
	grid_number(g, s->most);
	grid_number(g, s->native);
	grid_number(g, s->cased);
	if (kind == SHARED_EMAIL || kind == SHARED_PHONE)
		grid_number(g, s->verified);
	else
		grid_text(g, NULL);
}

void
report_shared(struct report *r)
{
	struct page_column columns[8] = { { "The same", PAGE_LEFT }, { "Values", PAGE_RIGHT },
		{ "Users", PAGE_RIGHT } };
	struct grid g = { .cells = NULL };
	size_t n = 3;

	if (r->f->compared)
		columns[n++] = (struct page_column){ "Change", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Most", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Native", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Spelling", PAGE_RIGHT };
	columns[n++] = (struct page_column){ "Verified", PAGE_RIGHT };
	page_section(r->p, "Duplicates", "What tells people apart elsewhere, and does not here. "
	    "Letter case does not count in user names, e-mail addresses and preferred_username.");
	for (int k = 0; k < SHARED_KINDS; k++)
		put_shared(r, &g, (enum shared)k);
	grid_end(&g, r, &(struct page_chart){
		.title = "What users share",
		.about = "Values: that several users have. Users: who have one of these, "
		    "with two identities that others have twice. Most: "
		    "users of a single value. Of the values, Native: several users have it who are "
		    "no federated profiles. Spelling: it is written in several ways. Verified: "
		    "several users have verified it."
	}, columns, n);
	for (int k = 0; k < SHARED_KINDS; k++)
		report_examples(r, kinds[k], &r->f->shared[k], r->now->shared[k].values);
}
