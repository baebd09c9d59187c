#include "send.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/scim_body.h"

#include "members.h"
#include "queue.h"

/*
 * One lost answer happens; more in a row are a server that restarts behind its gateway, which is
 * waited for as long as for one that cannot be reached.
 */
static void
judge_loss(struct push *p, const struct answer *a, const char *where)
{
	int64_t now = clock_mono_ms();

	if (p->failing_ms == 0)
		p->failing_ms = now;
	else if (now - p->failing_ms >= p->retry_ms)
		push_halt(p, PROG_TEMPORARY, where, a->summary);
	else
		queue_pace(p, true, where);
}

void
send_judge(struct push *p, const struct answer *a, const char *where)
{
	if (a->outcome == SCIM_OK) {
		p->failures = 0;
		p->failing_ms = 0;
	} else if (a->outcome == SCIM_PROTOCOL || a->status == 401 ||
	    (a->status == 403 && !p->wrote) ||
	    /* There is no token any more. */
	    (a->outcome == SCIM_DENIED && a->status == 0)) {
		push_halt(p, PROG_FAIL, where, a->summary);
	} else if (a->outcome == SCIM_TEMPORARY && a->lost && a->status != 500) {
		judge_loss(p, a, where);
	} else if (a->outcome == SCIM_TEMPORARY &&
	    (a->status == 0 || ++p->failures >= PUSH_FAILURES)) {
		push_halt(p, PROG_TEMPORARY, where, a->summary);
	}
}

struct answer
send_answer(const struct scim_result *r)
{
	return (struct answer){
		.outcome = r->outcome, .lost = r->lost, .status = r->status, .body = r->body,
		.body_len = r->body_len, .id = "", .scim_type = r->scim_type,
		.message = r->message, .summary = r->summary
	};
}

static void
on_single(void *arg, const struct scim_result *r)
{
	struct task *t = arg;
	struct push *p = t->push;
	struct answer a = send_answer(r);

	p->singles--;
	p->wake = true;
	members_release(t, t);
	/* That reading works does not say that writing does. */
	if (a.outcome != SCIM_OK || !(t->looking || t->reading))
		send_judge(p, &a, push_path(t->resource));
	if (a.outcome == SCIM_OK)
		queue_pace(p, false, "");
	send_take(t, &a);
}

static void
submit(struct task *t, const char *method, const char *path, const char *version,
    const struct buf *body)
{
	t->push->singles++;
	members_hold(t, t);
	scim_submit_if(t->push->client, method, path, version, body != NULL ? body->data : NULL,
	    body != NULL ? body->len : 0, on_single, t);
}

void
send_single(struct task *t)
{
	char *path;

	if (t->kind == TASK_CREATE && t->lost) {
		send_look(t);
		return;
	}
	path = task_path(t);
	if (t->kind == TASK_CREATE) {
		submit(t, "POST", path, NULL, &t->body);
	} else if (t->push->features.patch && !t->push->conditional) {
		submit(t, "PATCH", path, NULL, &t->body);
	} else {
		t->reading = true;
		submit(t, "GET", path, NULL, NULL);
	}
	free(path);
}

void
send_look(struct task *t)
{
	const char *key = index_text(push_index(t->push, t->resource), t->entry, INDEX_EXTERNAL);
	struct buf path;

	buf_init(&path, SIZE_MAX);
	(void)buf_appendf(&path, "%s?filter=externalId%%20eq%%20", push_path(t->resource));
	(void)scim_append_filter_value(&path, key, strlen(key));
	if (t->resource == RESOURCE_GROUP)
		(void)buf_append_string(&path, "&excludedAttributes=members");
	t->looking = true;
	submit(t, "GET", path.data, NULL, NULL);
	buf_free(&path);
}

static void
not_there(struct task *t, const struct answer *a)
{
	struct answer conflict = *a;

	if (t->lost) {
		/* Our own create did not get through after all. */
		t->lost = false;
		queue_add(t);
		return;
	}
	conflict.outcome = SCIM_DENIED;
	conflict.status = 409;
	conflict.scim_type = "uniqueness";
	task_finish(t, OUTCOME_CONFLICT, &conflict,
	    "the name exists on the server without this externalId");
}

