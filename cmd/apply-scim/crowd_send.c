/* The requests of a crowd, once all ids are known, and what becomes of its rows by the answers. */
#include "crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#include "bulk.h"
#include "found.h"
#include "whole.h"

enum { WAIT_MS = 400, DOUBLINGS = 3 };	/* as task.c */

static void
on_answer(void *arg, const struct scim_result *result)
{
	struct crowd *c = arg;
	struct answer r = task_answer_about(result);

	c->apply->wake = true;
	task_judge(c->apply, &r, "/Groups");
	c->apply->wrote |= c->writes && task_wrote(&r);
	c->then(c, &r);
}

void
crowd_submit(struct crowd *c, const char *method,
    void (*then)(struct crowd *c, const struct answer *r))
{
	c->then = then;
	c->writes = strcmp(method, "GET") != 0;
	c->patched = strcmp(method, "PATCH") == 0;
	scim_submit_if(c->apply->client, method, c->path.data, c->writes ? c->version : NULL,
	    c->body.data, c->body.len, on_answer, c);
}

void
crowd_end_rows(struct crowd *c, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail)
{
	size_t at = 0, left = crowd_rows(c, &at);
	struct task *t;

	while ((t = crowd_next(c, &at, &left)) != NULL)
		task_end(t, outcome, code, retryable, detail);
}

void
crowd_fail_rows(struct crowd *c, const struct answer *r)
{
	size_t at = 0, left = crowd_rows(c, &at);
	struct task *t;

	while ((t = crowd_next(c, &at, &left)) != NULL)
		task_fail(t, r);
}

void
crowd_go_on(struct crowd *c, bool wait)
{
	unsigned doublings = c->tries <= 1 ? 0 : c->tries < DOUBLINGS ? c->tries - 1 : DOUBLINGS;

	c->due_ms = clock_mono_ms() + (wait ? (int64_t)WAIT_MS << doublings : 0);
}

/* Whether fewer members may please the server. */
static bool
is_about_members(const struct answer *r)
{
	return r->outcome == SCIM_DENIED && (r->status == 400 || r->status == 404 ||
	    r->status == 409 || r->status == 413 || r->status == 422);
}

/* Whether the request can be sent in another way, or again. */
static bool
may_try_again(struct crowd *c, const struct answer *r)
{
	struct apply *a = c->apply;

	if (a->halted || ++c->tries >= APPLY_TRIES)
		return false;
	/* Another crowd may have found that out meanwhile. */
	if (r->status == 501 && c->patched)
		a->features.patch = false;
	else if (r->status == 428 && c->version == NULL)
		a->conditional = true;
	else
		return r->status == 412 || (r->outcome == SCIM_TEMPORARY && r->lost);
	return true;
}

static void
on_sent(struct crowd *c, const struct answer *r)
{
	size_t first = 0;
	bool many = crowd_rows(c, &first) > 1;

	if (task_wrote(r))
		whole_note(c->apply, c->id, false);
	if (r->outcome == SCIM_OK)
		crowd_end_rows(c, OUTCOME_DONE, NULL, false, NULL);
	else if (many && is_about_members(r))
		c->single = true;
	else if (may_try_again(c, r)) {
		crowd_go_on(c, true);
		return;
	} else if (c->op == PLAN_REMOVE_MEMBER && r->outcome == SCIM_DENIED &&
	    (r->status == 404 || strcmp(r->scim_type, "noTarget") == 0))
		crowd_end_rows(c, OUTCOME_UNCHANGED, NULL, false, "is not there any more");
	else if (r->status == 412)
		crowd_end_rows(c, OUTCOME_SKIPPED, "412", true, "changed meanwhile");
	else
		crowd_fail_rows(c, r);
	if (r->outcome == SCIM_OK || !many)
		c->tries = 0;
	crowd_go_on(c, false);
}

/* The group as it is: a version to name, or all of it to write. */
static void
on_read(struct crowd *c, const struct answer *r)
{
	struct answer whole = *r;
	struct found f;
	bool patch = c->apply->features.patch;

	if (r->outcome != SCIM_OK) {
		crowd_fail_rows(c, r);
		crowd_go_on(c, false);
		return;
	}
	if (c->shown != NULL && !whole_join(c->apply, &c->shown, c->id, &whole)) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, true, whole_hidden);
		crowd_go_on(c, false);
		return;
	}
	free(c->version);
	c->version = NULL;
	if (!found_one(&f, &whole)) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, true, "not a resource");
		crowd_go_on(c, false);
	} else if (c->apply->halted) {
		crowd_end_rows(c, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		crowd_go_on(c, false);
	} else if (!patch && !c->whole) {
		crowd_go_on(c, false);
	} else if (!patch && c->shown == NULL && !whole_shows(c->apply, &f)) {
		c->shown = whole_keep(&f);
		crowd_path(c);
		(void)buf_append_string(&c->path, whole_asks);
		crowd_submit(c, "GET", on_read);
	} else if (crowd_fill(c, patch ? NULL : &f.resource) != 0) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, false, "the request would be too large");
		crowd_go_on(c, false);
	} else {
		if (c->apply->features.etag || c->apply->conditional)
			c->version = found_version(&f);
		if (!patch || !bulk_add_crowd(c, on_sent))
			crowd_submit(c, patch ? "PATCH" : "PUT", on_sent);
	}
	found_free(&f);
}

void
crowd_send(struct crowd *c)
{
	const struct apply *a = c->apply;
	size_t first = 0;

	if (crowd_rows(c, &first) == 0) {
		c->over = true;
	} else if (a->halted) {
		crowd_end_rows(c, OUTCOME_SKIPPED, NULL, true, task_not_begun);
		crowd_go_on(c, false);
	} else if (!task_is_path(c->id)) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, false, task_no_path);
		crowd_go_on(c, false);
	} else if (!a->features.patch || a->conditional) {
		free(c->shown);
		c->shown = NULL;
		crowd_path(c);
		c->whole = !a->features.patch;
		if (!c->whole)
			(void)buf_append_string(&c->path, "?excludedAttributes=members");
		crowd_submit(c, "GET", on_read);
	} else if (crowd_fill(c, NULL) != 0) {
		crowd_end_rows(c, OUTCOME_FAILED, NULL, false, "the request would be too large");
		crowd_go_on(c, false);
	} else if (!bulk_add_crowd(c, on_sent)) {
		crowd_submit(c, "PATCH", on_sent);
	}
}
