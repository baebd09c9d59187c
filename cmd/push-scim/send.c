#include "send.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/jtext.h"

#include "body.h"
#include "members.h"
#include "queue.h"

void
send_judge(struct push *p, const struct answer *a, const char *where)
{
	if (a->outcome == SCIM_OK)
		p->failures = 0;
	else if (a->outcome == SCIM_PROTOCOL || a->status == 401 ||
	    (a->status == 403 && !p->wrote))
		push_halt(p, PROG_FAIL, where, a->summary);
	else if (a->outcome == SCIM_TEMPORARY &&
	    ((a->status == 0 && !a->lost) || ++p->failures >= PUSH_FAILURES))
		push_halt(p, PROG_TEMPORARY, where, a->summary);
}

static void
on_single(void *arg, const struct scim_result *r)
{
	struct task *t = arg;
	struct push *p = t->push;
	struct answer a = {
		.outcome = r->outcome, .lost = r->lost, .status = r->status, .body = r->body,
		.body_len = r->body_len, .id = "", .scim_type = r->scim_type,
		.message = r->message, .summary = r->summary
	};

	p->singles--;
	p->wake = true;
	send_judge(p, &a, push_path(t->resource));
	send_take(t, &a);
}

static void
submit(struct task *t, const char *method, const char *path, const struct buf *body)
{
	t->push->singles++;
	scim_submit(t->push->client, method, path, body != NULL ? body->data : NULL,
	    body != NULL ? body->len : 0, on_single, t);
}

void
send_single(struct task *t)
{
	char *path = task_path(t);

	if (t->kind == TASK_CREATE) {
		submit(t, "POST", path, &t->body);
	} else if (t->push->features.patch) {
		submit(t, "PATCH", path, &t->body);
	} else {
		t->putting = true;
		submit(t, "GET", path, NULL);
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
	submit(t, "GET", path.data, NULL);
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
		at = tok_member(resources->list, resources->text, i, "externalId");
		if (at == 0 || !tok_is(&tok[at], resources->text, key, strlen(key)))
			continue;
		found.at = i;
		count++;
	}
	if (count == 0) {
		not_there(t, a);
		return;
	}
	at = tok_member(found.list, found.text, found.at, "id");
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

/* The server's resource, for a server without PATCH. */
static void
take_for_put(struct task *t, const struct answer *a)
{
	struct json theirs, ours;
	struct tok_list list, own;
	struct buf members;
	char *path;
	int failed;

	tok_init(&list, SCIM_BODY_MAX / 2);
	tok_init(&own, PUSH_BODY_MAX / 2);
	theirs = (struct json){ &list, a->body, 0 };
	ours = (struct json){ &own, t->text, 0 };
	buf_init(&members, PUSH_BODY_MAX);
	buf_clear(&t->body);
	if (tok_parse(&list, a->body, a->body_len) != TOK_OK || list.tok[0].type != TOK_OBJECT) {
		push_halt(t->push, PROG_FAIL, push_path(t->resource), "not a resource");
		task_free(t);
		goto done;
	}
	if (t->kind == TASK_MEMBERS)
		failed = members_append(t, &members) != 0 ||
		    body_put_members(&t->body, &theirs, &members) != 0;
	else
		failed = tok_parse(&own, t->text, t->len) != TOK_OK ||
		    body_put(&t->body, &ours, &theirs, &t->push->rules) != 0;
	if (failed != 0) {
		push_halt(t->push, PROG_FAIL, push_path(t->resource),
		    "a resource that is too large");
		task_free(t);
		goto done;
	}
	path = task_path(t);
	submit(t, "PUT", path, &t->body);
	free(path);
done:
	buf_free(&members);
	tok_free(&own);
	tok_free(&list);
}

/* The id in the body of an answer, or in the answer; NULL, or heap. */
static char *
id_of(const struct answer *a)
{
	struct tok_list list;
	struct buf id;
	uint32_t at;

	if (a->id[0] != '\0')
		return mem_dup_string(a->id);
	tok_init(&list, SCIM_BODY_MAX / 2);
	buf_init(&id, SIZE_MAX);
	if (tok_parse(&list, a->body, a->body_len) == TOK_OK &&
	    (at = tok_member(&list, a->body, 0, "id")) != 0 &&
	    list.tok[at].type == TOK_STRING && (list.tok[at].flags & TOK_NUL) == 0)
		(void)jtext_decode(&id, a->body + list.tok[at].start,
		    list.tok[at].end - list.tok[at].start);
	tok_free(&list);
	return id.len > 0 ? id.data : NULL;
}

/* Asks what became of a create, if the server can be asked. */
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

void
send_take(struct task *t, const struct answer *a)
{
	bool looking = t->looking, putting = t->putting;

	t->looking = t->putting = false;
	if (a->outcome == SCIM_OK) {
		if (looking) {
			take_look(t, a);
		} else if (putting) {
			take_for_put(t, a);
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
		t->lost = true;
		look_or_leave(t, a);
	} else if (a->status == 412) {
		queue_again(t, a);
	} else if (a->outcome == SCIM_DENIED && t->kind == TASK_MEMBERS && members_halve(t)) {
		return;
	} else if (a->outcome == SCIM_DENIED && t->kind != TASK_MEMBERS) {
		take_denial(t, a);
	} else {
		fail(t, a);
	}
}