/* What the server has under our externalId; servers differ in how exactly they search. */
static void
take_found(struct task *t, const struct answer *a, const struct json *resources)
{
	struct index *ix = push_index(t->push, t->resource);
	const char *key = index_text(ix, t->entry, INDEX_EXTERNAL);
	const struct tok *tok = resources->list->tok;
	struct json found = *resources;
	size_t count = 0;
	struct buf id;
	uint32_t at;

	for (uint32_t i = resources->at + 1; i < tok[resources->at].next; i = tok[i].next) {
		struct json one = json_at(resources, i);

		at = json_member(&one, "externalId");
		if (at == 0 || !tok_is(&tok[at], resources->text, key, strlen(key)))
			continue;
		found.at = i;
		count++;
	}
	if (count == 0) {
		not_there(t, a);
		return;
	}
	at = json_member(&found, "id");
	if (count > 1 || at == 0 || tok[at].type != TOK_STRING || tok[at].end == tok[at].start ||
	    (tok[at].flags & TOK_NUL) != 0) {
		task_finish(t, OUTCOME_CONFLICT, a,
		    "the externalId is on the server more than once, or without an id");
		return;
	}
	buf_init(&id, SIZE_MAX);
	(void)jtext_decode(&id, found.text + tok[at].start, tok[at].end - tok[at].start);
	index_set(ix, t->entry, INDEX_ID, buf_string(&id), id.len);
	ix->entry[t->entry].flags |= INDEX_KNOWN;
	buf_free(&id);
	if (task_plan_update(t, &found))
		queue_add(t);
}

static void
take_look(struct task *t, const struct answer *a)
{
	struct tok_list list;
	uint32_t resources = 0;

	tok_init(&list, SCIM_BODY_MAX / 2);
	if (tok_parse(&list, a->body, a->body_len) != TOK_OK ||
	    (resources = tok_member(&list, a->body, 0, "Resources"),
	    resources != 0 && list.tok[resources].type != TOK_ARRAY) ||
	    (resources == 0 && tok_member(&list, a->body, 0, "totalResults") == 0)) {
		push_halt(t->push, PROG_FAIL, push_path(t->resource), "not a ListResponse");
		task_free(t);
	} else if (resources == 0) {
		not_there(t, a);
	} else {
		take_found(t, a, &(struct json){ &list, a->body, resources });
	}
	tok_free(&list);
}

/* The server's resource as it is to become.  Returns 0, or -1 if it would be too large. */
static int
fill_put(struct task *t, const struct json *theirs)
{
	struct json ours;
	struct tok_list own;
	struct buf members;
	int failed;

	tok_init(&own, PUSH_BODY_MAX / 2);
	buf_init(&members, PUSH_BODY_MAX);
	ours = (struct json){ &own, t->text, 0 };
	buf_clear(&t->body);
	if (t->kind == TASK_MEMBERS)
		failed = members_append(t, &members) != 0 ||
		    scim_body_put_members(&t->body, theirs, &members, NULL, NULL) != 0;
	else
		failed = tok_parse(&own, t->text, t->len) != TOK_OK ||
		    scim_body_put(&t->body, &ours, theirs, &t->push->rules) != 0;
	buf_free(&members);
	tok_free(&own);
	return failed ? -1 : 0;
}

/* meta.version into b, where the server minds versions. */
static const char *
version_of(const struct push *p, const struct json *theirs, struct buf *b)
{
	struct json meta = json_at(theirs, json_member(theirs, "meta"));
	const struct tok *t;
	uint32_t at;

	if (meta.at == 0 || (!p->conditional && !p->features.etag))
		return NULL;
	at = json_member(&meta, "version");
	t = &meta.list->tok[at];
	if (at == 0 || t->type != TOK_STRING || (t->flags & TOK_NUL) != 0)
		return NULL;
	(void)jtext_decode(b, meta.text + t->start, t->end - t->start);
	return buf_string(b);
}

/* What the server has: for one without PATCH, or one that wants its version named. */
static void
take_for_change(struct task *t, const struct answer *a)
{
	struct push *p = t->push;
	struct tok_list list;
	struct json theirs = { &list, a->body, 0 };
	struct buf version;
	char *path;

	tok_init(&list, SCIM_BODY_MAX / 2);
	buf_init(&version, SIZE_MAX);
	if (tok_parse(&list, a->body, a->body_len) != TOK_OK || list.tok[0].type != TOK_OBJECT) {
		push_halt(p, PROG_FAIL, push_path(t->resource), "not a resource");
		task_free(t);
	} else if (!p->features.patch && fill_put(t, &theirs) != 0) {
		push_halt(p, PROG_FAIL, push_path(t->resource), "a resource that is too large");
		task_free(t);
	} else {
		path = task_path(t);
		submit(t, p->features.patch ? "PATCH" : "PUT", path,
		    version_of(p, &theirs, &version), &t->body);
		free(path);
	}
	buf_free(&version);
	tok_free(&list);
}

