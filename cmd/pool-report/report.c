/* The figures as a page (report.h). */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#include "compared.h"
#include "report_parts.h"

enum { TEXT_SIZE = 400, FACTS_MAX = 8 };

/* What is known of the pool, in the head of the page. */
struct head {
	struct page_fact facts[FACTS_MAX];
	size_t n;
	char title[TEXT_SIZE], subtitle[TEXT_SIZE], pool[TEXT_SIZE], source[TEXT_SIZE];
	char scope[TEXT_SIZE], records[TEXT_SIZE], before[TEXT_SIZE];
};

static void
add_fact(struct head *h, const char *label, const char *text)
{
	h->facts[h->n++] = (struct page_fact){ label, text };
}

/*
 * Where the records come from.  Of lists of one pool, which end in their kinds
 * ("https://…/eu-west-1_abc/users + https://…/eu-west-1_abc/groups"), it is told once.
 */
static void
tell_source(const char *source, char out[TEXT_SIZE])
{
	static const char between[] = " + ";
	const char *next = source, *slash = NULL;
	size_t len = strcspn(source, " ");

	while (slash == NULL && len > 0)
		if (source[--len] == '/')
			slash = source + len;
	for (; next != NULL && slash != NULL; next = strstr(next, between)) {
		next += next != source ? sizeof between - 1 : 0;
		if (strncmp(next, source, len + 1) != 0)
			slash = NULL;
	}
	snprintf(out, TEXT_SIZE, "%.*s", slash != NULL && len < TEXT_SIZE ? (int)len :
	    TEXT_SIZE - 1, source);
}

static void
tell_time(const struct totals *t, char out[TEXT_SIZE])
{
	char date[CLOCK_RFC3339_SIZE];
	int64_t ms = report_time(t);

	if (ms < 0) {
		snprintf(out, TEXT_SIZE, "at an unknown time");
		return;
	}
	clock_rfc3339(ms, date);
	snprintf(out, TEXT_SIZE, "%s%.10s %.5s UTC",
	    t->sealed && t->seal.ended != NULL ? "as of " : "newest date in the records: ", date,
	    date + 11);
}

/* "1 user", "2,000 users". */
static void
add_count(char out[TEXT_SIZE], const char *between, uint64_t n, const char *one, const char *several)
{
	char number[PAGE_NUMBER_SIZE];
	size_t at = strlen(out);

	snprintf(out + at, TEXT_SIZE - at, "%s%s %s", between, num_group(number, n), n == 1 ? one : several);
}

static void
tell_counts(const struct totals *t, char out[TEXT_SIZE])
{
	out[0] = '\0';
	add_count(out, "", t->users, "user", "users");
	/* What nobody has asked for is not there as a zero. */
	if (t->groups > 0)
		add_count(out, ", ", t->groups, "group", "groups");
	if (t->groups_known)
		add_count(out, ", ", t->memberships, "membership", "memberships");
}

static void
make_head(struct head *h, const char *title, const struct figures *f)
{
	const struct pool *pool = &f->pool;
	const struct totals *now = &f->side[NOW];

	memset(h, 0, sizeof *h);
	if (title != NULL)
		snprintf(h->title, sizeof h->title, "%s", title);
	else if (pool->name != NULL)
		snprintf(h->title, sizeof h->title, "User pool %.300s", pool->name);
	else
		snprintf(h->title, sizeof h->title, "User pool");
	tell_time(now, h->subtitle);
	if (pool->id != NULL) {
		snprintf(h->pool, sizeof h->pool, "%.300s", pool->id);
		add_fact(h, "Pool", h->pool);
	}
	if (now->sealed && now->seal.source != NULL) {
		tell_source(now->seal.source, h->source);
		add_fact(h, "Source", h->source);
	}
	if (now->sealed) {
		snprintf(h->scope, sizeof h->scope, "%.*s", TEXT_SIZE - 1,
		    compared_scope(now, f->show_values));
		add_fact(h, "Scope", h->scope);
	}
	tell_counts(now, h->records);
	add_fact(h, "Records", h->records);
	if (f->compared) {
		tell_time(&f->side[BEFORE], h->before);
		add_fact(h, "Compared with", h->before);
	}
	if (pool->mfa != NULL)
		add_fact(h, "Second factor", pool->mfa);
	if (pool->estimated != NULL)
		add_fact(h, "Users, as the service estimates", pool->estimated);
	if (pool->case_known)
		add_fact(h, "User names", pool->case_sensitive ? "case-sensitive" :
		    "without regard to case");
}

