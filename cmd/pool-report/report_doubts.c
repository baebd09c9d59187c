/* What makes a comparison with the other snapshot doubtful. */
#include <string.h>

#include "compared.h"
#include "report_parts.h"

/* Whether records may be missing on the side that belong to it. */
static bool
has_gaps(const struct totals *t)
{
	return t->sealed && (t->seal.via_count > 0 || t->seal.rejected > 0);
}

/* A scope that is told by one side alone; different ones are not compared at all. */
static bool
has_one_scope(const struct totals *a, const struct totals *b)
{
	return a->sealed && b->sealed && (a->seal.scope == NULL) != (b->seal.scope == NULL);
}

void
report_doubts(struct report *r)
{
	const struct totals *now = r->now, *before = r->before;

	if (!r->f->compared)
		return;
	if (now->sealed != before->sealed)
		page_note(r->p, PAGE_WARN, now->sealed ? "The other snapshot had no seal, and this "
		    "one has: nobody can say whether it is of this pool and all of it. Who is "
		    "shown as new or gone may have been there, or be there." :
		    "The other snapshot had a seal, and this one has none: nobody can say whether "
		    "it is of that pool and all of it. Who is shown as new or gone may have been "
		    "there, or be there.");
	else if (!before->sealed)
		page_note(r->p, PAGE_PLAIN, "The other snapshot had no seal either: nobody can say "
		    "whether both are of one pool and the same part of it.");
	if (now->sealed && before->sealed && report_time(before) > report_time(now))
		page_note(r->p, PAGE_WARN, "The other snapshot is the later one: what is shown as "
		    "new is gone since, and the other way round.");
	if (has_one_scope(now, before))
		page_note(r->p, PAGE_WARN, now->seal.scope != NULL ? "The other snapshot does not "
		    "say of what it is the whole: who is shown as new may have been there." :
		    "This snapshot does not say of what it is the whole, and the other one does: "
		    "who is shown as gone may be there.");
	if (has_gaps(before))
		page_note(r->p, PAGE_WARN, "In the other snapshot records may be missing (rejected, "
		    "or left out by a stage): who is shown as new may have been there.");
	if (r->f->rejected > 0)
		page_note(r->p, PAGE_WARN, "Records were wrong: who is shown as new or gone may be "
		    "among these.");
	if (has_gaps(now))
		page_note(r->p, PAGE_WARN, "Records may be missing here (rejected, or left out by a "
		    "stage): who is shown as gone may still be there.");
}