/* The id in the body of an answer, or in the answer; NULL, or heap. */
static char *
id_of(const struct answer *a)
{
	struct tok_list list;
	struct json top = { &list, a->body, 0 };
	struct buf id;
	uint32_t at;

	if (a->id[0] != '\0')
		return mem_dup_string(a->id);
	tok_init(&list, SCIM_BODY_MAX / 2);
	buf_init(&id, SIZE_MAX);
	if (tok_parse(&list, a->body, a->body_len) == TOK_OK &&
	    (at = json_member(&top, "id")) != 0 &&
	    list.tok[at].type == TOK_STRING && (list.tok[at].flags & TOK_NUL) == 0)
		(void)jtext_decode(&id, a->body + list.tok[at].start,
		    list.tok[at].end - list.tok[at].start);
	tok_free(&list);
	return id.len > 0 ? id.data : NULL;
}

/* Asks for the resource, if the server can be asked. */
static void
look_or_leave(struct task *t, const struct answer *a)
{
	struct answer later = *a;

	if (t->push->features.filter && t->tries++ < PUSH_TRIES) {
		send_look(t);
		return;
	}
	later.outcome = SCIM_TEMPORARY;
	task_finish(t, OUTCOME_FAILED, &later, NULL);
}

/* What became of a create is asked after a while: the server may be at work on it still. */
static void
take_lost(struct task *t, const struct answer *a)
{
	t->lost = true;
	if (t->push->features.filter)
		queue_again(t, a);
	else
		look_or_leave(t, a);
}

static void
succeed(struct task *t, const struct answer *a)
{
	struct index *ix = push_index(t->push, t->resource);
	char *id;

	if (t->kind == TASK_MEMBERS) {
		members_done(t, a);
		return;
	}
	if (t->kind == TASK_UPDATE) {
		task_finish(t, t->lost ? OUTCOME_CREATED : OUTCOME_UPDATED, a, NULL);
		return;
	}
	id = id_of(a);
	if (id == NULL) {
		t->lost = true;
		look_or_leave(t, a);
		return;
	}
	index_set(ix, t->entry, INDEX_ID, id, strlen(id));
	ix->entry[t->entry].flags |= INDEX_KNOWN;
	free(id);
	task_finish(t, OUTCOME_CREATED, a, NULL);
}

/* The task's answer is final. */
static void
fail(struct task *t, const struct answer *a)
{
	if (t->kind == TASK_MEMBERS)
		members_done(t, a);
	else
		task_finish(t, OUTCOME_FAILED, a, NULL);
}

/* Somebody has the name, or nobody the id: for a resource alone. */
static void
take_denial(struct task *t, const struct answer *a)
{
	bool taken = a->status == 409 &&
	    (a->scim_type[0] == '\0' || strcmp(a->scim_type, "uniqueness") == 0);

	if (t->kind == TASK_CREATE && taken) {
		t->lost = false;
		look_or_leave(t, a);
	} else if (t->kind == TASK_UPDATE && taken) {
		task_finish(t, OUTCOME_CONFLICT, a, NULL);
	} else if (t->kind == TASK_UPDATE && a->status == 404 && ++t->tries < PUSH_TRIES) {
		/* It was deleted since we asked what there is. */
		push_index(t->push, t->resource)->entry[t->entry].flags &= ~(unsigned)INDEX_KNOWN;
		if (task_plan_create(t))
			queue_add(t);
	} else {
		fail(t, a);
	}
}

/* Whether fewer members may please the server. */
static bool
is_about_members(const struct answer *a)
{
	return a->outcome == SCIM_DENIED && (a->status == 400 || a->status == 404 ||
	    a->status == 409 || a->status == 413 || a->status == 422);
}

void
send_take(struct task *t, const struct answer *a)
{
	bool looking = t->looking, reading = t->reading;

	t->looking = t->reading = false;
	if (a->outcome == SCIM_OK) {
		if (looking) {
			take_look(t, a);
		} else if (reading) {
			take_for_change(t, a);
		} else {
			t->push->wrote = true;
			succeed(t, a);
		}
		return;
	}
	if (t->push->halt != PROG_OK || looking) {
		fail(t, a);
		return;
	}
	if (a->outcome == SCIM_TEMPORARY && a->lost && t->kind == TASK_CREATE) {
		take_lost(t, a);
	} else if (a->status == 412) {
		queue_again(t, a);
	} else if (a->status == 428 && t->kind != TASK_CREATE && t->tries++ < PUSH_TRIES) {
		t->push->conditional = true;
		queue_add(t);
	} else if (t->kind == TASK_MEMBERS && is_about_members(a) && members_halve(t)) {
		return;
	} else if (a->outcome == SCIM_DENIED && t->kind != TASK_MEMBERS) {
		take_denial(t, a);
	} else {
		fail(t, a);
	}
}
