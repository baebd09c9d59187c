/* A row of the plan on its way: the requests that it takes, one after the other, and how it ends. */
#ifndef APPLY_SCIM_TASK_H
#define APPLY_SCIM_TASK_H

#include "apply.h"

enum { TASK_CODE_SIZE = 64, TASK_DETAIL_SIZE = SCIM_DETAIL_SIZE + 100 };

/* What the server says to one request. */
struct answer {
	enum scim_outcome outcome;
	bool lost, uncertain;
	long status;
	const char *body;		/* or "" */
	size_t body_len;
	const char *id;			/* of the resource, where it is not in the body; or "" */
	const char *scim_type, *message, *summary;
};

struct task {
	struct plan_step step;		/* first */
	struct apply *apply;
	char *text;			/* the row, with its tokens */
	size_t len;
	struct tok_list list;
	struct plan_row row;
	char *key, *username, *id, *group, *group_id;	/* decoded; NULL: not in the row */
	char *there;			/* of a creation: the id of what the plan's list has */
	struct buf path, body;		/* of the request */
	char *version;			/* for If-Match; NULL: none */
	char *looked;			/* the version that a look has shown */
	bool writes;			/* the request under way changes something */
	bool patched;			/* the last one of an update was a PATCH */
	char *shown;			/* the group, while its members are asked for; or NULL */
	bool whole;			/* the look shows all that the resource has */
	void (*then)(struct task *t, const struct answer *r);
	void (*again)(struct task *t);	/* at due_ms, unless that is 0 */
	int64_t due_ms;
	unsigned tries;
	struct crowd *crowd;		/* of a membership */
	enum plan_ledger_state before;	/* of what it is about, by the ledger */
	bool ours;			/* an earlier run was about to make it */
	int64_t since_ms;		/* when it was about to be made, first */
	bool mine;			/* this run may have made it: an answer leaves it open */
	bool asked;			/* whether it is there */
	bool taken;			/* the server says that the name is taken */
	bool alone;			/* in no BulkRequest */
	char *refused;			/* the version that the last request named, if it was refused for it */
	char *made_id;			/* of what was created */
	enum plan_outcome outcome;
	char code[TASK_CODE_SIZE], detail[TASK_DETAIL_SIZE];
	bool retryable;
};

/* A task about the row that r stands on, which is copied. */
struct task *task_new(struct apply *a, const struct record_reader *r, const struct plan_row *row);

void task_free(struct task *t);

/* Whether it is about a user; else a group, or a membership. */
static inline bool
task_is_user(const struct task *t)
{
	return t->group == NULL;
}

/* Whether what the row is about was made or adopted before, by the ledger. */
static inline bool
task_is_kept(const struct task *t)
{
	return t->before == LEDGER_CREATED || t->before == LEDGER_ADOPTED;
}

/* What is not ours though the ledger has its name. */
extern const char task_another_user[], task_another_group[];

/* Why what is halted before it is sent is skipped. */
extern const char task_not_begun[];

/* Whether an id can stand in a path: by "." and ".." it becomes another's on the way. */
bool task_is_path(const char *id);
extern const char task_no_path[];

/* Begins a request: the path "/Users" or "/Groups" in t->path, and no body. */
void task_path(struct task *t);

/* The same of the resource with t->id, or with another id. */
void task_path_id(struct task *t);
void task_path_of(struct task *t, const char *id);

/* Appends "?filter=ATTRIBUTE eq VALUE", encoded. */
void task_filter(struct task *t, const char *attribute, const char *value);

/*
 * Sends t->path with t->body, if there is any, and If-Match for t->version; then gets the answer.
 * What would write ends the row instead, if the run was halted meanwhile.
 */
void task_send(struct task *t, const char *method, void (*then)(struct task *t,
    const struct answer *r));

/* Calls again after a while, which is longer from try to try. */
void task_wait(struct task *t, void (*again)(struct task *t));

/* The row is over.  code and detail may be NULL.  What came first stands. */
void task_end(struct task *t, enum plan_outcome outcome, const char *code, bool retryable,
    const char *detail);

/* The row is over since the server refused; what no row can be the reason of ends the run. */
void task_fail(struct task *t, const struct answer *r);

/* What an answer says of the server; ends the run if it lets nothing through. */
void task_judge(struct apply *a, const struct answer *r, const char *where);

/* Whether a request that writes has changed something by that answer, or may have. */
bool task_wrote(const struct answer *r);

struct answer task_answer(const struct scim_result *r);

/*
 * The same of a request about resources: that one is gone only an Error message says (RFC 7644,
 * 3.12: they "MUST" be in the body).  A page, a body of another kind or none may be of somebody in
 * between, who does not know where the server is.
 */
struct answer task_answer_about(const struct scim_result *r);

/* The code of a result for an answer, at most TASK_CODE_SIZE with its NUL. */
void task_code(const struct answer *r, char code[TASK_CODE_SIZE]);

/* The side of a row, as JSON. */
struct json task_side(const struct task *t, uint32_t side);

/* Writes the state of what the row is about into the ledger. */
void task_note(struct task *t, enum plan_ledger_state state);

/* Adds it to what was not created. */
void task_lose(struct task *t);

#endif