/* What the reader must know before he believes the figures. */
static void
warn(struct report *r)
{
	const struct totals *t = r->now;
	char text[TEXT_SIZE];

	if (t->users == 0)
		page_note(r->p, PAGE_WARN, "There is no user among the records.");
	if (t->shared[SHARED_NAME].values > 0) {
		text[0] = '\0';
		add_count(text, "", t->shared[SHARED_NAME].values, "user name comes more than once, as "
		    "if records were given twice: all figures count it as often.",
		    "user names come more than once, as if records were given twice: all figures "
		    "count them as often.");
		page_note(r->p, PAGE_WARN, text);
	}
	if (r->f->rejected > 0) {
		text[0] = '\0';
		add_count(text, "", r->f->rejected, "record was wrong, and is not counted.",
		    "records were wrong, and are not counted.");
		page_note(r->p, PAGE_WARN, text);
	}
	if (!t->sealed)
		page_note(r->p, PAGE_PLAIN, "The records had no seal: nobody can say whether they "
		    "are all.");
	if (t->sealed && t->seal.rejected > 0) {
		snprintf(text, sizeof text, "The stages before have rejected ");
		add_count(text, "", t->seal.rejected, "record.", "records.");
		page_note(r->p, PAGE_WARN, text);
	}
	if (t->sealed && (t->seal.via_count > 0 || t->seal.scope == NULL ||
	    strcmp(t->seal.scope, "all") != 0))
		page_note(r->p, PAGE_WARN, t->seal.via_count > 0 ?
		    "A stage before may have left records out." :
		    "These are not all users of the pool.");
	if (!compared_one_pool(t, r->f->pool.id))
		page_note(r->p, PAGE_WARN, "The records are of several pools: users and groups of "
		    "different ones have nothing to do with each other, and who has the same name "
		    "in two counts as one.");
	report_doubts(r);
	if (r->f->show_values)
		page_note(r->p, PAGE_WARN, "This report names people (--show-values).");
}

static void
summarize(struct report *r)
{
	const struct totals *n = r->now, *b = r->before;
	struct page_figure figures[] = {
		report_figure(r, "Users", n->users, b->users, 0),
		report_figure(r, "Enabled", n->enabled, b->enabled, n->users),
		report_figure(r, "E-mail verified", n->email[PROOF_VERIFIED],
		    b->email[PROOF_VERIFIED], n->users),
		report_figure(r, "Telephone verified", n->phone[PROOF_VERIFIED],
		    b->phone[PROOF_VERIFIED], n->users),
		report_figure(r, "Federated profiles", n->profiles, b->profiles, n->users),
		report_figure(r, "Users who share an e-mail address", n->shared[SHARED_EMAIL].users,
		    b->shared[SHARED_EMAIL].users, n->users)
	};

	/* What no record says is no zero. */
	if (n->users > 0 && n->enabled + n->disabled == 0)
		figures[1] = (struct page_figure){ .label = "Enabled", .text = "not known" };
	page_section(r->p, "Summary", NULL);
	page_figures(r->p, figures, sizeof figures / sizeof *figures);
	warn(r);
}

static void
explain(struct report *r)
{
	char text[TEXT_SIZE], providers[PAGE_NUMBER_SIZE], groups[PAGE_NUMBER_SIZE];

	page_section(r->p, "How this was counted", NULL);
	page_note(r->p, PAGE_PLAIN, "Everything is counted exactly, and nothing is estimated. What "
	    "needs a comparison of all users (duplicates, groups, changes) is sorted on disk, so "
	    "that memory does not grow with their number.");
	snprintf(text, sizeof text, "Names are told apart up to what a pool can have: %d statuses, "
	    "%d attributes, %s identity providers, %s groups; what has further names is counted "
	    "together. The %d largest groups are compared with each other. Of bars at most %d are "
	    "shown, of groups %d, and the others as a sum.", STATUSES_MAX, ATTRIBUTES_MAX,
	    num_group(providers, PROVIDERS_MAX), num_group(groups, GROUPS_MAX),
	    OVERLAP_GROUPS, BARS_SHOWN, GROUPS_SHOWN);
	page_note(r->p, PAGE_PLAIN, text);
}

int
report_write(struct out *o, enum page_format format, const char *title,
    const struct figures *f, const struct targets *t, uint64_t *bytes)
{
	static struct head h;
	struct page_head head = { .title = h.title, .subtitle = h.subtitle, .facts = h.facts };
	struct report r = { .f = f, .t = t, .now = &f->side[NOW], .before = &f->side[BEFORE] };

	make_head(&h, title, f);
	head.n_facts = h.n;
	r.p = page_open(o, format, &head);
	summarize(&r);
	report_changes(&r);
	report_users(&r);
	report_dates(&r);
	report_federation(&r);
	report_groups(&r);
	report_attributes(&r);
	report_shared(&r);
	report_targets(&r);
	explain(&r);
	return page_close(r.p, bytes);
}
